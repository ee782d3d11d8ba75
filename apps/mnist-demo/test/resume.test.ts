import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { defaultOut, wordsToResume } from '../src/train.js';

test('the command to go on repeats what the checkpoint does not keep, and nothing else', () => {
  expect(wordsToResume({ out: defaultOut, model: 'mlp', epochs: 3 })).toBe('--resume');
  expect(wordsToResume({ out: 'runs/a', data: 'mnist', backend: 'reference', threads: 2, eager: true })).toBe(
    '--resume --out runs/a --data mnist --backend reference --threads 2 --eager',
  );
});

test.each(['my runs/first', "Ann's runs", 'a$HOME`b"c', ''])('a shell takes the path %j for one word', (out) => {
  const script = `for word in ${wordsToResume({ out })}; do printf '%s\\n' "$word"; done`;
  expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(`--resume\n--out\n${out}\n`);
});
