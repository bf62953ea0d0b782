/** The server's addresses, from one base URL (http, https, ws or wss, with or without a path before Parley's own). */
export class Address {
  #base;
  #session;
  #query;

  /**
   * @param {string} url
   * @param {string} session
   * @param {Record<string, string | undefined>} query parameters every connection carries
   */
  constructor(url, session, query) {
    const base = new URL(url);
    base.protocol = base.protocol.replace('ws', 'http');
    this.#base = base.origin + base.pathname.replace(/\/+$/, '');
    this.#session = encodeURIComponent(session);
    this.#query = query;
  }

  /** @param {{since?: string, streams?: Record<string, number>}} place */
  websocket(place) {
    return `${this.#base.replace(/^http/, 'ws')}/ws/${this.#session}${this.#parameters(place)}`;
  }

  events(place) {
    return this.#ofSession('events') + this.#parameters(place);
  }

  poll(place, wait) {
    return this.#ofSession('poll') + this.#parameters(place, { wait });
  }

  frames() {
    return this.#ofSession('frames') + this.#parameters({});
  }

  /** @param {string} path below the base, beginning with a slash */
  rest(path) {
    return this.#base + path;
  }

  #ofSession(what) {
    return `${this.#base}/api/chat/sessions/${this.#session}/${what}`;
  }

  #parameters({ since, streams }, more = {}) {
    const positions = Object.entries(streams ?? {}).map(([id, seq]) => `${id}:${seq}`).join(',');
    const all = { ...this.#query, since, streams: positions || undefined, ...more };
    const given = Object.entries(all).filter(([, value]) => value !== undefined && value !== null && value !== '');
    return given.length ? `?${new URLSearchParams(given)}` : '';
  }
}
