import { Engine } from './engine.js';
import { ParleyError } from './errors.js';
import { complete, newId } from './options.js';
import { Sent } from './outbox.js';
import { form } from './rest.js';

/** One person's place in one session of a Parley server. Everything works offline too: what can wait, waits. */
export class ParleyClient {
  #engine;

  /** @param {import('./index.js').ParleyOptions} options */
  constructor(options) {
    this.#engine = new Engine(complete(options));
  }

  /** What the server last said in `connected`: session, user, members, limits. Null before. */
  get info() {
    return this.#engine.info;
  }

  get sessionId() {
    return this.#engine.settings.sessionId;
  }

  /** `{status: 'idle'|'connecting'|'connected'|'waiting'|'closed', transport, attempt, retryAt?, reason?, error?}` */
  get state() {
    return this.#engine.connection.state;
  }

  /** Where this client stands in the session's changes; `since` of a later client. */
  get cursor() {
    return this.#engine.cursor;
  }

  /** Messages that are not acknowledged yet, oldest first. */
  get pending() {
    return this.#engine.outbox.sents;
  }

  /** The replies under way in this session, whoever asked. */
  get running() {
    return this.#engine.replies.running();
  }

  /** What this client has lived through so far: connections, reconnects, replies, gaps, duplicates. */
  get totals() {
    return { ...this.#engine.telemetry.totals };
  }

  on(type, listener) {
    return this.#engine.events.on(type, listener);
  }

  once(type, listener) {
    return this.#engine.events.once(type, listener);
  }

  /** Resolves at the first connection; rejects when the server refuses for good. Coming back later is the client's business. */
  connect() {
    return new Promise((resolve, reject) => {
      if (this.state.status === 'connected') {
        resolve(this.info);
        return;
      }
      const off = [
        this.on('connected', (info) => { off.forEach((each) => each()); resolve(info); }),
        this.on('closed', (error) => {
          off.forEach((each) => each());
          reject(error ?? new ParleyError('CLOSED', 'Closed before it was connected'));
        }),
      ];
      this.#engine.open();
    });
  }

  /** Begins to connect, without waiting. */
  open() {
    this.#engine.open();
  }

  /** Tries again now instead of at the announced time. */
  retry() {
    this.#engine.connection.retry();
  }

  /** Ends the connection and whatever waits for an answer; what is unsent stays in the storage, if there is one. */
  close() {
    if (this.state.status !== 'closed') this.#engine.connection.close();
  }

  /**
   * Sends a message, now or when there is a connection, until the server has stored or refused it.
   * @param {string} content
   * @param {import('./index.js').SendOptions} [options]
   * @returns {Sent}
   */
  send(content, options = {}) {
    const { id = newId(), parentId, ...more } = options;
    const timestamp = new Date(this.#engine.clock.now()).toISOString();
    const frame = { type: 'message', content, id, timestamp, ...(parentId ? { parent_id: parentId } : {}), ...more };
    // What cannot be written is its sender's matter, now and not when it is sent.
    JSON.stringify(frame);
    const sent = new Sent(frame, options.reply === false ? null : this.#engine.replies.expect());
    this.#engine.telemetry.asked(sent.reply);
    this.#engine.outbox.add(sent);
    return sent;
  }

  /** Sends and waits for the whole answer: `const answer = await client.ask('Why?')`. */
  async ask(content, options) {
    const { reply } = this.send(content, options);
    const { status, text, error } = await reply.finished;
    if (status === 'failed') throw error ?? new ParleyError('MODEL_FAILED', 'The reply failed', { messageId: reply.messageId });
    return text;
  }

  /** Takes an unsent message back. @returns {boolean} false when it is already under way */
  withdraw(id) {
    return this.#engine.outbox.withdraw(id);
  }

  /** Stops a reply (named by its own or its question's id), or whatever runs or waits. @returns the ids of what was stopped */
  stop(messageId) {
    return this.#engine.stop(messageId);
  }

  async regenerate(messageId, { agent, model } = {}) {
    return this.#newReply(await this.#engine.requests.ask({ type: 'regenerate', message_id: messageId, agent, model }));
  }

  /** @returns {Promise<import('./reply.js').Reply | null>} the new reply when `regenerate` was asked for */
  async edit(messageId, content, { regenerate } = {}) {
    const ack = await this.#engine.requests.ask({ type: 'edit', message_id: messageId, content, regenerate }, { again: !regenerate });
    this.#own('edited', { message_id: messageId, content, edited_at: this.#engine.time(), edited_by: this.info?.user_id });
    return regenerate ? this.#newReply(ack, messageId) : null;
  }

  async remove(messageId) {
    await this.#engine.requests.ask({ type: 'delete', message_id: messageId }, { again: true });
    this.#own('deleted', { message_id: messageId, deleted_at: this.#engine.time(), deleted_by: this.info?.user_id });
  }

  /** Sets or takes back this user's reaction. */
  async react(messageId, emoji) {
    await this.#engine.requests.ask({ type: 'react', message_id: messageId, emoji });
    this.#own('reaction', { message_id: messageId, emoji, user_id: this.info?.user_id });
  }

  async feedback(messageId, { helpful, rating } = {}) {
    await this.#engine.requests.ask({ type: 'feedback', message_id: messageId, helpful, rating }, { again: true });
    this.#own('feedback', { message_id: messageId, helpful, rating, user_id: this.info?.user_id });
  }

  async seen(messageId) {
    await this.#engine.requests.ask({ type: 'seen', message_id: messageId }, { again: true });
  }

  /** Call it on every key; it is told at most every three seconds, and not at all without a connection. */
  typing(isTyping = true) {
    const now = this.#engine.clock.now();
    if (isTyping && now - this.#engine.typedAt < 3_000) return;
    if (!isTyping && this.#engine.typedAt === -Infinity) return;
    this.#engine.typedAt = isTyping ? now : -Infinity;
    this.#engine.connection.send({ type: 'typing', is_typing: isTyping });
  }

  /** @param {{before?: string, after?: string, limit?: number, offset?: number}} [range] */
  async history(range = {}) {
    const { messages, total, next } = await this.#engine.requests.ask({ type: 'history', ...range }, { again: true });
    return { messages, total, next };
  }

  /** Messages of this session with all these words, newest first. @param {{limit?: number, offset?: number}} [range] */
  async search(words, { limit, offset } = {}) {
    const { messages, total } = await this.#engine.ask(`search?${parameters({ q: words, limit, offset })}`);
    return { messages, total };
  }

  /** Who is here now. @returns {Promise<{user_id: string, name: string}[]>} */
  async presence() {
    return (await this.#engine.ask('presence')).present;
  }

  /**
   * Brings a file to the server, to be named in a message by its id; with `show` it appears in the session at once.
   * @param {Blob | ArrayBuffer | Uint8Array | string} file
   * @param {{name?: string, type?: string, show?: boolean, signal?: AbortSignal}} [how]
   */
  async upload(file, { name, type, show = false, signal } = {}) {
    const body = await form(file, { name, type, sessionId: show ? this.sessionId : undefined });
    return this.#engine.rest.ask('/api/chat/uploads', { method: 'POST', body, signal });
  }

  async quota() {
    const { used, limit, reset_in: resetIn } = await this.#engine.requests.ask({ type: 'quota' }, { again: true });
    return { used, limit, resetIn };
  }

  /** The time to the server and back, in milliseconds. */
  async ping() {
    const begin = this.#engine.clock.now();
    await this.#engine.requests.ask({ type: 'ping' });
    return this.#engine.clock.now() - begin;
  }

  /** Gives the open connection a new token; without one, the token source is asked. */
  refresh(token) {
    return this.#engine.refresh(token);
  }

  #newReply(ack, questionId) {
    const reply = this.#engine.replies.get(ack.reply_id) ?? this.#engine.replies.expect();
    if (!reply.messageId) this.#engine.replies.bind(reply, { messageId: ack.reply_id ?? ack.message_id, questionId });
    return reply;
  }

  /** The server tells the others; the one who did it hears it from the acknowledgement. */
  #own(type, detail) {
    this.#engine.events.emit(type, { type, ...detail, local: true });
  }
}

function parameters(all) {
  return new URLSearchParams(Object.entries(all).filter(([, value]) => value !== undefined));
}
