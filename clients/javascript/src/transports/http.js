import { ParleyError } from '../errors.js';

/** Milliseconds after which a frame is lost that was not answered. */
const PATIENCE = 60_000;

/** What the two fallbacks share: frames go out as POST requests, one after the other, and their answers come back as frames. */
export class HttpTransport {
  #last = Promise.resolve();
  #abort = new AbortController();
  #done = false;

  constructor({ fetch, address, token, clock }, sink) {
    this.fetch = fetch;
    this.clock = clock;
    this.address = address;
    this.token = token;
    this.sink = sink;
  }

  get signal() {
    return this.#abort.signal;
  }

  get done() {
    return this.#done;
  }

  /** A new token for the requests to come. */
  renew(token) {
    this.token = token;
  }

  headers(more = {}) {
    return { ...more, ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}) };
  }

  send(frame) {
    if (this.#done) return false;
    // In order, because the server knows requests only by their arrival.
    this.#last = this.#last.then(() => this.#post(frame));
    return true;
  }

  close() {
    this.#done = true;
    this.#abort.abort();
  }

  end(end) {
    if (this.#done) return;
    this.close();
    this.sink.ended(end);
  }

  /** What `ask` makes of a signal that ends with this transport, after some time, or by the function it is given too. */
  async within(time, ask) {
    const late = new AbortController();
    const stop = () => late.abort();
    this.signal.addEventListener('abort', stop);
    const timer = time === undefined ? null : this.clock.setTimeout(stop, time);
    if (this.signal.aborted) stop();
    try {
      return await ask(late.signal, stop);
    } finally {
      this.clock.clearTimeout(timer);
      this.signal.removeEventListener('abort', stop);
    }
  }

  async #post(frame) {
    if (this.#done) return;
    let answer;
    try {
      answer = await this.within(PATIENCE, async (signal) => {
        const response = await this.fetch(this.address.frames(), {
          method: 'POST', headers: this.headers({ 'Content-Type': 'application/json' }), body: JSON.stringify(frame), signal, credentials: 'same-origin',
        });
        return response.ok ? await response.json() : await refusal(response, frame);
      });
    } catch {
      this.end({ unreachable: true, reason: 'a frame could not be delivered' });
      return;
    }
    if (this.#done) return;
    if (answer?.error) this.end(answer);
    for (const each of framesOf(answer)) this.sink.frame(each);
  }
}

/** The frames in an answer; none where it is not the server's. */
export function framesOf(answer) {
  return Array.isArray(answer?.frames) ? answer.frames : [];
}

/** What a refused request means: for the connection when the token is the reason, for its frame otherwise. */
async function refusal(response, frame) {
  const error = await ParleyError.ofResponse(response);
  if (error.status === 401) return { error };
  return { frames: frame.id ? [{ type: 'error', id: frame.id, code: error.code, message: error.message, retry_after: error.retryAfter }] : [] };
}
