import { api } from './api.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { t } from './i18n.js';
import { showMenu } from './menu.js';

const KEY = 'parley:choice';

/** Which model and agent answer; hidden while there is nothing to choose. */
export class ModelChoice {
  #chosen = JSON.parse(sessionStorage.getItem(KEY) ?? '{}');
  #models = [];
  #agents = [];
  #label = h('span');

  constructor() {
    this.element = h('button.choice', { type: 'button', hidden: true, 'aria-haspopup': 'menu', 'aria-label': t('choose'), title: t('choose'), onclick: () => this.#open() },
      icon('sliders'), this.#label);
  }

  /** What goes with a message. */
  get options() {
    const { model, agent } = this.#chosen;
    return { ...(model ? { model } : {}), ...(agent ? { agent } : {}) };
  }

  /** @returns whether only the demo model answers */
  async load() {
    const [models, agents] = await Promise.all([api.models(), api.agents()]);
    this.#models = models.models;
    this.#agents = agents.agents;
    if (!this.#models.some(({ name }) => name === this.#chosen.model)) delete this.#chosen.model;
    if (!this.#agents.some(({ id }) => id === this.#chosen.agent)) delete this.#chosen.agent;
    this.element.hidden = this.#models.length + this.#agents.length < 3;
    this.#draw();
    return models.demo === true;
  }

  #open() {
    const entry = (kind, value, label) => ({ label, checked: (this.#chosen[kind] ?? '') === value, act: () => this.#choose(kind, value) });
    showMenu(this.element, [
      { heading: t('model') }, entry('model', '', t('automatic')), ...this.#models.map(({ name }) => entry('model', name, name)),
      ...(this.#agents.length > 1 ? [{ heading: t('agent') }, entry('agent', '', t('automatic')), ...this.#agents.map(({ id, name }) => entry('agent', id, name ?? id))] : []),
    ]);
  }

  #choose(kind, value) {
    this.#chosen[kind] = value || undefined;
    sessionStorage.setItem(KEY, JSON.stringify(this.#chosen));
    this.#draw();
  }

  #draw() {
    const agent = this.#agents.find(({ id }) => id === this.#chosen.agent);
    this.#label.textContent = [agent && (agent.name ?? agent.id), this.#chosen.model].filter(Boolean).join(' · ') || t('automatic');
  }
}
