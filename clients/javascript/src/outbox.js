import { ParleyError } from './errors.js';

/** Refusals that pass: the same message is sent again, with the same id. */
const PASSING = new Set(['RATE_LIMIT', 'STORE_UNAVAILABLE', 'INTERNAL']);
const MAX_FAULTS = 8;

/** A message on its way out. */
export class Sent {
  /** `waiting`, `sending`, `accepted` or `refused`. */
  status = 'waiting';
  messageId = null;
  /** Milliseconds since the epoch before which it is not tried again. */
  notBefore = 0;
  error = null;
  faults = 0;
  /** Resolves with `{messageId, replyId, duplicate}` once the server has stored it; rejects when it was refused, or the client closed before. */
  accepted;
  #settled;
  #left = false;

  constructor(frame, reply) {
    this.id = frame.id;
    this.frame = frame;
    /** The answer to come; null when none was asked for. */
    this.reply = reply;
    this.#promise();
  }

  get content() {
    return this.frame.content;
  }

  accept(ack) {
    this.status = 'accepted';
    this.messageId = ack.message_id;
    this.#settled.resolve({ messageId: ack.message_id, replyId: ack.reply_id ?? null, duplicate: ack.duplicate === true });
  }

  refuse(error) {
    this.status = 'refused';
    this.error = error;
    this.#settled.reject(error);
    this.reply?.refuse(error);
  }

  /** The client is closed: nobody need wait for it any longer, though it stays in the outbox. */
  leave(error) {
    this.#left = true;
    this.#settled.reject(error);
    this.reply?.refuse(error);
  }

