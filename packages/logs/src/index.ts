export { CsvLog, type CsvLogOptions } from './csv-log.js';
export { JsonLinesLog, type JsonLinesLogOptions } from './json-lines-log.js';
export { createLogger, type LoggerOptions, type LogLevel } from './logger.js';
export { TensorBoardLog, type TensorBoardLogOptions } from './tensorboard-log.js';
export { TrainingLog, type TrainingLogOptions } from './training-log.js';
