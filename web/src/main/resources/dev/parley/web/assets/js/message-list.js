import { arrange, h, perFrame } from './dom.js';
import { colouring, whenColoured } from './highlight.js';
import { MessageView } from './message-view.js';

/** So many of the newest are drawn with the first frame; the others when they come near. */
const FIRST = 12;
/** So long, in milliseconds, whoever listens has for hearing that something new is there. */
const TOLD = 1_000;

/** Messages in order: draws what has changed, and of what is far away only the text. */
export class MessageList {
  #act;
  #items;
  #context;
  #views = new Map();
  #byElement = new WeakMap();
  #changed = new Set();
  #order = false;
  #near;
  #after;
  /** What is not read to its end yet by those who listen. */
  #loud = new Set();
  #hushing = null;
  #draw = perFrame(() => this.render());
  #look = perFrame(() => this.#busy());

  /**
   * @param {{act: Function, items: () => object[], context: (items: object[]) => (item: object) => object, scroller: HTMLElement,
   *   label: string, after?: (items: object[]) => void}} parts
   *   `context` what decides the looks of an item beside itself, `after` is called when the list was drawn
   */
  constructor({ act, items, context, scroller, label, after = () => {} }) {
    this.#act = act;
    this.#items = items;
    this.#context = context;
    this.#after = after;
    this.element = h('div.messages', { role: 'log', 'aria-live': 'polite', 'aria-relevant': 'additions', 'aria-label': label });
    this.#near = new IntersectionObserver((seen) => {
      for (const { isIntersecting, target } of seen) {
        if (!isIntersecting) continue;
        this.#near.unobserve(target);
        this.#byElement.get(target)?.near();
      }
    }, { root: scroller, rootMargin: '1500px 0px' });
    whenColoured(() => this.#look());
  }

  clear() {
    for (const view of this.#views.values()) this.#near.unobserve(view.element);
    this.#views.clear();
    this.#loud.clear();
    this.element.replaceChildren();
    this.#order = true;
  }

  /** Something changed; without an item the order did. */
  changed(item, order = true) {
    if (item) this.#changed.add(item);
    this.#order ||= order;
    this.#draw();
  }

  find(id) {
    return this.element.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  render() {
    const order = this.#order;
    const changed = this.#changed;
    this.#order = false;
    this.#changed = new Set();
    if (!order) {
      for (const item of changed) this.#views.get(item)?.update();
      this.#busy();
      return;
    }
    const items = this.#items();
    const context = this.#context(items);
    const keep = new Set(items);
    for (const [item, view] of this.#views) {
      if (keep.has(item)) continue;
      this.#near.unobserve(view.element);
      this.#views.delete(item);
      this.#loud.delete(view);
    }
    const elements = items.map((item, at) => {
      let view = this.#views.get(item);
      if (view) {
        const now = context(item);
        // Of a thousand messages nearly all are what they were.
        if (view.revision !== item.revision || !same(view.context, now)) {
          view.context = now;
          view.revision = item.revision;
          view.update();
        }
      } else {
        const near = at >= items.length - FIRST;
        view = new MessageView(item, this.#act, context(item), { near, settled: this.#look });
        view.revision = item.revision;
        this.#views.set(item, view);
        this.#byElement.set(view.element, view);
        if (!near) this.#near.observe(view.element);
        // What was there before, and what one has written oneself, is no news.
        if (item.old || item.own) view.hush();
        else this.#loud.add(view);
      }
      return view.element;
    });
    this.#busy();
    arrange(this.element, elements);
    this.#after(items);
  }

  /**
   * While an answer is written it is not read aloud word by word, but once, when it is complete and its code has its colours. What
   * changes later in what was read is not read again.
   */
  #busy() {
    const busy = colouring() || this.#any();
    if (this.element.getAttribute('aria-busy') !== String(busy)) this.element.setAttribute('aria-busy', String(busy));
    clearTimeout(this.#hushing);
    if (!busy && this.#loud.size) this.#hushing = setTimeout(() => this.#hush(), TOLD);
  }

  /** Whether anything is still being written; of thousands of messages it is one of the last. */
  #any() {
    for (const view of this.#views.values()) if (view.busy) return true;
    return false;
  }

  #hush() {
    for (const view of this.#loud) view.hush();
    this.#loud.clear();
  }
}

function same(one, other) {
  return Object.keys(other).every((key) => (Array.isArray(other[key]) ? one[key].join() === other[key].join() : one[key] === other[key]));
}
