import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkOptions, OptionError } from '@nn/tensor';
import { destination, type Logger, pino, stdTimeFunctions } from 'pino';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof levels)[number];

export interface LoggerOptions {
  /** What is less than this is left out. Default: the environment's NN_LOG_LEVEL, else `info`. */
  readonly level?: LogLevel;
  /** A file to append to. Default: the environment's NN_LOG_FILE, else the error stream. */
  readonly file?: string;
  /** The only fields that lines show, besides `level`, `time` and `msg`. Default: NN_LOG_FIELDS, separated by commas; else all. */
  readonly fields?: readonly string[];
}

/**
 * A structured logger, one of pino's: `logger.info({ epoch: 3, loss: 0.12 }, 'an epoch is done')` writes a line of JSON with
 * `level`, `time` (ISO 8601), the fields and `msg`. A line is there at once, also if the process ends.
 * Errors: unknown options; a level that does not exist; a file that cannot be written.
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  checkOptions('createLogger', options, ['level', 'file', 'fields']);
  const { NN_LOG_LEVEL, NN_LOG_FILE, NN_LOG_FIELDS } = process.env;
  const level = options.level ?? (NN_LOG_LEVEL || 'info');
  if (!(levels as readonly string[]).includes(level)) {
    const given =
      options.level === undefined ? `NN_LOG_LEVEL=${level}` : `createLogger: level ${JSON.stringify(level)}`;
    throw new OptionError(`${given} is not understood; use ${levels.join(', ')}.`);
  }
  const file = options.file ?? (NN_LOG_FILE || undefined);
  const fields = options.fields ?? (NN_LOG_FIELDS ? NN_LOG_FIELDS.split(',').map((field) => field.trim()) : undefined);
  if (file !== undefined) mkdirSync(dirname(file), { recursive: true });
  const errorStream = 2;
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (values) =>
          fields ? Object.fromEntries(Object.entries(values).filter(([key]) => fields.includes(key))) : values,
      },
    },
    destination({ dest: file ?? errorStream, sync: true }),
  );
}
