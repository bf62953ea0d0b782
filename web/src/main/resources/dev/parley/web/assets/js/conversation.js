import { ParleyClient } from '../parley-client/index.js';
import { BASE, api } from './api.js';
import { anonymousId, token } from './credentials.js';
import { currentLanguage } from './i18n.js';
import { forgetRefused, keepRefused, refusedIn } from './refused.js';
import { outboxStorage, read, write } from './storage.js';
import { Transcript } from './transcript.js';

const PAGE = 50;
/** As many as the server gives at once, on the way to a message far back. */
const MOST = 200;
/** Where nearly all of the newest is in threads, what is before them is loaded too, until so much can be seen. */
const FEW = 10;
/** What passes: asked again. A line that broke has no status. */
const PASSING = new Set([0, 408, 429, 500, 502, 503, 504]);
const LONGEST_WAIT = 30_000;

/**
 * One open conversation: its client, its transcript, who is there. `tell(what, detail)` hears `items` (the order changed),
 * `item` (one changed), `state`, `people`, `session`, `waiting`, `accepted`, `refused`, `discarded`, `done`, `trouble`, `note`, `forgot`.
 */
export class Conversation {
  transcript = new Transcript();
  people = new Map();
  typing = new Map();
  /** What agents are called, by their ids. */
  agents = new Map();
  /** Whether there are older messages than the ones that are loaded. */
  earlier = false;
  loaded = false;
  /** Why the newest messages are not here, though they were asked for; null where they are. */
  missing = null;
  closed = false;
  title = '';
  /** How far the conversation has come, as far as that was heard here. */
  position = 0;
  #first = null;
  #tell;
  #loading = null;
  /** Whether the history has been asked for, and need not be asked for again. */
  #asked = false;
  /** Counts how often it was; an answer to an earlier time is not heard any more. */
  #asks = 0;
  #failures = 0;
  /** The messages that were here when too much was missed, until it is known whether the newest join them. */
  #known = null;
  #retry = null;
  #started = false;

  constructor(id, tell, { fresh = false } = {}) {
    this.id = id;
    this.fresh = fresh;
    this.#tell = tell;
    this.client = new ParleyClient({
      url: BASE, sessionId: id, token: () => token(), clientId: token() ? undefined : anonymousId(), language: currentLanguage(),
      clientVersion: 'web/0.1', storage: outboxStorage,
      // For trying the fallbacks out: ?transport=sse or ?transport=poll.
      transport: new URLSearchParams(location.search).get('transport') ?? undefined,
    });
    for (const { frame, error } of refusedIn(id)) this.transcript.addSent({ id: frame.id, frame, content: frame.content, status: 'refused', error, messageId: null }, null);
    for (const sent of this.client.pending) this.transcript.addSent(sent, null);
    this.#listen();
    if (fresh && !this.client.pending.length) this.loaded = true;
  }

