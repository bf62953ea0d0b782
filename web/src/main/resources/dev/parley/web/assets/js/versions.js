import { api } from './api.js';
import { dialog } from './dialog.js';
import { h, plainName } from './dom.js';
import { currentLanguage, t } from './i18n.js';
import { complain } from './toasts.js';

/** What a message said before it was edited, newest first. */
export async function showVersions(item, nameOf) {
  try {
    const { history } = await api.versions(item.id);
    const when = (iso) => new Date(iso).toLocaleString(currentLanguage(), { dateStyle: 'medium', timeStyle: 'short' });
    dialog(t('versions'), { className: 'dialog', cross: true },
      h('ol.old-versions', h('li', h('p.faint', t('now')), h('div.plain-text', item.content)),
        history.toReversed().map(({ content, edited_at: at, edited_by: by }) => h('li',
          h('p.faint', t('until', { when: when(at), name: plainName(nameOf(by)) })), h('div.plain-text', content)))));
  } catch (error) {
    complain(error);
  }
}
