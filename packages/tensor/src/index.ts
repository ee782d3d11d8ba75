import './single-copy.js';

export { assignKernel } from './assign.js';
export { type BackwardOptions, type BackwardWatcher, backward, Gradients } from './autograd.js';
export {
  attach,
  type Backend,
  currentBackend,
  dispatch,
  type Launch,
  referenceBackend,
  type Tap,
  type TapOptions,
  useBackend,
  withBackend,
} from './backend.js';
export { type CapturedStep, type CaptureOptions, capture } from './capture.js';
export { arange, empty, fill, fillKernel, ones, type TensorOptions, tensor, zeros } from './create.js';
export { checkNumbers, NumberError } from './debug/check-numbers.js';
export { type Cost, costOf, type Limits, shortestTime } from './debug/cost.js';
export {
  type ExplainedInput,
  type ExplainedLeaf,
  type ExplainedOp,
  type ExplainedOutput,
  type ExplainOptions,
  Explanation,
  explain,
} from './debug/explain.js';
export { formatNumbers } from './debug/numbers-in-words.js';
export {
  Profile,
  type ProfileOptions,
  type Profiling,
  type ProfilingOptions,
  profile,
  startProfile,
} from './debug/profile.js';
export type { ProfileGrouping, ProfileRow } from './debug/profile-rows.js';
export type { ProfileTableOptions } from './debug/profile-table.js';
export type { ProfileTrace, TraceEvent } from './debug/profile-trace.js';
export type { LaunchTimes } from './debug/profiler.js';
export { allocate, bytesOf, type Data, type DType, dtypeOf, isFloat, viewOf } from './dtype.js';
export {
  type Access,
  type AttributeKind,
  type Attributes,
  type Division,
  defineKernel,
  type Kernel,
  type KernelSpec,
  type LaunchableKernel,
} from './kernel.js';
export { type Context, defineOp, type Op, type Operand, type OpSpec, type Spec } from './op.js';
export { conv2dMaxPoolKernel, maxPoolActivationGradientKernel } from './ops/conv2d-pool-kernels.js';
export * from './ops/index.js';
export { checkCount, checkOptions, checkRange, OptionError, type Range } from './options.js';
export { isElementwise } from './passes/elementwise.js';
export { optimize, passes, skipPasses } from './passes/index.js';
export type { Pass } from './passes/pass.js';
export { type MemoryPlan, planMemory } from './passes/plan-memory.js';
export { type PhiloxState, randomWords, toUnit } from './philox.js';
export {
  type BufferKind,
  type Compiled,
  compile,
  interpret,
  type Program,
  type ProgramBuffer,
  type ProgramLaunch,
  placeBuffers,
  type Tiling,
  timeLaunch,
} from './program.js';
export {
  currentSeed,
  manualSeed,
  type NormalOptions,
  normal,
  permutation,
  type RandomOptions,
  randomState,
  type StreamName,
  setRandomState,
  stream,
  uniform,
} from './random.js';
export { currentRecorder, guard, persistent } from './recorder.js';
export { currentPath, inLayer, inScope } from './scope.js';
export {
  axesOf,
  axisOf,
  broadcastShapes,
  broadcastStrides,
  checkShape,
  collapse,
  formatShape,
  type Shape,
  ShapeError,
  sameShape,
  sizeOf,
  stridesOf,
} from './shape.js';
export { Storage } from './storage.js';
export { noGrad, taping } from './tape.js';
export { type NestedArray, Parameter, Tensor } from './tensor.js';
export { flattenTree, replaceTree, type TensorTree } from './tree.js';
