/** How long the rest will take, by the pace of the last few seconds. */
export class Eta {
  readonly #window: number;
  #marks: { readonly time: number; readonly done: number }[] = [];

  /** @param window Seconds over which the pace is measured. */
  constructor(window: number) {
    this.#window = window;
  }

  /** Begins anew. */
  reset(): void {
    this.#marks = [];
  }

  /** Notes that at `time` (seconds) so much was `done`. */
  mark(time: number, done: number): void {
    this.#marks.push({ time, done });
    while (this.#marks.length > 2 && time - this.#marks[1].time >= this.#window) this.#marks.shift();
  }

  /** Seconds until `total` is done; undefined before there is a pace. */
  remaining(total: number): number | undefined {
    const [first, last] = [this.#marks[0], this.#marks.at(-1)];
    if (!first || !last || last.time <= first.time || last.done <= first.done) return undefined;
    return ((total - last.done) * (last.time - first.time)) / (last.done - first.done);
  }
}

/** `8 s`, `1:23`, `2:03:04`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const padded = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`;
}
