/** Notes that an item is not what it was, so that views know without comparing. */
const changed = (item) => { item.revision = (item.revision ?? 0) + 1; return item; };

/**
 * What is known of a conversation, in the order it is shown: questions by their place in the session, every reply below
 * its question, what is not sent yet at the end. It only keeps; views draw.
 */
export class Transcript {
  #items = [];
  #byId = new Map();
  #bySent = new Map();
  #arrived = 0;
  /** Which version of an answer the reader wants to see, by question. */
  #chosen = new Map();
  /** What is in which thread. */
  #threads = new Map();

  get size() {
    return this.#items.length;
  }

  get(id) {
    return this.#byId.get(id);
  }

  /** The items to show, in order; of several answers to one question only one, and of a thread only where it begins, once that is here. */
  shown() {
    return this.#ordered(this.#items.filter((item) => !item.parentId));
  }

  /** What was said in the thread below a message, in order. */
  thread(root) {
    return this.#ordered(this.#items.filter((item) => this.rootOf(item)?.id === root));
  }

  /** How much there is in the thread below a message, deleted things apart. */
  threadSize(root) {
    return this.#threads.get(root)?.size ?? 0;
  }

  /** Where the thread begins that an item is in, as far as that is here; undefined for what is in none. */
  rootOf(item) {
    let parent = item.parentId && this.#byId.get(item.parentId);
    let root;
    for (let deep = 0; parent && deep < 100; deep++) {
      root = parent;
      parent = parent.parentId && this.#byId.get(parent.parentId);
    }
    return root;
  }

  /** Whether all is here that a message hangs on, so that it can be shown. */
  placed(item) {
    for (let each = item, deep = 0; each && deep < 100; each = this.#byId.get(each.parentId), deep++) if (!each.parentId) return true;
    return false;
  }

  #ordered(items) {
    const replies = new Map();
    const roots = [];
    for (const item of items) {
      const question = item.role === 'assistant' && item.questionId;
      if (question && this.#byId.has(question)) replies.set(question, [...(replies.get(question) ?? []), item]);
      else roots.push(item);
    }
    const order = (a, b) => (a.position ?? Infinity) - (b.position ?? Infinity) || a.arrived - b.arrived;
    return roots.sort(order).flatMap((item) => {
      const versions = (replies.get(item.id) ?? []).sort(order);
      return versions.length ? [item, this.#pick(item.id, versions)] : [item];
    });
  }

  /** Keeps count of what is in threads, so that it need not be counted for every look. */
  #thread(item) {
    if (!item.parentId) return;
    const root = this.rootOf(item)?.id;
    for (const [id, members] of this.#threads) if (id !== root) members.delete(item);
    if (!root || item.deleted) {
      this.#threads.get(root)?.delete(item);
      return;
    }
    if (!this.#threads.has(root)) this.#threads.set(root, new Set());
    this.#threads.get(root).add(item);
  }

  #pick(question, versions) {
    const at = versions.findIndex((each) => each.id === this.#chosen.get(question));
    const index = at >= 0 ? at : versions.length - 1;
    const shown = versions[index];
    const ids = versions.map((each) => each.id);
    if (shown.version !== index + 1 || shown.versions?.join() !== ids.join()) changed(Object.assign(shown, { version: index + 1, versions: ids }));
    return shown;
  }

  choose(question, version) {
    this.#chosen.set(question, version);
  }

  /** The newest question of this user; the one that may be edited and asked again. */
  lastQuestion(user) {
    return this.shown().findLast((item) => item.role === 'user' && !item.deleted && item.userId === user && item.id);
  }

  /** A message as the server tells it. @param {{old?: boolean}} [how] `old`: it was there before anybody looked */
  upsert(message, { old = false } = {}) {
    const known = this.#byId.get(message.message_id) ?? (message.client_id ? this.#bySent.get(message.client_id) : undefined);
    const item = known ?? this.#add({ old: old && message.status !== 'streaming' });
    // What is heard of a running answer is newer than what was stored of it, and so is its end.
    const streaming = item.reply && (!item.reply.ended || message.status === 'streaming');
    Object.assign(item, {
      id: message.message_id, role: message.role, userId: message.user_id, name: message.name, timestamp: message.timestamp,
      position: message.position ?? item.position, edited: message.edited, deleted: message.deleted, reactions: message.reactions ?? {},
      parentId: message.parent_id ?? item.parentId, seenBy: message.seen_by ?? item.seenBy ?? [], errorCode: message.error_code ?? item.errorCode,
      feedback: message.feedback ?? item.feedback, metadata: message.metadata ?? {}, questionId: message.question_id ?? item.questionId,
      content: streaming ? item.content : message.content ?? '', status: streaming ? item.status : message.status ?? item.status,
    });
    this.#byId.set(item.id, item);
    // What came before where it belongs to finds its place now.
    if (!known) for (const each of this.#items) if (each.parentId === item.id) this.#thread(each);
    this.#thread(item);
    return changed(item);
  }

  /** A message of this user, from the moment it was written. */
  addSent(sent, user, attachments = []) {
    const item = this.#add({
      role: 'user', own: true, userId: user, content: sent.content, sent, timestamp: sent.frame.timestamp ?? new Date().toISOString(), reactions: {},
      parentId: sent.frame.parent_id, seenBy: [], metadata: attachments.length ? { attachments } : {},
    });
    this.#thread(item);
    this.#bySent.set(sent.id, item);
    return item;
  }

  sentChanged(sent) {
    const item = this.#bySent.get(sent.id);
    if (item && sent.messageId) {
      const twin = this.#byId.get(sent.messageId);
      if (twin && twin !== item) this.#remove(twin);
      item.id = sent.messageId;
      // The acknowledgement names no place; it is behind all that is known, until the server tells it again.
      item.position ??= this.#items.reduce((most, each) => Math.max(most, each.position ?? 0), 0) + 0.5;
      this.#byId.set(item.id, item);
    }
    return item && changed(item);
  }

  discard(item) {
    this.#remove(item);
    // Should it be there after all, it comes as a message like others.
    if (item.sent) this.#bySent.delete(item.sent.id);
  }

  /** A message of this user, by the id it was sent with. */
  sent(id) {
    return this.#bySent.get(id);
  }

  /** What is there of the server's. */
  get ids() {
    return this.#byId.keys();
  }

  /** Forgets what the server told from before a place, but for answers that are still written. */
  forgetBefore(position) {
    for (const item of this.#items.filter((each) => each.id && each.position < position && !(each.reply && !each.reply.ended))) {
      this.discard(item);
    }
  }

  /** A running or ended reply as the client tells it. */
  replyChanged(reply) {
    if (!reply.messageId) return null;
    const known = this.#byId.get(reply.messageId);
    const item = known ?? this.#add({
      id: reply.messageId, role: 'assistant', timestamp: new Date().toISOString(), reactions: {}, metadata: {}, seenBy: [],
    });
    this.#byId.set(reply.messageId, item);
    Object.assign(item, { reply, status: reply.status, content: reply.text, questionId: reply.questionId ?? item.questionId, name: reply.agent ?? item.name });
    if (!known) {
      // An answer is where its question is.
      item.parentId = this.#byId.get(item.questionId)?.parentId;
      this.#thread(item);
    }
    // A new answer is what the reader wants to see, whatever was chosen before.
    if (!known && item.questionId) this.#chosen.delete(item.questionId);
    if (reply.message) this.upsert(reply.message);
    if (reply.ended) Object.assign(item, { status: reply.status, content: reply.text, metadata: { ...item.metadata, ...reply.metadata } });
    return changed(item);
  }

