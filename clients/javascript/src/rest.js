import { ParleyError } from './errors.js';

const TRIES = 4;

/** What is asked outside the connection: plain requests with the token, asked once more with a new one when it has run out. */
export class Rest {
  #fetch;
  #address;
  #credentials;
  #backoff;
  #clock;

  /** @param {{fetch: typeof fetch, address: import('./address.js').Address, credentials: import('./credentials.js').Credentials, clock: import('./clock.js').Clock, backoff: () => import('./backoff.js').Backoff}} means */
  constructor({ fetch, address, credentials, clock, backoff }) {
    this.#fetch = fetch;
    this.#address = address;
    this.#credentials = credentials;
    this.#clock = clock;
    this.#backoff = backoff;
  }

  /**
   * The answer to a request, tried again while the server cannot be reached or is full.
   * @param {string} path
   * @param {RequestInit} [request]
   */
  async ask(path, request = {}) {
    const backoff = this.#backoff();
    let renewed = false;
    for (;;) {
      const token = this.#credentials.used ?? await this.#credentials.token();
      try {
        return await this.#once(path, request, token);
      } catch (error) {
        if (request.signal?.aborted) throw request.signal.reason;
        if (error.status === 401 && this.#credentials.renewable && !renewed) {
          renewed = true;
          if (this.#credentials.used === token) await this.#credentials.token();
        } else if ((error.code === 'OFFLINE' || error.status === 503) && backoff.failures < TRIES - 1) {
          const wait = Math.max(backoff.next(), (error.retryAfter ?? 0) * 1000);
          await new Promise((resolve) => { this.#clock.setTimeout(resolve, wait); });
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
    } catch (fault) {
      throw new ParleyError('OFFLINE', `The server cannot be reached: ${fault.message}`);
    }
    if (!response.ok) throw await ParleyError.ofResponse(response);
    return response.json();
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
