import { lastBoundary } from './blocks.js';
import { h, perFrame } from './dom.js';
import { codeBlock, renderMarkdown } from './markdown.js';

/**
 * Shows Markdown that is still growing. What can no longer change is rendered once and left alone; only the last block is
 * rendered again, at most once per frame, so that a long answer costs no more per word than a short one.
 */
export class StreamText {
  element = h('div.prose');
  #text = '';
  #fixed = 0;
  #tail = h('div.tail');
  #code = null;
  #finished = false;
  #draw = perFrame(() => this.#render());

  /** The whole text so far. */
  show(text, { finished = false } = {}) {
    if (text === this.#text && finished === this.#finished) return;
    if (!text.startsWith(this.#text)) this.#clear();
    this.#text = text;
    if (finished) this.#finish();
    else {
      this.#finished = false;
      this.#draw();
    }
  }

  #clear() {
    this.#fixed = 0;
    this.#code = null;
    this.element.replaceChildren();
  }

  /** Once more as a whole: what lies apart in the text, such as reference links, may belong together. */
  #finish() {
    this.#finished = true;
    this.#clear();
    this.element.replaceChildren(renderMarkdown(this.#text));
  }

  #render() {
    if (this.#finished) return;
    if (this.#tail.parentNode !== this.element) this.element.append(this.#tail);
    const end = lastBoundary(this.#text, this.#fixed);
    if (end > this.#fixed) {
      this.#tail.before(renderMarkdown(this.#text.slice(this.#fixed, end)));
      this.#fixed = end;
      this.#code = null;
    }
    this.#renderTail(this.#text.slice(this.#fixed));
  }

  #renderTail(tail) {
    const fence = /^(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^\n]*\n/.exec(tail);
    if (!fence) {
      this.#code = null;
      this.#tail.replaceChildren(renderMarkdown(tail, { live: true }));
      return;
    }
    // Code that is still being written only gets its new end; colours come when it is whole.
    const body = tail.slice(fence[0].length);
    if (!this.#code) {
      this.#code = h('code');
      this.#tail.replaceChildren(codeBlock(fence[2], this.#code, true));
    }
    const shown = this.#code.firstChild;
    if (shown && body.startsWith(shown.data)) shown.appendData(body.slice(shown.data.length));
    else this.#code.replaceChildren(document.createTextNode(body));
  }
}
