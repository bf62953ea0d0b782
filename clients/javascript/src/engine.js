import { Address } from './address.js';
import { Backoff } from './backoff.js';
import { Connection } from './connection.js';
import { Credentials } from './credentials.js';
import { Emitter } from './emitter.js';
import { ParleyError } from './errors.js';
import { newId } from './options.js';
import { Outbox } from './outbox.js';
import { Recent } from './recent.js';
import { Replies } from './replies.js';
import { Requests } from './requests.js';
import { Rest } from './rest.js';
import { Settling } from './settling.js';
import { Telemetry } from './telemetry.js';

/** Events of the client's own; a frame of that name is none of them. */
const OWN = new Set(['state', 'connected', 'closed', 'reload', 'telemetry', 'outbox', 'reply', 'frame', 'ack', 'error']);
/** Frames about a reply, of no use without its name. */
const OF_REPLIES = new Set(['queued', 'stream_start', 'stream_chunk', 'stream_end']);

/** The client's insides: reads what the server sends and keeps connection, outbox, requests and replies in step. */
export class Engine {
  events = new Emitter();
  settings;
  clock;
  credentials;
  connection;
  outbox;
  requests;
  replies;
  telemetry;
  rest;
  info = null;
  /** When typing was last told, on this connection. */
  typedAt = -Infinity;
  cursor;
  #address;
  #settling;
  /** The message under way when a reload came: what became of it may be told nowhere but in its acknowledgement. */
  #unsure;
  #askedSince;
  #resuming = false;
  #recent = new Recent();
  #timers = { resume: null, gap: null };

