import { newId } from '../parley-client/index.js';
import { api } from './api.js';
import { commands } from './commands.js';
import { Composer } from './composer.js';
import { ConnectionBadge } from './connection-badge.js';
import { showConnection } from './connection-panel.js';
import { Conversation } from './conversation.js';
import { ConversationView } from './conversation-view.js';
import { h } from './dom.js';
import { Drafts } from './drafts.js';
import { Header, typingWords } from './header.js';
import { t } from './i18n.js';
import { icon } from './icons.js';
import { showMenu } from './menu.js';
import { MessageActs, attempt } from './message-acts.js';
import { offlineNotice } from './offline.js';
import { palette } from './palette.js';
import { search } from './search.js';
import { SessionActions } from './session-actions.js';
import { Sessions } from './sessions.js';
import { showSettings } from './settings.js';
import { showShortcuts, spoken, wanted } from './shortcuts.js';
import { read, whenKeptElsewhere, write } from './storage.js';
import { Store } from './store.js';
import { ThreadView } from './thread-view.js';
import { complain, toast } from './toasts.js';
import { Unsent } from './unsent.js';

/** The whole page once somebody is in: list on the left, conversation on the right, and what happens between them. */
export class Room {
  #store = new Store();
  #drafts;
  #trays;
  #unsent;
  #typing = h('div.typing', { role: 'status' });
  #signOut;
  #listening = new AbortController();
  #header;
  #view;
  #thread;
  #composer;
  #acts;
  #sessions;
  #actions;
  #commands;
  /** A message to go to, once its conversation is here. */
  #target = null;

  /** @param {{trays: import('./tray.js').Trays, signOut: () => void}} means */
  constructor({ trays, signOut }) {
    const store = this.#store;
    this.#signOut = signOut;
    this.#trays = trays;
    this.#unsent = new Unsent((id) => this.#make(id), () => { this.#waits(); this.#sessions.load(); });
    this.#drafts = new Drafts((session, text) => session === this.#place && this.#writtenElsewhere(text), this.#listening.signal);
    const badge = new ConnectionBadge(store, { retry: () => this.#conversation?.client.retry(), details: () => this.#line() });
    this.#header = new Header({ drawer: () => this.#drawer(true), search: () => this.#search(), share: () => this.#share(), menu: (anchor) => this.#menu(anchor) }, badge.element);
    this.#view = new ConversationView((...what) => this.#acts.act(...what));
    this.#thread = new ThreadView({ act: (...what) => this.#acts.act(...what), send: (text, options) => this.#acts.remark(text, options), typing: (is) => this.#conversation?.client.typing(is), close: () => this.#openThread(null), drafts: this.#drafts });
    this.#composer = new Composer(store, {
      send: (text, options) => this.#send(text, options),
      edit: (...what) => this.#edit(...what),
      editing: (edit) => this.#drafts.keepEdit(this.#place, edit),
      took: (draft) => this.#drafts.took(this.#place, draft),
      settle: (draft) => { this.#drafts.settle(this.#place, draft); return this.#drafts.elsewhere(this.#place); },
      stop: () => this.#acts.stop(),
      typing: (is) => this.#conversation?.client.typing(is),
      wrote: (draft) => this.#drafts.keep(this.#place, draft),
      editLast: () => this.#acts.editLast(),
    }, trays.of(null));
    this.#acts = new MessageActs({
      store, composer: this.#composer, send: (text, options) => this.#send(text, options), go: (id) => this.#go(id), openThread: (root) => this.#openThread(root),
      changed: () => this.#told('items'), reload: () => this.#sessions.load(),
    });
    this.#actions = new SessionActions({ store, reload: () => this.#sessions.load(), go: (id) => this.#go(id), discard: (id) => this.#discard(id) });
    this.#sessions = new Sessions(store, { go: (id, message) => this.#go(id, message), actions: this.#actions, footer: this.#footer() });
    this.element = h('div.room', this.#sessions.element, h('div.shade', { onclick: () => this.#drawer(false) }),
      h('main.main', this.#header.element, offlineNotice(store, this.#listening.signal), this.#view.element, h('div.bottom', this.#typing, this.#composer.element)), this.#thread.element);
    this.#composer.catchFiles(this.element);
    this.#commands = commands({
      store, actions: this.#actions, choice: this.#composer.choice, signOut,
      does: (what) => this.#does(what), settings: () => this.#settings(), search: () => this.#search(), line: () => this.#line(),
    });
    store.on(['sessions', 'title', 'conversation'], () => this.#entitle());
    store.on(['agents', 'conversation'], () => this.#introduce());
  }

  get #conversation() {
    return this.#store.get('conversation');
  }

