/** Time that stands still until it is moved. */
export class ManualClock {
  #now = 1_700_000_000_000;
  #timers = new Set();
  chance = 1;

  now() {
    return this.#now;
  }

  random() {
    return this.chance;
  }

  setTimeout(action, delay) {
    const timer = { action, at: this.#now + delay };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer) {
    this.#timers.delete(timer);
  }

  get pending() {
    return this.#timers.size;
  }

  advance(milliseconds) {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.action();
    }
    this.#now = end;
  }
}

/** Waits for a condition, generously. */
export async function until(condition, what = 'the condition', patience = 60_000) {
  const deadline = Date.now() + patience;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
}

/** A storage as browsers have it. */
export class MemoryStorage {
  #items = new Map();
  #refused = null;
  get length() { return this.#items.size; }
  key(i) { return [...this.#items.keys()][i]; }
  getItem(key) {
    if (key === this.#refused) throw new Error('unreadable');
    return this.#items.get(key) ?? null;
  }
  /** From now on this one cannot be read. */
  refuses(key) { this.#refused = key; }
  setItem(key, value) { this.#items.set(key, String(value)); }
  removeItem(key) { this.#items.delete(key); }
}

/** A storage that a browser forbids. */
export const failingStorage = new Proxy({}, { get: () => { throw new Error('forbidden'); } });
