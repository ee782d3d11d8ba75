import { ctcRows } from './ctc-rows.js';
import { linearRow, matmulRow } from './drawn-products.js';
import { convolutionRows, poolingRows } from './drawn-windows.js';
import { adaptivePoolingRows, warpRows } from './image-rows.js';
import { batchNormRows, optimizerRows, preluRows, randomRows, softmaxRows } from './kernel-rows.js';
import { moveRows, rowKernelRows, type View } from './move-rows.js';
import { Draw } from './random.js';
import { type Broadcast, binaryRows, elementRows, type Launched, reductionRows } from './rows.js';

/** Sizes that are each at most its own, whose product is at most `total`, 0 counting as 1. */
function sizes(draw: Draw, total: number, ...most: number[]): number[] {
  const drawn = most.map((size) => draw.size(size));
  return drawn.reduce((a, b) => a * Math.max(b, 1), 1) > total ? sizes(draw, total, ...most) : drawn;
}

const atLeastOne = (size: number) => Math.max(size, 1);

/** A shape with the strides of its elements in an array of their own, in any order of axes; a repeated axis has none. */
function arranged(draw: Draw, shape: readonly number[], repeated: number): number[] {
  const strides = shape.map(() => 0);
  const axes = shape.map((_, i) => i);
  for (let stride = 1; axes.length > 0; ) {
    const [axis] = axes.splice(draw.below(axes.length), 1);
    if (axis === repeated) continue;
    strides[axis] = stride;
    stride *= Math.max(shape[axis], 1);
  }
  return strides;
}

/** A shape of up to four axes. */
function drawShape(draw: Draw): number[] {
  const most = [70_000, 9000, 130, 17];
  const rank = 1 + draw.below(most.length);
  return sizes(draw, 70_000, ...draw.list(rank, () => draw.pick(most)));
}

function broadcast(draw: Draw, shape: number[]): Broadcast {
  const rank = shape.length;
  return [shape, arranged(draw, shape, draw.below(rank + 2)), arranged(draw, shape, draw.below(rank + 2))];
}

/** A view of permuted axes, the last of them backwards or with gaps, behind some elements that it leaves out. */
function view(draw: Draw, shape: number[]): View {
  const [, strides] = broadcast(draw, shape);
  const [factor, offset] = [draw.pick([1, 1, 2]), draw.below(5)];
  const last = shape.length - 1;
  const back = draw.below(3) === 0;
  const wide = strides.map((stride) => stride * factor);
  const extent = shape.includes(0) ? 0 : shape.reduce((end, size, i) => end + (size - 1) * wide[i], 1);
  const reach = back ? Math.max(shape[last] - 1, 0) * wide[last] : 0;
  if (back) wide[last] = -wide[last];
  return [extent + offset, shape, wide, offset + reach];
}

/** Launches of every kernel, of sizes that the seed draws. */
export function drawnRows(): Launched[] {
  const draw = new Draw(1);
  const lengths = () => draw.lengths(70_000);
  const walked = [...draw.list(7, () => drawShape(draw)), [5, 3, 7]];
  /** The last of them is small, but has no 0 and no 1. */
  const shapes = (count: number, total: number, ...most: number[]) => [
    ...draw.list(count - 1, () => sizes(draw, total, ...most)),
    most.map(() => draw.pick([3, 5, 7, 11])),
  ];
  const rowsOf = (count: number) => shapes(count, 70_000, 9000, 9000).map(([rows, size]) => [rows, Math.max(size, 1)]);
  /** Fewer than 5 numbers but 1 may have next to no variance, which magnifies rounding. */
  const images = shapes(40, 70_000, 600, 140, 9000).filter(
    ([batch, channels, size]) => channels === 0 || batch * size < 2 || batch * size > 4,
  );
  /** Rows to pick from, unless none are picked. */
  const gathers = (count: number) =>
    shapes(count, 70_000, 600, 600, 140).map(([rows, picked, size]) => [rows, rows === 0 ? 0 : picked, size]);
  return [
    ...elementRows(lengths()),
    ...binaryRows(
      walked.map((shape) => broadcast(draw, shape)),
      lengths(),
    ),
    ...reductionRows(shapes(10, 70_000, 9000, 70_000, 9000)),
    ...softmaxRows(rowsOf(10)),
    ...batchNormRows(images.slice(-20)),
    ...randomRows(lengths()),
    ...optimizerRows(lengths()),
    ...moveRows({
      views: walked.map((shape) => view(draw, shape)),
      fills: lengths(),
      casts: draw.lengths(7000),
      joins: shapes(6, 70_000, 9000, 9000, 140),
      gathers: gathers(6),
    }),
    ...rowKernelRows(gathers(6), draw.lengths(7000), lengths()),
    ...draw.list(40, () => matmulRow(draw)),
    ...draw.list(20, () => linearRow(draw)),
    ...draw.list(40, () => convolutionRows(draw)).flat(),
    ...draw.list(40, () => poolingRows(draw)).flat(),
    ...preluRows(images.slice(-20)),
    ...ctcRows(
      shapes(10, 20_000, 33, 40, 40, 20).map(([batch, time, classes, labels]) => {
        const known = atLeastOne(classes);
        return [batch, time, known, labels, draw.below(known)];
      }),
    ),
    ...adaptivePoolingRows(
      shapes(10, 400_000, 140, 67, 67, 17, 17).map(([planes, ...sides]) => [planes, ...sides.map(atLeastOne)]),
    ),
    ...warpRows(
      shapes(10, 2_000_000, 33, 67, 67, 67, 67).map(([images, ...sides]) => [images, 1 + draw.below(3), ...sides]),
    ),
  ];
}