  /** Whose draft it is that is written: a conversation that nobody has written in has no name yet. */
  get #place() {
    return this.#conversation?.fresh ? null : this.#conversation?.id ?? null;
  }

  start() {
    const { signal } = this.#listening;
    addEventListener('hashchange', () => this.#show(), { signal });
    whenKeptElsewhere((name, now) => this.#keptElsewhere(name, now), signal);
    document.addEventListener('keydown', (event) => this.#key(event), { signal });
    document.addEventListener('visibilitychange', () => this.#lookedAt(), { signal });
    addEventListener('focus', () => this.#lookedAt(), { signal });
    addEventListener('pagehide', () => write('last', this.#place), { signal });
    this.#sessions.start(signal);
    this.#composer.choice.load().catch(() => {});
    const last = read('last');
    if (!named() && typeof last === 'string') history.replaceState(null, '', `#/${encodeURIComponent(last)}`);
    this.#show();
    this.#unsent.start(this.#conversation.id);
  }

  leave() {
    this.#drafts.flush();
    this.#listening.abort();
    this.#unsent.end();
    this.#conversation?.leave();
    this.#store.set({ conversation: null });
    for (const open of document.querySelectorAll('dialog[open]')) open.close();
  }

  #go(id, message = null) {
    this.#drawer(false);
    this.#target = message;
    if (id !== null && id === named()) {
      if (message) this.#reach(message);
      return;
    }
    history.pushState(null, '', id === null ? location.pathname + location.search : `#/${encodeURIComponent(id)}`);
    this.#show();
  }

  #show() {
    const id = named();
    const before = this.#conversation;
    if (before) {
      if (id === before.id) return;
      this.#drafts.flush();
      this.#unsent.leave(before);
      if (!before.fresh) this.#sessions.left(before);
    }
    const conversation = this.#unsent.take(id) ?? this.#make(id);
    this.#store.set({ conversation, current: id, thread: null, title: '', connection: conversation.client.state });
    this.#sessions.markSeen();
    this.#thread.show(conversation, null);
    this.element.classList.remove('thread-open');
    this.#view.show(conversation);
    const place = this.#place;
    this.#composer.show({ draft: this.#drafts.of(place), edit: this.#drafts.ofEdit(place), elsewhere: this.#drafts.elsewhere(place), open: true, tray: this.#trays.of(place) });
    this.#waits();
    for (const what of ['session', 'people', 'items']) this.#told(what);
    conversation.start({ closed: this.#sessions.current?.status === 'closed' });
    if (matchMedia('(hover: hover)').matches) this.#composer.focus();
  }

  #writtenElsewhere(text) {
    if (text !== null) this.#composer.offer(text);
    this.#composer.remind(this.#drafts.elsewhere(this.#place));
  }

  #make(id) {
    const conversation = new Conversation(id ?? newId(), (what, detail) => {
      if (this.#conversation === conversation) this.#told(what, detail);
      else this.#elsewhere(conversation, what, detail);
    }, { fresh: id === null });
    return conversation;
  }

  /** What was said in a conversation that is not open any more is still being sent. */
  #elsewhere(conversation, what, detail) {
    if (what === 'refused') toast(t('refusedIn', { title: conversation.title || detail.content.slice(0, 60), reason: detail.error.message }), { kind: 'error', seconds: 12 });
    this.#unsent.heard(conversation, what);
  }

  /** What another tab has let go waits nowhere any more. */
  #keptElsewhere(name, now) {
    const [, session, message] = /^outbox:([^/]+)\/(.+)$/.exec(name) ?? [];
    if (!message) return;
    if (now === null) (session === this.#conversation.id ? this.#conversation : this.#unsent.get(session))?.droppedElsewhere(message);
    this.#waits();
  }

  /** Shows where messages wait. */
  #waits() {
    const { sessions } = this.#unsent;
    if (JSON.stringify(sessions) !== JSON.stringify(this.#store.get('unsent'))) this.#store.set({ unsent: sessions });
  }

  #discard(id) {
    if (id === this.#conversation.id) this.#go(null);
    this.#unsent.discard(id);
  }

  #told(what, detail) {
    const conversation = this.#conversation;
    switch (what) {
      case 'items': case 'item':
        this.#view.changed(detail, what === 'items');
        this.#thread.changed(detail, what === 'items');
        if (what === 'items') this.#lookedAt();
        this.#composer.arrived((id) => conversation.transcript.get(id));
        if (this.#target && conversation.loaded) this.#reach(this.#target);
        break;
      case 'state': this.#store.set({ connection: detail }); break;
      case 'people':
        this.#header.people(conversation.people);
        this.#typing.textContent = typingWords(conversation.typing);
        this.#view.changed();
        break;
      case 'member': toast(t(detail.action === 'removed' ? 'memberLeft' : 'memberJoined', { name: detail.name }), { seconds: 4 }); this.#sessions.load(); break;
      case 'waiting': case 'refused': case 'discarded': this.#waits(); break;
      case 'accepted': this.#waits(); this.#sessions.load(); break;
      case 'done': this.#sessions.load(); break;
      case 'session':
        this.#store.set({ title: conversation.title, user: conversation.user });
        this.#entitle();
        if (detail?.max_message_length) this.#composer.limit = this.#thread.limit = detail.max_message_length;
        if (detail?.session_id) {
          this.#sessions.load();
          // What could not be had while the server was away.
          if (!this.#store.get('models').length) this.#composer.choice.load().catch(() => {});
        }
        this.#view.changed();
        break;
      case 'trouble': complain(detail); break;
      case 'note': toast(t(detail)); break;
      case 'forgot': this.#regain(); break;
      case 'announcement': toast(`${t('announcement')}: ${detail.message}`, { kind: detail.level === 'error' ? 'error' : 'info', seconds: 20 }); break;
      case 'closed': this.#closed(detail); break;
    }
    this.#composer.running = conversation.running;
    if (what === 'items' && detail?.reply?.ended) this.#sessions.load();
  }

  #entitle() {
    const conversation = this.#conversation;
    if (!conversation) return;
    if (this.#sessions.current?.title) conversation.title = this.#sessions.current.title;
    this.#header.show({ title: conversation.title, fresh: conversation.fresh });
  }

  /** Agents are called by their names. */
  #introduce() {
    if (!this.#conversation) return;
    this.#conversation.agents = new Map(this.#store.get('agents').map(({ id, name }) => [id, name ?? id]));
    this.#view.changed();
  }

  /** Somebody is here and sees what is new. */
  #lookedAt() {
    if (document.hidden || !document.hasFocus()) return;
    this.#conversation?.markSeen();
    this.#sessions.markSeen();
  }

  #closed(error) {
    const words = { NOT_FOUND: t('gone'), FORBIDDEN: t('forbidden') }[error?.code];
    this.#composer.setOpen(false, words);
    this.#view.changed();
    if (!error) return;
    if (error.code === 'UNAUTHORIZED' || error.code === 'TOKEN_EXPIRED') {
      // Asking for anything finds out, and shows where to sign in.
      api.quota().catch(() => {});
      return;
    }
    if (!words && error.code !== 'GONE') toast(error.message, { kind: 'error', seconds: 12 });
    this.#sessions.load();
  }

  #send(text, options) {
    const conversation = this.#conversation;
    const first = conversation.fresh;
    if (first) this.#drafts.keep(null, '');
    conversation.send(text, options);
    if (first) {
      history.replaceState(null, '', `#/${encodeURIComponent(conversation.id)}`);
      this.#composer.use(this.#trays.of(conversation.id));
      conversation.title ||= (text || options.attachments?.[0]?.file_name || '').slice(0, 60);
      this.#store.set({ current: conversation.id });
      this.#told('session');
    }
    this.#view.toEnd();
  }

  /** What the server has is over where it was begun, whatever is open by then. */
  async #edit(id, text, again) {
    const place = this.#place;
    const done = await this.#acts.edit(id, text, again);
    if (done) this.#drafts.endEdit(place, id);
    return done;
  }

  #openThread(root) {
    this.#store.set({ thread: root });
    this.element.classList.toggle('thread-open', root !== null);
    this.#thread.show(this.#conversation, root);
    if (root === null) this.#composer.focus();
  }

  async #search() {
    if (this.#conversation.fresh || document.querySelector('dialog[open]')) return;
    const found = await search(this.#conversation.id);
    if (found) this.#reach(found);
  }

  /** Goes to a message of the open conversation, however far back it is. */
  async #reach(id) {
    this.#target = null;
    const conversation = this.#conversation;
    await attempt(() => conversation.reach(id));
    if (conversation !== this.#conversation) return;
    const { transcript } = conversation;
    const item = transcript.get(id);
    if (!item) return;
    if (item.questionId) transcript.choose(item.questionId, id);
    const root = transcript.rootOf(item);
    if (root) {
      this.#openThread(root.id);
      this.#thread.point(id);
    }
    this.#told('items');
    this.#view.point(root?.id ?? id);
  }

  /** Older messages are not here any more; an open thread needs the one it hangs on. */
  async #regain() {
    const conversation = this.#conversation;
    const root = this.#store.get('thread');
    if (root) await attempt(async () => await conversation.reach(root) && await conversation.loadThread(root));
  }

  #share() {
    const { current } = this.#sessions;
    if (current && !current.unsent) this.#actions.share(current);
  }

  #menu(anchor) {
    const { current } = this.#sessions;
    showMenu(anchor, current ? this.#actions.entries(current) : []);
  }

  #line() {
    showConnection(this.#conversation);
  }

  #settings() {
    showSettings({ store: this.#store, signOut: this.#signOut, exportAll: () => this.#actions.exportAs(null), test: () => this.#line() });
  }

  #footer() {
    const button = (name, label, does, keys) => h('button.quiet', { type: 'button', 'aria-label': t(label), title: keys ? `${t(label)} (${keys})` : t(label), onclick: does }, icon(name));
    return h('div.sidebar-foot',
      button('sliders', 'settings', () => this.#settings()), button('command', 'palette', () => this.#does('palette'), spoken('palette')),
      h('span.spring'), button('help', 'shortcuts', showShortcuts, '?'));
  }

  #drawer(open) {
    this.element.classList.toggle('drawer-open', open);
    if (open) this.#sessions.element.querySelector('button')?.focus();
  }

  #does(what) {
    switch (what) {
      case 'palette': palette({ commands: this.#commands(), sessions: this.#store.get('sessions'), go: (id, message) => this.#go(id, message) }); break;
      case 'searchAll': this.#drawer(true); this.#sessions.focusSearch(); break;
      case 'newChat': this.#go(null); break;
      case 'copyLast': {
        const last = this.#conversation.transcript.shown().findLast((item) => item.role === 'assistant' && item.content);
        if (last) this.#acts.act('copy', last);
        break;
      }
      case 'olderMessage': this.#view.step(-1); break;
      case 'newerMessage': this.#view.step(1); break;
      case 'toEnd': this.#view.toEnd(true); this.#composer.focus(); break;
      case 'write': this.#composer.focus(); break;
      case 'shortcuts': showShortcuts(); break;
    }
  }

  #key(event) {
    const asked = wanted(event);
    if (asked && (!document.querySelector('dialog[open]') || asked === 'palette')) {
      event.preventDefault();
      this.#does(asked);
    } else if (event.key === 'Escape' && !event.isComposing && !document.querySelector('dialog[open]')) {
      if (this.element.classList.contains('drawer-open')) this.#drawer(false);
      else if (this.#conversation?.running) this.#acts.stop();
      else if (this.#store.get('thread')) this.#openThread(null);
    }
  }
}

/** The conversation the address names. */
function named() {
  const id = /^#\/(.+)$/.exec(location.hash)?.[1];
  try {
    return id ? decodeURIComponent(id) : null;
  } catch {
    return null;
  }
}
