const RUNGS = ['websocket', 'sse', 'poll'];

/** Which transport to try next: down one rung when one cannot work here, up again when the server was merely away. */
export class Ladder {
  #rungs;
  #at = 0;
  #failures = 0;
  #patience;

  /** @param {{mode: string, available: Record<string, boolean>, patience: number}} settings */
  constructor({ mode, available, patience }) {
    this.#rungs = (mode === 'auto' ? RUNGS : [mode]).filter((rung) => available[rung]);
    if (!this.#rungs.length) throw new TypeError(`no transport for '${mode}' here: pass WebSocket or fetch in the options`);
    this.#patience = patience;
  }

  get current() {
    return this.#rungs[this.#at];
  }

  /** Whether something better than the current transport exists. */
  get lowered() {
    return this.#at > 0;
  }

  /** The current one works. */
  worked() {
    this.#failures = 0;
  }

  /**
   * The current one ended.
   * @param {boolean} ready whether it had been of use
   * @param {import('./websocket.js').End} end
   */
  failed(ready, end) {
    if (ready || this.#rungs.length === 1) return;
    this.#failures += 1;
    if (this.#at > 0 && (end.unreachable || end.error)) {
      // The server itself is away or refuses: nothing is known about the better ones.
      this.#at = 0;
      this.#failures = this.#patience - 1;
    } else if (this.#at + 1 < this.#rungs.length && (this.#at > 0 || this.#failures >= this.#patience)) {
      this.#at += 1;
      this.#failures = 0;
    }
  }

  /** Tries the best one once; `back` undoes it. */
  climb() {
    const from = this.#at;
    this.#at = 0;
    return { back: () => { this.#at = from; this.#failures = 0; } };
  }
}
