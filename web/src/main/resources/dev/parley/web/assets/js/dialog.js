import { h } from './dom.js';
import { t } from './i18n.js';

/** A modal question; resolves with the text, `true`, or null when it was dismissed. */
export function question({ title, text, value, confirm = t('ok'), danger = false }) {
  return new Promise((resolve) => {
    const input = value === undefined ? null : h('input.field', { value, 'aria-label': title, maxlength: 200 });
    const done = (answer) => { dialog.close(); dialog.remove(); resolve(answer); };
    const accept = () => done(input ? input.value.trim() || null : true);
    const dialog = h('dialog.dialog', { 'aria-label': title, oncancel: () => done(null) },
      h('h2', title), text && h('p', text), input,
      h('div.dialog-actions',
        h('button.plain', { type: 'button', onclick: () => done(null) }, t('cancel')),
        h(danger ? 'button.primary.danger' : 'button.primary', { type: 'button', onclick: accept }, confirm)));
    input?.addEventListener('keydown', (event) => event.key === 'Enter' && accept());
    document.body.append(dialog);
    dialog.showModal();
    input?.select();
  });
}
