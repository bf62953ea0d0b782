import { LONGEST_DELAY } from './clock.js';
import { ParleyError } from './errors.js';

/** The token: where it comes from, and when the next one is due. */
export class Credentials {
  #source;
  #clock;
  #timer = null;
  #used = null;
  /** How far the server's clock is ahead of this one's, in milliseconds. */
  #ahead = 0;

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

  /** The token to use now; rejects with `NO_TOKEN` when there is none to be had. */
  async token() {
    try {
      this.#used = (this.renewable ? await this.#source() : this.#source) ?? null;
    } catch (fault) {
      throw new ParleyError('NO_TOKEN', `no token: ${fault?.message ?? fault}`, { cause: fault });
    }
    return this.#used;
  }

  /** From now on this one. */
  replace(token) {
    if (!this.renewable) this.#source = token;
    this.#used = token;
  }

  /**
   * Calls `due` a minute, or the last fifth of its life, before the token expires. It goes by the server's clock, so that a wrong
   * one here does no harm.
   * @param {string} expiresAt
   * @param {string | undefined} serverTime when the server said so, if it did
   * @param {(left: number, life: number) => void} due told the milliseconds that are left, and those that there were
   */
  watch(expiresAt, serverTime, due) {
    const told = Date.parse(serverTime);
    if (told) this.#ahead = told - this.#clock.now();
    this.lasts(Date.parse(expiresAt) - this.#clock.now() - this.#ahead, due);
  }

  /** The same, where it is known how long the token lasts from now on. */
  lasts(life, due) {
    this.stop();
    if (!(life > 0)) return;
    const early = Math.max(life - 60_000, life * 0.8);
    this.#after(early, () => due(life - early, life));
  }

  /** Calls back then instead. */
  later(delay, act) {
    this.stop();
    this.#after(delay, act);
  }

  stop() {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Timers reach no further than some weeks; what is later takes several of them. */
  #after(delay, act) {
    this.#timer = this.#clock.setTimeout(
      () => (delay > LONGEST_DELAY ? this.#after(delay - LONGEST_DELAY, act) : act()), Math.min(delay, LONGEST_DELAY));
  }
}
