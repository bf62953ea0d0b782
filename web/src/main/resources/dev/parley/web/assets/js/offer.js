import { h } from './dom.js';
import { icon } from './icons.js';
import { t } from './i18n.js';

const SHOWN = 80;

/** Says what another tab wrote where something else is written here, until it is taken over or put away. */
export class Offer {
  element = h('div.editing', { hidden: true });
  #take;
  #putAway;

  /** @param {{take: (text: string) => void, putAway: (text: string) => void}} act */
  constructor({ take, putAway }) {
    this.#take = take;
    this.#putAway = putAway;
  }

  /** @param {string} text nothing where there is nothing to offer */
  show(text) {
    this.element.hidden = !text;
    this.element.replaceChildren(...(text ? [icon('tabs'), h('span', t('otherTab', { text: text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text })),
      h('button.plain.small', { type: 'button', onclick: () => this.#take(text) }, t('useIt')),
      h('button.quiet', { type: 'button', 'aria-label': t('putAway'), title: t('putAway'), onclick: () => this.#putAway(text) }, icon('close'))] : []));
  }
}
