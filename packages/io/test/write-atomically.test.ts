import fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { holdSignals } from '../src/hold-signals.js';
import { FileError, writeFileAtomically } from '../src/index.js';
import { temporaryFolder } from './folder.js';

const path = temporaryFolder();
afterEach(() => vi.restoreAllMocks());

const failure = (code: string) => () => {
  throw Object.assign(new Error(`${code}: refused`), { code });
};

test('text and bytes are written, and replace what was there', async () => {
  await writeFileAtomically(path('a.txt'), 'first ✓');
  expect(fs.readFileSync(path('a.txt'), 'utf8')).toBe('first ✓');
  await writeFileAtomically(path('a.txt'), Uint8Array.of(1, 2));
  expect([...fs.readFileSync(path('a.txt'))]).toEqual([1, 2]);
  expect(fs.readdirSync(path(''))).toEqual(['a.txt']);
});

test.each([
  ['openSync', 'EACCES', /permission denied; check the rights/],
  ['openSync', 'EROFS', /read-only; choose another directory/],
  ['writeFileSync', 'ENOSPC', /the disk is full; free some space/],
  ['fsyncSync', 'EDQUOT', /quota/],
  ['renameSync', 'EIO', /EIO: refused/],
] as const)('a failure in %s (%s) leaves the old file and nothing else', async (call, code, message) => {
  fs.writeFileSync(path('model.h5'), 'old');
  vi.spyOn(fs, call).mockImplementation(failure(code) as never);
  const error = await writeFileAtomically(path('model.h5'), 'new').catch((reason: unknown) => reason);
  vi.restoreAllMocks();
  expect(error).toBeInstanceOf(FileError);
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).toContain(path('model.h5'));
  expect(fs.readFileSync(path('model.h5'), 'utf8')).toBe('old');
  expect(fs.readdirSync(path(''))).toEqual(['model.h5']);
});

test('a missing directory, a file in its place and a directory in the file’s place are named', async () => {
  fs.mkdirSync(path('taken'));
  fs.writeFileSync(path('file'), '');
  await expect(writeFileAtomically(join(path('none'), 'a'), '')).rejects.toThrow(/no such file or directory/);
  await expect(writeFileAtomically(join(path('file'), 'a'), '')).rejects.toThrow(/where a directory is needed/);
  await expect(writeFileAtomically(path('taken'), '')).rejects.toThrow(/it is a directory/);
  expect(fs.readdirSync(path('')).sort()).toEqual(['file', 'taken']);
});

test('a link keeps pointing to the file that it pointed to', async () => {
  fs.writeFileSync(path('real'), 'old');
  fs.symlinkSync(path('real'), path('link'));
  await writeFileAtomically(path('link'), 'new');
  expect(fs.readFileSync(path('real'), 'utf8')).toBe('new');
  expect(fs.lstatSync(path('link')).isSymbolicLink()).toBe(true);
});

test('a signal in the midst of writing ends the process, but only when the file is whole', async () => {
  const { kill } = process;
  const ending = vi.spyOn(process, 'kill').mockReturnValue(true);
  await holdSignals(() => {
    kill(process.pid, 'SIGHUP');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    fs.writeFileSync(path('whole'), '');
  });
  expect(fs.readdirSync(path(''))).toEqual(['whole']);
  expect(ending).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGHUP');
  expect(process.listenerCount('SIGHUP')).toBe(0);
});

test('a program that handles its signals keeps doing so', async () => {
  const heard = vi.fn();
  process.on('SIGHUP', heard);
  const listeners = process.listenerCount('SIGINT');
  await writeFileAtomically(path('a'), 'b');
  process.kill(process.pid, 'SIGHUP');
  await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce());
  process.off('SIGHUP', heard);
  expect(process.listenerCount('SIGINT')).toBe(listeners);
});
