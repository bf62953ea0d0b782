import { LONGEST_DELAY } from './clock.js';

/** The token: where it comes from, and when the next one is due. */
export class Credentials {
  #source;
  #clock;
  #timer = null;
  #used = null;

  /**
   * @param {string | null | undefined | (() => string | null | Promise<string | null>)} source
   * @param {import('./clock.js').Clock} clock
   */
  constructor(source, clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /** Whether asking again can give another token. */
  get renewable() {
    return typeof this.#source === 'function';
  }

  /** The token last given out. */
  get used() {
    return this.#used;
  }

  /** The token to use now. */
  async token() {
    this.#used = (this.renewable ? await this.#source() : this.#source) ?? null;
    return this.#used;
  }

  /** From now on this one. */
  replace(token) {
    if (!this.renewable) this.#source = token;
    this.#used = token;
  }

  /**
   * Calls `due` a minute, or the last fifth of its life, before the token expires. Both times are the server's, so that
   * a wrong clock here does no harm.
   */
  watch(expiresAt, serverTime, due) {
    this.stop();
    const left = Date.parse(expiresAt) - Date.parse(serverTime);
    if (!(left > 0)) return;
    const delay = Math.max(left - 60_000, left * 0.8);
    this.#timer = this.#clock.setTimeout(due, Math.min(delay, LONGEST_DELAY));
  }

  stop() {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
  }
}
