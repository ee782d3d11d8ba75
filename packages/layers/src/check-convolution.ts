import { checkCount, OptionError, type Shape } from '@nn/tensor';
import { checkImages } from './check-inputs.js';
import { checkConvolutionPadding, checkWindow } from './check-window.js';
import type { Conv2dLayerOptions } from './conv2d.js';
import { checkRequired } from './options.js';
import { checkWeightOptions } from './weights.js';

/** Errors: options of a convolution, transposed or not, that are missing or make no sense. */
export function checkConvolution(kind: string, options: Conv2dLayerOptions): void {
  const { outChannels, inChannels, groups = 1 } = options;
  checkRequired(kind, options, 'outChannels', 'kernelSize');
  checkCount(kind, 'outChannels', outChannels);
  checkCount(kind, 'groups', groups);
  checkWindow(kind, options);
  checkConvolutionPadding(kind, options);
  checkCount(kind, 'inChannels', inChannels);
  if (outChannels % groups !== 0 || (inChannels ?? 0) % groups !== 0)
    throw new OptionError(`${kind}: groups ${groups} must divide the input and output channels.`);
  checkWeightOptions(kind, options);
}

/** The channels that the layer takes: as told, else the input's. Errors: no batch of images; groups that do not divide them. */
export function inputChannels(kind: string, x: Shape, { inChannels, groups = 1 }: Conv2dLayerOptions): number {
  checkImages(kind, x);
  const channels = inChannels ?? x[1];
  if (channels % groups !== 0)
    throw new OptionError(`${kind}: groups ${groups} must divide the ${channels} channels of the input.`);
  return channels;
}
