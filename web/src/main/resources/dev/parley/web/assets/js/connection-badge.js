import { h } from './dom.js';
import { t } from './i18n.js';

/** Says how the connection is: hardly visible while all is well, with a countdown and a way to hurry when not. */
export class ConnectionBadge {
  #dot = h('i.dot', { 'aria-hidden': 'true' });
  #label = h('span');
  #now = h('button.plain.small', { type: 'button', hidden: true }, t('retryNow'));
  #timer = null;
  #state = { status: 'idle' };

  constructor(retry) {
    this.#now.addEventListener('click', retry);
    this.element = h('div.badge', { role: 'status' }, this.#dot, this.#label, this.#now);
    addEventListener('online', () => this.show(this.#state));
    addEventListener('offline', () => this.show(this.#state));
    this.show(this.#state);
  }

  show(state) {
    this.#state = state;
    clearTimeout(this.#timer);
    const { status, transport } = state;
    const lowered = status === 'connected' && transport !== 'websocket';
    this.element.hidden = status === 'idle';
    this.element.dataset.status = lowered ? 'fallback' : status;
    this.element.dataset.transport = transport ?? '';
    this.element.title = lowered ? t('fallback', { how: t(transport) }) : '';
    this.#now.hidden = status !== 'waiting';
    this.#write(this.#words(state));
    if (status === 'waiting') this.#timer = setTimeout(() => this.show(state), 500);
  }

  /** Only what is new is written, so that a screen reader does not hear every second. */
  #write(text) {
    if (this.#label.textContent !== text) this.#label.textContent = text;
  }

  #words({ status, transport, attempt, retryAt }) {
    switch (status) {
      case 'connected': return t({ websocket: 'live', sse: 'liveSse', poll: 'livePoll' }[transport]);
      case 'connecting': return t(attempt > 0 ? 'reconnecting' : 'connecting');
      case 'waiting': {
        if (!navigator.onLine) return t('offline');
        const left = Math.ceil((retryAt - Date.now()) / 1000);
        return left > 0 ? t('reconnectIn', { n: left }) : t('reconnecting');
      }
      default: return t('ended');
    }
  }
}
