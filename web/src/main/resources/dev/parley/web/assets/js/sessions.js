import { api } from './api.js';
import { arrange, h, plainName } from './dom.js';
import { excerpt } from './excerpt.js';
import { currentLanguage, t } from './i18n.js';
import { icon } from './icons.js';
import { showMenu } from './menu.js';
import { read, whenKeptElsewhere, write } from './storage.js';

const DAY = 86_400_000;
const PAUSE = 200;
/** So long several wishes to see the list anew are one. */
const TOGETHER = 80;

/** The list of conversations: newest first, by day, with what was not read yet; and what is found in all of them. */
export class Sessions {
  #store;
  #go;
  #actions;
  #filter;
  #list = h('nav.session-list', { 'aria-label': t('conversations') });
  #note = h('p.faint.list-note', { role: 'status' });
  #groups = new Map();
  #rows = new Map();
  #found = h('section', { hidden: true });
  #hits = { words: '', messages: [] };
  #searching = null;
  #loading = null;
  /** Counts how often the list was asked for: an answer that is overtaken by a newer one is not heard any more. */
  #asks = 0;
  #heard = 0;
  #signal = null;
  /** How much of the list is wanted, in parts as large as the server gives them. */
  #parts = 1;
  #more = h('button.plain.small.more-sessions', { type: 'button', hidden: true, onclick: () => this.#loadMore() }, t('showOlder'));

