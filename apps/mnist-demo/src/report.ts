import { join } from 'node:path';
import {
  drawing,
  type History,
  imageGrid,
  plotConfusionMatrix,
  plotCurves,
  softmax,
  type TensorDataset,
  type Trainer,
  writeFileAtomically,
} from '@nn/nn';
import type { Scores } from './scores.js';
import type { Settings } from './settings.js';
import { percent } from './terminal.js';

/** What is known after a run. */
export interface Report {
  readonly trainer: Trainer;
  readonly settings: Settings;
  readonly history: History;
  /** On the test images. */
  readonly scores: Scores;
  readonly images: TensorDataset;
}

/** How many of the mistakes are shown. */
const mostMistakes = 40;

/** The files of a report, each with what makes its content; in the order in which they are made. */
export const reportFiles: Readonly<Record<string, (report: Report) => Promise<string>>> = {
  'history.json': async ({ settings, history, scores: { images, loss, accuracy } }) =>
    `${JSON.stringify({ settings, ...history, test: { images, loss, accuracy } }, null, 2)}\n`,
  'graph.svg': ({ trainer, settings }) => drawing(trainer, { title: settings.model }),
  'curves.svg': ({ history }) => plotCurves(history),
  'confusion.svg': ({ scores }) => plotConfusionMatrix(scores.confusion, { title: 'Test images' }),
  'mistakes.svg': mistakeSheet,
};

/** Writes the pictures and figures of a run to a directory. Errors (FileError): a file that cannot be written. */
export async function writeReport(directory: string, report: Report): Promise<void> {
  for (const [file, make] of Object.entries(reportFiles))
    await writeFileAtomically(join(directory, file), await make(report));
}

/** The images told wrong whose true digit seemed least likely, the worst first. */
async function mistakeSheet({ scores: { logits, said, labels, losses }, images }: Report): Promise<string> {
  const probabilities = softmax(logits).toArray() as number[][];
  const wrong = Array.from(said.keys()).filter((i) => said[i] !== labels.data[i]);
  const worst = wrong.sort((a, b) => losses.data[b] - losses.data[a]).slice(0, mostMistakes);
  const pictures = worst.map((i) => ({
    image: images.get(i).x,
    caption: [`${labels.data[i]}, taken for ${said[i]}`, `(${percent(probabilities[i][said[i]])})`],
  }));
  if (pictures.length === 0) return emptySheet;
  return imageGrid(pictures, { title: `The ${worst.length} worst of ${wrong.length} mistakes`, columns: 8 });
}

const emptySheet =
  '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="40"><text x="14" y="26">No mistakes.</text></svg>\n';
