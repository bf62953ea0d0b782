import { h, plainName } from './dom.js';
import { icon } from './icons.js';
import { t } from './i18n.js';

/** The line above a conversation: its title, who is there, how the connection is. */
export class Header {
  #title = h('h1.title');
  #people = h('button.people', { type: 'button', hidden: true });
  #session = h('span.session-buttons');
  #faces = '';

  /** @param {{drawer: () => void, search: () => void, share: () => void, menu: (anchor: HTMLElement) => void}} act @param {HTMLElement} badge */
  constructor(act, badge) {
    const more = h('button.quiet', { type: 'button', 'aria-label': t('menu'), title: t('menu'), 'aria-haspopup': 'menu' }, icon('more'));
    more.addEventListener('click', () => act.menu(more));
    this.#people.addEventListener('click', act.share);
    this.#session.append(
      h('button.quiet', { type: 'button', 'aria-label': t('searchHere'), title: t('searchHere'), onclick: act.search }, icon('search')),
      h('button.quiet.share-button', { type: 'button', 'aria-label': t('share'), title: t('share'), onclick: act.share }, icon('people')), more);
    this.element = h('header.header',
      h('button.quiet.drawer-button', { type: 'button', 'aria-label': t('openList'), title: t('openList'), onclick: act.drawer }, icon('menu')),
      this.#title, h('span.spring'), this.#people, badge, this.#session);
  }

  /** @param {{title: string, fresh: boolean}} what */
  show({ title, fresh }) {
    const words = fresh ? t('newChat') : plainName(title) || t('untitled');
    if (this.#title.textContent !== words) this.#title.textContent = words;
    this.#title.classList.toggle('visually-hidden', fresh);
    this.#session.hidden = fresh;
    document.title = fresh || !title ? 'Parley' : `${plainName(title)} · Parley`;
  }

  people(people) {
    const names = [...people.values()].map(plainName);
    const now = names.join('\n');
    if (now === this.#faces) return;
    this.#faces = now;
    this.#people.hidden = !names.length;
    const words = t('present', { names: names.join(', ') });
    this.#people.title = words;
    this.#people.setAttribute('aria-label', words);
    this.#people.replaceChildren(...names.slice(0, 4).map((name) => h('span.face', { 'aria-hidden': 'true' }, [...name][0]?.toUpperCase() ?? '?')),
      ...(names.length > 4 ? [h('span.face', `+${names.length - 4}`)] : []));
  }
}

/** Who is writing right now, below the messages. */
export function typingWords(typing) {
  const names = [...typing.values()].map(({ name }) => plainName(name));
  if (!names.length) return '';
  if (names.length === 1) return t('typing1', { a: names[0] });
  return names.length === 2 ? t('typing2', { a: names[0], b: names[1] }) : t('typingN', { n: names.length });
}
