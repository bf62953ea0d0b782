import { ParleyError } from './errors.js';

const TRIES = 4;
/** A file may take that many times as long as a question. */
const UPLOAD = 10;

/**
 * What is asked outside the connection: plain requests with the token, asked once more with a new one when it has run out. Each
 * ends in time, and with the client at the latest.
 */
export class Rest {
  #fetch;
  #address;
  #credentials;
  #backoff;
  #clock;
  #deadline;
  #open = new Set();
  #closed = null;

  /** @param {{fetch: typeof fetch, address: import('./address.js').Address, credentials: import('./credentials.js').Credentials, clock: import('./clock.js').Clock, backoff: () => import('./backoff.js').Backoff, deadline: number}} means */
  constructor({ fetch, address, credentials, clock, backoff, deadline }) {
    this.#fetch = fetch;
    this.#address = address;
    this.#credentials = credentials;
    this.#clock = clock;
    this.#backoff = backoff;
    this.#deadline = deadline;
  }

  /**
   * The answer to a request, tried again while the server cannot be reached or is full.
   * @param {string} path
   * @param {RequestInit} [request]
   */
  ask(path, { signal, ...request } = {}) {
    if (this.#closed) return Promise.reject(this.#closed);
    if (signal?.aborted) return Promise.reject(signal.reason);
    const away = new AbortController();
    return new Promise((resolve, reject) => {
      const end = (why) => {
        reject(why);
        away.abort(why);
      };
      const left = () => end(signal.reason);
      const timer = this.#clock.setTimeout(
        () => end(new ParleyError('TIMEOUT', 'No answer in time')), request.body ? UPLOAD * this.#deadline : this.#deadline);
      this.#open.add(end);
      signal?.addEventListener('abort', left);
      this.#answer(path, { ...request, signal: away.signal }).then(resolve, reject).finally(() => {
        this.#clock.clearTimeout(timer);
        this.#open.delete(end);
        signal?.removeEventListener('abort', left);
      });
    });
  }

  /** Nothing can be asked any more, until `reopened`. */
  closed(error) {
    this.#closed = error;
    for (const end of [...this.#open]) end(error);
  }

  reopened() {
    this.#closed = null;
  }

  async #answer(path, request) {
    const backoff = this.#backoff();
    let renewed = false;
    for (;;) {
      const token = this.#credentials.used ?? await this.#credentials.token();
      request.signal.throwIfAborted();
      try {
        return await this.#once(path, request, token);
      } catch (error) {
        request.signal.throwIfAborted();
        if (error.status === 401 && this.#credentials.renewable && !renewed) {
          renewed = true;
          if (this.#credentials.used === token) await this.#credentials.token();
        } else if ((error.code === 'OFFLINE' || error.status === 503) && backoff.failures < TRIES - 1) {
          await this.#pause(Math.max(backoff.next(), (error.retryAfter ?? 0) * 1000), request.signal);
        } else {
          throw error;
        }
      }
    }
  }

  async #once(path, { headers, ...request }, token) {
    let response;
    try {
      response = await this.#fetch(this.#address.rest(path), {
        headers: { ...headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) }, credentials: 'same-origin', ...request,
      });
      if (response.ok) return await response.json();
    } catch (fault) {
      throw new ParleyError('OFFLINE', `The server cannot be reached: ${fault.message}`, { cause: fault });
    }
    throw await ParleyError.ofResponse(response);
  }

  #pause(delay, signal) {
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimeout(resolve, delay);
      signal.addEventListener('abort', () => {
        this.#clock.clearTimeout(timer);
        reject(signal.reason);
      });
    });
  }
}

/** A file as a form the server takes; with a checksum where this runtime can make one. */
export async function form(file, { name, type, sessionId }) {
  const blob = file instanceof Blob && !type ? file : new Blob([file], { type: type ?? file.type ?? '' });
  const body = new FormData();
  if (sessionId) body.append('session_id', sessionId);
  if (globalThis.crypto?.subtle) body.append('sha256', hex(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())));
  body.append('file', blob, name ?? file.name ?? 'file');
  return body;
}

function hex(bytes) {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
