import { api } from './api.js';
import { choices, dialog } from './dialog.js';
import { h, plainName } from './dom.js';
import { icon } from './icons.js';
import { t } from './i18n.js';
import { complain, toast } from './toasts.js';

const VISIBILITIES = ['private', 'group', 'shared'];

/**
 * Who may come in: the conversation's visibility, its members, its link. Resolves when it is closed.
 * @param {object} given the session as the server tells it
 * @param {{user: string, mayManage: boolean, nameOf?: (user: string) => string}} who `nameOf` what somebody is called, as far as it was heard
 */
export function share(given, { user, mayManage, nameOf = (id) => id }) {
  return new Promise((resolve) => {
    let session = given;
    /** Who is there now, by their names. */
    let present = new Map();
    const explained = h('p.faint');
    const members = h('ul.members', { 'aria-label': t('members') });
    const trouble = h('p.bad', { role: 'alert' });
    const visibility = choices(t('visibility'), VISIBILITIES.map((each) => [each, t(each)]), session.visibility, (chosen) => change(() => api.change(session.session_id, { visibility: chosen })));
    const name = h('input.field', { 'aria-label': t('inviteWhom'), placeholder: t('inviteWhom'), maxlength: 128, autocomplete: 'off', spellcheck: 'false' });
    const invite = h('form.invite', {
      onsubmit: (event) => {
        event.preventDefault();
        const who = name.value.trim();
        if (who) change(() => api.invite(session.session_id, who)).then((done) => { if (done) name.value = ''; });
      },
    }, name, h('button.plain', { type: 'submit' }, t('invite')));
    const { element } = dialog(t('share'), { className: 'dialog', closed: () => resolve(), cross: true },
      mayManage ? visibility.element : null, explained, h('h3', t('members')), members, mayManage ? invite : null, trouble,
      h('div.dialog-actions', h('button.primary', { type: 'button', onclick: copy }, icon('link'), h('span', t('copyLink')))));
    draw();
    api.presence(session.session_id).then((answer) => { present = new Map(answer.present.map(({ user_id: id, name }) => [id, name ?? id])); draw(); }).catch(() => {});
    element.querySelector('input, .primary').focus();

    function draw() {
      explained.textContent = t(`${session.visibility}Explained`);
      members.replaceChildren(...session.members.map(({ user_id: id, name: called }) => {
        // Whoever was invited has no name in the list before they come back once more.
        const words = plainName(called && called !== id ? called : present.get(id) ?? nameOf(id));
        return h('li', h('span.face', { 'aria-hidden': 'true' }, [...words][0]?.toUpperCase() ?? '?'),
          h('span.member-name', words, words !== id && h('span.faint', ` ${plainName(id)}`)),
          (present.has(id) || id === user) && h('span.here-now', t('hereNow')),
          id === session.user_id && h('span.tag', t('owner')),
          mayManage && id !== session.user_id && h('button.quiet', { type: 'button', 'aria-label': t('removeMember', { name: words }), title: t('removeMember', { name: words }), onclick: () => change(async () => { await api.expel(session.session_id, id); return api.session(session.session_id); }) }, icon('close')));
      }));
    }

    async function change(act) {
      trouble.textContent = '';
      try {
        session = await act();
        draw();
        return true;
      } catch (error) {
        trouble.textContent = error.message;
        visibility.element.querySelector(`[value="${CSS.escape(session.visibility)}"]`).checked = true;
        return false;
      }
    }

    async function copy() {
      const address = new URL(location.href);
      address.hash = `#/${encodeURIComponent(session.session_id)}`;
      try {
        await navigator.clipboard.writeText(address.href);
        toast(t('linkCopied'));
      } catch (error) {
        complain(error);
      }
    }
  });
}
