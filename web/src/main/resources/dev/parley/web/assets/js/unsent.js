import { forgetAllRefused } from './refused.js';
import { outboxStorage, unsentMessages } from './storage.js';

/** So many conversations beside the open one are brought up to date at once. */
const AT_ONCE = 3;

/**
 * Conversations with messages that are not sent yet, beside the open one: left with them now, or by an earlier page. Each is connected
 * until nothing waits in it any more.
 */
export class Unsent {
  #make;
  #tell;
  #queue = [];
  #behind = new Map();

  /**
   * @param {(id: string) => import('./conversation.js').Conversation} make
   * @param {() => void} tell hears when something else waits than before
   */
  constructor(make, tell) {
    this.#make = make;
    this.#tell = tell;
  }

  /** Takes up what an earlier page left behind, but for the conversation that is `open`. */
  start(open) {
    this.#queue = [...unsentMessages().keys()].filter((id) => id !== open && !this.#behind.has(id));
    this.#next();
  }

  /** @returns what waits, as entries of a list of conversations */
  get sessions() {
    return [...unsentMessages()].map(([id, messages]) => ({
      session_id: id, title: messages[0].content.slice(0, 60), last_activity: new Date(messages.at(-1).at).toISOString(), cursor: '0', status: 'active', members: [], unsent: true,
    }));
  }

  /** A conversation is left: it stays connected while something waits in it, and is ended otherwise. */
  leave(conversation) {
    if (conversation.client.pending.length && !conversation.closed) this.#behind.set(conversation.id, conversation);
    else conversation.leave();
  }

  /** A conversation is opened again: as it was left, if it is one of these. */
  take(id) {
    const found = this.#behind.get(id);
    this.#behind.delete(id);
    this.#queue = this.#queue.filter((each) => each !== id);
    return found;
  }

  /** One of these conversations, while it is connected. */
  get(id) {
    return this.#behind.get(id);
  }

  /** Something happened in a conversation that is not open. */
  heard(conversation, what) {
    if (this.#behind.get(conversation.id) !== conversation || !['accepted', 'refused', 'discarded', 'closed'].includes(what)) return;
    this.#tell();
    if (conversation.client.pending.length && !conversation.closed) return;
    this.#behind.delete(conversation.id);
    conversation.leave();
    this.#next();
  }

  /** Forgets what waits in a conversation. */
  discard(id) {
    const left = this.take(id);
    for (const { key } of unsentMessages().get(id) ?? []) outboxStorage.removeItem(key);
    forgetAllRefused(id);
    left?.leave();
    this.#tell();
    this.#next();
  }

  end() {
    for (const conversation of this.#behind.values()) conversation.leave();
    this.#behind.clear();
    this.#queue = [];
  }

  #next() {
    while (this.#queue.length && this.#behind.size < AT_ONCE) {
      const conversation = this.#make(this.#queue.shift());
      this.#behind.set(conversation.id, conversation);
      conversation.start({ closed: false });
    }
  }
}
