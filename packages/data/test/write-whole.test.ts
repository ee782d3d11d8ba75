import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { writeWhole } from '../src/node/write-whole.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'write-whole-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

const bytes = new Uint8Array(32 << 20).fill(7);

/** Resolves in the midst of a write. */
async function midst(): Promise<void> {
  while (!readdirSync(directory).some((name) => name.endsWith('.partial'))) await setImmediate();
}

it('writes the file, and leaves no listeners', async () => {
  const listeners = process.listenerCount('SIGHUP');
  await writeWhole(join(directory, 'file'), bytes);
  expect(readFileSync(join(directory, 'file')).equals(bytes)).toBe(true);
  expect(readdirSync(directory)).toEqual(['file']);
  expect(process.listenerCount('SIGHUP')).toBe(listeners);
});

it('leaves nothing behind when it is aborted', async () => {
  const controller = new AbortController();
  const writing = writeWhole(join(directory, 'file'), bytes, { signal: controller.signal });
  await midst();
  controller.abort(new Error('enough'));
  await expect(writing).rejects.toThrow('enough');
  expect(readdirSync(directory)).toEqual([]);
});

it('leaves nothing behind when a signal ends the process', async () => {
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  const writing = writeWhole(join(directory, 'file'), bytes);
  await midst();
  process.emit('SIGHUP', 'SIGHUP');
  expect(readdirSync(directory)).toEqual([]);
  expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGHUP');
  await expect(writing).rejects.toThrow(/file cannot be written/);
});

it('leaves a signal that the program handles to it', async () => {
  const heard = vi.fn();
  process.on('SIGHUP', heard);
  const writing = writeWhole(join(directory, 'file'), bytes);
  await midst();
  process.emit('SIGHUP', 'SIGHUP');
  process.off('SIGHUP', heard);
  await writing;
  expect(heard).toHaveBeenCalledOnce();
  expect(readdirSync(directory)).toEqual(['file']);
});
