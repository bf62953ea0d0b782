/**
 * Time and chance as the client sees them; tests give their own.
 * @typedef {object} Clock
 * @property {() => number} now milliseconds since the epoch
 * @property {(action: () => void, delay: number) => unknown} setTimeout
 * @property {(timer: any) => void} clearTimeout
 * @property {() => number} random in [0, 1)
 */

/** @type {Clock} */
export const systemClock = {
  now: () => Date.now(),
  setTimeout: (action, delay) => globalThis.setTimeout(action, delay),
  clearTimeout: (timer) => globalThis.clearTimeout(timer),
  random: () => Math.random(),
};

/** The longest delay a timer takes; longer ones would fire at once. */
export const LONGEST_DELAY = 2 ** 31 - 1;
