import { currentBackend } from '@nn/nn';
import { type BackendOptions, chooseBackend } from './backend.js';
import { loadDigitModel } from './digit-model.js';
import { testImages } from './images.js';
import { score } from './scores.js';
import { percent, print, type Terminal } from './terminal.js';

export interface EvaluateOptions extends BackendOptions {
  readonly modelFile: string;
  readonly data?: string;
  readonly limit?: number;
  readonly json?: boolean;
}

/** `evaluate`: scores a saved network on the test images. */
export async function evaluateFile(options: EvaluateOptions, terminal: Terminal): Promise<void> {
  chooseBackend(options);
  const model = await loadDigitModel(options.modelFile);
  const test = await testImages(options.data, options.limit);
  const { accuracy, loss, images } = await score(model, test);
  const backend = currentBackend().name;
  print(
    terminal,
    `Accuracy ${percent(accuracy)}, loss ${loss.toFixed(4)} on ${images} test images (${backend} kernels).`,
  );
  if (options.json) print(terminal, JSON.stringify({ accuracy, loss, images, backend, modelFile: options.modelFile }));
}
