import { drop, lasting, read, readShared, whenKeptElsewhere, write, writeHere } from './storage.js';

const NEW = 'new';
const draft = (session) => `draft:${session ?? NEW}`;
const thread = (root) => `thread:${root}`;
const edit = (session) => `edit:${session ?? NEW}`;
const text = (kept) => (typeof kept === 'string' ? kept : '');

/**
 * What was written and not sent: by conversation, by thread, and of a message that is being edited. It survives a reload, and
 * what another tab wrote over it is not lost: each tab has its own beside the one they share.
 */
export class Drafts {
  #timer = null;
  #waiting = new Map();

  /** @param {(session: string | null, text: string) => void} elsewhere hears what another tab has written, nothing when it was sent */
  constructor(elsewhere, signal) {
    whenKeptElsewhere((key, now) => {
      const session = /^draft:(.+)$/.exec(key)?.[1];
      if (session && (now === null || typeof now === 'string')) elsewhere(session === NEW ? null : session, now ?? '');
    }, signal);
    addEventListener('pagehide', () => this.flush(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden && this.flush(), { signal });
  }

  of(session) {
    return text(this.#read(draft(session)));
  }

  /** What another tab wrote there last, if that is not what this one has. */
  elsewhere(session) {
    const shared = text(readShared(draft(session)));
    return shared === this.of(session) ? '' : shared;
  }

  keep(session, words) {
    this.#keep(draft(session), words);
  }

  /** What another tab wrote has been taken over here. */
  took(session, words) {
    this.#waiting.delete(draft(session));
    if (words && lasting()) writeHere(draft(session), words);
    else if (!words) drop(draft(session));
  }

  ofThread(root) {
    return text(this.#read(thread(root)));
  }

  keepThread(root, words) {
    this.#keep(thread(root), words);
  }

  /** @returns {{id: string, again: boolean, text: string} | null} */
  ofEdit(session) {
    const kept = this.#read(edit(session));
    return typeof kept?.id === 'string' && typeof kept.text === 'string' ? kept : null;
  }

  keepEdit(session, what) {
    this.#keep(edit(session), what);
  }

  #read(name) {
    return this.#waiting.has(name) ? this.#waiting.get(name) : read(name);
  }

  /** Kept a moment later, so that typing does not wait for the storage. */
  #keep(name, value) {
    this.#waiting.set(name, value);
    this.#timer ??= setTimeout(() => this.flush(), 400);
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = null;
    for (const [name, value] of this.#waiting) {
      if (value) {
        write(name, value);
        if (lasting()) writeHere(name, value);
      } else {
        drop(name);
      }
    }
    this.#waiting.clear();
  }
}
