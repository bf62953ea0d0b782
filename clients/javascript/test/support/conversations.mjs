import { randomUUID } from 'node:crypto';

const SPEED = 15;

/** A small in-memory chat engine that speaks the native frames: enough of a server to test the client and to draw the page. */
export class Conversations {
  sessions = new Map();
  files = new Map();
  /** What the model says: given the question, the text and the milliseconds between its pieces; a `patient` one waits for readers. */
  model = (question) => ({ text: `You said: ${question}`, delay: SPEED });
  /** Changes kept for those who come back; fewer make a reload. */
  retention = Infinity;
  heartbeat = 30;
  tokenLife = null;
  #timers = new Set();

  session(id, user, wish = {}) {
    let session = this.sessions.get(id);
    if (!session) {
      session = {
        id, title: wish.title ?? '', visibility: wish.visibility ?? 'private', owner: user.id, status: 'active', position: 0,
        startedAt: now(), lastActivity: now(), members: new Map([[user.id, user.name]]), settings: { stream_responses: true, ...wish.settings },
        messages: [], changes: [], running: new Map(), waiting: [], connections: new Set(), clientIds: new Map(),
      };
      this.sessions.set(id, session);
    }
    return session;
  }

  attach(session, connection, { since, streams = {} }) {
    const [position, tail] = String(since ?? '').split('~');
    const shown = { ...parse(tail), ...streams };
    connection.send({
      type: 'connected', session_id: session.id, connection_id: randomUUID(), cursor: String(session.position),
      visibility: session.visibility, owner: session.owner, user_id: connection.user.id, name: connection.user.name, roles: ['user'],
      title: session.title, status: session.status, members: [...session.members.keys()],
      present: [...session.connections].map(({ user }) => user.id), server_time: now(), heartbeat_interval: this.heartbeat,
      max_message_length: 5000, settings: session.settings,
      ...(this.tokenLife ? { expires_at: new Date(Date.now() + this.tokenLife).toISOString() } : {}),
    });
    if (since !== undefined) this.#replay(session, connection, Number(position), session.position);
    session.connections.add(connection);
    for (const reply of session.running.values()) if (!reply.quiet) this.#show(reply, connection, shown[reply.id]);
    this.tell(session, { type: 'presence', user_id: connection.user.id, name: connection.user.name, online: true }, connection);
    return () => {
      session.connections.delete(connection);
      this.tell(session, { type: 'presence', user_id: connection.user.id, name: connection.user.name, online: false });
    };
  }

  /** Whatever a connection is to be told of a session, in order. */
  tell(session, frame, except) {
    for (const connection of session.connections) if (connection !== except) connection.send(frame);
  }

  change(session, frame, except) {
    session.position += 1;
    session.lastActivity = now();
    const whole = { ...frame, cursor: String(session.position) };
    session.changes.push(whole);
    this.tell(session, whole, except);
    return whole.cursor;
  }

  /** @returns the frames that are for the sender alone */
  receive(session, user, frame, connection) {
    const answer = (type, more) => [{ type, ...(frame.id ? { id: frame.id } : {}), ...more }];
    const refuse = (code, message, more) => answer('error', { code, message, ...more });
    const found = session.messages.find((each) => each.message_id === frame.message_id);
    switch (frame.type) {
      case 'message': return this.post(session, user, frame, connection);
      case 'stop': return answer('ack', { stopped: this.stop(session, frame.message_id) });
      case 'regenerate': {
        const question = session.messages.find((each) => each.message_id === (found?.question_id ?? frame.message_id));
        if (!question) return refuse('NOT_FOUND', 'No such message');
        const reply = this.reply(session, question, frame);
        return answer('ack', { message_id: question.message_id, reply_id: reply.id, cursor: String(session.position) });
      }
      case 'edit': {
        if (!found) return refuse('NOT_FOUND', 'No such message');
        Object.assign(found, { content: frame.content, edited: true, edited_at: now(), editedAt: now() });
        const cursor = this.change(session, { type: 'edited', message_id: found.message_id, content: found.content, edited_at: found.edited_at, edited_by: user.id, message: found }, frame.id && connection);
        const reply = frame.regenerate ? this.reply(session, found, frame) : null;
        return answer('ack', { message_id: found.message_id, reply_id: reply?.id, cursor });
      }
      case 'delete': {
        if (!found) return refuse('NOT_FOUND', 'No such message');
        Object.assign(found, { content: '', deleted: true, deleted_at: now() });
        const cursor = this.change(session, { type: 'deleted', message_id: found.message_id, deleted_by: user.id, deleted_at: found.deleted_at }, frame.id && connection);
        return answer('ack', { message_id: found.message_id, cursor });
      }
      case 'react': {
        if (!found) return refuse('NOT_FOUND', 'No such message');
        const users = found.reactions[frame.emoji] ?? [];
        const added = !users.includes(user.id);
        found.reactions[frame.emoji] = added ? [...users, user.id] : users.filter((each) => each !== user.id);
        if (!found.reactions[frame.emoji].length) delete found.reactions[frame.emoji];
        const cursor = this.change(session, { type: 'reaction', message_id: found.message_id, emoji: frame.emoji, user_id: user.id, added, reactions: { ...found.reactions } }, frame.id && connection);
        return answer('ack', { message_id: found.message_id, cursor });
      }
      case 'feedback':
        if (found) found.feedback = { helpful: frame.helpful, rating: frame.rating };
        return answer('ack', { message_id: frame.message_id, cursor: String(session.position) });
      case 'seen': return answer('ack', { message_id: frame.message_id, cursor: String(session.position) });
      case 'typing':
        this.tell(session, { type: 'typing', user_id: user.id, name: user.name, is_typing: frame.is_typing }, connection);
        return [];
      case 'history': return answer('history', this.page(session.messages, frame));
      case 'quota': return answer('quota', { used: 3, limit: 30, reset_in: 42 });
      case 'ping': return answer('pong', { server_time: now() });
      case 'refresh': return answer('refreshed', { expires_at: new Date(Date.now() + (this.tokenLife ?? 3_600_000)).toISOString() });
      case 'resume': return answer('resumed', { recovered: true, cursor: String(session.position) });
      default: return refuse('UNKNOWN_TYPE', `Unknown type '${frame.type}'`);
    }
  }

