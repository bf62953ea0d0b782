/** Left of the end so much that it counts as being there, and that a way back is offered. */
const AT_END = 24;
const AWAY = 240;
const NEAR_TOP = 300;
const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** Keeps the end of a growing text in sight while the reader is there, and never moves a reader who has gone elsewhere. */
export class Follower {
  #scroller;
  #content;
  #tell;
  #following = true;
  #top = 0;

  /** @param {HTMLElement} scroller @param {HTMLElement} content @param {(where: {away: boolean, top: boolean}) => void} tell */
  constructor(scroller, content, tell = () => {}) {
    this.#scroller = scroller;
    this.#content = content;
    this.#tell = tell;
    scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    // Who wants up says so before anything has moved.
    scroller.addEventListener('wheel', ({ deltaY }) => deltaY < 0 && this.leave(), { passive: true });
    scroller.addEventListener('keydown', ({ key }) => ['ArrowUp', 'PageUp', 'Home'].includes(key) && this.leave());
    const grown = new ResizeObserver(() => this.settle());
    grown.observe(content);
    grown.observe(scroller);
  }

  get following() {
    return this.#following;
  }

  follow() {
    this.#following = true;
  }

  leave() {
    if (this.#scroller.scrollHeight > this.#scroller.clientHeight + 1) this.#following = false;
  }

  /** After something was drawn. */
  settle() {
    if (this.#following) this.toEnd();
    else this.#look();
  }

  toEnd(smooth = false) {
    this.#following = true;
    const { scroller } = this;
    const end = scroller.scrollHeight - scroller.clientHeight;
    if (Math.abs(scroller.scrollTop - end) > 1) scroller.scrollTo({ top: end, behavior: smooth && !calm.matches ? 'smooth' : 'instant' });
    this.#look();
  }

  /** @returns what puts the reader back to what is read now, after something was put above it in the same breath */
  hold() {
    const { top } = this.#scroller.getBoundingClientRect();
    const read = [...this.#content.children].find((each) => each.getBoundingClientRect().bottom > top);
    const before = read?.getBoundingClientRect().top;
    this.#following = false;
    // The browser would do the same once more, or not at all at the very top.
    this.#scroller.classList.add('held');
    return () => {
      if (read?.isConnected) this.#scroller.scrollTop += read.getBoundingClientRect().top - before;
      requestAnimationFrame(() => this.#scroller.classList.remove('held'));
    };
  }

  get scroller() {
    return this.#scroller;
  }

  get #left() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  #scrolled() {
    const { scrollTop } = this.#scroller;
    const up = scrollTop < this.#top - 1;
    this.#top = scrollTop;
    if (this.#left <= AT_END && !up) this.#following = true;
    else if (up && this.#left > AT_END) this.#following = false;
    this.#look(up);
  }

  #look(up = false) {
    this.#tell({ away: !this.#following && this.#left > AWAY, top: up && this.#scroller.scrollTop < NEAR_TOP });
  }
}
