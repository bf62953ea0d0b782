import { ENDS } from './reply.js';

/** Answers that stay what they are, however often one asks. */
const DEFINITE = new Set([400, 403, 404, 410]);

/**
 * Nothing tells how replies ended that ended before a reload, or before it was known whose they are; the stored messages do. Each
 * is asked for, with growing pauses, until it has ended or is known not to be there, or the client closes.
 */
export class Settling {
  #means;
  /** What is asked, by the reply's name. */
  #open = new Map();

  /**
   * @param {{replies: import('./replies.js').Replies, ask: (path: string) => Promise<any>, giveUp: (reply: import('./reply.js').Reply, why: Error) => void,
   *   clock: import('./clock.js').Clock, backoff: () => import('./backoff.js').Backoff}} means
   */
  constructor(means) {
    this.#means = means;
  }

  /** Asks for all that run and are not asked for yet. */
  begin() {
    for (const { messageId } of this.#means.replies.running()) this.settle(messageId);
  }

  /** Asks for that one, unless it has ended, is unknown or asked for already. */
  settle(messageId) {
    if (this.#open.has(messageId) || (this.#means.replies.get(messageId)?.ended ?? true)) return;
    const question = { messageId, backoff: this.#means.backoff(), timer: null };
    this.#open.set(messageId, question);
    this.#ask(question);
  }

  /** Nothing is asked any more, until it begins again. */
  stop() {
    for (const { timer } of this.#open.values()) this.#means.clock.clearTimeout(timer);
    this.#open.clear();
  }

  async #ask(question) {
    const { replies, ask, giveUp, clock } = this.#means;
    const { messageId, backoff } = question;
    const [message, error] = await ask(`/api/chat/messages/${encodeURIComponent(messageId)}`).then((found) => [found], (fault) => [null, fault]);
    if (this.#open.get(messageId) !== question) return;
    const reply = replies.get(messageId);
    if (reply && !reply.ended) {
      if (ENDS.has(message?.status)) {
        replies.settle(reply, { message });
      } else if (DEFINITE.has(error?.status)) {
        giveUp(reply, error);
      } else {
        question.timer = clock.setTimeout(() => this.#ask(question), Math.max(backoff.next(), (error?.retryAfter ?? 0) * 1000));
        return;
      }
    }
    this.#open.delete(messageId);
  }
}
