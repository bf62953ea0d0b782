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
import { offlineNotice } from './offline.js';
import { palette } from './palette.js';
import { search } from './search.js';
import { SessionActions } from './session-actions.js';
import { Sessions } from './sessions.js';
import { showSettings } from './settings.js';
import { showShortcuts, spoken, wanted } from './shortcuts.js';
import { read, write } from './storage.js';
import { Store } from './store.js';
import { ThreadView } from './thread-view.js';
import { complain, toast } from './toasts.js';
import { upload } from './upload.js';
import { showVersions } from './versions.js';

/** The whole page once somebody is in: list on the left, conversation on the right, and what happens between them. */
export class Room {
  #store = new Store();
  #drafts;
  #typing = h('div.typing', { role: 'status' });
  #signOut;
  #listening = new AbortController();
  #header;
  #view;
  #thread;
  #composer;
  #sessions;
  #actions;
  #commands;
  /** A message to go to, once its conversation is here. */
  #target = null;

  constructor({ signOut }) {
    const store = this.#store;
    this.#signOut = signOut;
    this.#drafts = new Drafts((session, text) => session === this.#place && this.#composer.offer(text), this.#listening.signal);
    const badge = new ConnectionBadge(store, { retry: () => this.#conversation?.client.retry(), details: () => this.#line() });
    this.#header = new Header({ drawer: () => this.#drawer(true), search: () => this.#search(), share: () => this.#share(), menu: (anchor) => this.#menu(anchor) }, badge.element);
    this.#view = new ConversationView((...what) => this.#act(...what));
    this.#thread = new ThreadView({ act: (...what) => this.#act(...what), send: (text, options) => this.#conversation.send(text, options), close: () => this.#openThread(null) });
    this.#composer = new Composer(store, {
      send: (text, options) => this.#send(text, options),
      upload,
      edit: (item, text, again) => this.#try(() => this.#conversation.client.edit(item.id, text, { regenerate: again })),
      stop: () => this.#stop(),
      typing: (is) => this.#conversation?.client.typing(is),
      wrote: (draft) => this.#drafts.keep(this.#place, draft),
      editLast: () => this.#editLast(),
    });
    this.#actions = new SessionActions({ store, reload: () => this.#sessions.load(), go: (id) => this.#go(id) });
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
    document.addEventListener('keydown', (event) => this.#key(event), { signal });
    document.addEventListener('visibilitychange', () => this.#lookedAt(), { signal });
    addEventListener('focus', () => this.#lookedAt(), { signal });
    addEventListener('pagehide', () => write('last', this.#place), { signal });
    this.#sessions.start(signal);
    this.#composer.choice.load().catch(() => {});
    const last = read('last');
    if (!named() && typeof last === 'string') history.replaceState(null, '', `#/${encodeURIComponent(last)}`);
    this.#show();
  }

  leave() {
    this.#drafts.flush();
    this.#listening.abort();
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
      before.leave();
    }
    const conversation = new Conversation(id ?? newId(), (what, detail) => this.#conversation === conversation && this.#told(what, detail), { fresh: id === null });
    this.#store.set({ conversation, current: id, thread: null, title: '', connection: conversation.client.state });
    this.#sessions.markSeen();
    this.#thread.show(conversation, null);
    this.element.classList.remove('thread-open');
    this.#view.show(conversation);
    this.#composer.show({ draft: this.#drafts.of(this.#place), open: true });
    for (const what of ['session', 'people', 'items']) this.#told(what);
    conversation.start({ closed: this.#sessions.current?.status === 'closed' });
    if (matchMedia('(hover: hover)').matches) this.#composer.focus();
  }

  #told(what, detail) {
    const conversation = this.#conversation;
    switch (what) {
      case 'items': case 'item':
        this.#view.changed(detail, what === 'items');
        this.#thread.changed(detail, what === 'items');
        if (what === 'items') this.#lookedAt();
        if (this.#target && conversation.loaded) this.#reach(this.#target);
        break;
      case 'state': this.#store.set({ connection: detail }); break;
      case 'people':
        this.#header.people(conversation.people);
        this.#typing.textContent = typingWords(conversation.typing);
        this.#view.changed();
        break;
      case 'member': toast(t(detail.action === 'removed' ? 'memberLeft' : 'memberJoined', { name: detail.name }), { seconds: 4 }); this.#sessions.load(); break;
      case 'accepted': this.#sessions.load(); break;
      case 'session':
        this.#store.set({ title: conversation.title, user: conversation.user });
        this.#entitle();
        if (detail?.max_message_length) this.#composer.limit = detail.max_message_length;
        if (detail?.session_id) {
          this.#sessions.load();
          // What could not be had while the server was away.
          if (!this.#store.get('models').length) this.#composer.choice.load().catch(() => {});
        }
        this.#view.changed();
        break;
      case 'trouble': complain(detail); break;
      case 'note': toast(t(detail)); break;
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
      conversation.title ||= (text || options.attachments?.[0]?.file_name || '').slice(0, 60);
      this.#store.set({ current: conversation.id });
      this.#told('session');
    }
    this.#view.toEnd();
  }

  #stop() {
    this.#try(() => this.#conversation.client.stop());
  }

  #editLast() {
    const { transcript, user, closed } = this.#conversation;
    const last = !closed && transcript.lastQuestion(user);
    if (last) this.#composer.edit(last, true);
  }

  #act(what, item, detail) {
    const { client, transcript, id } = this.#conversation;
    switch (what) {
      case 'new': this.#go(null); break;
      case 'suggest': this.#send(detail, this.#composer.choice.options); break;
      case 'copy': navigator.clipboard?.writeText(item.content).then(() => toast(t('copied'), { seconds: 2 })); break;
      case 'regenerate': this.#try(() => client.regenerate(item.id, this.#composer.choice.options)); break;
      case 'feedback': this.#try(() => client.feedback(item.id, detail)); break;
      case 'react': this.#try(() => client.react(item.id, detail)); break;
      case 'edit': this.#composer.edit(item, true); break;
      case 'correct': this.#composer.edit(item, false); break;
      case 'remove': this.#try(() => client.remove(item.id)); break;
      case 'versions': showVersions(item, (user) => this.#conversation.nameOf(user)); break;
      case 'version': transcript.choose(item.questionId, detail); this.#told('items'); break;
      case 'thread': this.#openThread(item.id); break;
      case 'again': transcript.discard(item); this.#send(item.content, { attachments: item.metadata.attachments ?? [] }); break;
      case 'discard': client.withdraw(item.sent.id); transcript.discard(item); this.#told('items'); break;
      case 'branch': this.#try(async () => { const made = await api.fork(id, item.id); await this.#sessions.load(); this.#go(made.session_id); toast(t('branched'), { seconds: 4 }); }); break;
    }
  }

  #openThread(root) {
    this.#store.set({ thread: root });
    this.element.classList.toggle('thread-open', root !== null);
    this.#thread.show(this.#conversation, root);
    if (root === null) this.#composer.focus();
  }

  async #try(act) {
    try {
      await act();
    } catch (error) {
      if (error.code !== 'CLOSED') complain(error);
    }
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
    await this.#try(() => conversation.reach(id));
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

  #share() {
    const { current } = this.#sessions;
    if (current) this.#actions.share(current);
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
        if (last) this.#act('copy', last);
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
      else if (this.#conversation?.running) this.#stop();
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
