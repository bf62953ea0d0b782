import { token } from './credentials.js';
import { choices, dialog } from './dialog.js';
import { h, plainName } from './dom.js';
import { LANGUAGES, chooseLanguage, currentLanguage, t } from './i18n.js';
import { icon } from './icons.js';
import { operate, operates } from './operations.js';
import { lasting } from './storage.js';
import { chooseTheme, theme } from './theme.js';

/**
 * How the page looks and speaks, and what belongs to the person.
 * @param {{store: import('./store.js').Store, signOut: () => void, exportAll: () => void, test: () => void}} means
 */
export function showSettings({ store, signOut, exportAll, test }) {
  if (document.querySelector('dialog[open]')) return;
  const { user_id: id, name } = store.get('conversation')?.client.info ?? {};
  const user = name && name !== id ? `${name} (${id})` : id ?? store.get('user');
  const { close } = dialog(t('settings'), { className: 'dialog', cross: true },
    h('h3', t('theme')), choices(t('theme'), [['auto', t('auto')], ['light', t('light')], ['dark', t('dark')]], theme(), chooseTheme).element,
    h('h3', t('language')), choices(t('language'), Object.entries(LANGUAGES), currentLanguage(), chooseLanguage).element,
    h('h3', t('yours')),
    user && h('p.faint', t('signedInAs', { name: plainName(user) }), ' ', t(lasting() ? 'keptHere' : 'keptInTab')),
    h('div.settings-buttons',
      h('button.plain', { type: 'button', onclick: () => { close(); exportAll(); } }, icon('download'), h('span', t('exportEverything'))),
      h('button.plain', { type: 'button', onclick: () => { close(); test(); } }, icon('pulse'), h('span', t('testLine'))),
      operates(store) && h('button.plain', { type: 'button', onclick: operate }, icon('sliders'), h('span', t('operations'))),
      token() && h('button.plain', { type: 'button', onclick: () => { close(); signOut(); } }, icon('out'), h('span', t('signOut')))));
}
