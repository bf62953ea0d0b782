import { BASE } from './api.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { t } from './i18n.js';

/** A worker keeps the page's own files, so that it opens without a line too. Conversations are not among them. */
export function keepForOffline() {
  if (!('serviceWorker' in navigator)) return;
  addEventListener('load', () => setTimeout(() => navigator.serviceWorker.register(new URL('sw.js', BASE)).catch(() => {}), 1_500), { once: true });
}

/** Says plainly that there is no line, as long as there is none. */
export function offlineNotice(store, signal) {
  const element = h('div.offline', { role: 'status', hidden: true }, icon('offline'), h('span', t('offlineNotice')));
  const show = () => { element.hidden = store.get('online'); };
  for (const event of ['online', 'offline']) addEventListener(event, () => store.set({ online: navigator.onLine }), { signal });
  store.on(['online'], show);
  show();
  return element;
}
