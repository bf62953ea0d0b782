import { newId } from '../parley-client/index.js';
import { api } from './api.js';
import { Composer } from './composer.js';
import { ConnectionBadge } from './connection-badge.js';
import { Conversation } from './conversation.js';
import { ConversationView } from './conversation-view.js';
import { token } from './credentials.js';
import { h } from './dom.js';
import { Header, typingWords } from './header.js';
import { LANGUAGES, chooseLanguage, currentLanguage, t } from './i18n.js';
import { icon } from './icons.js';
import { showMenu } from './menu.js';
import { search } from './search.js';
import { Sessions } from './sessions.js';
import { chooseTheme, theme } from './theme.js';
import { complain, toast } from './toasts.js';

/** The whole page once somebody is in: list on the left, conversation on the right, and what happens between them. */
export class Room {
  #conversation = null;
  #drafts = new Map();
  #typing = h('div.typing', { role: 'status' });
  #signOut;
  #listening = new AbortController();
  #badge;
  #header;
  #view;
  #composer;
  #sessions;

  constructor({ signOut }) {
    this.#signOut = signOut;
    this.#badge = new ConnectionBadge(() => this.#conversation?.client.retry());
    this.#header = new Header({ drawer: () => this.#drawer(true), search: () => this.#search(), menu: (anchor) => this.#menu(anchor) }, this.#badge.element);
    this.#view = new ConversationView((...what) => this.#act(...what));
    this.#composer = new Composer({
      send: (text, options) => this.#send(text, options),
      upload: api.upload,
      resend: (item, text) => this.#try(() => this.#conversation.client.edit(item.id, text, { regenerate: true })),
      stop: () => this.#stop(),
      typing: (is) => this.#conversation?.client.typing(is),
    });
    this.#sessions = new Sessions((id) => this.#go(id), this.#footer());
    this.element = h('div.room', this.#sessions.element, h('div.shade', { onclick: () => this.#drawer(false) }),
      h('main.main', this.#header.element, this.#view.element, h('div.bottom', this.#typing, this.#composer.element)));
    this.#composer.catchFiles(this.element);
  }

  start() {
    const { signal } = this.#listening;
    addEventListener('hashchange', () => this.#show(), { signal });
    document.addEventListener('keydown', (event) => this.#key(event), { signal });
    addEventListener('pagehide', () => sessionStorage.setItem('parley:last', this.#conversation?.fresh ? '' : this.#conversation?.id ?? ''), { signal });
    this.#sessions.load();
    this.#composer.choice.load().then((demo) => this.#composer.hint(demo ? 'demo' : 'hint')).catch(() => {});
    const last = sessionStorage.getItem('parley:last');
    if (!named() && last) history.replaceState(null, '', `#/${encodeURIComponent(last)}`);
    this.#show();
  }

  leave() {
    this.#listening.abort();
    this.#conversation?.leave();
    this.#conversation = null;
  }

  #go(id) {
    this.#drawer(false);
    const wanted = id === null ? '' : `#/${encodeURIComponent(id)}`;
    if (id !== null && id === named()) return;
    history.pushState(null, '', wanted || location.pathname + location.search);
    this.#show();
  }

  #show() {
    const id = named();
    if (this.#conversation) {
      if (id === this.#conversation.id) return;
      this.#drafts.set(this.#conversation.id, this.#composer.draft);
      this.#conversation.leave();
    }
    const conversation = new Conversation(id ?? newId(), (what, detail) => this.#conversation === conversation && this.#told(what, detail), { fresh: id === null });
    this.#conversation = conversation;
    this.#sessions.show(id);
    this.#view.show(conversation);
    this.#composer.show({ draft: this.#drafts.get(id) ?? '', open: true });
    this.#badge.show(conversation.client.state);
    this.#told('session');
    this.#told('people');
    this.#told('items');
    conversation.start({ closed: this.#sessions.current?.status === 'closed' });
    if (matchMedia('(hover: hover)').matches) this.#composer.focus();
  }

  #told(what, detail) {
    const conversation = this.#conversation;
    switch (what) {
      case 'items': this.#view.changed(detail); break;
      case 'item': this.#view.changed(detail, false); break;
      case 'state': this.#badge.show(detail); break;
      case 'people':
        this.#header.people(conversation.people);
        this.#typing.textContent = typingWords(conversation.typing);
        break;
      case 'accepted': this.#sessions.load(); break;
      case 'session':
        this.#header.show({ title: conversation.title || this.#sessions.current?.title, fresh: conversation.fresh });
        if (detail?.max_message_length) this.#composer.limit = detail.max_message_length;
        if (detail?.session_id) this.#sessions.load().then(() => this.#retitle());
        this.#view.changed();
        break;
      case 'trouble': complain(detail); break;
      case 'note': toast(t(detail)); break;
      case 'announcement': toast(`${t('announcement')}: ${detail.message}`, { kind: detail.level === 'error' ? 'error' : 'info', seconds: 20 }); break;
      case 'closed': this.#closed(detail); break;
    }
    this.#composer.running = conversation.running;
    if (what === 'items' && detail?.reply?.ended) this.#ended(detail);
  }

  #ended(item) {
    this.#view.say(item.content.slice(0, 600));
    this.#sessions.load().then(() => this.#retitle());
  }

  #retitle() {
    const { current } = this.#sessions;
    if (current && current.session_id === this.#conversation?.id) {
      this.#conversation.title = current.title;
      this.#header.show({ title: current.title, fresh: this.#conversation.fresh });
    }
  }

  #closed(error) {
    this.#composer.setOpen(false);
    this.#view.changed();
    if (!error) return;
    if (error.code === 'UNAUTHORIZED' || error.code === 'TOKEN_EXPIRED') {
      // Asking for anything finds out, and shows where to sign in.
      api.quota().catch(() => {});
    } else {
      toast({ GONE: `${t('closedHere')} ${t('closedHereText')}`, NOT_FOUND: t('gone'), FORBIDDEN: t('forbidden') }[error.code] ?? error.message, { kind: 'error', seconds: 12 });
    }
  }

  #send(text, options) {
    const first = this.#conversation.fresh;
    this.#conversation.send(text, options);
    if (first) {
      history.replaceState(null, '', `#/${encodeURIComponent(this.#conversation.id)}`);
      this.#sessions.show(this.#conversation.id);
      this.#conversation.title ||= (text || options.attachments?.[0]?.file_name || '').slice(0, 60);
      this.#told('session');
    }
    this.#view.toEnd();
  }

  #stop() {
    this.#try(() => this.#conversation.client.stop());
  }

  #act(what, item, detail) {
    const { client, transcript } = this.#conversation;
    switch (what) {
      case 'suggest': this.#send(detail, this.#composer.choice.options); break;
      case 'copy': navigator.clipboard?.writeText(item.content).then(() => toast(t('copied'), { seconds: 2 })); break;
      case 'regenerate': this.#try(() => client.regenerate(item.id, this.#composer.choice.options)); break;
      case 'feedback': this.#try(() => client.feedback(item.id, detail)); break;
      case 'react': this.#try(() => client.react(item.id, detail)); break;
      case 'edit': this.#composer.edit(item); break;
      case 'remove': this.#try(() => client.remove(item.id)); break;
      case 'version': transcript.choose(item.questionId, detail); this.#view.changed(); break;
      case 'again': transcript.discard(item); this.#send(item.content, { attachments: item.metadata.attachments ?? [] }); break;
      case 'discard': client.withdraw(item.sent.id); transcript.discard(item); this.#view.changed(); break;
      case 'branch': this.#try(async () => { const made = await api.fork(this.#conversation.id, item.id); await this.#sessions.load(); this.#go(made.session_id); }); break;
    }
  }

  async #try(act) {
    try {
      await act();
    } catch (error) {
      if (error.code !== 'CLOSED') complain(error);
    }
  }

  async #search() {
    if (this.#conversation.fresh || document.querySelector('dialog.search')) return;
    const found = await search(this.#conversation.id);
    if (!found) return;
    await this.#try(() => this.#conversation.reach(found));
    const item = this.#conversation.transcript.get(found);
    if (item?.questionId) this.#conversation.transcript.choose(item.questionId, found);
    this.#view.show(this.#conversation);
    this.#view.point(found);
  }

  #menu(anchor) {
    const { current } = this.#sessions;
    showMenu(anchor, [
      { heading: t('export') },
      ...['markdown', 'html', 'json', 'csv'].map((format) => ({ label: t(format), icon: 'download', act: () => this.#try(() => this.#export(format)) })),
      ...(current ? [{ heading: t('conversations') }, ...this.#sessions.entries(current)] : []),
    ]);
  }

  async #export(format) {
    const response = await api.export(this.#conversation.id, format);
    const name = /filename="?([^";]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? `conversation.${format}`;
    const href = URL.createObjectURL(await response.blob());
    const link = h('a', { href, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  }

  #footer() {
    const look = h('button.quiet', { type: 'button', 'aria-label': t('theme'), title: t('theme'), 'aria-haspopup': 'menu' }, icon('auto'));
    look.addEventListener('click', () => showMenu(look, [['auto', 'auto'], ['light', 'sun'], ['dark', 'moon']].map(([key, name]) => ({
      label: t(key), icon: name, checked: theme() === key, act: () => chooseTheme(key),
    }))));
    const words = h('button.quiet', { type: 'button', 'aria-label': t('language'), title: t('language'), 'aria-haspopup': 'menu' }, icon('globe'));
    words.addEventListener('click', () => showMenu(words, Object.entries(LANGUAGES).map(([key, label]) => ({ label, checked: currentLanguage() === key, act: () => chooseLanguage(key) }))));
    return h('div.sidebar-foot', look, words, h('span.spring'),
      token() && h('button.quiet', { type: 'button', 'aria-label': t('signOut'), title: t('signOut'), onclick: () => this.#signOut() }, icon('out')));
  }

  #drawer(open) {
    this.element.classList.toggle('drawer-open', open);
    if (open) this.#sessions.element.querySelector('button')?.focus();
  }

  #key(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      this.#search();
    } else if (event.key === 'Escape' && !document.querySelector('dialog[open]')) {
      if (this.element.classList.contains('drawer-open')) this.#drawer(false);
      else if (this.#conversation?.running) this.#stop();
    }
  }
}

/** The conversation the address names. */
function named() {
  const id = /^#\/(.+)$/.exec(location.hash)?.[1];
  return id ? decodeURIComponent(id) : null;
}
