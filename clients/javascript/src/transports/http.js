import { ParleyError } from '../errors.js';

/** What the two fallbacks share: frames go out as POST requests, one after the other, and their answers come back as frames. */
export class HttpTransport {
  #last = Promise.resolve();
  #abort = new AbortController();
  #done = false;

  constructor({ fetch, address, token }, sink) {
    this.fetch = fetch;
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

  async #post(frame) {
    if (this.#done) return;
    let answer;
    try {
      const response = await this.fetch(this.address.frames(), {
        method: 'POST',
        headers: this.headers({ 'Content-Type': 'application/json' }),
        body: JSON.stringify(frame),
        signal: this.signal,
        credentials: 'same-origin',
      });
      answer = response.ok ? await response.json() : await refusal(response, frame);
    } catch {
      this.end({ unreachable: true, reason: 'a frame could not be delivered' });
      return;
    }
    if (this.#done) return;
    if (answer.error) this.end(answer);
    for (const each of answer.frames ?? []) this.sink.frame(each);
  }
}

/** What a refused request means: for the connection when the token is the reason, for its frame otherwise. */
async function refusal(response, frame) {
  const error = await ParleyError.ofResponse(response);
  if (error.status === 401) return { error };
  return { frames: frame.id ? [{ type: 'error', id: frame.id, code: error.code, message: error.message, retry_after: error.retryAfter }] : [] };
}
