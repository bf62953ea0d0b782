import { ParleyError } from './errors.js';

/** Frames that want an answer: matched by id, waiting while there is no connection, never twice unless that is harmless. */
export class Requests {
  #open = new Map();
  #send;
  #clock;
  #newId;
  #deadline;
  #closed = null;

  /** @param {{send: (frame: object) => boolean, clock: import('./clock.js').Clock, newId: () => string, deadline?: number}} means */
  constructor({ send, clock, newId, deadline = 30_000 }) {
    this.#deadline = deadline;
    this.#send = send;
    this.#clock = clock;
    this.#newId = newId;
  }

  get waiting() {
    return this.#open.size;
  }

  /**
   * @param {object} frame
   * @param {{again?: boolean}} [how] `again`: sent once more when the connection is lost before the answer
   * @returns {Promise<object>} the answering frame
   */
  ask(frame, { again = false } = {}) {
    if (this.#closed) return Promise.reject(this.#closed);
    const id = this.#newId();
    return new Promise((resolve, reject) => {
      const request = { frame: { ...frame, id }, again, sent: false, resolve, reject };
      request.timer = this.#clock.setTimeout(
        () => this.#fail(id, new ParleyError('TIMEOUT', `No answer to '${frame.type}' in time`)), this.#deadline);
      this.#open.set(id, request);
      request.sent = this.#send(request.frame);
    });
  }

  /** @returns {boolean} whether the frame answered one */
  answer(frame) {
    const request = this.#open.get(frame.id);
    if (!request) return false;
    if (frame.type === 'error') {
      this.#fail(frame.id, ParleyError.ofFrame(frame));
    } else {
      this.#take(frame.id);
      request.resolve(frame);
    }
    return true;
  }

  /** A connection is there: sends what waits. */
  connected() {
    for (const request of this.#open.values()) {
      if (!request.sent) request.sent = this.#send(request.frame);
    }
  }

  /** The connection is gone, and with it the answers under way. */
  lost() {
    for (const [id, request] of this.#open) {
      if (!request.sent) continue;
      if (request.again) request.sent = false;
      else this.#fail(id, new ParleyError('CONNECTION_LOST', `The connection was lost before '${request.frame.type}' was answered`));
    }
  }

  /** Nothing can be asked any more, until `reopened`. */
  closed(error) {
    this.#closed = error;
    for (const id of [...this.#open.keys()]) this.#fail(id, error);
  }

  reopened() {
    this.#closed = null;
  }

  #fail(id, error) {
    this.#take(id)?.reject(error);
  }

  #take(id) {
    const request = this.#open.get(id);
    this.#open.delete(id);
    this.#clock.clearTimeout(request?.timer);
    return request;
  }
}
