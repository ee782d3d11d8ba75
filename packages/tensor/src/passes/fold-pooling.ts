import type { Attributes } from '../kernel.js';
import { activationNumbers } from '../ops/activation.js';
import { conv2dMaxPoolKernel, maxPoolActivationGradientKernel } from '../ops/conv2d-pool-kernels.js';
import type { Program, ProgramLaunch } from '../program.js';
import { type Pass, withLaunches } from './pass.js';
import { isFinalAfter, isMadeBy, type Use, usesOf } from './uses.js';

/**
 * A convolution whose result is only max-pooled by windows of 2 × 2 pools as it stores; its result before the pooling is
 * never written. The gradients of pooling and activation become one, at the maxima alone. For finite numbers every bit
 * stays; where several numbers of one window are NaN, the gradient is NaN at the first of them only.
 */
export const foldPooling: Pass = {
  name: 'fold-pooling',
  apply(program, hasOwn) {
    if (new Set(replaced.map(hasOwn)).size > 1) return program;
    const uses = usesOf(program);
    const changes = new Map<number, ProgramLaunch | undefined>();
    program.launches.forEach((launch, i) => {
      if (launch.kernel.name !== 'maxPool2d' || !poolsPairs(launch.attrs)) return;
      const found = findConvolution(program, uses, i);
      if (!found) return;
      const [y, index] = launch.buffers;
      const { attrs, buffers, path } = program.launches[found.convolution];
      const operands = buffers.slice(1);
      changes.set(found.convolution, {
        kernel: conv2dMaxPoolKernel.kernel,
        buffers: [y, index, ...operands],
        attrs,
        path,
      });
      changes.set(i, undefined);
      if (!found.gradient) return;
      const { pooling, activation } = found.gradient;
      const [, , dy] = program.launches[pooling].buffers;
      const last = program.launches[activation];
      changes.set(pooling, undefined);
      changes.set(activation, {
        kernel: maxPoolActivationGradientKernel.kernel,
        buffers: [last.buffers[0], index, dy, y],
        attrs: { ...launch.attrs, activation: attrs.activation },
        path: last.path,
      });
    });
    return withLaunches(program, changes);
  },
};

/** The kernels that come and go, but for activations, which backends have where they have these. */
const replaced = [
  'conv2d',
  'maxPool2d',
  'maxPool2dGradient',
  conv2dMaxPoolKernel.kernel.name,
  maxPoolActivationGradientKernel.kernel.name,
];

/** Windows of 2 × 2 side by side, without padding. */
const poolsPairs = (g: Attributes): boolean =>
  [g.kernelHeight, g.kernelWidth, g.strideHeight, g.strideWidth].every((size) => size === 2) &&
  [g.padTop, g.padLeft].every((size) => size === 0) &&
  [g.dilationHeight, g.dilationWidth].every((size) => size === 1) &&
  g.outHeight === Math.floor(Number(g.height) / 2) &&
  g.outWidth === Math.floor(Number(g.width) / 2);

/** The launches around a pooling that can become one with it. */
interface Found {
  readonly convolution: number;
  /** The gradient of the pooling and, right behind it, that of the activation. */
  readonly gradient?: { readonly pooling: number; readonly activation: number };
}

function findConvolution(program: Program, uses: readonly (readonly Use[])[], i: number): Found | undefined {
  const { buffers, launches } = program;
  const [y, index, x] = launches[i].buffers;
  if (buffers[x].kind !== 'temporary' || [y, index].some((buffer) => buffers[buffer].kind === 'external'))
    return undefined;
  const made = uses[x][0];
  const convolution = made.launch;
  if (made.access !== 'write' || launches[convolution].kernel.name !== 'conv2d') return undefined;
  if (![y, index].every((buffer) => isMadeBy(uses[buffer], i) && isFinalAfter(uses[buffer], i))) return undefined;
  const others = uses[x].slice(1).filter(({ launch }) => launch !== i);
  if (others.length === 0) return { convolution };
  if (others.length > 1) return undefined;
  const gradient = findGradient(program, uses, others[0].launch, x, index);
  const { activation } = launches[convolution].attrs;
  const fits = gradient && activationGradients[launches[gradient.activation].kernel.name] === activation;
  return fits ? { convolution, gradient } : undefined;
}

const activationGradients: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(activationNumbers).map(([name, number]) => [`${name}Gradient`, number]),
);

/** The gradient of the activation with result `y` at launch `activation`, if it only takes what that of the pooling gives. */
function findGradient(
  { buffers, launches }: Program,
  uses: readonly (readonly Use[])[],
  activation: number,
  y: number,
  index: number,
) {
  const [, kept, between] = launches[activation].buffers;
  if (kept !== y || between === undefined || buffers[between].kind !== 'temporary') return undefined;
  const [made, read, ...others] = uses[between];
  if (others.length > 0 || made.access !== 'write' || read?.launch !== activation) return undefined;
  const pooling = made.launch;
  const [, where, dy] = launches[pooling].buffers;
  const fits =
    launches[pooling].kernel.name === 'maxPool2dGradient' && where === index && isFinalAfter(uses[dy], pooling);
  return fits ? { pooling, activation } : undefined;
}
