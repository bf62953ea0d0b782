import { ParleyError } from '../errors.js';
import { framesOf, HttpTransport } from './http.js';

/** Long polls: the last resort, where even an open response is held back on the way. */
export class PollTransport extends HttpTransport {
  kind = 'poll';
  #wait;

  constructor(means, sink) {
    super(means, sink);
    this.#wait = means.pollWait;
    this.#run(means.place());
  }

  async #run(place) {
    // Only a poll without a cursor is greeted; whoever resumes asks without waiting, and the answer is the greeting.
    let wait = place.since ? 0 : this.#wait;
    let greeted = !place.since;
    while (!this.done) {
      const answer = await this.#poll(place, wait);
      if (!answer) return;
      const frames = framesOf(answer);
      if (!greeted && !frames.some((frame) => frame?.type === 'connected')) {
        this.sink.frame({ type: 'connected', cursor: place.since, polled: true });
      }
      greeted = true;
      wait = this.#wait;
      for (const frame of frames) {
        if (this.done) return;
        this.sink.frame(frame);
      }
      this.sink.heard();
      // There is no closing to be seen here: the server's last word is the end.
      if (frames.some((frame) => frame?.type === 'disconnect')) this.end({ reason: 'the server said goodbye' });
      place = { since: typeof answer.cursor === 'string' ? answer.cursor : place.since };
    }
  }

  /** The answer, or null when that was the end. */
  async #poll(place, wait) {
    try {
      // The server answers within the wait; well past it the request is lost.
      const answer = await this.within(wait * 1000 + 15_000, async (signal) => {
        const response = await this.fetch(this.address.poll(place, `${wait}s`), {
          headers: this.headers(), signal, credentials: 'same-origin', cache: 'no-store',
        });
        return response.ok ? await response.json() : { error: await ParleyError.ofResponse(response) };
      });
      if (Array.isArray(answer?.frames)) return answer;
      this.end(answer?.error instanceof ParleyError ? answer : { unreachable: true, reason: 'something else than the server answers' });
    } catch {
      this.end({ unreachable: true });
    }
    return null;
  }
}
