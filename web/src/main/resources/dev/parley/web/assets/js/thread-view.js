import { h } from './dom.js';
import { Follower } from './follower.js';
import { icon } from './icons.js';
import { leftWords, t } from './i18n.js';
import { MessageList } from './message-list.js';
import { Offer } from './offer.js';
import { complain } from './toasts.js';

/** What is said below one message, beside the conversation: on a wide screen as a column, on a small one instead of it. */
export class ThreadView {
  #conversation = null;
  #root = null;
  #act;
  #list;
  #follower;
  #input;
  #count = h('span.count', { role: 'status' });
  #button;
  #ask = h('input', { type: 'checkbox' });
  #send;
  #drafts;
  #typing;
  #limit = Infinity;
  #offer = new Offer({ take: (text) => this.#takeOver(text), putAway: (text) => this.#settle(text) });

  /**
   * @param {{act: Function, send: (text: string, options: object) => void, typing: (is: boolean) => void, close: () => void,
   *   drafts: import('./drafts.js').Drafts}} means
   */
  constructor({ act, send, typing, close, drafts }) {
    this.#act = act;
    this.#send = send;
    this.#typing = typing;
    this.#drafts = drafts;
    const scroller = h('div.thread-scroller', { tabindex: 0, role: 'region', 'aria-label': t('thread') });
    this.#list = new MessageList({
      act, scroller, label: t('thread'), items: () => this.#items(), context: () => this.#context(), after: () => this.#follower.settle(),
    });
    scroller.append(this.#list.element);
    this.#follower = new Follower(scroller, this.#list.element);
    this.#input = h('textarea.composer-input', {
      rows: 1, placeholder: t('replyPlaceholder'), 'aria-label': t('replyPlaceholder'), dir: 'auto', oninput: () => this.#changed(),
      onkeydown: (event) => this.#key(event, close), onblur: () => typing(false),
    });
    this.#button = h('button.composer-send', { type: 'submit', 'aria-label': t('sendReply'), title: t('sendReply') }, icon('send'));
    this.element = h('aside.thread', { hidden: true, 'aria-label': t('thread') },
      h('header.thread-top', h('h2', t('thread')), h('button.quiet', { type: 'button', 'aria-label': t('closeThread'), title: t('closeThread'), onclick: close }, icon('close'))),
      scroller,
      h('form.thread-composer', { onsubmit: (event) => { event.preventDefault(); this.#submit(); } }, this.#offer.element,
        h('div.composer-box', this.#input, h('div.composer-row', h('label.check', this.#ask, h('span', t('askModel'))), h('span.spring'), this.#count, this.#button))));
  }

  /** The longest a message may be. */
  set limit(limit) {
    this.#limit = limit;
    this.#draw();
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
    this.#input.value = this.#drafts.ofThread(root);
    this.#offer.show(this.#drafts.elsewhereInThread(root));
    this.#ask.checked = false;
    this.#draw();
    this.#follower.follow();
    this.#list.render();
    this.element.querySelector('form').hidden = conversation.closed;
    this.#input.focus();
    conversation.loadThread(root).catch(complain);
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

  #takeOver(text) {
    this.#input.value = text;
    this.#changed();
    this.#settle(text);
    this.#input.focus();
  }

  #settle(text) {
    this.#drafts.settleThread(this.#root, text);
    this.#offer.show(this.#drafts.elsewhereInThread(this.#root));
  }

  #changed() {
    this.#drafts.keepThread(this.#root, this.#input.value);
    if (this.#input.value) this.#typing(true);
    this.#draw();
  }

  #draw() {
    const { length } = this.#input.value;
    const words = leftWords(this.#limit - length);
    if (this.#count.textContent !== words) this.#count.textContent = words;
    this.#count.classList.toggle('bad', length > this.#limit);
    this.#button.disabled = length > this.#limit || !this.#input.value.trim();
  }

  #submit() {
    const text = this.#input.value.trim();
    if (!text || text.length > this.#limit) return;
    this.#input.value = '';
    this.#changed();
    this.#typing(false);
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