  /** Keeps a file that was brought. */
  keep(user, { bytes, name, type, sha256 }) {
    const id = randomUUID();
    const attachment = { attachment_id: id, url: `/api/chat/attachments/${id}`, file_name: name, mime_type: type, size: bytes.length, sha256, user_id: user.id };
    this.files.set(id, { attachment, bytes });
    return attachment;
  }

  post(session, user, frame, connection) {
    const known = frame.id && session.clientIds.get(`${user.id} ${frame.id}`);
    if (known) {
      const reply = session.messages.find((each) => each.question_id === known.message_id) ?? [...session.running.values()].find((each) => each.question.message_id === known.message_id);
      return [{ type: 'ack', id: frame.id, message_id: known.message_id, reply_id: reply?.message_id ?? reply?.id, cursor: String(session.position), duplicate: true }];
    }
    const message = this.message(session, { role: 'user', user_id: user.id, userId: user.id, name: user.name, content: frame.content, client_id: frame.id, parent_id: frame.parent_id });
    message.metadata = { ...frame.metadata, attachments: (frame.attachments ?? []).map((id) => this.files.get(id)?.attachment ?? { attachment_id: id }) };
    if (frame.id) session.clientIds.set(`${user.id} ${frame.id}`, message);
    if (!session.title) session.title = frame.content.slice(0, 48);
    session.messages.push(message);
    const cursor = this.change(session, { type: 'message', ...message }, connection);
    const reply = frame.reply === false ? null : this.reply(session, message, frame);
    return frame.id ? [{ type: 'ack', id: frame.id, message_id: message.message_id, reply_id: reply?.id, cursor }] : [];
  }

  reply(session, question, { agent = 'default', model = 'demo', stream } = {}) {
    const earlier = session.messages.filter((each) => each.question_id === question.message_id);
    const reply = { id: randomUUID(), session, question, agent, model, text: '', status: 'queued', earlier, quiet: stream === false, ...this.model(question.content) };
    reply.whole = reply.text;
    reply.text = '';
    if (session.running.size) {
      session.waiting.push(reply);
      this.tell(session, { type: 'queued', message_id: reply.id, question_id: question.message_id, position: session.waiting.length });
    } else {
      this.#begin(reply);
    }
    return reply;
  }

  stop(session, named) {
    const meant = (reply) => !named || reply.id === named || reply.question.message_id === named;
    const stopped = [...session.waiting, ...session.running.values()].filter(meant);
    for (const reply of stopped) this.end(reply, 'stopped');
    return stopped.map(({ id }) => id);
  }

  message(session, more) {
    const id = more.message_id ?? randomUUID();
    return {
      message_id: id, id, session_id: session.id, sessionId: session.id, timestamp: now(), createdAt: now(), deleted: false, edited: false,
      metadata: { attachments: [] }, reactions: {}, seen_by: [], delivered_to: [], position: session.position + 1, ...more,
    };
  }

