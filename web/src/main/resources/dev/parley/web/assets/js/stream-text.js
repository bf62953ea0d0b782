import { boundaries, refersAcross } from './blocks.js';
import { h, perFrame } from './dom.js';
import { t } from './i18n.js';
import { codeBlock, renderMarkdown } from './markdown.js';

/** What is rendered in one go, in characters, and how long it may go on until the browser has its turn, in milliseconds. */
const PORTION = 2_000;
const BUDGET = 8;
/** A block beyond this is shown as it is: nobody writes such a one to be read, and to parse it would stop everything else. */
const MONSTER = 20_000;
/** Of such a block only so much is laid out until the reader wants more. */
const MONSTER_SHOWN = 40_000;

/**
 * Shows Markdown that is still growing. What can no longer change is rendered once and left alone; only the last block is
 * rendered again, at most once per frame and less often when that takes long, so that a long answer costs no more per word
 * than a short one. A long text that is there at once is rendered portion by portion.
 */
export class StreamText {
  element = h('div.prose', { dir: 'auto' });
  #text = '';
  #fixed = 0;
  #tail = h('div.tail');
  #code = null;
  #finished = false;
  #done = false;
  /** Not before this moment is the last block rendered again. */
  #rest = 0;
  #resting = null;
  #draw = perFrame(() => this.#render());
  #settled;

  /** @param {() => void} settled is called when a finished text is there as it stays */
  constructor(settled = () => {}) {
    this.#settled = settled;
  }

  /** Whether the text is there as it stays. */
  get done() {
    return this.#done;
  }

  /** The whole text so far. */
  show(text, { finished = false } = {}) {
    if (text === this.#text && finished === this.#finished) return;
    if (!text.startsWith(this.#text)) this.#clear();
    this.#text = text;
    this.#finished = finished;
    this.#done = false;
    // What is short is there with the frame that asked for it.
    if (finished && this.#fixed === 0 && text.length <= PORTION) this.#render();
    else this.#draw();
  }

  #clear() {
    this.#fixed = 0;
    this.#code = null;
    this.element.replaceChildren();
  }

  #render() {
    if (this.#done) return;
    const begin = performance.now();
    if (this.#tail.parentNode !== this.element) this.element.append(this.#tail);
    if (this.#finished && this.#text.length < MONSTER && refersAcross(this.#text)) {
      this.#clear();
      this.#append(this.#text);
      this.#end();
      return;
    }
    if (!this.#freeze(begin)) {
      this.#draw();
    } else if (this.#finished) {
      this.#append(this.#text.slice(this.#fixed));
      this.#end();
    } else if (begin < this.#rest) {
      this.#resting ??= setTimeout(() => { this.#resting = null; this.#draw(); }, this.#rest - begin);
    } else {
      this.#renderTail(this.#text.slice(this.#fixed));
      const cost = performance.now() - begin;
      this.#rest = cost > BUDGET ? begin + cost * 5 : 0;
    }
  }

  /** Renders finished blocks once and for all. @returns whether there are no more */
  #freeze(begin) {
    let end = this.#fixed;
    for (const boundary of boundaries(this.#text, this.#fixed)) {
      // A block that is large by itself is not parsed together with others.
      if (boundary - this.#fixed > PORTION && end > this.#fixed) {
        this.#append(this.#text.slice(this.#fixed, end));
        this.#fixed = end;
        if (performance.now() - begin > BUDGET) return false;
      }
      end = boundary;
    }
    if (end > this.#fixed) {
      this.#append(this.#text.slice(this.#fixed, end));
      this.#fixed = end;
      if (performance.now() - begin > BUDGET) return false;
    }
    return true;
  }

  #append(markdown) {
    this.#code = null;
    if (!markdown) return;
    const place = this.#tail.parentNode === this.element ? this.#tail : null;
    this.element.insertBefore(markdown.length > MONSTER && !fenceOf(markdown) ? monster(markdown) : renderMarkdown(markdown), place);
    this.#tail.replaceChildren();
  }

  #end() {
    this.#done = true;
    this.#tail.remove();
    this.#fixed = this.#text.length;
    this.#settled();
  }

  #renderTail(tail) {
    const fence = fenceOf(tail);
    if (fence) {
      this.#plain(tail.slice(fence[0].length), fence[2]);
    } else if (tail.length > MONSTER) {
      this.#plain(tail.slice(0, MONSTER_SHOWN), null);
    } else {
      this.#code = null;
      this.#tail.replaceChildren(renderMarkdown(tail, { live: true }));
    }
  }

  /** Code that is still being written only gets its new end; colours come when it is whole. */
  #plain(body, language) {
    if (!this.#code) {
      this.#code = h(language === null ? 'p.plain-text' : 'code');
      this.#tail.replaceChildren(language === null ? this.#code : codeBlock(language, this.#code, true));
    }
    const shown = this.#code.firstChild;
    if (shown && body.startsWith(shown.data)) shown.appendData(body.slice(shown.data.length));
    else this.#code.replaceChildren(document.createTextNode(body));
  }
}

function fenceOf(text) {
  return /^(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^\n]*\n/.exec(text);
}

/** A huge block without form: its beginning, and the rest for whoever wants it. */
function monster(text) {
  const rest = text.slice(MONSTER_SHOWN);
  const body = h('p.plain-text', text.slice(0, MONSTER_SHOWN));
  if (rest) {
    const more = h('button.plain.small', { type: 'button', onclick: () => { body.append(rest); more.remove(); } }, t('showRest', { n: rest.length }));
    return h('div', body, more);
  }
  return body;
}
