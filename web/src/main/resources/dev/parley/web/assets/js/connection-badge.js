import { h } from './dom.js';
import { t } from './i18n.js';

/** Says how the connection is: hardly visible while all is well, with a countdown and a way to hurry when not. */
export class ConnectionBadge {
  #dot = h('i.dot', { 'aria-hidden': 'true' });
  #label = h('span');
  #open;
  #now = h('button.plain.small', { type: 'button', hidden: true }, t('retryNow'));
  /** For those who listen: what has changed, but not every second of a countdown. */
  #said = h('span.visually-hidden', { role: 'status' });
  #timer = null;
  #store;

  /** @param {import('./store.js').Store} store @param {{retry: () => void, details: () => void}} act */
  constructor(store, { retry, details }) {
    this.#store = store;
    this.#now.addEventListener('click', retry);
    this.#open = h('button.badge-state', { type: 'button', onclick: details }, this.#dot, this.#label);
    this.element = h('div.badge', this.#open, this.#now, this.#said);
    store.on(['connection', 'online'], () => this.#show());
    this.#show();
  }

  #show() {
    clearTimeout(this.#timer);
    const state = this.#store.get('connection');
    const { status, transport } = state;
    const lowered = status === 'connected' && transport !== 'websocket';
    this.element.hidden = status === 'idle';
    this.element.dataset.status = lowered ? 'fallback' : status;
    this.element.dataset.transport = transport ?? '';
    this.element.toggleAttribute('data-again', state.attempt > 0);
    this.#now.hidden = status !== 'waiting';
    const words = this.#words(state);
    if (this.#label.textContent !== words) this.#label.textContent = words;
    this.#open.title = lowered ? t('fallback', { how: t(transport) }) : t('connectionDetails');
    this.#open.setAttribute('aria-label', `${t('connection')}: ${words}`);
    const said = status === 'connected' || status === 'closed' ? words : status === 'waiting' ? t('reconnecting') : '';
    if (this.#said.textContent !== said) this.#said.textContent = said;
    if (status === 'waiting') this.#timer = setTimeout(() => this.#show(), 500);
  }

  #words({ status, transport, attempt, retryAt }) {
    switch (status) {
      case 'connected': return t({ websocket: 'live', sse: 'liveSse', poll: 'livePoll' }[transport]);
      case 'connecting': return t(attempt > 0 ? 'reconnecting' : 'connecting');
      case 'waiting': {
        if (!this.#store.get('online')) return t('offline');
        const left = Math.ceil((retryAt - Date.now()) / 1000);
        return left > 0 ? t('reconnectIn', { n: left }) : t('reconnecting');
      }
      default: return t('ended');
    }
  }
}
