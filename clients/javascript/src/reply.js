/** Statuses after which a reply does not change any more. */
export const ENDS = new Set(['completed', 'stopped', 'failed', 'interrupted']);

/**
 * One answer of the model. Iterate over it to get its text piece by piece, from its beginning even when iteration
 * starts late; `text` is what there is so far. The server may begin a reply anew (its text is then emptied); an
 * iterator goes on where it was.
 */
export class Reply {
  /** The id of the message it becomes; null until the server has named it. */
  messageId = null;
  questionId = null;
  /** `pending`, `queued`, `streaming`, then one of `completed`, `stopped`, `failed`, `interrupted`. */
  status = 'pending';
  text = '';
  /** Place in the model's queue while queued, 1 being next. */
  position = null;
  agent = null;
  model = null;
  versions = [];
  metadata = {};
  /** The message object, once it has ended. */
  message = null;
  error = null;
  #stop;
  /** Resolves with this reply at its end, however it ended; rejects when it never began or the client was closed before. */
  finished;
  #refused = false;
  #wakers = new Set();
  #settled;
  /** Other objects for the same reply, which their readers hold. */
  #twins = [];

  constructor(stop) {
    this.#stop = stop;
    this.#promise();
  }

  get ended() {
    return ENDS.has(this.status);
  }

  /** Stops it, also while it waits; resolves when the server has confirmed. */
  stop() {
    return this.#stop(this);
  }

  async *[Symbol.asyncIterator]() {
    let shown = 0;
    for (;;) {
      if (this.text.length > shown) {
        const piece = this.text.slice(shown);
        shown = this.text.length;
        yield piece;
      } else if (this.ended) {
        return;
      } else if (this.#refused) {
        throw this.error;
      } else {
        await new Promise((wake) => this.#wakers.add(wake));
      }
    }
  }

  /** Something came for it. */
  heard() {
    this.#refused = false;
    this.changed();
  }

  /** The client has changed something. */
  changed() {
    for (const wake of this.#wakers) wake();
    this.#wakers.clear();
    if (this.ended) this.#settled.resolve(this);
    for (const twin of this.#twins) {
      twin.#become(this);
      twin.heard();
    }
  }

  /** It will never begin, or does not go on as long as the client is closed. */
  refuse(error) {
    if (this.ended) return;
    this.#refused = true;
    this.error = error;
    this.#settled.reject(error);
    for (const wake of this.#wakers) wake();
    this.#wakers.clear();
    for (const twin of this.#twins) twin.refuse(error);
  }

  /** The client is open again: what was given up goes on. */
  revive() {
    if (!this.#refused) return;
    this.#refused = false;
    this.error = null;
    this.#promise();
    for (const twin of this.#twins) twin.revive();
  }

  /** Goes on in place of that one, which was made when the frames overtook the acknowledgement; whoever holds it reads on there. */
  takeOver(other) {
    this.#become(other);
    this.#twins.push(other);
    this.changed();
  }

  #become({ messageId, status, text, position, agent, model, versions, metadata, message, error }) {
    Object.assign(this, { messageId, status, text, position, agent, model, versions, metadata, message, error });
  }

  #promise() {
    this.finished = new Promise((resolve, reject) => { this.#settled = { resolve, reject }; });
    this.finished.catch(() => {});
  }
}
