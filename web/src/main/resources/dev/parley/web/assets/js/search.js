import { api } from './api.js';
import { complain } from './toasts.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { t, time } from './i18n.js';

const AROUND = 70;

/** Finds messages of one conversation; resolves with the id of the chosen one, or null. */
export function search(session) {
  return new Promise((resolve) => {
    let asked = 0;
    let timer = null;
    const results = h('ul.results', { role: 'listbox', 'aria-label': t('search') });
    const note = h('p.faint', { role: 'status' }, t('searchHint'));
    const input = h('input.search-input', { type: 'text', autocomplete: 'off', placeholder: t('searchHere'), 'aria-label': t('searchHere'), oninput: () => { clearTimeout(timer); timer = setTimeout(run, 150); } });
    const dialog = h('dialog.search', { 'aria-label': t('searchHere'), onclose: () => done(null), onclick: (event) => event.target === dialog && done(null), onkeydown: keys },
      h('div.search-top', icon('search'), input, h('button.quiet', { type: 'button', 'aria-label': t('close'), onclick: () => done(null) }, icon('close'))), note, results);
    function done(answer) {
      clearTimeout(timer);
      dialog.remove();
      resolve(answer);
    }
    async function run() {
      const q = input.value.trim();
      const mine = ++asked;
      if (!q) {
        results.replaceChildren();
        note.textContent = t('searchHint');
        return;
      }
      try {
        const { messages, total } = await api.search(session, q);
        if (mine !== asked) return;
        note.textContent = total ? t('found', { n: total }) : t('nothing');
        results.replaceChildren(...messages.map((message) => h('li', { role: 'option' },
          h('button.result', { type: 'button', onclick: () => done(message.message_id) },
            h('span.result-head', message.role === 'assistant' ? t('assistant') : message.name ?? message.user_id, ' · ', new Date(message.timestamp).toLocaleDateString(), ' ', time(message.timestamp)),
            h('span.result-text', ...excerpt(message.content, q))))));
      } catch (error) {
        complain(error);
      }
    }
    function keys(event) {
      const all = [input, ...results.querySelectorAll('button')];
      const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!move) return;
      event.preventDefault();
      all[Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement) + move))].focus();
    }
    document.body.append(dialog);
    dialog.showModal();
    input.focus();
  });
}

/** The neighbourhood of the first hit, with every hit marked; words match whatever their case and accents. */
export function excerpt(content, query) {
  const words = plain(query).split(/\s+/).filter(Boolean);
  // Marks of Markdown say nothing in one line of text.
  const text = content.replace(/```\w*|[*_`#>|]+/g, ' ').replace(/\s+/g, ' ');
  const first = Math.max(0, Math.min(...words.map((word) => plain(text).indexOf(word)).filter((at) => at >= 0)));
  const begin = Number.isFinite(first) ? Math.max(0, first - AROUND) : 0;
  const cut = text.slice(begin, begin + AROUND * 3);
  const parts = [begin > 0 ? '…' : ''];
  let at = 0;
  while (at < cut.length) {
    const hits = words.map((word) => [plain(cut).indexOf(word, at), word.length]).filter(([where]) => where >= 0).sort((a, b) => a[0] - b[0]);
    if (!hits.length) break;
    const [where, length] = hits[0];
    parts.push(cut.slice(at, where), h('mark', cut.slice(where, where + length)));
    at = where + length;
  }
  return [...parts, cut.slice(at), begin + cut.length < text.length ? '…' : ''];
}

/** As long as what went in, so that places stay the same. */
function plain(text) {
  return [...text].map((c) => { const bare = c.normalize('NFD')[0].toLowerCase(); return bare.length === c.length ? bare : c; }).join('');
}
