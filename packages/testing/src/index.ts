export { auditLaunches, type BackendUnderTest, configurations } from './audit.js';
export { type Check, runChecks } from './check.js';
export { assertClose, assertSameBits, type CloseOptions } from './compare.js';
export { type DrawSpec, drawInputs, drawLike, Generator } from './draw.js';
export { toFloat64 } from './float64.js';
export {
  checkGradients,
  type GradientCheckOptions,
  type GradientDifference,
  type GradientFinding,
  type GradientReport,
  type NamedTensors,
  type Verdict,
} from './gradient-check.js';
export { type KernelCase, kernelCase, kernelSuite } from './kernel-suite.js';
export { type LayerCase, type LayerCaseOptions, layerCase } from './layer-case.js';
export { layerSuite } from './layer-suite.js';
export { type OpCase, type OpCaseOptions, type OpFunction, opCase } from './op-case.js';
export { opSuite } from './op-suite.js';
