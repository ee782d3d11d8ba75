import { DataError } from '../data-error.js';

/** Watches for silence: its signal aborts when `seconds` pass without a call of `heard`, or with `outer`. */
export class Stall {
  readonly signal: AbortSignal;
  readonly #silence = new AbortController();
  readonly #seconds: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(seconds: number, outer?: AbortSignal) {
    this.#seconds = seconds;
    this.signal = outer ? AbortSignal.any([outer, this.#silence.signal]) : this.#silence.signal;
    this.heard();
  }

  /** Starts counting anew. */
  heard(): void {
    this.stop();
    this.#timer = setTimeout(
      () => this.#silence.abort(new DataError(`nothing came for ${this.#seconds} s`)),
      1000 * this.#seconds,
    );
  }

  /** Ends the watch. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
