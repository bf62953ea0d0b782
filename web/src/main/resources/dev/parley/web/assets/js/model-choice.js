import { api } from './api.js';
import { h, plainName } from './dom.js';
import { icon } from './icons.js';
import { t } from './i18n.js';
import { showMenu } from './menu.js';
import { read, write } from './storage.js';

/** Which model and agent answer; hidden while there is nothing to choose. */
export class ModelChoice {
  #store;
  #label = h('span');

  /** @param {import('./store.js').Store} store */
  constructor(store) {
    this.#store = store;
    store.set({ choice: read('choice', {}) });
    this.element = h('button.choice', { type: 'button', hidden: true, 'aria-haspopup': 'menu', title: t('choose'), onclick: () => showMenu(this.element, this.entries()) },
      icon('sliders'), this.#label);
    store.on(['choice', 'models', 'agents'], () => this.#draw());
  }

  /** What goes with a message. */
  get options() {
    const { model, agent } = this.#store.get('choice');
    return { ...(model ? { model } : {}), ...(agent ? { agent } : {}) };
  }

  async load() {
    const [{ models, demo }, { agents }] = await Promise.all([api.models(), api.agents()]);
    const { model, agent } = this.#store.get('choice');
    // What is gone cannot be chosen any more.
    const choice = { ...(models.some(({ name }) => name === model) ? { model } : {}), ...(agents.some(({ id }) => id === agent) ? { agent } : {}) };
    this.#store.set({ models, agents, choice, demo: demo === true });
  }

  /** As entries of a menu. */
  entries() {
    const chosen = this.#store.get('choice');
    const entry = (kind, value, label) => ({ label, checked: (chosen[kind] ?? '') === value, act: () => this.#choose(kind, value) });
    const models = this.#store.get('models');
    const agents = this.#store.get('agents');
    return [
      ...(agents.length > 1 ? [{ heading: t('agent') }, entry('agent', '', t('automatic')), ...agents.map(({ id, name }) => entry('agent', id, plainName(name ?? id)))] : []),
      { heading: t('model') }, entry('model', '', t('automatic')), ...models.map(({ name }) => entry('model', name, plainName(name))),
    ];
  }

  #choose(kind, value) {
    const choice = { ...this.#store.get('choice'), [kind]: value || undefined };
    write('choice', choice);
    this.#store.set({ choice });
  }

  #draw() {
    const { model, agent } = this.#store.get('choice');
    const named = this.#store.get('agents').find(({ id }) => id === agent);
    const words = [named && plainName(named.name ?? named.id), model && plainName(model)].filter(Boolean).join(' · ') || t('automatic');
    this.element.hidden = this.#store.get('models').length + this.#store.get('agents').length < 3;
    this.#label.textContent = words;
    this.element.setAttribute('aria-label', `${t('choose')}: ${words}`);
  }
}
