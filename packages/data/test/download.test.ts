import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { download } from '../src/node/download.js';
import { sha256 } from '../src/node/sha256.js';

const bytes = Buffer.from('all of it');

/** The address of a server on this machine. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
}

const silent: RequestListener = () => {};
const stalling: RequestListener = (_, response) => {
  response.setHeader('content-length', bytes.length);
  response.write(bytes.subarray(0, 3));
};
const good: RequestListener = (_, response) => response.end(bytes);

function target() {
  const directory = mkdtempSync(join(tmpdir(), 'download-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return { directory, path: join(directory, 'file'), checksum: sha256(bytes) };
}

it.each([
  ['never answers', silent],
  ['stops in the midst', stalling],
])('goes on to the next server when one %s', async (_, bad) => {
  const { path, checksum } = target();
  await download([await serve(bad), await serve(good)], { path, checksum, patience: 0.8 });
  expect(readFileSync(path)).toEqual(bytes);
});

it('says which servers were silent, and leaves nothing behind', async () => {
  const { directory, path, checksum } = target();
  const urls = [await serve(silent), await serve(stalling)];
  await expect(download(urls, { path, checksum, patience: 0.2 })).rejects.toThrow(
    `${path} could not be downloaded:\n${urls.map((url) => `  ${url}: nothing came for 0.2 s`).join('\n')}`,
  );
  expect(readdirSync(directory)).toEqual([]);
});

it('takes as long as it takes while bytes arrive', async () => {
  const { path, checksum } = target();
  const slow: RequestListener = (_, response) => {
    let sent = 0;
    const timer = setInterval(() => {
      response.write(bytes.subarray(sent, ++sent));
      if (sent < bytes.length) return;
      clearInterval(timer);
      response.end();
    }, 150);
  };
  await download([await serve(slow)], { path, checksum, patience: 1 });
  expect(readFileSync(path)).toEqual(bytes);
});

it('is given up by a signal while a server is silent', async () => {
  const { path, checksum } = target();
  const controller = new AbortController();
  const reason = new Error('enough');
  const url = await serve(() => controller.abort(reason));
  await expect(download([url], { path, checksum, signal: controller.signal })).rejects.toBe(reason);
});
