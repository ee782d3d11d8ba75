import { checkCount, OptionError, type Shape } from '@nn/tensor';
import { checkChannels } from './check-inputs.js';
import { checkConvolutionPadding, checkWindow, type Directions } from './check-window.js';
import type { ConvolutionOptions } from './convolution.js';
import { checkRequired } from './options.js';
import { checkWeightOptions } from './weights.js';

/** Errors: options of a convolution, transposed or not, that are missing or make no sense. */
export function checkConvolution(kind: string, options: ConvolutionOptions, directions: Directions = 2): void {
  const { outChannels, inChannels, groups = 1 } = options;
  checkRequired(kind, options, 'outChannels', 'kernelSize');
  checkCount(kind, 'outChannels', outChannels);
  checkCount(kind, 'groups', groups);
  checkWindow(kind, options, directions);
  checkConvolutionPadding(kind, options, directions);
  checkCount(kind, 'inChannels', inChannels);
  if (outChannels % groups !== 0 || (inChannels ?? 0) % groups !== 0)
    throw new OptionError(`${kind}: groups ${groups} must divide the input and output channels.`);
  checkWeightOptions(kind, options);
}

/** The channels that the layer takes: as told, else the input's. Errors: other dimensions; groups that do not divide them. */
export function inputChannels(
  kind: string,
  x: Shape,
  { inChannels, groups = 1 }: ConvolutionOptions,
  directions: Directions = 2,
): number {
  checkChannels(kind, x, directions);
  const channels = inChannels ?? x[1];
  if (channels % groups !== 0)
    throw new OptionError(`${kind}: groups ${groups} must divide the ${channels} channels of the input.`);
  return channels;
}
