import { basename } from 'node:path';
import { currentBackend, noGrad, softmax, tensor } from '@nn/nn';
import { answers } from './answers.js';
import { type BackendOptions, chooseBackend } from './backend.js';
import { type DigitImage, readDigit } from './digit-image.js';
import { loadDigitModel } from './digit-model.js';
import { percent, print, type Terminal } from './terminal.js';

export interface PredictOptions extends BackendOptions {
  readonly modelFile: string;
  readonly json?: boolean;
}

/** `predict`: tells which digit each image shows, and how sure the network is. Errors: see `readDigit`, `answers`. */
export async function predictFiles(
  paths: readonly string[],
  options: PredictOptions,
  terminal: Terminal,
): Promise<void> {
  chooseBackend(options);
  const model = await loadDigitModel(options.modelFile);
  const images = await Promise.all(paths.map(readDigit));
  const scores = noGrad(() => model.run(batchOf(images)));
  const digits = answers(scores);
  const probabilities = softmax(scores).toArray() as number[][];

  const predictions = paths.map((image, i) => {
    const digit = digits[i];
    return {
      image,
      digit,
      probability: probabilities[i][digit],
      inverted: images[i].inverted,
      probabilities: probabilities[i],
    };
  });
  for (const { image, digit, probability, inverted } of predictions) {
    const remark = inverted ? '   (dark on light, so inverted)' : '';
    print(terminal, `${basename(image)}: ${digit}   ${percent(probability)}${remark}`);
  }
  if (options.json) print(terminal, JSON.stringify({ predictions, backend: currentBackend().name }));
}

/** Images as a network takes them: f32 in 0…1, [n, 1, 28, 28]. */
const batchOf = (images: readonly DigitImage[]) =>
  tensor(
    Float32Array.from(Buffer.concat(images.map(({ pixels }) => pixels)), (value) => value / 255),
    {
      shape: [images.length, 1, 28, 28],
    },
  );
