import { h } from './dom.js';
import { Follower } from './follower.js';
import { icon } from './icons.js';
import { t } from './i18n.js';
import { MessageList } from './message-list.js';

/** The open conversation: its messages, a way to its beginning and one to its end, or an invitation while it is empty. */
export class ConversationView {
  #conversation = null;
  #act;
  #list;
  #follower;
  #earlier = h('button.plain.small.earlier', { type: 'button', onclick: () => this.#loadEarlier() }, t('earlier'));
  #loading = h('div.loading', { 'aria-hidden': 'true' }, h('i'), h('i'), h('i'));
  #empty = h('div.empty');
  #missing = h('p.missing', { hidden: true, role: 'status' });
  #jump = h('button.jump', { type: 'button', 'aria-label': t('jump'), title: t('jump'), hidden: true, onclick: () => this.toEnd(true) }, icon('bottom'));

  /** @param {(what: string, item: object | null, detail?: unknown) => void} act */
  constructor(act) {
    this.#act = act;
    const column = h('div.column', this.#missing, this.#earlier, this.#loading, this.#empty);
    // Able to be focused, so that the keys that scroll do.
    this.scroller = h('div.scroller', { tabindex: 0, role: 'region', 'aria-label': t('messages') }, column);
    this.#list = new MessageList({
      act, scroller: this.scroller, label: t('messages'), items: () => this.#conversation?.transcript.shown() ?? [],
      context: (items) => this.#context(items), after: (items) => this.#drawn(items),
    });
    column.append(this.#list.element);
    this.element = h('div.conversation', this.scroller, this.#jump);
    this.#follower = new Follower(this.scroller, this.#list.element, ({ away, top }) => {
      this.#jump.hidden = !away;
      if (top) this.#loadEarlier();
    });
  }

  show(conversation) {
    this.#conversation = conversation;
    this.#list.clear();
    this.#follower.follow();
    this.#list.render();
  }

  /** Something changed; without an item the order did. */
  changed(item, order = true) {
    this.#list.changed(item, order);
  }

  toEnd(smooth = false) {
    this.#follower.toEnd(smooth);
  }

  /** Brings a message into view and marks it for a moment. @returns whether it is there */
  point(id) {
    this.#list.render();
    const found = this.#list.find(id);
    if (!found) return false;
    this.#follower.leave();
    found.scrollIntoView({ block: 'center' });
    found.classList.remove('pointed');
    requestAnimationFrame(() => { found.classList.add('pointed'); found.scrollIntoView({ block: 'center' }); });
    found.tabIndex = -1;
    found.focus({ preventScroll: true });
    return true;
  }

  /** Focuses the message before or after the one that has the focus. */
  step(by) {
    const all = [...this.#list.element.children];
    if (!all.length) return;
    const at = all.findIndex((each) => each.contains(document.activeElement));
    const next = all[at < 0 ? all.length - 1 : Math.max(0, Math.min(all.length - 1, at + by))];
    this.#follower.leave();
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: 'nearest' });
  }

  #context(items) {
    const conversation = this.#conversation;
    const { transcript, user } = conversation;
    const mine = (item) => item.role === 'user' && (item.own || item.userId === user);
    const last = items.findLast((item) => item.role === 'user')?.id;
    const many = conversation.people.size > 0 || new Set(items.filter((item) => item.role === 'user').map((item) => item.userId ?? user)).size > 1;
    const lastMine = many ? items.findLast((item) => mine(item) && item.id && !item.deleted) : undefined;
    return (item) => ({
      user, open: !conversation.closed, many, agents: conversation.agents,
      last: item.id === last || item.questionId === last || (item.role === 'assistant' && item === items.at(-1)),
      replies: item.id ? transcript.threadSize(item.id) : 0,
      readers: item === lastMine ? transcript.readers(item, user).map((id) => conversation.nameOf(id)) : [],
    });
  }

  #drawn(items) {
    const { loaded, earlier, missing } = this.#conversation;
    this.#earlier.hidden = !earlier;
    this.#loading.hidden = loaded || !!missing || items.length > 0;
    this.#drawMissing();
    this.#drawEmpty(items);
    this.#follower.settle();
  }

  /** Says that messages are not here that should be. */
  #drawMissing() {
    const missing = !!this.#conversation.missing;
    if (this.#missing.hidden !== missing) return;
    this.#missing.hidden = !missing;
    this.#missing.replaceChildren(...(missing ? [icon('warning'), h('span', t('notLoaded')), h('button.plain.small', { type: 'button', onclick: () => this.#conversation.retry() }, t('tryAgain'))] : []));
  }

  #drawEmpty(items) {
    const empty = this.#conversation.loaded && !this.#conversation.missing && !items.length && !this.#conversation.earlier;
    this.#empty.hidden = !empty;
    const shut = this.#conversation.closed;
    if (!empty || this.#empty.firstChild && this.#empty.dataset.shut === String(shut)) return;
    this.#empty.dataset.shut = String(shut);
    if (shut) {
      const words = { NOT_FOUND: 'gone', FORBIDDEN: 'forbidden' }[this.#conversation.closedBy?.code] ?? 'closedHere';
      this.#empty.replaceChildren(h('div.empty-mark', icon('lock')), h('h2', t(words)), h('div.suggestions', h('button.suggestion', { type: 'button', onclick: () => this.#act('new', null) }, t('newChat'))));
      return;
    }
    const suggestions = ['suggestion1', 'suggestion2', 'suggestion3'].map((key) => h('button.suggestion', {
      type: 'button', onclick: () => this.#act('suggest', null, t(key)),
    }, t(key)));
    this.#empty.replaceChildren(h('div.empty-mark', icon('spark')), h('h2', t('welcome')), h('p', t('welcomeText')), h('div.suggestions', suggestions));
  }

  async #loadEarlier() {
    const conversation = this.#conversation;
    if (!conversation?.earlier) return;
    if (!await conversation.loadEarlier().catch(() => false) || conversation !== this.#conversation) return;
    // What is read now stays where it is, however far somebody has gone since they asked.
    const back = this.#follower.hold();
    this.#list.changed();
    this.#list.render();
    back();
  }
}