  /** Begins, once whoever is told is ready to hear. What is known to be closed is only read. */
  start({ closed }) {
    if (this.loaded || this.#started) return;
    this.#started = true;
    if (closed) {
      this.closed = true;
      this.#need();
      this.#tell('closed', null);
    } else {
      this.open();
    }
  }

  /** Whose page this is; remembered, since a closed conversation is read without a connection that says so. */
  get user() {
    return this.client.info?.user_id ?? read('user');
  }

  /** What somebody is called, as far as it was heard here. */
  nameOf(id) {
    return this.people.get(id) ?? this.transcript.nameOf(id) ?? id;
  }

  /** The reply that runs or waits, whoever asked. */
  get running() {
    return this.client.running.length > 0;
  }

  /** A conversation that nobody has written in does not exist for the server; it begins with the first message. */
  open() {
    this.fresh = false;
    this.#started = true;
    this.client.connect().catch(() => {});
  }

  send(content, options) {
    if (this.fresh) this.open();
    const { attachments = [], ...more } = options;
    const sent = this.client.send(content, attachments.length ? { ...more, attachments: attachments.map((each) => each.attachment_id) } : more);
    this.transcript.addSent(sent, this.user, attachments);
    // There were too many already.
    if (sent.status === 'refused') keepRefused(this.id, sent);
    this.#tell('items');
    return sent;
  }

  /** Lets go of a message that is not sent. */
  discard(item) {
    if (item.sent.status !== 'refused' && !this.client.withdraw(item.sent.id)) return;
    forgetRefused(this.id, item.sent.id);
    this.transcript.discard(item);
    this.#tell('items');
    this.#tell('discarded');
  }

  /** Another tab does not keep a message any more: it was let go there, or sent. */
  droppedElsewhere(id) {
    const item = this.transcript.sent(id);
    if (!item || !this.client.withdraw(id)) return;
    // What the server has stays, as the server tells it.
    if (item.id) this.transcript.change(item.id, { sent: undefined });
    else this.transcript.discard(item);
    this.#tell('items');
    this.#tell('discarded');
  }

  /** Sends a refused one again, as it was meant. */
  again(item) {
    const { content, parent_id: parentId, reply, model, agent, attachments = [] } = item.sent.frame;
    this.discard(item);
    this.send(content, {
      ...Object.fromEntries(Object.entries({ parentId, reply, model, agent }).filter(([, value]) => value !== undefined)),
      attachments: item.metadata.attachments ?? attachments.map((each) => ({ attachment_id: each })),
    });
  }

  /** Loads what lies before; resolves with whether there was anything. */
  async loadEarlier(limit = PAGE) {
    if (!this.earlier || this.#loading) return false;
    const first = this.#first;
    this.#loading = api.messages(this.id, { limit, before: first });
    try {
      const { messages } = await this.#loading;
      // Meanwhile too much was missed, and this does not join what is here now.
      if (this.#first !== first) return false;
      this.earlier = messages.length === limit;
      this.#take(messages);
      return messages.length > 0;
    } finally {
      this.#loading = null;
    }
  }

  /** Loads back to a message, so that it can be shown. */
  async reach(id) {
    for (let pages = 0; !this.transcript.placed(this.transcript.get(id)) && pages < 50; pages++) {
      if (this.#loading) await this.#loading;
      if (!await this.loadEarlier(MOST)) return false;
    }
    return true;
  }

  /** Loads all of a thread. */
  async loadThread(root) {
    for (let had = 0, total = 1; had < total;) {
      const part = await api.thread(root, had);
      if (!part.messages.length) return;
      for (const message of part.messages) this.transcript.upsert(message, { old: true });
      this.#tell('items');
      had += part.messages.length;
      total = part.total;
    }
  }

  /** Tells the others that somebody has read up to here; to be called when that is so. */
  markSeen() {
    const message = this.transcript.unseen(this.user);
    if (!message || this.closed || this.client.state.status !== 'connected') return;
    this.transcript.seen(message.id, this.user);
    this.client.seen(message.id).catch(() => {});
  }

  /** Asks for what could not be had, now. */
  retry() {
    if (this.missing) this.#load();
  }

  leave() {
    this.#asks += 1;
    clearTimeout(this.#retry);
    for (const { timer } of this.typing.values()) clearTimeout(timer);
    this.client.close();
  }

  #need() {
    if (!this.#asked) this.#load();
  }

  /** Asks for the newest messages, again and again while that fails in passing. */
  async #load() {
    const ask = ++this.#asks;
    const old = () => ask !== this.#asks;
    clearTimeout(this.#retry);
    this.#asked = true;
    try {
      const { messages } = await api.messages(this.id, { limit: PAGE });
      if (old()) return;
      const joins = this.#join(messages);
      if (this.#first === null) this.earlier = messages.length === PAGE;
      this.#take(messages);
      if (!joins) this.#tell('forgot');
      while (this.transcript.shown().length < FEW && await this.loadEarlier(MOST));
      if (old()) return;
      this.#failures = 0;
      this.missing = null;
      this.loaded = true;
      api.presence(this.id).then(({ present }) => this.#here(present)).catch(() => {});
    } catch (error) {
      if (old()) return;
      this.#failed(error);
    }
    this.#tell('items');
  }

  /** Between the newest messages and those that were here must be no hole: without any of them again, the older ones go. */
  #join(messages) {
    const known = this.#known;
    this.#known = null;
    if (!known || messages.some(({ message_id: id }) => known.has(id))) return true;
    this.transcript.forgetBefore(messages[0]?.position ?? Infinity);
    this.#first = null;
    return false;
  }

  #failed(error) {
    if (!PASSING.has(error.status ?? 0)) {
      this.missing = null;
      this.loaded = true;
      this.#tell('trouble', error);
      return;
    }
    this.missing = error;
    this.#asked = false;
    const wait = Math.min(LONGEST_WAIT, 1_000 * 2 ** this.#failures++);
    this.#retry = setTimeout(() => this.#load(), Math.max((error.retryAfter ?? 0) * 1000, wait * (0.5 + Math.random() / 2)));
  }

  #take(messages) {
    for (const message of messages) this.transcript.upsert(message, { old: true });
    if (messages.length && (!this.#first || messages[0].position < (this.transcript.get(this.#first)?.position ?? Infinity))) this.#first = messages[0].message_id;
    this.#tell('items');
  }

  #here(present) {
    this.people.clear();
    for (const { user_id: id, name } of present) if (id !== this.user) this.people.set(id, name ?? id);
    this.#tell('people');
  }

  #countDown(item) {
    if (item.sent.status !== 'waiting' || item.sent.notBefore < Date.now()) return;
    this.#tell('item', item);
    setTimeout(() => this.#countDown(item), 1_000);
  }

  #listen() {
    const { client, transcript } = this;
    const item = (found) => found && this.#tell('item', found);
    const heard = ({ cursor }) => { this.position = Math.max(this.position, Number.parseInt(cursor, 10) || 0); };
    for (const each of ['connected', 'ack', 'frame']) client.on(each, heard);
    // What one does oneself is acknowledged without saying how far that is.
    for (const each of ['edited', 'deleted', 'reaction', 'feedback']) client.on(each, ({ local }) => local && this.#tell('done'));
    client.on('state', (state) => this.#tell('state', state));
    client.on('connected', (info) => {
      if (read('user') !== info.user_id) write('user', info.user_id);
      this.title = info.title || this.title;
      for (const sent of client.pending) transcript.sentChanged(sent).userId ??= info.user_id;
      this.#need();
      this.#tell('session', info);
    });
    client.on('reload', () => {
      this.#known ??= new Set(transcript.ids);
      this.#tell('note', 'reload');
      this.#load();
    });
    client.on('reply', ({ reply, change }) => {
      const known = transcript.get(reply.messageId);
      const found = transcript.replyChanged(reply);
      if (!found) return;
      if (change === 'end' && reply.error && reply.status === 'failed') transcript.change(found.id, { error: reply.error });
      if (known && change === 'text') this.#tell('item', found);
      else this.#tell('items', found);
    });
    client.on('ack', ({ reply_id: id }) => {
      // From here on it is known that somebody is thinking.
      const reply = client.running.find((each) => each.messageId === id);
      if (reply) this.#tell('items', transcript.replyChanged(reply));
    });
    client.on('outbox', ({ sent, change }) => {
      const found = transcript.sentChanged(sent);
      if (found) this.#tell('items', found);
      if (change === 'retrying') {
        this.#countDown(found);
        this.#tell('trouble', sent.error);
      }
      // What was taken back is nobody's any more.
      if (change === 'refused' && sent.error.code !== 'CLOSED') {
        keepRefused(this.id, sent);
        this.#tell('refused', sent);
      }
      if (change === 'waiting' || change === 'accepted') this.#tell(change);
    });
    client.on('message', (message) => { transcript.upsert(message); this.typing.delete(message.user_id); this.#tell('items'); this.#tell('people'); });
    client.on('edited', ({ message_id: id, content, message }) => item(message ? transcript.upsert(message) : transcript.change(id, { content, edited: true })));
    client.on('deleted', ({ message_id: id }) => item(transcript.change(id, { content: '', deleted: true })));
    client.on('reaction', ({ message_id: id, emoji, user_id: user, reactions }) => item(reactions ? transcript.change(id, { reactions }) : transcript.toggleReaction(id, emoji, user)));
    client.on('seen', ({ message_id: id, user_id: user }) => transcript.seen(id, user) && this.#tell('items'));
    client.on('attachments', ({ message }) => message && item(transcript.upsert(message)));
    client.on('member', ({ user_id: id, name, action }) => this.#tell('member', { id, name: name ?? id, action }));
    client.on('feedback', ({ message_id: id, helpful, rating, user_id: user }) => user === this.user && item(transcript.change(id, { feedback: { helpful, rating } })));
    client.on('session', ({ session }) => { this.title = session.title; this.#tell('session', session); });
    client.on('presence', ({ user_id: id, name, online }) => {
      if (id === this.user) return;
      if (online) this.people.set(id, name ?? id);
      else this.people.delete(id);
      if (!online) this.typing.delete(id);
      this.#tell('people');
    });
    client.on('typing', ({ user_id: id, name, is_typing: typing, agent }) => {
      if (agent || id === this.user) return;
      clearTimeout(this.typing.get(id)?.timer);
      this.typing.delete(id);
      // Whoever goes silent has stopped, even if nobody says so.
      if (typing) this.typing.set(id, { name: name ?? id, timer: setTimeout(() => { this.typing.delete(id); this.#tell('people'); }, 8_000) });
      this.#tell('people');
    });
    client.on('announcement', ({ message, level }) => this.#tell('announcement', { message, level }));
    // What is refused before anything is there is told as the end of it.
    client.on('error', (error) => { if (!error.messageId && client.info) this.#tell('trouble', error); });
    client.on('closed', (error) => {
      if (!error) return;
      this.closed = true;
      this.closedBy = error;
      this.loaded ||= error.code === 'FORBIDDEN' || error.code === 'NOT_FOUND';
      // A closed conversation can still be read.
      if (error.code === 'GONE') this.#need();
      this.#tell('closed', error);
    });
  }
}
