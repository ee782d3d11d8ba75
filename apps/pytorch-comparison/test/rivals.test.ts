import { expect, test } from 'vitest';
import { AbsentRival } from '../src/rivals/absent.js';
import { rivalNames, rivalsAtHand } from '../src/rivals/rivals.js';

const places = { python: 'python', folder: '.' };

const starter = (framework: string, slow: boolean) => ({
  framework,
  slow,
  start: async () => ({ framework, title: `${framework} 1`, open: async () => [], close() {} }),
});

const from = {
  quick: starter('Quick', false),
  slow: starter('Slow', true),
  absent: {
    ...starter('Absent', false),
    start: () => Promise.reject(new AbsentRival('Absent is not here.')),
  },
};

const chosen = async (options: { readonly named?: readonly string[]; readonly quick: boolean }) => {
  const { rivals, remarks } = await rivalsAtHand(places, { ...options, from });
  return { names: rivals.map(({ framework }) => framework), remarks };
};

test('all that are at hand take part, and the others are remarked on', async () => {
  expect(await chosen({ quick: false })).toEqual({ names: ['Quick', 'Slow'], remarks: ['Absent is not here.'] });
});

test('a quick comparison leaves slow rivals out with a remark, unless they are named', async () => {
  const { names, remarks } = await chosen({ quick: true });
  expect(names).toEqual(['Quick']);
  expect(remarks).toEqual([expect.stringMatching(/^Slow is left out.*--rivals slow/), 'Absent is not here.']);
  expect(await chosen({ quick: true, named: ['slow'] })).toEqual({ names: ['Slow'], remarks: [] });
});

test('what goes wrong otherwise is not taken for absence', async () => {
  const broken = { ...starter('Broken', false), start: () => Promise.reject(new Error('broken')) };
  await expect(rivalsAtHand(places, { quick: false, from: { broken } })).rejects.toThrow('broken');
});

test('the rivals there are', () => {
  expect(rivalNames).toEqual(['pytorch', 'tfjs', 'jax-js']);
});
