import { describe, expect, test } from 'vitest';
import {
  add,
  exp,
  multiply,
  type Program,
  type ProgramLaunch,
  planMemory,
  sum,
  tanh,
  tensor,
} from '../../src/index.js';
import { countOf } from '../../src/passes/elementwise.js';
import { reuseMemory } from '../../src/passes/reuse-memory.js';
import { tileElementwise } from '../../src/passes/tile-elementwise.js';
import { applied, expectSame, numbers, programOf, randomProgram, resultsOf, seeds } from './programs.js';

/** Regions as lists of chains of launches; a launch alone is a region of one chain of itself. */
function regionsOf({ launches }: Program): ProgramLaunch[][][] {
  const regions: ProgramLaunch[][][] = [];
  launches.forEach((launch, i) => {
    const [now, before] = [launch.tiling, launches[i - 1]?.tiling];
    if (!now || now.region !== before?.region) regions.push([[launch]]);
    else if (now.chain !== before.chain) regions[regions.length - 1].push([launch]);
    else regions[regions.length - 1].at(-1)?.push(launch);
  });
  return regions;
}

/** Runs the chains of each region in another order, as threads might. */
const shuffled = (program: Program, seed: number): Program => {
  const below = numbers(seed);
  const launches = regionsOf(program).flatMap((chains) =>
    chains
      .map((chain) => ({ chain, at: below(1000) }))
      .sort((a, b) => a.at - b.at)
      .flatMap(({ chain }) => chain),
  );
  return { ...program, launches };
};

describe.each(seeds)('random program %d', (seed) => {
  test('gives the same in tiles, its memory reused or not', () => {
    const program = randomProgram(seed);
    expectSame(tileElementwise, program);
    expect(resultsOf(applied(tileElementwise, applied(reuseMemory, program)))).toEqual(resultsOf(program));
  });

  test('gives the same with the chains of its regions in any order', () => {
    const program = applied(tileElementwise, applied(reuseMemory, randomProgram(seed)));
    const plan = planMemory(program);
    expect(planMemory(shuffled(program, seed))).toEqual(plan);
    expect(resultsOf(shuffled(program, seed))).toEqual(resultsOf(program));
  });

  test('chains hand each other elements of one count', () => {
    const program = applied(tileElementwise, randomProgram(seed));
    for (const chain of regionsOf(program).flat())
      expect(new Set(chain.map((launch) => countOf(program, launch))).size).toBe(1);
  });
});

test('what follows element by element is a chain, what is apart stands beside it, a sum ends the region', () => {
  const program = programOf(
    (x, y) => [sum(tanh(exp(x))), multiply(y, 2), add(y, 1)],
    tensor([1, 2, 3]),
    tensor([1, 2, 3, 4]),
  );
  const names = regionsOf(applied(tileElementwise, program)).map((chains) =>
    chains.map((chain) => chain.map(({ kernel }) => kernel.name)),
  );
  expect(names).toEqual([[['exp', 'tanh']], [['sum']], [['multiply'], ['add']]]);
});

test('a number for all elements may come from outside the region, not from within', () => {
  const program = programOf((x, s) => multiply(exp(x), exp(s)), tensor([1, 2, 3]), tensor([2]));
  const names = regionsOf(applied(tileElementwise, program)).map((chains) =>
    chains.map((chain) => chain.map(({ kernel }) => kernel.name)),
  );
  expect(names).toEqual([[['exp'], ['exp']], [['multiply']]]);
});
