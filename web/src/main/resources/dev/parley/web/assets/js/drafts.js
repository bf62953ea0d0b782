import { drop, dropHere, lasting, read, readHere, readShared, whenKeptElsewhere, write, writeHere } from './storage.js';

const NEW = 'new';
const draft = (session) => `draft:${session ?? NEW}`;
const thread = (root) => `thread:${root}`;
const edit = (session) => `edit:${session ?? NEW}`;
/** Where the words of other tabs are put aside; those of an edit are offered where one writes. */
const aside = (name) => `other:${name.replace(/^edit:/, 'draft:')}`;
const text = (kept) => (typeof kept === 'string' ? kept : '');
const wordsOf = (kept) => text(typeof kept === 'string' ? kept : kept?.text);
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/**
 * What was written and not sent: by conversation, by thread, and of a message that is being edited. It survives a reload, and
 * what another tab wrote over it is not lost: each tab has its own beside the one they share.
 */
export class Drafts {
  #timer = null;
  #waiting = new Map();
  #tell;

  /**
   * @param {(session: string | null, text: string | null) => void} elsewhere hears what another tab has written, nothing when it was
   *   sent, and null when something was put aside
   */
  constructor(elsewhere, signal) {
    this.#tell = elsewhere;
    whenKeptElsewhere((key, now) => {
      const session = /^draft:(.+)$/.exec(key)?.[1];
      if (session && (now === null || typeof now === 'string')) elsewhere(session === NEW ? null : session, now ?? '');
      this.#tellAside(key);
    }, signal);
    addEventListener('pagehide', () => this.flush(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden && this.flush(), { signal });
  }

  of(session) {
    return text(this.#read(draft(session)));
  }

  /** What another tab wrote there, if that is not what this one has. */
  elsewhere(session) {
    return this.#elsewhere(draft(session));
  }

  keep(session, words) {
    this.#keep(draft(session), words);
  }

  /** What another tab wrote has been taken over here, or is not wanted. */
  settle(session, words) {
    this.#settle(draft(session), words);
  }

  /** What another tab is writing is shown here too, as nothing was written here. */
  took(session, words) {
    const name = draft(session);
    this.#waiting.delete(name);
    if (words && lasting()) writeHere(name, words);
    else if (!words) dropHere(name);
  }

  ofThread(root) {
    return text(this.#read(thread(root)));
  }

  keepThread(root, words) {
    this.#keep(thread(root), words);
  }

  elsewhereInThread(root) {
    return this.#elsewhere(thread(root));
  }

  settleThread(root, words) {
    this.#settle(thread(root), words);
  }

  /** @returns {{id: string, again: boolean, text: string, from?: string, sent?: string} | null} */
  ofEdit(session) {
    const kept = this.#read(edit(session));
    return typeof kept?.id === 'string' && typeof kept.text === 'string' ? kept : null;
  }

  keepEdit(session, what) {
    this.#keep(edit(session), what);
  }

  /** The server has the edit of a message; another one's stays. */
  endEdit(session, id) {
    if (this.ofEdit(session)?.id === id) this.#keep(edit(session), null);
  }

  /** What this tab has; what all have becomes its own as soon as it is seen. */
  #read(name) {
    if (this.#waiting.has(name)) return this.#waiting.get(name);
    const own = readHere(name);
    if (own !== null || !lasting()) return own;
    const shared = readShared(name);
    if (shared !== null) writeHere(name, shared);
    return shared;
  }

  #elsewhere(name) {
    if (!lasting()) return '';
    const own = text(this.#read(name));
    return [text(readShared(name)), ...this.#aside(name)].find((each) => each && !own.startsWith(each)) ?? '';
  }

  #aside(name) {
    const kept = read(aside(name), []);
    return Array.isArray(kept) ? kept.filter((each) => each && typeof each === 'string') : [];
  }

  #settle(name, words) {
    if (!lasting()) return;
    this.#keepAside(name, this.#aside(name).filter((each) => each !== words));
    const own = this.#read(name);
    if (!same(readShared(name), words) || same(own, words)) return;
    if (own) write(name, own);
    else drop(name);
  }

  #keepAside(name, all) {
    if (same(all, this.#aside(name))) return;
    if (all.length) write(aside(name), all);
    else drop(aside(name));
    this.#tellAside(aside(name));
  }

  #tellAside(key) {
    const session = /^other:draft:(.+)$/.exec(key)?.[1];
    if (session) this.#tell(session === NEW ? null : session, null);
  }

  /** What another tab wrote is put aside before it is written over; what this one wrote, and another has put aside, has had its time. */
  #putAside(name, value) {
    const own = readHere(name);
    const shared = readShared(name);
    const theirs = same(shared, own) || wordsOf(value).startsWith(wordsOf(shared)) ? '' : wordsOf(shared);
    const others = this.#aside(name).filter((each) => each !== wordsOf(own));
    this.#keepAside(name, theirs ? [theirs, ...others.filter((each) => !theirs.startsWith(each))] : others);
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
      if (lasting()) this.#putAside(name, value);
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