  /**
   * @param {import('./store.js').Store} store
   * @param {{go: (id: string | null, message?: string) => void, actions: import('./session-actions.js').SessionActions, footer: HTMLElement}} parts
   *   `go` opens a conversation, at a message, or a new one
   */
  constructor(store, { go, actions, footer }) {
    this.#store = store;
    this.#go = go;
    this.#actions = actions;
    store.set({ seen: read('seen', {}) });
    this.#filter = h('input.field', { type: 'search', placeholder: t('searchAll'), 'aria-label': t('searchAll'), oninput: () => this.#filtered(), onkeydown: (event) => this.#key(event) });
    this.element = h('aside.sidebar', { 'aria-label': t('conversations') },
      h('div.sidebar-top', h('div.brand', h('span.brand-mark'), h('span', 'Parley')),
        h('button.new-chat', { type: 'button', onclick: () => go(null) }, icon('plus'), h('span', t('newChat')))),
      h('div.sidebar-filter', icon('search'), this.#filter), this.#list, footer);
    store.on(['sessions', 'unsent', 'current', 'seen'], () => this.#draw());
  }

  /** Begins to look after the list, until `signal` says that it is enough. */
  start(signal) {
    this.#signal = signal;
    const look = () => document.hidden || this.load();
    document.addEventListener('visibilitychange', look, { signal });
    // What was read in one tab is read in all.
    whenKeptElsewhere((name, seen) => name === 'seen' && seen && this.#store.set({ seen: furthest(this.#store.get('seen'), seen) }), signal);
    const timer = setInterval(look, 30_000);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    return this.load();
  }

  get current() {
    return this.all.find((each) => each.session_id === this.#store.get('current'));
  }

  /** What the server has, and before it what it does not know yet. */
  get all() {
    const sessions = this.#store.get('sessions');
    const known = new Set(sessions.map((each) => each.session_id));
    return [...this.#store.get('unsent').filter((each) => !known.has(each.session_id)).reverse(), ...sessions];
  }

  /** Asks the server; those who want it at the same time get the same answer, from after they asked. */
  load() {
    this.#loading ??= new Promise((resolve) => { setTimeout(resolve, TOGETHER); }).then(() => {
      this.#loading = null;
      return this.#fetch();
    });
    return this.#loading;
  }

  async #fetch() {
    const ask = ++this.#asks;
    try {
      const sessions = new Map();
      let next = 0;
      for (let part = 0; part < this.#parts && next !== null; part++) {
        const page = await api.sessions(next);
        for (const session of page.sessions) sessions.set(session.session_id, session);
        next = page.next;
      }
      if (ask < this.#heard || this.#signal?.aborted) return;
      this.#heard = ask;
      this.#more.hidden = next === null;
      this.#firstSight([...sessions.values()]);
      this.#store.set({ sessions: [...sessions.values()], listed: true });
      this.markSeen();
    } catch {
      // The list stays as it was; the badge says that the server is away.
    }
  }

  async #loadMore() {
    this.#parts += 1;
    this.#more.disabled = true;
    await this.load();
    this.#more.disabled = false;
  }

  /** What is there when somebody comes for the first time counts as read; what comes later does not. */
  #firstSight(sessions) {
    if (typeof this.#store.get('seen')[''] === 'string') return;
    const newest = sessions.reduce((last, each) => (each.last_activity > last ? each.last_activity : last), '');
    this.#keepSeen({ ...this.#store.get('seen'), '': newest });
  }

  /** What is open in front of somebody is read. */
  markSeen() {
    const session = this.current;
    const seen = this.#store.get('seen');
    if (!session || session.unsent || document.hidden || seen[session.session_id]?.cursor === session.cursor) return;
    this.#keepSeen({ ...seen, [session.session_id]: { cursor: session.cursor, at: session.last_activity } });
  }

  /** A conversation is left: what was heard there until now, was heard in front of somebody. */
  left({ id, position }) {
    const seen = this.#store.get('seen');
    if (document.hidden || position <= Number(seen[id]?.cursor ?? 0)) return;
    this.#keepSeen({ ...seen, [id]: { cursor: String(position), at: seen[id]?.at ?? '' } });
  }

  #keepSeen(seen) {
    this.#store.set({ seen });
    write('seen', seen);
  }

  focusSearch() {
    this.#filter.focus();
    this.#filter.select();
  }

  #filtered() {
    this.#draw();
    clearTimeout(this.#searching);
    const words = this.#filter.value.trim();
    if (words.length < 2) {
      this.#hits = { words: '', messages: [] };
      this.#drawHits();
      return;
    }
    this.#searching = setTimeout(async () => {
      const found = await api.searchAll(words).catch(() => ({ messages: [], total: 0 }));
      if (this.#filter.value.trim() !== words) return;
      this.#hits = { words, ...found };
      this.#draw();
    }, PAUSE);
  }

  #draw() {
    const words = plain(this.#filter.value.trim());
    const sessions = this.all;
    const shown = sessions.filter((each) => plain(each.title || t('untitled')).includes(words));
    const known = new Set(sessions.map((each) => each.session_id));
    for (const id of this.#rows.keys()) if (!known.has(id)) this.#rows.delete(id);
    const byAge = new Map();
    for (const session of shown) byAge.set(age(session), [...(byAge.get(age(session)) ?? []), this.#row(session)]);
    const focused = document.activeElement;
    this.#drawHits();
    arrange(this.#list, [...[...byAge].map(([name, rows]) => this.#group(name, rows)), this.#more, this.#found, this.#note]);
    // What was moved keeps the focus.
    if (focused instanceof HTMLElement && this.#list.contains(focused) && document.activeElement !== focused) focused.focus();
    const nothing = !shown.length && !this.#hits.messages.length;
    this.#note.hidden = !nothing;
    const note = nothing ? t(sessions.length ? 'noMatch' : 'noSessions') : '';
    if (this.#note.textContent !== note) this.#note.textContent = note;
  }

  #group(name, rows) {
    let group = this.#groups.get(name);
    if (!group) {
      group = h('section', h('h2.group', t(name)), h('ul'));
      this.#groups.set(name, group);
    }
    arrange(group.lastChild, rows);
    return group;
  }

  #row(session) {
    const id = session.session_id;
    let row = this.#rows.get(id);
    if (!row) {
      row = this.#newRow(id);
      this.#rows.set(id, row);
    }
    row.show(session);
    return row.element;
  }

  #newRow(id) {
    let shown = '';
    let session;
    const title = h('span');
    const unread = h('i.unread', { role: 'img', 'aria-label': t('unread'), title: t('unread'), hidden: true });
    const waits = h('span.shared', { role: 'img', 'aria-label': t('waiting'), title: t('waiting'), hidden: true }, icon('clock'));
    const shared = h('span.shared', { role: 'img', 'aria-label': t('sharedMark'), title: t('sharedMark'), hidden: true }, icon('people'));
    const closed = h('span.tag', { hidden: true }, t('closed'));
    const open = h('button.row-title', { type: 'button', 'data-session': id, onclick: () => this.#go(id) }, unread, title, waits, shared, closed);
    const more = h('button.quiet.row-more', { type: 'button', 'aria-haspopup': 'menu', onclick: () => showMenu(more, this.#actions.entries(session)) }, icon('more'));
    const element = h('li.row', open, more);
    const show = (now) => {
      session = now;
      const here = id === this.#store.get('current');
      const { [id]: seen, '': since } = this.#store.get('seen');
      // Somebody who only comes or goes is no news.
      const news = !here && !now.unsent && (seen ? Number(now.cursor) > Number(seen.cursor) && now.last_activity > seen.at : now.last_activity > since);
      const waiting = this.#store.get('unsent').some((each) => each.session_id === id);
      const words = plainName(now.title) || t('untitled');
      const next = JSON.stringify([words, here, news, waiting, now.status, now.members.length]);
      if (next === shown) return;
      shown = next;
      title.textContent = words;
      open.title = words;
      more.setAttribute('aria-label', t('menuOf', { title: words }));
      unread.hidden = !news;
      waits.hidden = !waiting;
      shared.hidden = now.members.length < 2;
      closed.hidden = now.status !== 'closed';
      element.classList.toggle('here', here);
      element.classList.toggle('news', news);
      if (here) open.setAttribute('aria-current', 'page');
      else open.removeAttribute('aria-current');
    };
    return { element, show };
  }

  #drawHits() {
    const { words, messages } = this.#hits;
    this.#found.hidden = !messages.length;
    if (!messages.length || this.#found.dataset.words === `${words} ${messages.length}`) return;
    this.#found.dataset.words = `${words} ${messages.length}`;
    const titles = new Map(this.#store.get('sessions').map((each) => [each.session_id, plainName(each.title) || t('untitled')]));
    this.#found.replaceChildren(h('h2.group', t('inMessages')), h('ul', messages.map((message) => h('li', h('button.hit', { type: 'button', onclick: () => this.#go(message.session_id, message.message_id) },
      h('span.hit-title', titles.get(message.session_id) ?? message.session_id), h('span.hit-text', ...excerpt(message.content, words)))))));
  }

  #key(event) {
    if (event.key === 'Escape' && this.#filter.value) {
      event.stopPropagation();
      this.#filter.value = '';
      this.#filtered();
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      this.#list.querySelector('button')?.focus();
    }
  }
}

/** Of two notes of what was read where, what reaches further. */
function furthest(one, other) {
  const all = { ...other, ...one };
  for (const [id, { cursor } = {}] of Object.entries(other)) if (Number(cursor) > Number(all[id].cursor)) all[id] = other[id];
  return all;
}

function plain(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase(currentLanguage());
}

function age({ last_activity: last }) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const at = Date.parse(last);
  return at >= midnight ? 'today' : at >= midnight - DAY ? 'yesterday' : at >= midnight - 7 * DAY ? 'week' : 'older';
}
