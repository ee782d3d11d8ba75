import * as nn from '@nn/nn';
import { Failure } from './failure.js';

/**
 * Reads a network for digits from a file that `train` wrote (or any other by `save`), in evaluation mode.
 * Errors: a file that is missing, damaged or of another origin (FileError); a network for something else (Failure).
 */
export async function loadDigitModel(path: string): Promise<nn.Sequential> {
  const model = await nn.loadModel<nn.Sequential>(path, nn);
  const [whole] = nn.probe(model);
  const shapes = (list: readonly nn.Shape[] = []) => list.map(nn.formatShape).join(' and ') || 'any size';
  const [taken, given] = [shapes(whole?.inputs), shapes(whole?.outputs)];
  if (taken !== '[1, 28, 28]' || given !== '[10]')
    throw new Failure(`${path} holds a network from ${taken} to ${given}; one from [1, 28, 28] to [10] is needed.`);
  return model;
}
