/** Measures replies where it matters, at the reader: time to the first text, and the longest silence after it. */
export class Telemetry {
  #clock;
  #tell;
  #running = new Map();
  #asked = new WeakMap();
  /** Of the client as a whole; `duplicates` counts whatever came twice. */
  totals = { connections: 0, reconnects: 0, replies: 0, gaps: 0, duplicates: 0 };

  /** @param {import('./clock.js').Clock} clock @param {(measure: object) => void} tell */
  constructor(clock, tell) {
    this.#clock = clock;
    this.#tell = tell;
  }

  asked(reply) {
    if (reply) this.#asked.set(reply, this.#clock.now());
  }

  change(reply, change, delta, transport) {
    const now = this.#clock.now();
    const measure = this.#of(reply, now);
    if (change === 'text' && delta) {
      if (measure.chunks) measure.longestGap = Math.max(measure.longestGap, now - measure.last);
      else measure.timeToFirstToken = now - measure.since;
      measure.chunks += 1;
      measure.last = now;
    } else if (change === 'end') {
      this.#running.delete(reply);
      this.totals.replies += 1;
      const { since, last, ...told } = measure;
      this.#tell({ messageId: reply.messageId, status: reply.status, transport, duration: now - since, characters: reply.text.length, ...told });
    }
  }

  /** @param {import('./reply.js').Reply | null} reply what it happened to, if to one */
  count(reply, what) {
    this.totals[what] += 1;
    if (reply) this.#of(reply, this.#clock.now())[what] += 1;
  }

  /** What was measured of one that turns out to be another; the asking was earlier. */
  takenOver(reply, from) {
    const measure = this.#running.get(from);
    if (!measure) return;
    this.#running.delete(from);
    const since = this.#asked.get(reply) ?? measure.since;
    if (measure.timeToFirstToken !== null) measure.timeToFirstToken += measure.since - since;
    measure.since = since;
    this.#running.set(reply, measure);
  }

  /** Nothing more will come of it. */
  forget(reply) {
    this.#running.delete(reply);
  }

  connected() {
    this.totals.connections += 1;
    if (this.totals.connections > 1) this.totals.reconnects += 1;
  }

  lost() {
    for (const measure of this.#running.values()) measure.reconnects += 1;
  }

  #of(reply, now) {
    let measure = this.#running.get(reply);
    if (!measure) {
      measure = {
        since: this.#asked.get(reply) ?? now, last: now, timeToFirstToken: null, longestGap: 0, chunks: 0, gaps: 0, duplicates: 0,
        reconnects: 0,
      };
      this.#running.set(reply, measure);
    }
    return measure;
  }
}
