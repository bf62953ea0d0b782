/** Waiting times that double up to a bound, spread over their whole length so that many clients do not come back at once. */
export class Backoff {
  #base;
  #cap;
  #random;
  #failures = 0;

  /** @param {{base?: number, cap?: number, random: () => number}} settings milliseconds */
  constructor({ base = 500, cap = 30_000, random }) {
    this.#base = base;
    this.#cap = cap;
    this.#random = random;
  }

  /** How often it has failed in a row. */
  get failures() {
    return this.#failures;
  }

  /** The next delay in milliseconds. */
  next() {
    const bound = Math.min(this.#cap, this.#base * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return Math.round(this.#random() * bound);
  }

  reset() {
    this.#failures = 0;
  }
}
