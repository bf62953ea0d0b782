import { attachmentView } from './attachment-view.js';
import { arrange, h, plainName } from './dom.js';
import { icon } from './icons.js';
import { number, t, time } from './i18n.js';
import { messageButtons } from './message-buttons.js';
import { StreamText } from './stream-text.js';

/** Of what is far away only so much is laid out. */
const FAR = 1_500;

/**
 * One message as it is drawn. `act(what, item, detail)` says what its buttons want. Far from what is looked at it is only its
 * plain text; {@link MessageView#near} makes it what it is.
 */
export class MessageView {
  #item;
  #act;
  #text;
  #body = h('div.message-body');
  #files = h('div.message-files');
  #meta = h('div.message-meta');
  #notice = h('div.message-notice');
  #reactions = h('div.reactions');
  #actions = h('div.message-actions', { role: 'group', 'aria-label': t('actions') });
  #below = h('div.message-below');
  /** What the body is made of: `deleted`, `text` for Markdown, `plain`. */
  #shows = '';
  #drawn = '';
  #drawnFiles = '';
  #near;

  /**
   * @param {object} item
   * @param {(what: string, item: object, detail?: unknown) => void} act
   * @param {{user: string, last: boolean, open: boolean, many: boolean, readers: string[], replies: number, agents?: Map<string, string>}} context what around it decides its looks
   */
  constructor(item, act, context, { near = true, settled } = {}) {
    this.#item = item;
    this.#act = act;
    this.#near = near;
    this.#text = new StreamText(settled);
    this.context = context;
    this.element = h(`article.message.${item.role}`, this.#meta, this.#files, this.#body, this.#notice, this.#reactions, this.#actions, this.#below);
    this.update();
  }

  /** Whether what it says is still being written, or put in order. */
  get busy() {
    return isLive(this.#item) || this.#shows === 'text' && !this.#text.done;
  }

  /** From now on what changes in it is not told to those who listen: they have heard it. */
  hush() {
    this.element.setAttribute('aria-live', 'off');
  }

  /** It comes into sight, or nearly so. */
  near() {
    if (this.#near) return;
    this.#near = true;
    this.update();
  }

  update() {
    const item = this.#item;
    const reply = item.role === 'assistant';
    const live = isLive(item);
    if (item.id) this.element.dataset.id = item.id;
    this.#drawBody(item, reply, live);
    if (this.#near) this.#drawFiles(item);
    const { context } = this;
    const state = JSON.stringify([item.status, item.edited, item.deleted, item.reactions, item.feedback, item.sent?.status, waitsFor(item.sent), item.version,
      item.versions, item.id, item.reply?.position, item.metadata?.model, item.reply?.model, item.error?.message, item.errorCode, live && !item.content, { ...context, agents: context.agents?.size }]);
    // Text grows many times a second; everything around it only now and then.
    if (state === this.#drawn) return;
    this.#drawn = state;
    this.element.classList.toggle('live', live);
    this.element.setAttribute('aria-label', this.#label(item, reply));
    this.element.classList.toggle('own', context.user !== null && item.role === 'user' && (item.own || item.userId === context.user));
    this.element.classList.toggle('unsent', !!item.sent && item.sent.status !== 'accepted');
    arrange(this.#meta, this.#metaParts(item, reply, live));
    arrange(this.#notice, this.#noticeParts(item, reply));
    this.#reactions.replaceChildren(...this.#reactionParts(item));
    const focused = this.#actions.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;
    this.#actions.replaceChildren(...this.#actionParts(item, reply, live));
    if (focused) this.#actions.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
    arrange(this.#below, this.#belowParts(item));
  }

  #label(item, reply) {
    const who = reply ? agentName(item, this.context.agents) ?? t('assistant') : item.own || item.userId === this.context.user ? t('you') : plainName(item.name ?? item.userId);
    return `${who}, ${time(item.timestamp)}`;
  }

  #drawBody(item, reply, live) {
    if (item.deleted) {
      if (this.#shows !== 'deleted') this.#body.replaceChildren(h('p.faint', t('deleted')));
      this.#shows = 'deleted';
    } else if (reply && (this.#near || live)) {
      this.#near = true;
      if (this.#text.element.parentNode !== this.#body) this.#body.replaceChildren(this.#text.element);
      this.#shows = 'text';
      this.#text.show(item.content ?? '', { finished: !live });
    } else {
      const text = this.#near ? item.content : item.content?.slice(0, FAR);
      if (this.#shows !== 'plain' || this.#body.textContent !== text) this.#body.replaceChildren(h('div.plain-text', { dir: 'auto' }, text));
      this.#shows = 'plain';
    }
    this.#body.hidden = !reply && !item.deleted && !item.content;
  }

  #drawFiles({ deleted, metadata }) {
    const files = deleted ? [] : (metadata?.attachments ?? []).filter((each) => each?.attachment_id && typeof each.url === 'string');
    const names = files.map((each) => each.attachment_id).join(' ');
    // Pictures are fetched: not again for every change of something else.
    if (names === this.#drawnFiles) return;
    this.#drawnFiles = names;
    this.#files.replaceChildren(...files.map(attachmentView));
  }

  #metaParts(item, reply, live) {
    const { many, user } = this.context;
    const parts = [];
    if (reply) {
      parts.push(h('span.author', h('span.spark', icon('spark')), h('bdi', agentName(item, this.context.agents) ?? t('assistant'))));
    } else if (many && item.userId !== user && !item.own) {
      parts.push(h('span.author', h('bdi', plainName(item.name ?? item.userId))));
    }
    if (reply && item.status === 'queued') {
      const place = item.reply?.position ?? 1;
      parts.push(h('span.status', icon('clock'), place > 1 ? t('queued', { n: place }) : t('queuedNext')));
    } else if (reply && live && !item.content) {
      parts.push(h('span.status.thinking', t('thinking'), h('span.dots', { 'aria-hidden': 'true' }, h('i'), h('i'), h('i'))));
    }
    return parts;
  }

  /** How an answer ended that did not simply end, and how to go on. */
  #noticeParts(item, reply) {
    if (!reply || item.deleted || !['stopped', 'failed', 'interrupted'].includes(item.status)) return [];
    const bad = item.status !== 'stopped';
    const words = item.status === 'failed' ? item.error?.message || reason(item.errorCode) || t('failed') : t(item.status);
    return [h(bad ? 'div.ended.bad' : 'div.ended', icon(bad ? 'warning' : 'stop'), h('span', words),
      bad && this.context.open && this.context.last && h('button.plain.small', { type: 'button', onclick: () => this.#act('regenerate', item) }, icon('again'), h('span', t('tryAgain'))))];
  }

  #reactionParts({ reactions = {}, id }) {
    const { user, open } = this.context;
    return Object.entries(reactions).filter(([, users]) => users.length).map(([emoji, users]) => h(users.includes(user) ? 'button.reaction.mine' : 'button.reaction', {
      type: 'button', disabled: !open || !id, 'aria-pressed': String(users.includes(user)), 'aria-label': t('reactedWith', { emoji, n: users.length }),
      title: users.map((each) => plainName(each)).join(', '), onclick: () => this.#act('react', this.#item, emoji),
    }, emoji, h('span', String(users.length))));
  }

  #actionParts(item, reply, live) {
    if (item.deleted) return [];
    if (item.sent && item.sent.status !== 'accepted') return this.#unsentParts(item);
    if (live || !item.id) return [];
    const parts = [];
    if (reply && item.versions?.length > 1) parts.push(this.#versions(item));
    parts.push(...messageButtons(item, reply, this.context, this.#act), this.#facts(item, reply));
    return parts;
  }

  #facts(item, reply) {
    const facts = [time(item.timestamp)];
    const model = item.metadata?.model;
    if (reply && model) facts.push(item.metadata.model_fallback ? t('fallbackModel', { model }) : model);
    if (reply && item.metadata?.processing_time >= 0.05) facts.push(`${number(item.metadata.processing_time, 1)} s`);
    return h('span.facts', facts.filter(Boolean).join(' · '),
      item.edited && h('button.edited', { type: 'button', title: t('showVersions'), onclick: () => this.#act('versions', item) }, t('edited')));
  }

  /** What hangs on a message: its thread, who has seen it. */
  #belowParts(item) {
    const { replies, readers, inThread } = this.context;
    const parts = [];
    if (replies > 0 && !inThread) parts.push(h('button.thread-link', { type: 'button', onclick: () => this.#act('thread', item) }, icon('thread'), h('span', t(replies === 1 ? 'reply1' : 'replies', { n: replies }))));
    if (readers.length) parts.push(h('span.receipt', { title: readers.map((each) => plainName(each)).join(', ') }, icon('seen'), h('span', t('seenBy', { names: readers.map((each) => plainName(each)).join(', ') }))));
    return parts;
  }

  #unsentParts(item) {
    const { sent } = item;
    if (sent.status === 'refused') {
      return [h('span.ended.bad', { role: 'alert' }, icon('warning'), t('refused', { reason: sent.error?.message ?? '' })),
        h('button.plain.small', { type: 'button', onclick: () => this.#act('again', item) }, t('tryAgain')),
        h('button.plain.small', { type: 'button', onclick: () => this.#act('discard', item) }, t('discard'))];
    }
    const waits = waitsFor(sent);
    return [h('span.ended', icon('clock'), sent.status === 'sending' ? t('sending') : waits > 0 ? t('retryingIn', { n: waits }) : t('waiting')),
      sent.status === 'waiting' && h('button.plain.small', { type: 'button', onclick: () => this.#act('discard', item) }, t('discard'))].filter(Boolean);
  }

  #versions(item) {
    const go = (step) => () => this.#act('version', item, item.versions[item.version - 1 + step]);
    const label = t('version', { n: item.version, total: item.versions.length });
    return h('span.versions', { role: 'group', 'aria-label': label },
      h('button.quiet', { type: 'button', 'aria-label': t('previous'), title: t('previous'), disabled: item.version === 1, onclick: go(-1) }, icon('left')),
      h('span', `${item.version} / ${item.versions.length}`),
      h('button.quiet', { type: 'button', 'aria-label': t('next'), title: t('next'), disabled: item.version === item.versions.length, onclick: go(1) }, icon('right')));
  }
}

/** Whether an answer is still on its way. */
export function isLive(item) {
  return item.role === 'assistant' && (item.status === 'streaming' || item.status === 'queued' || item.status === 'pending');
}

/** Seconds until a message is tried again. */
function waitsFor(sent) {
  return sent?.status === 'waiting' ? Math.max(0, Math.ceil((sent.notBefore - Date.now()) / 1000)) : 0;
}

/** Why an answer failed, where only its code is left. */
function reason(code) {
  return ['MODEL_UNAVAILABLE', 'MODEL_NOT_FOUND', 'BUSY'].includes(code) ? t(code) : '';
}

/** Who answered, unless it is the one who always does. */
function agentName(item, names) {
  const id = item.metadata?.agent_used ?? item.reply?.agent ?? null;
  return id && id !== 'default' ? plainName(names?.get(id) ?? item.name ?? id) : null;
}
