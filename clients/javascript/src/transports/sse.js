import { ParleyError } from '../errors.js';
import { HttpTransport } from './http.js';

/** Server-sent events read with `fetch`, since an EventSource cannot carry an Authorization header. */
export class EventsTransport extends HttpTransport {
  kind = 'sse';

  constructor(means, sink) {
    super(means, sink);
    this.#run(means.place);
  }

  async #run(place) {
    let response;
    try {
      response = await this.fetch(this.address.events(place), {
        headers: this.headers({ Accept: 'text/event-stream' }),
        signal: this.signal,
        credentials: 'same-origin',
        cache: 'no-store',
      });
    } catch {
      this.end({ unreachable: true });
      return;
    }
    if (!response.ok) {
      this.end({ error: await ParleyError.ofResponse(response) });
      return;
    }
    if (!response.body) {
      this.end({ silent: true, reason: 'this runtime cannot read a response as it arrives' });
      return;
    }
    try {
      await this.#read(response.body.getReader());
      this.end({ reason: 'the stream ended' });
    } catch {
      this.end({ reason: 'the stream broke' });
    }
  }

  #frame(data) {
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      // Heard already; there is nothing else in it.
      return;
    }
    this.sink.frame(frame);
  }

  async #read(reader) {
    const events = new EventParser((data) => this.#frame(data));
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.done) return;
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
