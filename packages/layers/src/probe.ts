import { attach, type Parameter, type Shape, Tensor } from '@nn/tensor';
import type { InputSpec } from './input-spec.js';
import type { AnyModule } from './module.js';
import { observeRuns } from './run-observer.js';

/** One run of a module, as a probe saw it. */
export interface Visit {
  readonly module: AnyModule;
  /** Its place in the model, '' for the model itself. */
  readonly path: string;
  /** How deep it lies: 0 for the model itself. */
  readonly depth: number;
  /** Shapes without the batch dimension. */
  readonly inputs: readonly Shape[];
  readonly outputs: readonly Shape[];
  /** Its own parameters and those of the modules inside. */
  readonly parameters: readonly Parameter[];
  /** True if the module was met before on the way: its parameters are shared. */
  readonly shared: boolean;
  /** Multiplications with addition that its kernels do for one sample. */
  readonly multiplyAdds: number;
}

/** Runs a model once on zeros and tells what each module took and gave, in order of execution, outer ones first. */
export function probe(model: AnyModule, ...inputs: InputSpec[]): Visit[] {
  const specs = inputs.length > 0 ? inputs : (model.inputs ?? []);
  model.build(...specs);
  const paths = new Map([...model.modules()].map(([path, module]) => [module, path]));
  const visits: Visit[] = [];
  const seen = new Set<AnyModule>();
  let depth = 0;
  let work = 0;
  const detach = attach(({ kernel, storages, attrs }, run) => {
    run();
    const lengths = storages.map(({ data }) => data.length);
    if (kernel.product) work += (kernel.flops?.(attrs, lengths) ?? 0) / 2;
  });
  try {
    observeRuns(
      (module, x, run) => {
        const [index, before, shared] = [visits.length, work, seen.has(module)];
        seen.add(module);
        visits.push(undefined as unknown as Visit);
        depth++;
        const y = run();
        depth--;
        visits[index] = {
          module,
          path: paths.get(module) ?? '',
          depth,
          inputs: x.map(withoutBatch),
          outputs: tensorsOf(y).map(withoutBatch),
          parameters: module.parameters(),
          shared,
          multiplyAdds: work - before,
        };
        return y;
      },
      () => model.build(...specs),
    );
  } finally {
    detach();
  }
  return visits;
}

const withoutBatch = ({ shape }: Tensor): Shape => shape.slice(1);

const tensorsOf = (y: unknown): Tensor[] => {
  if (y instanceof Tensor) return [y];
  return y !== null && typeof y === 'object' ? Object.values(y).flatMap(tensorsOf) : [];
};
