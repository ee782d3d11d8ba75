import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { applyEnvironment } from '../src/environment.js';

afterEach(() => vi.unstubAllEnvs());

test('a trace that cannot be written is refused at the start, in one line', () => {
  const directory = mkdtempSync(join(tmpdir(), 'nn-trace-'));
  for (const file of [directory, join(directory, 'none', 'trace.json')]) {
    vi.stubEnv('NN_TRACE', file);
    let message = '';
    try {
      applyEnvironment();
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/^The timeline .* cannot be written \((EISDIR|ENOENT).*\); name a file .*\.$/);
    expect(message).toContain(file);
  }
  expect(existsSync(join(directory, 'none'))).toBe(false);
});
