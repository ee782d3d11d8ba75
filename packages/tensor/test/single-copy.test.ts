import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import '../src/index.js';

test('a second copy of the package is an error that names both', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'copy-'));
  try {
    const other = join(folder, 'single-copy.ts');
    copyFileSync(join(import.meta.dirname, '..', 'src', 'single-copy.ts'), other);
    const load = import(other);
    await expect(load).rejects.toThrow('Two copies of @nn/tensor are loaded');
    await expect(load).rejects.toThrow(join('tensor', 'src', 'single-copy.ts'));
    await expect(load).rejects.toThrow(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
