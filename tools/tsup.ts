import type { Options } from 'tsup';

const shared: Options = {
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  clean: true,
  silent: true,
  splitting: false,
};

/**
 * Build of a published package: `src/index.ts` becomes one ES module, `dist/index.js`.
 * Declarations come from `tsc -p .`, which runs after it.
 *
 * @param platform `neutral` refuses to bundle a module of Node; `node` leaves such imports as they are.
 */
export function library({ platform }: { platform: 'neutral' | 'node' }): Options {
  return { ...shared, entry: ['src/index.ts'], platform };
}

/** Build of a command-line application: `entry` becomes one ES module in `dist`; its packages stay imports. */
export function application({ entry }: { entry: string }): Options {
  return { ...shared, entry: [entry], platform: 'node' };
}
