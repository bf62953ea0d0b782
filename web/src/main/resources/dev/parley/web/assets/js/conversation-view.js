import { h, perFrame } from './dom.js';
import { icon } from './icons.js';
import { t } from './i18n.js';
import { MessageView } from './message-view.js';

/** The list of messages: draws what has changed, follows the end while the reader is there, and stays put when not. */
export class ConversationView {
  #conversation = null;
  #act;
  #views = new Map();
  #list = h('div.messages', { role: 'log', 'aria-live': 'off', 'aria-relevant': 'additions' });
  #earlier = h('button.plain.small.earlier', { type: 'button', onclick: () => this.#loadEarlier() }, t('earlier'));
  #empty = h('div.empty');
  #jump = h('button.jump', { type: 'button', 'aria-label': t('jump'), title: t('jump'), hidden: true, onclick: () => this.toEnd(true) }, icon('bottom'));
  /** Read aloud when it ends, instead of every word on its way. */
  #said = h('div.visually-hidden', { role: 'status', 'aria-live': 'polite' });
  #following = true;
  #changed = new Set();
  #order = false;
  #draw = perFrame(() => this.#render());

  constructor(act) {
    this.#act = act;
    this.scroller = h('div.scroller', { tabindex: -1 }, h('div.column', this.#earlier, this.#empty, this.#list));
    this.element = h('div.conversation', this.scroller, this.#jump, this.#said);
    this.scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#following && this.toEnd()).observe(this.#list);
  }

  show(conversation) {
    this.#conversation = conversation;
    this.#views.clear();
    this.#list.replaceChildren();
    this.#following = true;
    this.#order = true;
    this.#render();
  }

  /** Something changed; without an item the order did. */
  changed(item, order = true) {
    if (item) this.#changed.add(item);
    this.#order ||= order;
    this.#draw();
  }

  /** Says an ended reply to those who listen instead of looking. */
  say(text) {
    this.#said.textContent = text;
  }

  toEnd(smooth = false) {
    this.#following = true;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth && !matchMedia('(prefers-reduced-motion: reduce)').matches ? 'smooth' : 'instant' });
  }

  /** Brings a message into view and marks it for a moment. */
  point(id) {
    const found = this.#list.querySelector(`[data-id="${CSS.escape(id)}"]`);
    if (!found) return;
    this.#following = false;
    found.scrollIntoView({ block: 'center' });
    found.classList.remove('pointed');
    requestAnimationFrame(() => found.classList.add('pointed'));
    found.tabIndex = -1;
    found.focus({ preventScroll: true });
  }

  #render() {
    const conversation = this.#conversation;
    if (!conversation) return;
    const order = this.#order;
    const changed = this.#changed;
    this.#order = false;
    this.#changed = new Set();
    if (!order) {
      for (const item of changed) this.#views.get(item)?.update();
      return;
    }
    const items = conversation.transcript.shown();
    const last = items.findLast((item) => item.role === 'user')?.id;
    const many = new Set(items.filter((item) => item.role === 'user').map((item) => item.userId)).size > 1 || conversation.people.size > 0;
    const context = (item) => ({
      user: conversation.user, open: !conversation.closed, many,
      last: item.id === last || item.questionId === last || (item.role === 'assistant' && item === items.at(-1)),
    });
    let place = this.#list.firstChild;
    const keep = new Set(items);
    for (const [item, view] of this.#views) {
      if (keep.has(item)) continue;
      if (view.element === place) place = place.nextSibling;
      view.element.remove();
      this.#views.delete(item);
    }
    for (const item of items) {
      const view = this.#views.get(item) ?? new MessageView(item, this.#act, context(item));
      this.#views.set(item, view);
      view.context = context(item);
      view.update();
      if (view.element === place) place = place.nextSibling;
      else this.#list.insertBefore(view.element, place);
    }
    this.#earlier.hidden = !conversation.earlier;
    this.#drawEmpty(items);
    if (this.#following) this.toEnd();
  }

  #drawEmpty(items) {
    const empty = this.#conversation.loaded && !items.length && !this.#conversation.earlier;
    this.#empty.hidden = !empty;
    if (!empty || this.#empty.firstChild) return;
    const suggestions = this.#conversation.closed ? [] : ['suggestion1', 'suggestion2', 'suggestion3'].map((key) => h('button.suggestion', {
      type: 'button', onclick: () => this.#act('suggest', null, t(key)),
    }, t(key)));
    this.#empty.replaceChildren(h('div.empty-mark', icon('spark')), h('h1', t('welcome')), h('p', t('welcomeText')), h('div.suggestions', suggestions));
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const left = scrollHeight - scrollTop - clientHeight;
    this.#following = left < 60;
    this.#jump.hidden = left < 240;
    if (scrollTop < 120) this.#loadEarlier();
  }

  async #loadEarlier() {
    if (!this.#conversation?.earlier) return;
    const { scroller } = this;
    const fromEnd = scroller.scrollHeight - scroller.scrollTop;
    this.#following = false;
    if (!await this.#conversation.loadEarlier().catch(() => false)) return;
    this.#render();
    // What is read stays where it is.
    scroller.scrollTop = scroller.scrollHeight - fromEnd;
  }
}