  page(messages, { before, after, limit = 50, offset } = {}) {
    const size = Math.min(Number(limit) || 50, 200);
    const at = (id) => messages.findIndex((each) => each.message_id === id);
    const from = offset !== undefined ? Number(offset) : after ? at(after) + 1 : before ? Math.max(0, at(before) - size) : Math.max(0, messages.length - size);
    const to = before ? at(before) : from + size;
    return { messages: messages.slice(from, Math.min(to, from + size)), total: messages.length, next: from > 0 ? messages[from]?.message_id ?? null : null };
  }

  stopAll() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #begin(reply) {
    const { session } = reply;
    reply.status = 'streaming';
    reply.began = Date.now();
    session.running.set(reply.id, reply);
    this.tell(session, { type: 'typing', user_id: reply.agent, name: reply.agent, is_typing: true, agent: true });
    if (!reply.quiet) this.change(session, this.#started(reply));
    this.#step(reply);
  }

  #started({ id, question, agent, model, earlier }) {
    return { type: 'stream_start', message_id: id, question_id: question.message_id, agent_used: agent, model, versions: earlier.map((each) => each.message_id) };
  }

  #step(reply) {
    this.#later(reply.firstDelay ?? reply.delay, () => {
      reply.firstDelay = undefined;
      if (reply.status !== 'streaming') return;
      if (reply.patient && !attended(reply.session)) {
        this.#step(reply);
        return;
      }
      if (reply.fails && reply.text.length >= reply.fails) {
        this.tell(reply.session, { type: 'error', code: 'MODEL_FAILED', message: 'The model failed', message_id: reply.id });
        this.end(reply, 'failed');
        return;
      }
      const piece = reply.whole.slice(reply.text.length).match(/^\s*\S+|^\s+/)?.[0] ?? '';
      if (!piece) {
        this.end(reply, 'completed');
        return;
      }
      reply.text += piece;
      if (!reply.quiet) this.tell(reply.session, { type: 'stream_chunk', message_id: reply.id, content: piece, seq: reply.text.length });
      this.#step(reply);
    });
  }

  end(reply, status) {
    const { session } = reply;
    reply.status = status;
    session.running.delete(reply.id);
    session.waiting = session.waiting.filter((each) => each !== reply);
    const metadata = { tokens_used: reply.text.split(/\s+/).length, processing_time: (Date.now() - (reply.began ?? Date.now())) / 1000, agent_used: reply.agent, model: reply.model, attachments: [] };
    const message = this.message(session, {
      message_id: reply.id, role: 'assistant', user_id: reply.agent, userId: reply.agent, name: reply.agent, content: reply.text, status,
      question_id: reply.question.message_id, versions: reply.earlier.map((each) => each.message_id), metadata,
    });
    for (const each of reply.earlier) each.superseded_by = reply.id;
    session.messages.push(message);
    this.change(session, reply.quiet ? { type: 'message', ...message } : { type: 'stream_end', message_id: reply.id, status, metadata, message });
    session.waiting.forEach((each, i) => this.tell(session, { type: 'queued', message_id: each.id, question_id: each.question.message_id, position: i + 1 }));
    const next = !session.running.size && session.waiting.shift();
    if (next) this.#begin(next);
  }

  #show(reply, connection, shown) {
    if (shown > 0 && shown <= reply.text.length) {
      if (shown < reply.text.length) connection.send({ type: 'stream_chunk', message_id: reply.id, content: reply.text.slice(shown), seq: reply.text.length });
    } else {
      connection.send(this.#started(reply));
      if (reply.text) connection.send({ type: 'stream_chunk', message_id: reply.id, content: reply.text, seq: reply.text.length });
    }
  }

  #replay(session, connection, from, to) {
    const recovered = Number.isInteger(from) && from <= to && to - from <= this.retention;
    if (recovered) for (const frame of session.changes.slice(from, to)) {
      // A running reply's start is told by attaching to it, at the right place.
      if (frame.type !== 'stream_start' || !session.running.has(frame.message_id)) connection.send(frame);
    }
    connection.send({ type: 'resumed', recovered, cursor: String(to) });
  }

  #later(delay, act) {
    const timer = setTimeout(() => { this.#timers.delete(timer); act(); }, delay);
    this.#timers.add(timer);
  }
}

/** Whether anybody is there to read. */
function attended({ connections }) {
  return [...connections].some((each) => each.present?.() ?? true);
}

export function now() {
  return new Date().toISOString();
}

export function parse(streams) {
  return Object.fromEntries((streams ?? '').split(',').filter(Boolean).map((each) => {
    const at = each.lastIndexOf(':');
    return [each.slice(0, at), Number(each.slice(at + 1))];
  }));
}
