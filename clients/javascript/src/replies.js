import { ENDS, Reply } from './reply.js';

/** How many ended replies are remembered, for those who ask for them after their end, and of whole ones that came early. */
const REMEMBERED = 64;

/**
 * Puts the texts of replies together from their chunks. Every chunk says where it ends, so what is missing or repeated is
 * known at once: repeated text is dropped, a gap is reported and nothing is appended until it is filled.
 */
export class Replies {
  #byId = new Map();
  #byQuestion = new Map();
  /** Whole replies nobody waited for when they came: their question's acknowledgement may still be on its way. */
  #early = new Set();
  #stop;
  #tell;

  /**
   * @param {(reply: Reply) => Promise<unknown>} stop
   * @param {{change: (reply: Reply, change: string, delta?: string) => void, gap: (reply: Reply) => void,
   *   duplicate: (reply: Reply) => void, takenOver?: (reply: Reply, from: Reply) => void}} tell
   */
  constructor(stop, tell) {
    this.#stop = stop;
    this.#tell = tell;
  }

  /** A reply nobody has heard of yet. */
  expect() {
    return new Reply(this.#stop);
  }

  get(id) {
    return this.#byId.get(id);
  }

  /** The replies that have begun and not ended. */
  running() {
    return [...this.#byId.values()].filter((reply) => !reply.ended);
  }

  /** Those and the ones that are waited for and not named yet. */
  open() {
    const awaited = [...this.#byQuestion.values()].filter((reply) => !reply.ended);
    return [...new Set([...this.running(), ...awaited])];
  }

  /** How far each running reply is known, as the server wants to hear it. */
  positions() {
    const shown = this.running().filter((reply) => reply.status === 'streaming' && reply.text.length > 0);
    return Object.fromEntries(shown.map((reply) => [reply.messageId, reply.text.length]));
  }

  /** Names an expected reply. One that is known under that id, or answers that question, already is the same one. */
  bind(expected, { messageId, questionId }) {
    const known = messageId ? this.#byId.get(messageId) : this.#answering(questionId);
    expected.questionId = questionId ?? null;
    if (known && known !== expected) {
      this.#takeOver(expected, known);
    } else if (messageId) {
      expected.messageId = messageId;
      this.#remember(expected);
    }
    if (questionId) this.#byQuestion.set(questionId, expected);
  }

  queued({ message_id: id, question_id: question, position }) {
    const reply = this.#named(id, question);
    if (reply.ended) return;
    Object.assign(reply, { status: 'queued', position });
    this.#changed(reply, 'queued');
  }

  start(frame) {
    const reply = this.#named(frame.message_id, frame.question_id);
    if (reply.ended) return;
    Object.assign(reply, {
      status: 'streaming', text: '', position: null, agent: frame.agent_used ?? reply.agent,
      model: frame.model ?? reply.model, versions: frame.versions ?? reply.versions,
    });
    this.#changed(reply, 'start');
  }

  chunk({ message_id: id, content, seq }) {
    if (typeof content !== 'string' || !Number.isSafeInteger(seq) || seq < content.length) return;
    const begin = seq - content.length;
    // Of what nobody has begun only the beginning is of use; its end brings the rest.
    if (begin > 0 && !this.#byId.has(id)) return;
    const reply = this.#named(id);
    if (reply.ended) return;
    const known = reply.text.length;
    if (seq <= known) {
      if (content) this.#tell.duplicate(reply);
      return;
    }
    if (begin > known) {
      this.#tell.gap(reply);
      return;
    }
    const delta = content.slice(known - begin);
    reply.text += delta;
    reply.status = 'streaming';
    this.#changed(reply, 'text', delta);
  }

  end({ message_id: id, status, metadata, message }) {
    const reply = this.#named(id, message?.question_id);
    if (reply.ended) return;
    // The stored message is the truth; chunks that got lost on the way are in it.
    this.settle(reply, { status, metadata, message });
  }

  /** Ends a reply with what is stored. */
  settle(reply, { status, metadata, message }) {
    if (typeof message?.content === 'string') reply.text = message.content;
    Object.assign(reply, {
      status: [status, message?.status].find((each) => ENDS.has(each)) ?? 'completed', position: null, message: message ?? null,
      metadata: metadata ?? message?.metadata ?? {}, agent: metadata?.agent_used ?? reply.agent,
      model: metadata?.model ?? reply.model, versions: message?.versions ?? reply.versions,
    });
    this.#changed(reply, 'end');
    this.#forgetOld();
  }

  /** A whole reply in one message (asked with `stream: false`). */
  whole(message) {
    const id = message.message_id;
    if (this.#byId.has(id) || this.#byQuestion.has(message.question_id)) {
      const reply = this.#named(id, message.question_id);
      if (!reply.ended && message.status !== 'streaming') this.settle(reply, { message });
    } else {
      this.#early.add(id);
      if (this.#early.size > REMEMBERED) this.#early.delete(this.#early.values().next().value);
    }
  }

  /** Whether it came whole before anybody waited for it. */
  cameEarly(id) {
    return this.#early.delete(id);
  }

  /** Keeps what went wrong for the reply it is about. */
  fault(id, error) {
    const reply = this.#byId.get(id);
    if (reply) reply.error = error;
    return reply;
  }

  /** One of which nothing more will come. */
  forget(reply) {
    this.#byId.delete(reply.messageId);
    if (this.#byQuestion.get(reply.questionId) === reply) this.#byQuestion.delete(reply.questionId);
  }

  #named(id, question) {
    const waiting = question ? this.#byQuestion.get(question) : undefined;
    let reply = this.#byId.get(id);
    if (!reply) {
      // A question's first reply is the one its sender waits for; later ones (regenerated) are replies of their own.
      reply = waiting && !waiting.messageId ? waiting : this.expect();
      reply.messageId = id;
      reply.questionId = question ?? reply.questionId;
      this.#remember(reply);
    }
    return reply;
  }

  #answering(question) {
    return [...this.#byId.values()].findLast((reply) => question && reply.questionId === question);
  }

  #remember(reply) {
    this.#byId.set(reply.messageId, reply);
  }

  /** The sender's own object goes on in place of the one made when the frames overtook the acknowledgement. */
  #takeOver(expected, known) {
    this.#byId.set(known.messageId, expected);
    this.#tell.takenOver?.(expected, known);
    expected.takeOver(known);
  }

  #changed(reply, change, delta) {
    reply.heard();
    this.#tell.change(reply, change, delta);
  }

  #forgetOld() {
    const ended = [...this.#byId.values()].filter((reply) => reply.ended);
    for (const reply of ended.slice(0, Math.max(0, ended.length - REMEMBERED))) this.forget(reply);
  }
}
