import { api } from './api.js';
import { dialog } from './dialog.js';
import { h, plainName } from './dom.js';
import { excerpt } from './excerpt.js';
import { currentLanguage, t, time } from './i18n.js';
import { icon } from './icons.js';
import { complain } from './toasts.js';

/** Finds messages of one conversation; resolves with the id of the chosen one, or null. */
export function search(session) {
  return new Promise((resolve) => {
    let asked = 0;
    let timer = null;
    const results = h('ul.results', { 'aria-label': t('results') });
    const note = h('p.faint', { role: 'status' }, t('searchHint'));
    const input = h('input.search-input', { type: 'text', autocomplete: 'off', placeholder: t('searchHere'), 'aria-label': t('searchHere'), oninput: () => { clearTimeout(timer); timer = setTimeout(run, 150); } });
    const { element, close } = dialog(t('searchHere'), { className: 'search', cross: true, closed: (found) => { clearTimeout(timer); resolve(found ?? null); } },
      h('div.search-top', icon('search'), input), note, results);
    element.addEventListener('keydown', keys);
    input.focus();

    async function run() {
      const q = input.value.trim();
      const mine = ++asked;
      if (!q) {
        results.replaceChildren();
        note.textContent = t('searchHint');
        return;
      }
      const { messages, total } = await api.search(session, q).catch(failed);
      if (mine !== asked) return;
      note.textContent = total ? t('found', { n: total }) : t('nothing');
      results.replaceChildren();
      show(messages, q, total);
    }

    /** The next part of what was found; a way to the one after it stands at the end. */
    function show(messages, q, total) {
      results.append(...messages.map((message) => h('li',
        h('button.result', { type: 'button', onclick: () => close(message.message_id) },
          h('span.result-head', message.role === 'assistant' ? t('assistant') : plainName(message.name ?? message.user_id), ' · ',
            new Date(message.timestamp).toLocaleDateString(currentLanguage()), ' ', time(message.timestamp)),
          h('span.result-text', ...excerpt(message.content, q))))));
      const had = results.children.length;
      if (!messages.length || had >= total) return;
      const more = h('li', h('button.plain.small', { type: 'button', onclick: async () => {
        const mine = asked;
        const next = await api.search(session, q, had).catch(failed);
        if (mine !== asked || !more.isConnected) return;
        more.remove();
        show(next.messages, q, total);
        results.children[had]?.firstChild.focus();
      } }, t('showOlder')));
      results.append(more);
    }

    function failed(error) {
      complain(error);
      return { messages: [], total: 0 };
    }

    function keys(event) {
      const all = [input, ...results.querySelectorAll('button')];
      const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!move) return;
      event.preventDefault();
      all[Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement) + move))].focus();
    }
  });
}
