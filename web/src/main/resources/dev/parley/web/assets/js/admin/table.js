import { arrange, h, plainName } from '../dom.js';
import { currentLanguage, time } from '../i18n.js';
import { w } from './words.js';

/**
 * A table that keeps its rows: what did not change is not touched, so that focus and selection stay.
 * @param {[string, (item: object) => Node | string][]} columns heading and cell
 * @param {(item: object) => string} key
 */
export function table(label, columns, key) {
  const body = h('tbody');
  const empty = h('p.faint.table-empty', { hidden: true }, w('none'));
  const element = h('div.table-place', { tabindex: '0', role: 'region', 'aria-label': label },
    h('table', h('thead', h('tr', columns.map(([heading]) => h('th', { scope: 'col' }, heading)))), body), empty);
  let rows = new Map();

  function show(items) {
    const next = new Map();
    for (const item of items) {
      const id = key(item);
      const cells = columns.map(([, cell]) => cell(item));
      const said = JSON.stringify(item);
      const before = rows.get(id);
      if (before?.said === said) next.set(id, before);
      else if (before) { before.row.replaceChildren(...cells.map((cell) => h('td', cell))); next.set(id, { row: before.row, said }); }
      else next.set(id, { row: h('tr', cells.map((cell) => h('td', cell))), said });
    }
    rows = next;
    arrange(body, [...rows.values()].map((each) => each.row));
    empty.hidden = items.length > 0;
  }

  return { element, show };
}

export const name = (text) => h('span.name', { title: plainName(text) }, plainName(text));

export function moment(iso) {
  const day = new Date(iso);
  const today = day.toDateString() === new Date().toDateString();
  return h('time', { datetime: iso, title: day.toLocaleString(currentLanguage()) },
    today ? time(iso) : day.toLocaleDateString(currentLanguage(), { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }));
}

/** Says since when a panel shows what was, and why; as long as looking anew works there is nothing to say. */
export function trouble() {
  const element = h('p.trouble', { role: 'status', hidden: true });
  let good = null;
  /** Looks, and remembers how that went. */
  const watched = (look) => async () => {
    try {
      await look();
      good = new Date().toISOString();
      element.hidden = true;
    } catch (error) {
      const why = error.code ? error.message : w('lost');
      const words = good ? w('stale', { at: time(good), why }) : why;
      if (element.textContent !== words) element.textContent = words;
      element.hidden = false;
    }
  };
  return { element, watched };
}

/** A button that is out of reach while what it does is under way. */
export function act(label, what, { danger = false, title } = {}) {
  const button = h(danger ? 'button.plain.small.bad' : 'button.plain.small', {
    type: 'button', title,
    onclick: async () => {
      button.disabled = true;
      try { await what(); } finally { button.disabled = false; }
    },
  }, label);
  return button;
}
