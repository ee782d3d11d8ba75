import { writeFile } from 'node:fs/promises';
import * as layers from '@nn/layers';
import * as losses from '@nn/losses';
import {
  Accuracy,
  Checkpoints,
  CrossEntropy,
  CsvLog,
  fit,
  Linear,
  loadModel,
  loadStateDict,
  loadTrainer,
  relu,
  Sequential,
  SGD,
  save,
  saveStateDict,
  type Tensor,
  TensorBoardLog,
  Trainer,
  zeros,
} from '@nn/nn';
import * as optim from '@nn/optim';
import type { Mistake } from './mistake.js';

const model = () => new Sequential([new Linear({ outFeatures: 3 }), relu], { input: [2] }).build();
const trainer = () =>
  new Trainer(model(), { optimizer: new SGD(), losses: new CrossEntropy(), metrics: [new Accuracy()] });
const train = [{ x: zeros([4, 2]), y: zeros([4], { dtype: 'i32' }) }];

export const files: readonly Mistake[] = [
  {
    mistake: 'A model is read from where no file is.',
    attempt: (folder) => loadModel(`${folder}/model.h5`, layers),
    says: [/model\.h5: cannot be read: no such file or directory/, /check the path/],
  },
  {
    mistake: 'A model is written to a directory that is not there.',
    attempt: (folder) => save(`${folder}/models/first.h5`, model()),
    says: [/models\/first\.h5: cannot be written: no such file or directory/, /check the path/],
  },
  {
    mistake: 'A model is written to the name of a directory.',
    attempt: (folder) => save(folder, model()),
    says: [/: cannot be written: it is a directory/, /where a file is needed/],
  },
  {
    mistake: 'A model is read from a file of something else.',
    attempt: async (folder) => {
      await writeFile(`${folder}/weights.pt`, 'PK');
      return loadModel(`${folder}/weights.pt`, layers);
    },
    says: [/weights\.pt: this is not an HDF5 file/, /give one that save has written/],
  },
  {
    mistake: 'A file was not copied to its end.',
    attempt: async (folder) => {
      await writeFile(`${folder}/model.h5`, Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0));
      return loadModel(`${folder}/model.h5`, layers);
    },
    says: [/model\.h5: the file is truncated or damaged/, /copy or save it again/],
  },
  {
    mistake: 'The functions of a model are not passed on when it is loaded.',
    attempt: async (folder) => {
      await save(`${folder}/model.h5`, model());
      return loadModel(`${folder}/model.h5`, { Sequential, Linear });
    },
    says: [/model\.h5: No .* is known/, /pass it: \{ \.\.\.layers, /],
  },
  {
    mistake: 'A model has a function without a name.',
    attempt: (folder) =>
      save(
        `${folder}/model.h5`,
        new Sequential([new Linear({ outFeatures: 3 }), (x: Tensor) => relu(x)], { input: [2] }).build(),
      ),
    says: [/layers\[1\]|layers\.1|.*function.* is an anonymous function/, /declare it with a name of its own/],
  },
  {
    mistake: 'The weights are saved in the place of the model.',
    attempt: (folder) => save(`${folder}/model.h5`, model().stateDict() as never),
    says: [/save takes a model or a trainer/, /for weights alone there is saveStateDict/],
  },
  {
    mistake: 'A file of weights alone is read as a model.',
    attempt: async (folder) => {
      await saveStateDict(`${folder}/weights.h5`, model().stateDict());
      return loadModel(`${folder}/weights.h5`, layers);
    },
    says: [/weights\.h5: the file holds weights alone/, /read them with loadStateDict/],
  },
  {
    mistake: 'A file of a model is read as a trainer.',
    attempt: async (folder) => {
      await save(`${folder}/model.h5`, model());
      return loadTrainer(`${folder}/model.h5`, { layers, losses, optim });
    },
    says: [/model\.h5: the file holds a model, not a trainer/, /read it with loadModel/],
  },
  {
    mistake: 'The metrics of a trainer are not passed on when it is loaded.',
    attempt: async (folder) => {
      await save(`${folder}/trainer.h5`, trainer());
      return loadTrainer(`${folder}/trainer.h5`, { layers: { ...layers, relu }, losses, optim });
    },
    says: [/trainer\.h5: No class is known for "Accuracy", which is of its metrics/, /pass it among them/],
  },
  {
    mistake: 'The weights of a file are loaded into another network.',
    attempt: async (folder) => {
      await saveStateDict(`${folder}/weights.h5`, model().stateDict());
      const other = new Sequential([relu, new Linear({ outFeatures: 3 })], { input: [2] });
      return other.loadStateDict(await loadStateDict(`${folder}/weights.h5`));
    },
    says: [
      /missing: 1\.weight, 1\.bias; unexpected: 0\.weight, 0\.bias/,
      /With strict: false the keys that both have are loaded/,
    ],
  },
  {
    mistake: 'Checkpoints are to go nowhere.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Checkpoints({ everyEpochs: 1 }),
    says: [/Checkpoints needs the directory/, /new Checkpoints\(\{ directory \}\)/],
  },
  {
    mistake: 'A new run writes its checkpoints over those of another.',
    attempt: async (folder) => {
      const run = () => trainer().fit({ train, callbacks: [new Checkpoints({ directory: folder })] });
      await run();
      return run();
    },
    says: [/has checkpoints of another run, up to step 1/, /resume: true, or choose another directory/],
  },
  {
    mistake: 'A log has no file.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new CsvLog({}),
    says: [/CsvLog needs the path of its file/, /new CsvLog\(\{ path: 'log.csv' \}\)/],
  },
  {
    mistake: 'A log for TensorBoard has no directory.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new TensorBoardLog({}),
    says: [/TensorBoardLog needs its directory/, /new TensorBoardLog\(\{ directory: 'runs\/first' \}\)/],
  },
  {
    mistake: 'A log has the path of a directory.',
    attempt: (folder) =>
      fit(model(), {
        optimizer: new SGD(),
        losses: new CrossEntropy(),
        train,
        callbacks: [new CsvLog({ path: folder })],
      }),
    says: [/The callback CsvLog failed when told of \w+: .*folder/, /mend it/],
  },
];
