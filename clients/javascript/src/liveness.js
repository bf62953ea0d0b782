/** Notices a path that has died without a word: after a silence it asks, and without an answer in time the peer is gone. */
export class Liveness {
  #clock;
  #ask;
  #dead;
  #deadline;
  #interval = 0;
  #timer = null;
  #heardAt = 0;
  #asked = false;

  /**
   * @param {{clock: import('./clock.js').Clock, deadline: number, ask: () => void, dead: () => void}} means
   *   `deadline` in milliseconds: how long an answer may take
   */
  constructor({ clock, deadline, ask, dead }) {
    this.#clock = clock;
    this.#deadline = deadline;
    this.#ask = ask;
    this.#dead = dead;
  }

  /** @param {number} interval milliseconds of silence after which to ask */
  start(interval) {
    this.stop();
    this.#interval = interval;
    this.heard();
    this.#waitForSilence();
  }

  stop() {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
    this.#interval = 0;
  }

  /** Something arrived. Cheap, since it is called for every frame: timers look at it when they fire. */
  heard() {
    this.#heardAt = this.#clock.now();
    this.#asked = false;
  }

  /** Asks at once, for instance when the machine has just woken up. */
  check(deadline = this.#deadline) {
    if (this.#interval) this.#askNow(deadline);
  }

  #waitForSilence() {
    const left = this.#heardAt + this.#interval - this.#clock.now();
    if (left <= 0) this.#askNow(this.#deadline);
    else this.#timer = this.#clock.setTimeout(() => this.#waitForSilence(), left);
  }

  #askNow(deadline) {
    this.#clock.clearTimeout(this.#timer);
    this.#asked = true;
    this.#timer = this.#clock.setTimeout(() => {
      if (this.#asked) this.#dead();
      else this.#waitForSilence();
    }, deadline);
    this.#ask();
  }
}
