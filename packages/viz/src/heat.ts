import type { LaunchTimes, Profile } from '@nn/tensor';
import type { Box, Diagram } from './diagram.js';

/** The diagram with each box as hot as its share of the time, forwards and backwards, and with that share in words. */
export function heatedBy(profile: Profile<unknown>, diagram: Diagram): Diagram {
  const times = new Map<Box, number>();
  let outside = 0;
  for (const launch of profile.launches) {
    const box = boxOf(launch, diagram.boxes);
    if (box) times.set(box, (times.get(box) ?? 0) + launch.nanoseconds / 1e6);
    else outside += launch.nanoseconds / 1e6;
  }
  const total = profile.total.milliseconds;
  const longest = Math.max(...times.values());
  const boxes = diagram.boxes.map((box) => {
    const time = times.get(box);
    if (time === undefined) return { ...box, heat: 0 };
    return {
      ...box,
      heat: time / longest,
      lines: [...box.lines, `${perRun(time, profile)}, ${percent(time / total)}`],
    };
  });
  const summary = `${perRun(total, profile)}, ${percent(outside / total)} of it outside these boxes`;
  return { ...diagram, lines: [...(diagram.lines ?? []), summary], boxes };
}

/** The box in which a launch lies: the innermost of those that hold it. */
function boxOf({ path }: LaunchTimes, boxes: readonly Box[]): Box | undefined {
  const place = path.replace(/ \(backward\)$/, '');
  let found: Box | undefined;
  let depth = -1;
  for (const box of boxes) {
    for (const own of box.paths ?? []) {
      if (own.length <= depth || !(place === own || (own !== '' && place.startsWith(`${own}.`)))) continue;
      [found, depth] = [box, own.length];
    }
  }
  return found;
}

const perRun = (milliseconds: number, { runs }: Profile<unknown>): string =>
  `${(milliseconds / runs).toPrecision(3)} ms${runs > 1 ? ' a run' : ''}`;

const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
