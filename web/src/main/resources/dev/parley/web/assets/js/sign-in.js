import { api } from './api.js';
import { keep } from './credentials.js';
import { h } from './dom.js';
import { t } from './i18n.js';

/**
 * Asks for a token until one is accepted; only then it is kept.
 * @param {(token: string, lasting: boolean) => void} take keeps it
 */
export function signIn(place, reason, take = keep) {
  return new Promise((resolve) => {
    const trouble = h('p.bad', { role: 'alert' }, reason ? t(reason) : '');
    const field = h('textarea.field', { rows: 4, 'aria-label': t('token'), placeholder: 'eyJ…', spellcheck: 'false', autocomplete: 'off', autocapitalize: 'off', onkeydown: (event) => {
      if (event.key !== 'Enter' || event.shiftKey) return;
      event.preventDefault();
      form.requestSubmit();
    } });
    const lasting = h('input', { type: 'checkbox' });
    const button = h('button.primary', { type: 'submit' }, t('signIn'));
    const form = h('form.sign-in', {
      onsubmit: async (event) => {
        event.preventDefault();
        // Whoever copied the whole address means the token in it.
        const given = field.value.trim().replace(/^\S*#token=/, '');
        if (!given || button.disabled) return;
        button.disabled = true;
        trouble.textContent = '';
        try {
          await api.admits(given);
          take(given, lasting.checked);
          form.parentElement.remove();
          resolve();
        } catch (error) {
          trouble.textContent = error.status === 401 ? t('badToken') : error.status ? error.message : t('away');
          button.disabled = false;
          field.focus();
        }
      },
    }, h('div.brand', h('span.brand-mark'), h('span', 'Parley')), h('h1', t('signIn')), h('p', t('signInText')), field,
    h('label.check', lasting, h('span', t('remember'))), trouble, button);
    place.replaceChildren(h('main.sign-in-place', form));
    field.focus();
  });
}
