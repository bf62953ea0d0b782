import { attachmentView } from './attachment-view.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { number, t, time } from './i18n.js';
import { showMenu } from './menu.js';
import { StreamText } from './stream-text.js';

export const EMOJI = ['👍', '❤️', '😄', '🎉', '🤔', '👀'];

/** One message as it is drawn. `act(what, item, detail)` says what its buttons want. */
export class MessageView {
  #item;
  #act;
  #text = new StreamText();
  #body = h('div.message-body');
  #files = h('div.message-files');
  #meta = h('div.message-meta');
  #reactions = h('div.reactions');
  #actions = h('div.message-actions', { role: 'toolbar' });
  #drawn = '';
  #drawnFiles = '';

  /**
   * @param {object} item
   * @param {(what: string, item: object, detail?: unknown) => void} act
   * @param {{user: string, last: boolean, open: boolean, many: boolean}} context what around it decides its looks
   */
  constructor(item, act, context) {
    this.#item = item;
    this.#act = act;
    this.context = context;
    this.element = h(`article.message.${item.role}`, this.#meta, this.#files, this.#body, this.#reactions, this.#actions);
    this.update();
  }

  update() {
    const item = this.#item;
    const reply = item.role === 'assistant';
    const live = reply && (item.status === 'streaming' || item.status === 'queued' || item.status === 'pending');
    if (item.id) this.element.dataset.id = item.id;
    this.element.setAttribute('aria-busy', String(live));
    this.#drawBody(item, reply, live);
    this.#drawFiles(item);
    const { context } = this;
    const state = JSON.stringify([item.status, item.edited, item.deleted, item.reactions, item.feedback, item.sent?.status, waitsFor(item.sent), item.version,
      item.versions, item.id, item.reply?.position, item.metadata?.model, item.reply?.model, live && !item.content, context]);
    // Text grows many times a second; everything around it only now and then.
    if (state === this.#drawn) return;
    this.#drawn = state;
    this.element.classList.toggle('live', live);
    this.element.classList.toggle('own', context.user !== null && item.role === 'user' && (item.own || item.userId === context.user));
    this.element.classList.toggle('unsent', !!item.sent && item.sent.status !== 'accepted');
    this.#meta.replaceChildren(...this.#metaParts(item, reply, live, context));
    this.#reactions.replaceChildren(...this.#reactionParts(item, context));
    this.#actions.replaceChildren(...this.#actionParts(item, reply, live, context));
  }

  #drawBody(item, reply, live) {
    if (item.deleted) {
      this.#body.replaceChildren(h('p.faint', t('deleted')));
    } else if (reply) {
      if (this.#text.element.parentNode !== this.#body) this.#body.replaceChildren(this.#text.element);
      this.#text.show(item.content ?? '', { finished: !live });
    } else if (this.#body.textContent !== item.content || !this.#body.firstChild) {
      this.#body.replaceChildren(h('div.plain-text', item.content));
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

  #metaParts(item, reply, live, { many, user }) {
    const parts = [];
    if (reply) {
      parts.push(h('span.author', h('span.spark', icon('spark')), agentName(item) ?? t('assistant')));
    } else if (many && item.userId !== user && !item.own) {
      parts.push(h('span.author', item.name ?? item.userId));
    }
    if (reply && item.status === 'queued') {
      const place = item.reply?.position ?? 1;
      parts.push(h('span.status', icon('clock'), place > 1 ? t('queued', { n: place }) : t('queuedNext')));
    } else if (reply && live && !item.content) {
      parts.push(h('span.status.thinking', t('thinking'), h('span.dots', { 'aria-hidden': 'true' }, h('i'), h('i'), h('i'))));
    }
    return parts;
  }

  #reactionParts({ reactions = {}, id }, { user, open }) {
    return Object.entries(reactions).filter(([, users]) => users.length).map(([emoji, users]) => h(users.includes(user) ? 'button.reaction.mine' : 'button.reaction', {
      type: 'button', disabled: !open || !id, 'aria-pressed': String(users.includes(user)), 'aria-label': `${emoji} ${users.length}`,
      onclick: () => this.#act('react', this.#item, emoji),
    }, emoji, h('span', String(users.length))));
  }

  #actionParts(item, reply, live, { user, last, open }) {
    if (item.deleted) return [];
    if (item.sent && item.sent.status !== 'accepted') return this.#unsentParts(item);
    const button = (name, label, what, detail, more = {}) => h('button.quiet', {
      type: 'button', 'aria-label': t(label), title: t(label), onclick: (event) => this.#act(what, item, detail ?? event.currentTarget), ...more,
    }, icon(name));
    if (live || !item.id) return [];
    const parts = [];
    if (reply && item.versions?.length > 1) parts.push(this.#versions(item));
    const ended = { stopped: t('stopped'), failed: item.error?.message || t('failed'), interrupted: t('interrupted') }[item.status];
    if (reply && ended) parts.push(h(item.status === 'failed' ? 'span.ended.bad' : 'span.ended', ended));
    parts.push(button('copy', 'copy', 'copy'));
    if (open && reply) {
      if (last) parts.push(button('again', 'regenerate', 'regenerate'));
      for (const [name, label, helpful] of [['up', 'good', true], ['down', 'bad', false]]) {
        parts.push(button(name, label, 'feedback', { helpful }, { 'aria-pressed': String(item.feedback?.helpful === helpful) }));
      }
    }
    const own = !reply && (item.own || item.userId === user);
    if (open && own && last) parts.push(button('edit', 'edit', 'edit'));
    if (open) {
      const react = h('button.quiet', { type: 'button', 'aria-label': t('react'), title: t('react'), 'aria-haspopup': 'menu' }, icon('smile'));
      react.addEventListener('click', () => showMenu(react, EMOJI.map((emoji) => ({ label: emoji, act: () => this.#act('react', item, emoji) }))));
      parts.push(react);
    }
    const more = [reply && { label: t('branch'), icon: 'branch', act: () => this.#act('branch', item) }, own && open && { label: t('remove'), icon: 'trash', danger: true, act: () => this.#act('remove', item) }].filter(Boolean);
    if (more.length) {
      const anchor = h('button.quiet', { type: 'button', 'aria-label': t('menu'), 'aria-haspopup': 'menu' }, icon('more'));
      anchor.addEventListener('click', () => showMenu(anchor, more));
      parts.push(anchor);
    }
    parts.push(this.#facts(item, reply));
    return parts;
  }

  #facts(item, reply) {
    const facts = [item.edited && t('edited'), time(item.timestamp)];
    const model = item.metadata?.model;
    if (reply && model) facts.push(item.metadata.model_fallback ? t('fallbackModel', { model }) : model);
    if (reply && item.metadata?.processing_time > 0) facts.push(`${number(item.metadata.processing_time, 1)} s`);
    return h('span.facts', facts.filter(Boolean).join(' · '));
  }

  #unsentParts(item) {
    const { sent } = item;
    if (sent.status === 'refused') {
      return [h('span.ended.bad', icon('warning'), t('refused', { reason: sent.error?.message ?? '' })),
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
      h('button.quiet', { type: 'button', 'aria-label': t('previous'), disabled: item.version === 1, onclick: go(-1) }, icon('left')),
      h('span', `${item.version} / ${item.versions.length}`),
      h('button.quiet', { type: 'button', 'aria-label': t('next'), disabled: item.version === item.versions.length, onclick: go(1) }, icon('right')));
  }
}

/** Seconds until a message is tried again. */
function waitsFor(sent) {
  return sent?.status === 'waiting' ? Math.max(0, Math.ceil((sent.notBefore - Date.now()) / 1000)) : 0;
}

function agentName(item) {
  const name = item.metadata?.agent_used ?? item.reply?.agent ?? item.name;
  return name && name !== 'default' ? name : null;
}
