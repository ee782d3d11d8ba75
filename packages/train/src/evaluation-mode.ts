export { enterEvaluation } from '@nn/layers';
