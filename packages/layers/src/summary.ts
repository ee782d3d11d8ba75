import { bytesOf, formatShape, type Parameter } from '@nn/tensor';
import type { InputSpec } from './input-spec.js';
import { functionName, Lambda } from './lambda.js';
import type { AnyModule } from './module.js';
import { probe, type Visit } from './probe.js';

/**
 * A table of the model: each layer with its output shape (without the batch dimension), parameters and multiply-adds for
 * one sample, parameters that are shared or frozen, and totals. `inputs` are shapes without the batch dimension; they may be
 * left out where the model knows its own. Errors: a model whose input is not known.
 *
 * ```ts
 * console.log(summary(model, [1, 28, 28]));
 * ```
 */
export function summary(model: AnyModule, ...inputs: InputSpec[]): string {
  const visits = probe(model, ...inputs);
  if (visits.length === 0)
    throw new Error(`summary: ${model.kind} does not say what it takes; give the shape: summary(model, [1, 28, 28]).`);
  const counted = new Set<Parameter>();
  const rows = visits.map((visit) => rowOf(visit, counted));
  const [{ parameters, multiplyAdds }] = visits;
  const trainable = parameters.filter((parameter) => parameter.trainable);
  const bytes = parameters.reduce((sum, { dtype, size }) => sum + size * bytesOf(dtype), 0);
  const table = columns([['layer', 'output', 'parameters', 'multiply-adds'], ...rows]);
  const line = '─'.repeat(Math.max(...table.map(({ length }) => length)));
  return [
    table[0],
    line,
    ...table.slice(1),
    line,
    `parameters: ${grouped(sizeOf(parameters))} (${grouped(sizeOf(trainable))} trainable), ${kilobytes(bytes)}`,
    `multiply-adds for one sample: ${grouped(multiplyAdds)}`,
  ].join('\n');
}

function rowOf({ module, path, depth, outputs, shared, multiplyAdds }: Visit, counted: Set<Parameter>): string[] {
  const children = module.children().map(([, child]) => child);
  const inside = new Set(children.flatMap((child) => child.parameters()));
  const own = module.parameters().filter((parameter) => !inside.has(parameter));
  const fresh = own.filter((parameter) => !counted.has(parameter));
  for (const parameter of own) counted.add(parameter);
  const notes = [
    ...(own.length > 0 && (shared || fresh.length < own.length) ? ['shared'] : []),
    ...(own.some((parameter) => !parameter.trainable) ? ['frozen'] : []),
  ];
  const count = fresh.length > 0 || own.length === 0 ? grouped(sizeOf(fresh)) : '';
  const leaf = children.length === 0;
  const name = path.slice(path.lastIndexOf('.') + 1);
  return [
    `${'  '.repeat(depth)}${[name, titleOf(module)].filter(Boolean).join(' ')}`,
    outputs.map(formatShape).join(', '),
    leaf || own.length > 0 ? [...notes, count].filter(Boolean).join(' ') : '',
    leaf ? grouped(multiplyAdds) : '',
  ];
}

const titleOf = (module: AnyModule) =>
  module instanceof Lambda ? functionName(module.options.function) || module.kind : module.kind;

const sizeOf = (parameters: readonly Parameter[]) => parameters.reduce((sum, { size }) => sum + size, 0);

/** 61706 → '61 706'. */
const grouped = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, ' ');

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

/** Pads every column to its widest cell: the first two to the right, numbers to the left. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('   ')
      .trimEnd(),
  );
}
