import { api } from './api.js';
import { dialog } from './dialog.js';
import { h, plainName } from './dom.js';
import { excerpt } from './excerpt.js';
import { currentLanguage, t } from './i18n.js';
import { icon } from './icons.js';

const MOST = 8;

/**
 * Everything by its name: what can be done, where one can go, and what was said anywhere.
 * @param {{commands: {label: string, icon: string, keys?: string, act: () => void}[], sessions: object[], go: (id: string, message?: string) => void}} what
 */
export function palette({ commands, sessions, go }) {
  if (document.querySelector('dialog[open]')) return;
  let asked = 0;
  let timer = null;
  let options = [];
  let at = 0;
  const list = h('div.palette-list', { role: 'listbox', id: 'palette-list', 'aria-label': t('results') });
  const input = h('input.search-input', {
    type: 'text', autocomplete: 'off', placeholder: t('paletteHint'), 'aria-label': t('palette'), role: 'combobox', 'aria-expanded': 'true', 'aria-controls': 'palette-list',
    oninput: () => { draw([]); clearTimeout(timer); timer = setTimeout(find, 180); },
  });
  const { element, close } = dialog(t('palette'), { className: 'search', closed: (act) => { clearTimeout(timer); act?.(); } }, h('div.search-top', icon('search'), input), list);
  element.classList.add('palette');
  element.addEventListener('keydown', keys);
  draw([]);
  input.focus();

  async function find() {
    const words = input.value.trim();
    const mine = ++asked;
    if (words.length < 2) return;
    const { messages } = await api.searchAll(words, MOST).catch(() => ({ messages: [] }));
    if (mine === asked) draw(messages);
  }

  function draw(messages) {
    const words = plain(input.value.trim());
    const fits = (text) => words.split(/\s+/).every((word) => plain(text).includes(word));
    const titles = new Map(sessions.map((each) => [each.session_id, plainName(each.title) || t('untitled')]));
    options = [];
    const group = (name, entries) => (entries.length ? [h('div.menu-heading', { role: 'presentation' }, t(name)), ...entries] : []);
    const option = (act, ...content) => {
      const id = `palette-${options.length}`;
      const made = h('div.palette-option', { role: 'option', id, onclick: () => close(act), onpointermove: () => choose(options.findIndex((each) => each.element.id === id), false) }, ...content);
      options.push({ element: made, act });
      return made;
    };
    const some = (all) => (words ? all : all.slice(0, MOST));
    list.replaceChildren(
      ...group('commands', some(commands.filter(({ label }) => fits(label))).map(({ label, icon: name, keys: pressed, act }) => option(act, icon(name), h('span.palette-words', label), pressed && h('kbd', pressed)))),
      ...group('conversations', sessions.filter((each) => fits(titles.get(each.session_id))).slice(0, MOST).map((each) => option(() => go(each.session_id), icon('chat'), h('span.palette-words', titles.get(each.session_id))))),
      ...group('inMessages', messages.map((message) => option(() => go(message.session_id, message.message_id), icon('search'),
        h('span.palette-words', ...excerpt(message.content, input.value), h('small.faint', titles.get(message.session_id) ?? ''))))));
    if (!options.length) list.append(h('p.faint.list-note', t('noMatch')));
    choose(0, false);
  }

  function choose(to, scroll = true) {
    at = options.length ? (to + options.length) % options.length : 0;
    options.forEach(({ element: each }, index) => each.setAttribute('aria-selected', String(index === at)));
    const chosen = options[at]?.element;
    if (chosen) input.setAttribute('aria-activedescendant', chosen.id);
    else input.removeAttribute('aria-activedescendant');
    if (scroll) chosen?.scrollIntoView({ block: 'nearest' });
  }

  function keys(event) {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) {
      event.preventDefault();
      choose(at + move);
    } else if (event.key === 'Enter' && !event.isComposing && options[at]) {
      event.preventDefault();
      close(options[at].act);
    }
  }
}

function plain(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase(currentLanguage());
}
