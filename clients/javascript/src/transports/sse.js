import { ParleyError } from '../errors.js';
import { HttpTransport } from './http.js';

/** Server-sent events read with `fetch`, since an EventSource cannot carry an Authorization header. */
export class EventsTransport extends HttpTransport {
  kind = 'sse';
  #place;
  /** Ends the stream that is read now, and it alone. */
  #leave = () => {};
  #streams = 0;

  constructor(means, sink) {
    super(means, sink);
    this.#place = means.place;
    this.#open();
  }

  /** Reads on in a new stream, which the new token opens; requests under way are left alone. */
  renew(token) {
    super.renew(token);
    this.#leave();
    this.#open();
  }

  #open() {
    const mine = ++this.#streams;
    const current = () => mine === this.#streams && !this.done;
    this.within(undefined, (signal, leave) => {
      this.#leave = leave;
      return this.#run(signal, current);
    }).then((end) => { if (current()) this.end(end); });
  }

  /** @returns {Promise<import('./websocket.js').End>} */
  async #run(signal, current) {
    const first = this.#streams === 1;
    let response;
    try {
      response = await this.fetch(this.address.events(this.#place()), {
        headers: this.headers({ Accept: 'text/event-stream' }), signal, credentials: 'same-origin', cache: 'no-store',
      });
      if (!response.ok) return { error: await ParleyError.ofResponse(response) };
    } catch {
      return { unreachable: true };
    }
    if (!response.body) return { silent: true, reason: 'this runtime cannot read a response as it arrives' };
    try {
      await this.#read(response.body.getReader(), first, current);
      return { reason: 'the stream ended' };
    } catch {
      return { reason: 'the stream broke' };
    }
  }

  #frame(data, first) {
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      // Heard already; there is nothing else in it.
      return;
    }
    // To whom the stream is not the first, it is the same connection with another token.
    this.sink.frame(!first && frame?.type === 'connected' ? { type: 'refreshed', expires_at: frame.expires_at, server_time: frame.server_time } : frame);
  }

  async #read(reader, first, current) {
    const events = new EventParser((data) => current() && this.#frame(data, first));
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || !current()) return;
      this.sink.heard();
      events.push(decoder.decode(value, { stream: true }));
    }
  }
}

/** Takes an event stream apart; only `data` matters here, positions are kept by the client itself. */
export class EventParser {
  #rest = '';
  #data = [];
  #onData;

  constructor(onData) {
    this.#onData = onData;
  }

  push(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    for (const line of lines) this.#line(line);
  }

  #line(line) {
    if (line === '') {
      if (this.#data.length) this.#onData(this.#data.join('\n'));
      this.#data = [];
    } else if (line.startsWith('data:')) {
      this.#data.push(line.slice(line[5] === ' ' ? 6 : 5));
    }
  }
}
