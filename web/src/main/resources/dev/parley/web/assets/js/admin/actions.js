import { choices, question } from '../dialog.js';
import { h } from '../dom.js';
import { complain, toast } from '../toasts.js';
import { admin } from './api.js';
import { w } from './words.js';

/** What is done to everybody, or to somebody's tokens. */
export function actions() {
  return { element: h('section.panel.forms', { 'aria-label': w('actions') }, announcement(), revocation()), beat: () => {}, shown: () => {}, hidden: () => {} };
}

function announcement() {
  const message = h('textarea.field', { rows: 3, maxlength: 1000, 'aria-label': w('message'), placeholder: w('message'), required: true });
  const level = choices(w('level'), [['info', w('info')], ['warning', w('warning')], ['error', w('error')]], 'info');
  return form(w('announce'), w('announceText'), [message, level.element], w('send'), async () => {
    await admin.announce(message.value.trim(), level.value());
    message.value = '';
    toast(w('told'));
  });
}

function revocation() {
  const who = h('input.field', { 'aria-label': w('subject'), required: true, maxlength: 200, autocomplete: 'off' });
  const what = choices(w('revoke'), [['user_id', w('revokeUser')], ['token_id', w('revokeToken')]], 'user_id');
  return form(w('revoke'), w('revokeText'), [what.element, who], w('doRevoke'), async () => {
    if (!await question({ title: w('revokeQuestion', { who: who.value.trim() }), text: w('revokeText'), confirm: w('doRevoke'), danger: true })) return;
    await admin.revoke({ [what.value()]: who.value.trim() });
    who.value = '';
    toast(w('revoked'));
  }, true);
}

function form(title, text, fields, label, act, danger = false) {
  const button = h(danger ? 'button.primary.danger' : 'button.primary', { type: 'submit' }, label);
  return h('form.card', {
    onsubmit: async (event) => {
      event.preventDefault();
      button.disabled = true;
      try { await act(); } catch (error) { complain(error); } finally { button.disabled = false; }
    },
  }, h('h2', title), h('p.faint', text), fields, button);
}
