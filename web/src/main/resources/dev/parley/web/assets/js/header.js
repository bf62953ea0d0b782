import { h } from './dom.js';
import { icon } from './icons.js';
import { t } from './i18n.js';

/** The line above a conversation: its title, who is there, how the connection is. */
export class Header {
  #title = h('h1.title');
  #people = h('div.people');
  #session = h('span.session-buttons');

  /** @param {{drawer: () => void, search: () => void, menu: (anchor: HTMLElement) => void}} act @param {HTMLElement} badge */
  constructor(act, badge) {
    const more = h('button.quiet', { type: 'button', 'aria-label': t('menu'), title: t('menu'), 'aria-haspopup': 'menu' }, icon('more'));
    more.addEventListener('click', () => act.menu(more));
    this.#session.append(h('button.quiet', { type: 'button', 'aria-label': t('search'), title: `${t('search')} (Ctrl+K)`, onclick: act.search }, icon('search')), more);
    this.element = h('header.header',
      h('button.quiet.drawer-button', { type: 'button', 'aria-label': t('openList'), onclick: act.drawer }, icon('menu')),
      this.#title, h('span.spring'), this.#people, badge, this.#session);
  }

  /** @param {{title: string, fresh: boolean}} what */
  show({ title, fresh }) {
    this.#title.textContent = fresh ? '' : title || t('untitled');
    this.#session.hidden = fresh;
    document.title = fresh || !title ? 'Parley' : `${title} · Parley`;
  }

  people(people) {
    const names = [...people.values()];
    this.#people.title = names.length ? t('present', { names: names.join(', ') }) : '';
    this.#people.replaceChildren(...names.slice(0, 4).map((name) => h('span.face', { role: 'img', 'aria-label': name }, [...name][0]?.toUpperCase() ?? '?')),
      ...(names.length > 4 ? [h('span.face', `+${names.length - 4}`)] : []));
  }
}

/** Who is writing right now, below the messages. */
export function typingWords(typing) {
  const names = [...typing.values()].map(({ name }) => name);
  if (!names.length) return '';
  if (names.length === 1) return t('typing1', { a: names[0] });
  return names.length === 2 ? t('typing2', { a: names[0], b: names[1] }) : t('typingN', { n: names.length });
}
