import { dialog } from './dialog.js';
import { h } from './dom.js';
import { t } from './i18n.js';

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/** What keys do, as they are listed under `?`; what is done is said by the name. */
const KEYS = [
  { does: 'palette', keys: ['mod', 'K'], when: (e) => mod(e) && !e.shiftKey && e.key.toLowerCase() === 'k' },
  { does: 'searchAll', keys: ['mod', 'shift', 'F'], when: (e) => mod(e) && e.shiftKey && e.key.toLowerCase() === 'f' },
  { does: 'newChat', keys: ['mod', 'shift', 'O'], when: (e) => mod(e) && e.shiftKey && e.key.toLowerCase() === 'o' },
  { does: 'copyLast', keys: ['mod', 'shift', 'Y'], when: (e) => mod(e) && e.shiftKey && e.key.toLowerCase() === 'y' },
  { does: 'olderMessage', keys: ['alt', '↑'], when: (e) => e.altKey && e.key === 'ArrowUp' },
  { does: 'newerMessage', keys: ['alt', '↓'], when: (e) => e.altKey && e.key === 'ArrowDown' },
  { does: 'toEnd', keys: ['alt', 'End'], when: (e) => e.altKey && e.key === 'End' },
  { does: 'write', keys: ['/'], when: (e) => e.key === '/' && !mod(e) && !writing(e) },
  { does: 'shortcuts', keys: ['?'], when: (e) => e.key === '?' && !writing(e) || mod(e) && e.key === '/' },
];

/** What the places of writing do by themselves. */
const ELSEWHERE = [
  { does: 'send', keys: ['Enter'] }, { does: 'newLine', keys: ['shift', 'Enter'] }, { does: 'editLast', keys: ['↑'] }, { does: 'stopAnswer', keys: ['Esc'] },
];

const mod = (event) => (MAC ? event.metaKey : event.ctrlKey);
const writing = ({ target }) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** @returns {string | undefined} what a key press asks for */
export function wanted(event) {
  return event.isComposing ? undefined : KEYS.find(({ when }) => when(event))?.does;
}

/** Lists them. */
export function showShortcuts() {
  if (document.querySelector('dialog[open]')) return;
  const row = ({ does, keys }) => [h('dt', keys.map((key, at) => [at > 0 && h('span.faint', '+'), h('kbd', named(key))]).flat()), h('dd', t(does))];
  dialog(t('shortcuts'), { className: 'dialog', cross: true },
    h('h3', t('writingKeys')), h('dl.keys', ELSEWHERE.flatMap(row)), h('h3', t('everywhereKeys')), h('dl.keys', KEYS.flatMap(row)));
}

/** As a person says a shortcut: `Ctrl+K`. */
export function spoken(does) {
  return KEYS.find((each) => each.does === does)?.keys.map(named).join(MAC ? '' : '+') ?? '';
}

function named(key) {
  return { mod: MAC ? '⌘' : 'Ctrl', shift: MAC ? '⇧' : 'Shift', alt: MAC ? '⌥' : 'Alt' }[key] ?? key;
}