  /** @param {object} settings complete options */
  constructor(settings) {
    this.settings = settings;
    const clock = this.clock = settings.clock;
    this.cursor = settings.since;
    this.credentials = new Credentials(settings.token, clock);
    this.#address = new Address(settings.url, settings.sessionId, {
      visibility: settings.visibility, client_id: settings.clientId, client_version: settings.clientVersion,
      project_id: settings.projectId, language: settings.language,
    });
    this.rest = new Rest({
      fetch: settings.fetch, address: this.#address, credentials: this.credentials, clock,
      backoff: () => this.#backoff(), deadline: settings.askDeadline,
    });
    this.telemetry = new Telemetry(clock, (measure) => this.events.emit('telemetry', measure));
    this.replies = new Replies((reply) => this.stopReply(reply), {
      change: (reply, change, delta) => {
        this.telemetry.change(reply, change, delta, this.connection.state.transport);
        this.events.emit('reply', { reply, change, delta });
      },
      gap: (reply) => this.#fillGap(reply),
      duplicate: (reply) => this.telemetry.count(reply, 'duplicates'),
      takenOver: (reply, from) => this.telemetry.takenOver(reply, from),
    });
    this.#settling = new Settling({
      replies: this.replies, ask: (path) => this.rest.ask(path), giveUp: (reply, why) => this.#giveUp(reply, why), clock, backoff: () => this.#backoff(),
    });
    this.connection = new Connection({ ...settings, address: this.#address }, {
      credentials: this.credentials,
      place: () => ({ since: this.#askedSince = this.cursor, streams: this.replies.positions() }),
      idle: () => !this.replies.running().length && !this.requests.waiting && !this.outbox.sents.length,
      tell: {
        frame: (frame) => this.#frame(frame),
        lost: (end) => this.#lost(end),
        state: (state) => this.#changed(state),
      },
    });
    const send = (frame) => !this.#resuming && this.connection.send(frame);
    this.requests = new Requests({ send, clock, newId, deadline: settings.askDeadline });
    this.outbox = new Outbox({
      storage: settings.storage, prefix: `parley:outbox:${settings.sessionId}/`, bound: settings.outboxLimit,
      deadline: settings.ackDeadline, clock, send,
      tell: (sent, change) => this.events.emit('outbox', { sent, change }),
    });
    this.outbox.restore(() => this.replies.expect());
  }

  open() {
    if (this.connection.state.status === 'closed') {
      for (const part of [this.requests, this.rest, this.outbox]) part.reopened();
      for (const reply of this.replies.open()) reply.revive();
    }
    this.connection.open();
  }

  /** @param {string} what below the session's own address */
  ask(what) {
    return this.rest.ask(`/api/chat/sessions/${encodeURIComponent(this.settings.sessionId)}/${what}`);
  }

  async stop(messageId) {
    const { stopped } = await this.requests.ask({ type: 'stop', message_id: messageId }, { again: true });
    return stopped ?? [];
  }

  async stopReply(reply) {
    if (reply.messageId) return this.stop(reply.messageId);
    const sent = this.outbox.sents.find((each) => each.reply === reply);
    if (sent && this.outbox.withdraw(sent.id)) return [];
    if (sent) await sent.accepted;
    return this.stop(reply.messageId ?? reply.questionId ?? undefined);
  }

  async refresh(token) {
    const fresh = token ?? await this.credentials.token();
    this.credentials.replace(fresh);
    if (this.connection.renew(fresh)) await this.requests.ask({ type: 'refresh', token: fresh });
  }

  #frame(frame) {
    if (OF_REPLIES.has(frame.type) && typeof frame.message_id !== 'string') return;
    if (this.#recent.repeated(frame)) {
      this.telemetry.count(null, 'duplicates');
      return;
    }
    switch (frame.type) {
      case 'connected': this.#connected(frame); return;
      case 'resumed': this.#resumed(frame); break;
      case 'ack': this.#acknowledged(frame); return;
      case 'error': this.#refused(frame); return;
      case 'queued': this.replies.queued(frame); break;
      case 'stream_start': this.replies.start(frame); break;
      case 'stream_chunk': this.replies.chunk(frame); break;
      case 'stream_end': this.replies.end(frame); break;
      case 'message': if (frame.role === 'assistant') this.replies.whole(frame); break;
      case 'history': case 'quota': case 'pong': this.requests.answer(frame); break;
      case 'refreshed':
        this.requests.answer(frame);
        this.#watchToken(frame.expires_at, frame.server_time);
        break;
    }
    if (typeof frame.cursor === 'string') this.cursor = frame.cursor;
    if (!OWN.has(frame.type)) this.events.emit(frame.type, frame);
    this.events.emit('frame', frame);
  }

  #connected(frame) {
    const resumes = this.#askedSince !== undefined && !frame.polled;
    // When resuming, its cursor is ahead of what has arrived here; `resumed` says when that is made up for.
    if (this.#askedSince === undefined && typeof frame.cursor === 'string') this.cursor = frame.cursor;
    this.telemetry.connected();
    this.info = { ...this.info, ...frame };
    this.#watchToken(frame.expires_at, frame.server_time);
    this.#resuming = resumes;
    if (resumes) this.#timers.resume = this.clock.setTimeout(() => this.#live(), 5_000);
    else this.#live();
    this.events.emit('connected', this.info);
  }

  #resumed({ recovered }) {
    if (!recovered) {
      this.events.emit('reload', {});
      this.#unsure = this.outbox.sents[0]?.id;
      this.#settling.begin();
    }
    if (this.#resuming) this.#live();
  }

  /** What was missed is here; now what waited may go. */
  #live() {
    this.clock.clearTimeout(this.#timers.resume);
    this.#resuming = false;
    this.requests.connected();
    this.outbox.opened();
  }

  #acknowledged(frame) {
    // Its cursor is not taken: what others did before may still be on its way here.
    const sent = this.outbox.accept(frame);
    if (sent?.reply) this.#named(sent.reply, frame);
    else if (!sent) this.requests.answer(frame);
    this.events.emit('ack', frame);
  }

  /** Its end may have come before anybody knew whose it was, or to a connection that is no more. */
  #named(reply, { id, duplicate, reply_id: messageId, message_id: questionId }) {
    this.replies.bind(reply, { messageId, questionId });
    if (this.replies.cameEarly(messageId) || duplicate === true || id === this.#unsure) this.#settling.settle(messageId);
  }

  #refused(frame) {
    if (this.outbox.refuse(frame) || this.requests.answer(frame)) return;
    const error = ParleyError.ofFrame(frame);
    if (frame.message_id) this.replies.fault(frame.message_id, error);
    this.events.emit('error', error);
  }

  #lost({ code }) {
    this.#resuming = false;
    this.clock.clearTimeout(this.#timers.resume);
    this.clock.clearTimeout(this.#timers.gap);
    this.#timers.gap = null;
    this.typedAt = -Infinity;
    this.telemetry.lost();
    if (code === 1009) this.outbox.refuseFlying('MESSAGE_TOO_LONG', 'The message is larger than the server takes');
    if (code === 1007) this.outbox.refuseFlying('BAD_REQUEST', 'The server could not read the message');
    this.outbox.lost();
    this.requests.lost();
  }

  #changed(state) {
    if (state.status === 'closed') this.#closed(state);
    this.events.emit('state', state);
    if (state.status === 'closed') this.events.emit('closed', state.error);
  }

  #closed(state) {
    this.credentials.stop();
    this.#settling.stop();
    const why = state.error ?? new ParleyError('CLOSED', 'The client was closed');
    for (const part of [this.requests, this.rest, this.outbox]) part.closed(why);
    for (const reply of this.replies.open()) reply.refuse(why);
    this.#lost({});
  }

  /** Asks for what is missing; a server that does not fill it on this connection does so on the next. */
  #fillGap(reply) {
    if (this.#timers.gap !== null) return;
    const known = reply.text.length;
    this.telemetry.count(reply, 'gaps');
    this.connection.send({ type: 'resume', since: this.cursor, streams: { [reply.messageId]: known } });
    this.#timers.gap = this.clock.setTimeout(() => {
      this.#timers.gap = null;
      if (!reply.ended && reply.text.length <= known) this.connection.reopen('text is missing');
    }, this.settings.gapDeadline);
  }

  /** Nothing more will come of a reply. */
  #giveUp(reply, why) {
    this.replies.forget(reply);
    this.telemetry.forget(reply);
    reply.refuse(why);
  }

  #watchToken(expiresAt, serverTime) {
    if (expiresAt && this.credentials.renewable) this.credentials.watch(expiresAt, serverTime, this.#due);
  }

  #due = (left, life) => this.#renew({ until: this.clock.now() + left, life, backoff: this.#backoff(), connection: this.telemetry.totals.connections });

  /** Tries until there is a newer token, or this one has expired; then the server says so. */
  async #renew(means) {
    const { until, life, backoff, connection } = means;
    const { used } = this.credentials;
    // A later connection has a token and a watch of its own.
    const over = () => this.connection.state.status === 'closed' || connection !== this.telemetry.totals.connections;
    try {
      const fresh = await this.credentials.token();
      if (over()) return;
      if (fresh && fresh !== used) {
        await this.refresh(fresh);
        // Who polls is not told how long the new one lasts: as long as the last, it may be hoped.
        if (this.connection.state.transport === 'poll' && !over()) this.credentials.lasts(life, this.#due);
        return;
      }
    } catch {
      if (over()) return;
      this.credentials.replace(used);
    }
    const wait = backoff.next();
    if (this.clock.now() + wait < until) this.credentials.later(wait, () => this.#renew(means));
  }

  #backoff() {
    const { backoffBase: base, backoffCap: cap } = this.settings;
    return new Backoff({ base, cap, random: this.clock.random });
  }

  time() {
    return new Date(this.clock.now()).toISOString();
  }
}
