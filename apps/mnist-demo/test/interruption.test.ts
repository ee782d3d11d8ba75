import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { interruptible } from '../src/interruption.js';

let listeners: NodeJS.SignalsListener[];
beforeEach(() => {
  listeners = process.listeners('SIGINT') as NodeJS.SignalsListener[];
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const listener of process.listeners('SIGINT') as NodeJS.SignalsListener[])
    if (!listeners.includes(listener)) process.off('SIGINT', listener);
});

test('a press of Ctrl-C aborts the work, however often it arrives; the next one ends the process', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(1000);
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never);
  const onPress = vi.fn();
  const aborted = await interruptible(async (signal) => {
    process.emit('SIGINT');
    process.emit('SIGINT');
    return signal.aborted;
  }, onPress);
  process.emit('SIGINT');
  expect({ aborted, presses: onPress.mock.calls.length, exits: exit.mock.calls }).toEqual({
    aborted: true,
    presses: 1,
    exits: [],
  });
  now.mockReturnValue(2000);
  process.emit('SIGINT');
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
});

test('without a press nothing stays behind', async () => {
  expect(await interruptible(async (signal) => signal.aborted, vi.fn())).toBe(false);
  expect(process.listeners('SIGINT')).toEqual(listeners);
});
