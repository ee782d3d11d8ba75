import type { Callback, StepEvent } from '@nn/nn';

/** Seconds from one line to the next. */
const interval = 2;

/** Writes a line now and then: where training is, how it does, and how long the whole run will still take. */
export function progressLines(print: (line: string) => void): Callback {
  let [began, last] = [0, 0];
  return {
    onStart() {
      began = last = seconds();
    },
    onStep(event) {
      const now = seconds();
      if (now - last < interval && event.step !== event.steps) return;
      last = now;
      print(line(event, now - began));
    },
  };
}

const seconds = () => performance.now() / 1000;

function line({ epoch, epochs, step, steps, figures }: StepEvent, elapsed: number): string {
  const left = steps === undefined ? [] : [`${((elapsed / step) * (steps - step)).toFixed(0)} s left`];
  const metrics = Object.entries(figures.metrics).flatMap(([name, value]) =>
    typeof value === 'number' ? [`${name} ${value.toFixed(4)}`] : [],
  );
  return [
    `epoch ${epoch}/${epochs}`,
    `step ${step}/${steps}`,
    `loss ${figures.loss.toPrecision(4)}`,
    ...metrics,
    `${elapsed.toFixed(1)} s`,
    ...left,
  ].join('  ');
}