  /** The client is open again. */
  revive() {
    if (this.#left) this.#promise();
    this.#left = false;
    this.reply?.revive();
  }

  #promise() {
    this.accepted = new Promise((resolve, reject) => { this.#settled = { resolve, reject }; });
    this.accepted.catch(() => {});
  }
}

/**
 * Messages that the server has not acknowledged, oldest first, one under way at a time so that their order is kept. Each
 * lies under a key of its own in the storage, so that several tabs do not overwrite each other.
 */
export class Outbox {
  #sents = [];
  #flying = null;
  #timer = null;
  #open = false;
  #closed = null;
  #count = 0;
  #storage;
  #prefix;
  #bound;
  #deadline;
  #clock;
  #send;
  #tell;

  /**
   * @param {{storage?: Storage, prefix: string, bound: number, deadline: number, clock: import('./clock.js').Clock,
   *   send: (frame: object) => boolean, tell: (sent: Sent, change: string) => void}} means
   *   `bound`: messages kept; `deadline`: milliseconds to wait for an acknowledgement
   */
  constructor({ storage, prefix, bound, deadline, clock, send, tell }) {
    this.#storage = storage;
    this.#prefix = prefix;
    this.#bound = bound;
    this.#deadline = deadline;
    this.#clock = clock;
    this.#send = send;
    this.#tell = tell;
  }

  get sents() {
    return [...this.#sents];
  }

  /** Takes up what an earlier page left behind. */
  restore(replyFor) {
    for (const frame of this.#stored()) {
      const sent = new Sent(frame, frame.reply === false ? null : replyFor());
      this.#sents.push(sent);
    }
  }

  add(sent) {
    if (this.#sents.length >= this.#bound) {
      sent.refuse(new ParleyError('OUTBOX_FULL', `More than ${this.#bound} messages wait to be sent`));
      this.#tell(sent, 'refused');
      return;
    }
    this.#sents.push(sent);
    this.#store(sent);
    if (this.#closed) sent.leave(this.#closed);
    this.#tell(sent, 'waiting');
    this.#next();
  }

  /** Takes a message back that is not under way. */
  withdraw(id) {
    const sent = this.#sents.find((each) => each.id === id);
    if (!sent || sent === this.#flying) return false;
    this.#take(sent);
    sent.refuse(new ParleyError('CLOSED', 'Withdrawn before it was sent'));
    this.#tell(sent, 'refused');
    return true;
  }

  /** Frames can be sent from now on. */
  opened() {
    this.#open = true;
    this.#next();
  }

  /** They cannot any more; what was under way is sent again with the same id. */
  lost() {
    this.#open = false;
    this.#clock.clearTimeout(this.#timer);
    if (this.#flying) this.#back(this.#flying);
  }

  /** Whoever waits is told why in vain; the messages stay. */
  closed(error) {
    this.#closed = error;
    for (const sent of this.#sents) sent.leave(error);
  }

  reopened() {
    this.#closed = null;
    for (const sent of this.#sents) sent.revive();
  }

  /** @returns {Sent | undefined} the one an acknowledgement belongs to */
  accept(ack) {
    const sent = this.#sents.find((each) => each.id === ack.id);
    if (!sent) return undefined;
    this.#take(sent);
    sent.accept(ack);
    this.#tell(sent, 'accepted');
    this.#next();
    return sent;
  }

  /** The server said no, for now or for good. @returns {boolean} whether it was about a message here */
  refuse(frame) {
    const sent = this.#sents.find((each) => each.id === frame.id);
    if (!sent) return false;
    const error = ParleyError.ofFrame(frame);
    const passing = PASSING.has(error.code) || (error.code === 'BUSY' && error.retryAfter > 0 && sent.frame.overlap !== 'reject');
    if (error.code !== 'RATE_LIMIT') sent.faults += 1;
    if (passing && sent.faults < MAX_FAULTS) {
      sent.error = error;
      sent.notBefore = this.#clock.now() + (error.retryAfter ?? Math.min(30, 2 ** sent.faults)) * 1000;
      this.#back(sent);
      this.#tell(sent, 'retrying');
    } else {
      this.#take(sent);
      sent.refuse(error);
      this.#tell(sent, 'refused');
    }
    this.#next();
    return true;
  }

  /** What is under way broke the connection itself and would do so again. */
  refuseFlying(code, message) {
    if (this.#flying) this.refuse({ id: this.#flying.id, code, message });
  }

  #next() {
    this.#clock.clearTimeout(this.#timer);
    const sent = this.#sents[0];
    if (!this.#open || !sent) return;
    const now = this.#clock.now();
    if (this.#flying) {
      // An acknowledgement that does not come is asked for again; the id makes that harmless.
      this.#timer = this.#clock.setTimeout(() => { this.#back(this.#flying); this.#next(); }, this.#deadline);
    } else if (sent.notBefore > now) {
      this.#timer = this.#clock.setTimeout(() => this.#next(), sent.notBefore - now);
    } else if (this.#send(sent.frame)) {
      this.#flying = sent;
      sent.status = 'sending';
      this.#tell(sent, 'sending');
      this.#next();
    }
  }

  #back(sent) {
    sent.status = 'waiting';
    if (this.#flying === sent) this.#flying = null;
  }

  #take(sent) {
    if (this.#flying === sent) this.#flying = null;
    this.#sents = this.#sents.filter((each) => each !== sent);
    this.#try(() => this.#storage?.removeItem(this.#prefix + sent.id));
  }

  #store(sent) {
    this.#try(() => this.#storage?.setItem(this.#prefix + sent.id, JSON.stringify({ frame: sent.frame, at: this.#clock.now(), n: this.#count++ })));
  }

  #stored() {
    const keys = [];
    this.#try(() => {
      for (let i = 0; i < (this.#storage?.length ?? 0); i++) keys.push(this.#storage.key(i));
    });
    const found = [];
    for (const key of keys) {
      // One that cannot be read keeps none of the others from being sent.
      this.#try(() => {
        const entry = key.startsWith(this.#prefix) ? JSON.parse(this.#storage.getItem(key)) : null;
        if (typeof entry?.frame?.id === 'string') found.push(entry);
      });
    }
    return found.sort((a, b) => a.at - b.at || a.n - b.n).slice(0, this.#bound).map(({ frame }) => frame);
  }

  /** A full or forbidden storage costs the persistence, not the message. */
  #try(act) {
    try {
      act();
    } catch {
      // Kept in memory all the same.
    }
  }
}
