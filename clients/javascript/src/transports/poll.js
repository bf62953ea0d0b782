import { ParleyError } from '../errors.js';
import { HttpTransport } from './http.js';

/** Long polls: the last resort, where even an open response is held back on the way. */
export class PollTransport extends HttpTransport {
  kind = 'poll';
  #wait;
  #clock;

  constructor(means, sink) {
    super(means, sink);
    this.#wait = means.pollWait;
    this.#clock = means.clock;
    this.#run(means.place);
  }

  async #run(place) {
    // Only a poll without a cursor is greeted; whoever resumes asks without waiting, and the answer is the greeting.
    let wait = place.since ? 0 : this.#wait;
    let greeted = !place.since;
    while (!this.done) {
      const answer = await this.#poll(place, wait);
      if (!answer) return;
      if (!greeted && !answer.frames?.some((frame) => frame?.type === 'connected')) {
        this.sink.frame({ type: 'connected', cursor: place.since, polled: true });
      }
      greeted = true;
      wait = this.#wait;
      for (const frame of answer.frames ?? []) {
        if (this.done) return;
        this.sink.frame(frame);
      }
      this.sink.heard();
      // There is no closing to be seen here: the server's last word is the end.
      if (answer.frames?.some((frame) => frame?.type === 'disconnect')) this.end({ reason: 'the server said goodbye' });
      place = { since: answer.cursor };
    }
  }

  async #poll(place, wait) {
    const late = new AbortController();
    const stop = () => late.abort();
    this.signal.addEventListener('abort', stop);
    // The server answers within the wait; well past it the request is lost.
    const timer = this.#clock.setTimeout(stop, wait * 1000 + 15_000);
    try {
      const response = await this.fetch(this.address.poll(place, `${wait}s`), {
        headers: this.headers(), signal: late.signal, credentials: 'same-origin', cache: 'no-store',
      });
      if (response.ok) return await response.json();
      this.end({ error: await ParleyError.ofResponse(response) });
    } catch {
      this.end({ unreachable: true });
    } finally {
      this.#clock.clearTimeout(timer);
      this.signal.removeEventListener('abort', stop);
    }
    return null;
  }
}
