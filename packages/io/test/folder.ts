import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A fresh folder for each test of a file; the function gives paths in it. */
export function temporaryFolder(): (name: string) => string {
  let folder = '';
  beforeEach(() => {
    folder = fs.mkdtempSync(join(tmpdir(), 'nn-io-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));
  return (name) => join(folder, name);
}
