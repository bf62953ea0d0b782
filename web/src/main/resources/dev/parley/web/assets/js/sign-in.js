import { api } from './api.js';
import { keep } from './credentials.js';
import { h } from './dom.js';
import { t } from './i18n.js';

/** Asks for a token until one is accepted. */
export function signIn(place, reason) {
  return new Promise((resolve) => {
    const trouble = h('p.bad', { role: 'alert' }, reason ? t(reason) : '');
    const field = h('textarea.field', { rows: 4, 'aria-label': t('token'), placeholder: 'eyJ…', spellcheck: 'false', autocomplete: 'off' });
    const lasting = h('input', { type: 'checkbox' });
    const button = h('button.primary', { type: 'submit' }, t('signIn'));
    const form = h('form.sign-in', {
      onsubmit: async (event) => {
        event.preventDefault();
        button.disabled = true;
        keep(field.value.trim(), lasting.checked);
        try {
          await api.quota();
          form.parentElement.remove();
          resolve();
        } catch {
          trouble.textContent = t('badToken');
          button.disabled = false;
        }
      },
    }, h('div.brand', h('span.brand-mark'), h('span', 'Parley')), h('h1', t('signIn')), h('p', t('signInText')), field,
    h('label.check', lasting, h('span', t('remember'))), trouble, button);
    place.replaceChildren(h('main.sign-in-place', form));
    field.focus();
  });
}