  change(id, change) {
    const item = this.#byId.get(id);
    if (item) {
      changed(Object.assign(item, change));
      this.#thread(item);
    }
    return item;
  }

  /** Somebody has seen a message. */
  seen(id, user) {
    const item = this.#byId.get(id);
    if (item && user && !item.seenBy.includes(user)) changed(item).seenBy = [...item.seenBy, user];
    return item;
  }

  /** Who has seen an item or anything after it, except `user`. */
  readers(item, user) {
    const readers = new Set();
    for (const each of this.#items) {
      if ((each.position ?? Infinity) < (item.position ?? Infinity)) continue;
      for (const reader of each.seenBy ?? []) if (reader !== user) readers.add(reader);
      // Whoever goes on writing has read what was before.
      if (each !== item && each.role === 'user' && each.userId && each.userId !== user && each.userId !== item.userId) readers.add(each.userId);
    }
    return [...readers];
  }

  nameOf(user) {
    return this.#items.findLast((each) => each.userId === user && each.name)?.name;
  }

  /** The newest message of somebody else that `user` has not seen. */
  unseen(user) {
    let newest;
    for (const each of this.#items) {
      if (each.role === 'user' && each.id && each.userId !== user && !each.own && !each.deleted && (each.position ?? 0) > (newest?.position ?? -1)) newest = each;
    }
    return newest && !newest.seenBy.includes(user) ? newest : undefined;
  }

  toggleReaction(id, emoji, user) {
    const item = this.#byId.get(id);
    if (!item) return null;
    const users = item.reactions[emoji] ?? [];
    const now = users.includes(user) ? users.filter((each) => each !== user) : [...users, user];
    item.reactions = { ...item.reactions, [emoji]: now };
    if (!now.length) delete item.reactions[emoji];
    return changed(item);
  }

  #add(item) {
    item.arrived = this.#arrived++;
    this.#items.push(item);
    return item;
  }

  #remove(item) {
    for (const members of this.#threads.values()) members.delete(item);
    this.#items = this.#items.filter((each) => each !== item);
    if (this.#byId.get(item.id) === item) this.#byId.delete(item.id);
  }
}
