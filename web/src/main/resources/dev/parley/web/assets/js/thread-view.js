import { h } from './dom.js';
import { Follower } from './follower.js';
import { icon } from './icons.js';
import { t } from './i18n.js';
import { MessageList } from './message-list.js';

/** What is said below one message, beside the conversation: on a wide screen as a column, on a small one instead of it. */
export class ThreadView {
  #conversation = null;
  #root = null;
  #act;
  #list;
  #follower;
  #input;
  #ask = h('input', { type: 'checkbox' });
  #send;

  /** @param {{act: Function, send: (text: string, options: object) => void, close: () => void}} means */
  constructor({ act, send, close }) {
    this.#act = act;
    this.#send = send;
    const scroller = h('div.thread-scroller', { tabindex: 0, role: 'region', 'aria-label': t('thread') });
    this.#list = new MessageList({
      act, scroller, label: t('thread'), items: () => this.#items(), context: () => this.#context(), after: () => this.#follower.settle(),
    });
    scroller.append(this.#list.element);
    this.#follower = new Follower(scroller, this.#list.element);
    this.#input = h('textarea.composer-input', { rows: 1, placeholder: t('replyPlaceholder'), 'aria-label': t('replyPlaceholder'), onkeydown: (event) => this.#key(event, close) });
    this.element = h('aside.thread', { hidden: true, 'aria-label': t('thread') },
      h('header.thread-top', h('h2', t('thread')), h('button.quiet', { type: 'button', 'aria-label': t('closeThread'), title: t('closeThread'), onclick: close }, icon('close'))),
      scroller,
      h('form.thread-composer', { onsubmit: (event) => { event.preventDefault(); this.#submit(); } },
        h('div.composer-box', this.#input, h('div.composer-row', h('label.check', this.#ask, h('span', t('askModel'))), h('span.spring'),
          h('button.composer-send', { type: 'submit', 'aria-label': t('sendReply'), title: t('sendReply') }, icon('send'))))));
  }

  get root() {
    return this.#root;
  }

  show(conversation, root) {
    this.#conversation = conversation;
    this.#root = root;
    this.element.hidden = !root;
    this.#list.clear();
    if (!root) return;
    this.#follower.follow();
    this.#list.render();
    this.element.querySelector('form').hidden = conversation.closed;
    this.#input.focus();
    conversation.loadThread(root).catch(() => {});
  }

  changed(item, order = true) {
    if (this.#root) this.#list.changed(item, order);
  }

  point(id) {
    this.#list.render();
    this.#list.find(id)?.scrollIntoView({ block: 'center' });
    this.#list.find(id)?.classList.add('pointed');
  }

  #items() {
    if (!this.#root) return [];
    const { transcript } = this.#conversation;
    const root = transcript.get(this.#root);
    return [root, ...transcript.thread(this.#root)].filter(Boolean);
  }

  #context() {
    const { user, closed, agents } = this.#conversation;
    const items = this.#items();
    return (item) => ({ user, agents, open: !closed, many: true, inThread: true, last: item === items.at(-1) && item.role === 'assistant', replies: 0, readers: [] });
  }

  #submit() {
    const text = this.#input.value.trim();
    if (!text) return;
    this.#input.value = '';
    this.#send(text, { parentId: this.#root, ...(this.#ask.checked ? {} : { reply: false }) });
    this.#follower.toEnd();
  }

  #key(event, close) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    }
  }
}
