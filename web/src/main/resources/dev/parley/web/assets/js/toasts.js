import { h } from './dom.js';
import { icon } from './icons.js';
import { t } from './i18n.js';

/** In the browser's top layer, so that it is seen over an open window too. */
const place = h('div.toasts', { role: 'status', 'aria-live': 'polite', popover: 'manual' });
document.body.append(place);

/** A short note that goes away by itself; what can be waited for is counted down. */
export function toast(text, { kind = 'info', seconds = 6 } = {}) {
  const note = h(`div.toast.${kind}`, h('span', text), h('button.quiet', { type: 'button', 'aria-label': t('close'), onclick: () => note.remove() }, icon('close')));
  place.append(note);
  if (place.matches(':popover-open')) place.hidePopover();
  place.showPopover?.();
  while (place.children.length > 4) place.firstChild.remove();
  setTimeout(() => note.remove(), seconds * 1000);
}

/** Says what went wrong. */
export function complain(error) {
  if (error.code === 'UNAUTHORIZED') return;
  const text = error.code === 'RATE_LIMIT' && error.retryAfter ? t('limit', { n: Math.ceil(error.retryAfter) })
    : error.code === 'CONNECTION_LOST' || error.code === 'TIMEOUT' ? t('lostAnswer')
    : error instanceof TypeError ? t('away')
    : error.message || t('error');
  toast(text, { kind: 'error', seconds: Math.max(6, Math.min(error.retryAfter ?? 0, 30)) });
}
