export * from './errors.js';
export { Graph, type GraphOptions, type NodeSpec } from './graph.js';
export { functionName, Lambda, type LayerLike, type TensorFunction } from './lambda.js';
export { type AnyModule, type InputSpec, Module } from './module.js';
export { checkOptions } from './options.js';
export { probe, type Visit } from './probe.js';
export { Sequential, type SequentialOptions } from './sequential.js';
export { type StateDict, stateKey } from './state-dict.js';
export { clone, fromTopology, type Known, type Topology, toTopology } from './topology.js';
