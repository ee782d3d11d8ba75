import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

/** Packages in the `node_modules` of a folder. */
export interface Installed {
  readonly load: NodeJS.Require;
  /** Errors: it is not there. */
  versionOf(name: string): string;
}

/** Those of the folder that the command line names. */
export function installed(folder = process.argv[2] ?? '.'): Installed {
  return {
    load: createRequire(resolve(folder, 'package.json')),
    versionOf(name) {
      const manifest = readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8');
      return (JSON.parse(manifest) as { readonly version: string }).version;
    },
  };
}
