import { api } from './api.js';
import { complain, toast } from './toasts.js';
import { question } from './dialog.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { currentLanguage, t } from './i18n.js';
import { showMenu } from './menu.js';

const SEEN = 'parley:seen';
const DAY = 86_400_000;

/** The list of conversations: newest first, by day, with what was not read yet. */
export class Sessions {
  #sessions = [];
  #current = null;
  #go;
  #filter;
  #list = h('nav.session-list', { 'aria-label': t('conversations') });
  #seen = JSON.parse(localStorage.getItem(SEEN) ?? '{}');

  /** @param {(id: string | null) => void} go opens a conversation, or a new one */
  constructor(go, footer) {
    this.#go = go;
    this.#filter = h('input.field', { type: 'search', placeholder: t('filter'), 'aria-label': t('filter'), oninput: () => this.#draw() });
    this.element = h('aside.sidebar', { 'aria-label': t('conversations') },
      h('div.sidebar-top', h('div.brand', h('span.brand-mark'), h('span', 'Parley')),
        h('button.new-chat', { type: 'button', onclick: () => go(null) }, icon('plus'), h('span', t('newChat')))),
      h('div.sidebar-filter', icon('search'), this.#filter), this.#list, footer);
    document.addEventListener('visibilitychange', () => document.hidden || this.load());
    setInterval(() => document.hidden || this.load(), 30_000);
  }

  get current() {
    return this.#sessions.find((each) => each.session_id === this.#current);
  }

  async load() {
    try {
      ({ sessions: this.#sessions } = await api.sessions());
      this.#markSeen();
      this.#draw();
    } catch {
      // The list stays as it was; the badge says that the server is away.
    }
  }

  show(id) {
    this.#current = id;
    this.#markSeen();
    this.#draw();
  }

  clear() {
    this.#sessions = [];
    this.#draw();
  }

  #markSeen() {
    const session = this.current;
    if (!session || document.hidden) return;
    this.#seen[session.session_id] = session.last_activity;
    localStorage.setItem(SEEN, JSON.stringify(this.#seen));
  }

  #draw() {
    const words = this.#filter.value.trim().toLocaleLowerCase(currentLanguage());
    const found = this.#sessions.filter((each) => (each.title || t('untitled')).toLocaleLowerCase(currentLanguage()).includes(words));
    if (!found.length) {
      this.#list.replaceChildren(h('p.faint.list-note', t(this.#sessions.length ? 'noMatch' : 'noSessions')));
      return;
    }
    const groups = new Map();
    for (const session of found) groups.set(age(session), [...(groups.get(age(session)) ?? []), session]);
    const focused = document.activeElement?.dataset?.session;
    this.#list.replaceChildren(...[...groups].map(([name, sessions]) => h('section', h('h2.group', t(name)), h('ul', sessions.map((each) => this.#row(each))))));
    if (focused) this.#list.querySelector(`[data-session="${CSS.escape(focused)}"]`)?.focus();
  }

  #row(session) {
    const id = session.session_id;
    const here = id === this.#current;
    const unread = !here && this.#seen[id] && session.last_activity > this.#seen[id];
    const more = h('button.quiet.row-more', { type: 'button', 'aria-label': t('menu'), 'aria-haspopup': 'menu' }, icon('more'));
    more.addEventListener('click', () => showMenu(more, this.entries(session)));
    return h(here ? 'li.row.here' : 'li.row',
      h('button.row-title', { type: 'button', 'data-session': id, 'aria-current': here ? 'page' : undefined, onclick: () => this.#go(id) },
        unread && h('i.unread', { title: t('unread') }), h('span', session.title || t('untitled')),
        session.status === 'closed' && h('span.tag', t('closed'))), more);
  }

  /** What can be done with a conversation. */
  entries(session) {
    const closed = session.status === 'closed';
    return [
      !closed && { label: t('rename'), icon: 'edit', act: () => this.#rename(session) },
      !closed && { label: t('share'), icon: 'link', act: () => this.#share(session) },
      !closed && { label: t('closeSession'), icon: 'archive', act: () => this.#close(session) },
      { label: t('removeSession'), icon: 'trash', danger: true, act: () => this.#purge(session) },
    ];
  }

  async #rename(session) {
    const title = await question({ title: t('newTitle'), value: session.title, confirm: t('save') });
    if (title) await this.#do(() => api.change(session.session_id, { title }));
  }

  async #share(session) {
    await this.#do(async () => {
      if (session.visibility === 'private') await api.change(session.session_id, { visibility: 'shared' });
      const address = new URL(location.href);
      address.hash = `#/${encodeURIComponent(session.session_id)}`;
      await navigator.clipboard.writeText(address.href);
      toast(t('shared'));
    });
  }

  async #close(session) {
    const text = t('confirmClose', { title: session.title || t('untitled') });
    if (await question({ title: t('closeSession'), text, confirm: t('closeSession') })) await this.#do(() => api.close(session.session_id));
  }

  async #purge(session) {
    const text = t('confirmRemove', { title: session.title || t('untitled') });
    if (!await question({ title: t('removeSession'), text, confirm: t('delete'), danger: true })) return;
    await this.#do(() => api.purge(session.session_id));
    if (session.session_id === this.#current) this.#go(null);
  }

  async #do(act) {
    try {
      await act();
    } catch (error) {
      complain(error);
    }
    await this.load();
  }
}

function age({ last_activity: last }) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const at = Date.parse(last);
  return at >= midnight ? 'today' : at >= midnight - DAY ? 'yesterday' : at >= midnight - 7 * DAY ? 'week' : 'older';
}
