import { h } from './dom.js';
import { icon } from './icons.js';
import { t } from './i18n.js';
import { showMenu, showRow } from './menu.js';

const EMOJI = ['👍', '❤️', '😄', '🎉', '🤔', '👀'];

/** What can be done with a message that is there. */
export function messageButtons(item, reply, { user, last, open, inThread }, act) {
  const button = (name, label, what, detail, more = {}) => h('button.quiet', {
    type: 'button', 'aria-label': t(label), title: t(label), onclick: () => act(what, item, detail), ...more,
  }, icon(name));
  const own = !reply && (item.own || item.userId === user);
  const parts = [button('copy', 'copy', 'copy')];
  if (open && reply) {
    if (last) parts.push(button('again', 'regenerate', 'regenerate'));
    for (const [name, label, helpful] of [['up', 'good', true], ['down', 'bad', false]]) {
      parts.push(button(name, label, 'feedback', { helpful }, { 'aria-pressed': String(item.feedback?.helpful === helpful) }));
    }
  }
  if (open && own && last) parts.push(button('edit', 'edit', 'edit'));
  if (open) {
    const react = h('button.quiet', { type: 'button', 'aria-label': t('react'), title: t('react'), 'aria-haspopup': 'menu' }, icon('smile'));
    react.addEventListener('click', () => showRow(react, EMOJI.map((emoji) => ({ label: emoji, act: () => act('react', item, emoji) }))));
    parts.push(react);
  }
  const more = [
    !inThread && { label: t('replyInThread'), icon: 'thread', act: () => act('thread', item) },
    !inThread && { label: t('branch'), icon: 'branch', act: () => act('branch', item) },
    item.edited && { label: t('showVersions'), icon: 'clock', act: () => act('versions', item) },
    own && open && !last && { label: t('correct'), icon: 'edit', act: () => act('correct', item) },
    own && open && { label: t('remove'), icon: 'trash', danger: true, act: () => act('remove', item) },
  ].filter(Boolean);
  if (more.length) {
    const anchor = h('button.quiet', { type: 'button', 'aria-label': t('more'), title: t('more'), 'aria-haspopup': 'menu' }, icon('more'));
    anchor.addEventListener('click', () => showMenu(anchor, more));
    parts.push(anchor);
  }
  return parts;
}
