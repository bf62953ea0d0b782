import { drop, read, whenKeptElsewhere, write } from './storage.js';

const NEW = 'new';
const name = (session) => `draft:${session ?? NEW}`;

/** What was written and not sent, by conversation. It survives a reload; what another tab wrote over it is not lost. */
export class Drafts {
  #timer = null;
  #waiting = null;

  /** @param {(session: string | null, text: string) => void} elsewhere hears what another tab has written, nothing when it was sent */
  constructor(elsewhere, signal) {
    whenKeptElsewhere((key, text) => {
      const session = /^draft:(.+)$/.exec(key)?.[1];
      if (session && (text === null || typeof text === 'string')) elsewhere(session === NEW ? null : session, text ?? '');
    }, signal);
    addEventListener('pagehide', () => this.flush(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden && this.flush(), { signal });
  }

  of(session) {
    if (this.#waiting?.session === session) return this.#waiting.text;
    const text = read(name(session), '');
    return typeof text === 'string' ? text : '';
  }

  /** Kept a moment later, so that typing does not wait for the storage. */
  keep(session, text) {
    if (this.#waiting && this.#waiting.session !== session) this.flush();
    this.#waiting = { session, text };
    this.#timer ??= setTimeout(() => this.flush(), 400);
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#waiting) return;
    const { session, text } = this.#waiting;
    this.#waiting = null;
    if (text) write(name(session), text);
    else drop(name(session));
  }
}
