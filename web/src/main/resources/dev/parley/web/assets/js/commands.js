import { t } from './i18n.js';
import { operate, operates } from './operations.js';
import { spoken } from './shortcuts.js';
import { chooseTheme, theme } from './theme.js';

/** What the palette offers, beside the conversations: made anew each time, since it depends on what is open. */
export function commands({ store, actions, choice, does, settings, search, line, signOut }) {
  return () => {
    const current = store.get('sessions').find((each) => each.session_id === store.get('current'));
    const dark = document.documentElement.dataset.theme === 'dark';
    return [
      { label: t('newChat'), icon: 'plus', keys: spoken('newChat'), act: () => does('newChat') },
      { label: t('searchAll'), icon: 'search', keys: spoken('searchAll'), act: () => does('searchAll') },
      current && { label: t('searchHere'), icon: 'search', act: search },
      ...(current ? actions.entries(current).filter(Boolean).map(({ label, icon, act }) => ({ label: `${label} · ${t('thisConversation')}`, icon, act })) : []),
      current && { label: t('copyLast'), icon: 'copy', keys: spoken('copyLast'), act: () => does('copyLast') },
      ...choice.entries().filter((each) => each.label && !each.heading && !each.checked && each.label !== t('automatic')).map(({ label, act }) => ({ label: t('answerWith', { name: label }), icon: 'sliders', act })),
      { label: t(dark ? 'goLight' : 'goDark'), icon: dark ? 'sun' : 'moon', act: () => chooseTheme(dark ? 'light' : 'dark') },
      theme() !== 'auto' && { label: t('goAuto'), icon: 'auto', act: () => chooseTheme('auto') },
      { label: t('settings'), icon: 'sliders', act: settings },
      { label: t('testLine'), icon: 'pulse', act: line },
      operates(store) && { label: t('operations'), icon: 'pulse', act: operate },
      { label: t('shortcuts'), icon: 'help', keys: '?', act: () => does('shortcuts') },
      { label: t('exportEverything'), icon: 'download', act: () => actions.exportAs(null) },
      { label: t('signOut'), icon: 'out', act: signOut },
    ].filter(Boolean);
  };
}
