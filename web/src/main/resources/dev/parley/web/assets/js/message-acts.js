import { api } from './api.js';
import { t } from './i18n.js';
import { complain, toast } from './toasts.js';
import { showVersions } from './versions.js';

/** Tries something that may be refused; what is refused is said. @returns {Promise<boolean>} whether it worked */
export async function attempt(act) {
  try {
    await act();
    return true;
  } catch (error) {
    if (error.code !== 'CLOSED') complain(error);
    return false;
  }
}

/** What is done with a message of the open conversation. */
export class MessageActs {
  #store;
  #composer;
  #means;

  /**
   * @param {{store: import('./store.js').Store, composer: import('./composer.js').Composer, send: (text: string, options: object) => void,
   *   go: (id: string | null) => void, openThread: (root: string | null) => void, changed: () => void, reload: () => Promise<void>}} means
   */
  constructor({ store, composer, ...means }) {
    this.#store = store;
    this.#composer = composer;
    this.#means = means;
  }

  get #conversation() {
    return this.#store.get('conversation');
  }

  /** What a button of a message asks for. */
  act(what, item, detail) {
    const conversation = this.#conversation;
    const { client } = conversation;
    const { go, send, openThread, changed } = this.#means;
    switch (what) {
      case 'new': go(null); break;
      case 'suggest': send(detail, this.#composer.choice.options); break;
      case 'copy': navigator.clipboard?.writeText(item.content).then(() => toast(t('copied'), { seconds: 2 })); break;
      case 'regenerate': attempt(() => client.regenerate(item.id, this.#composer.choice.options)); break;
      case 'feedback': attempt(() => client.feedback(item.id, detail)); break;
      case 'react': attempt(() => client.react(item.id, detail)); break;
      case 'edit': this.#composer.edit(item, true); break;
      case 'correct':
        // On a small screen the thread lies over the place where one writes.
        if (matchMedia('(max-width: 1080px)').matches) openThread(null);
        this.#composer.edit(item, false);
        break;
      case 'remove': attempt(() => client.remove(item.id)); break;
      case 'versions': showVersions(item, (user) => conversation.nameOf(user)); break;
      case 'version': conversation.transcript.choose(item.questionId, detail); changed(); break;
      case 'thread': openThread(item.id); break;
      case 'again': conversation.again(item); break;
      case 'discard': conversation.discard(item); break;
      case 'branch': attempt(() => this.#branch(conversation.id, item.id)); break;
    }
  }

  /** Something for a thread; the model answers only where it is asked to, as it is chosen. */
  remark(text, options) {
    this.#conversation.send(text, options.reply === false ? options : { ...this.#composer.choice.options, ...options });
  }

  /** @returns {Promise<boolean>} whether the server has it */
  async edit(id, text, again) {
    const { client } = this.#conversation;
    if (client.state.status === 'connected') return attempt(() => client.edit(id, text, { regenerate: again }));
    toast(t('editWaits'), { kind: 'error' });
    return false;
  }

  editLast() {
    const { transcript, user, closed } = this.#conversation;
    const last = !closed && transcript.lastQuestion(user);
    if (last) this.#composer.edit(last, true);
  }

  stop() {
    attempt(() => this.#conversation.client.stop());
  }

  async #branch(id, until) {
    const made = await api.fork(id, until);
    await this.#means.reload();
    this.#means.go(made.session_id);
    toast(t('branched'), { seconds: 4 });
  }
}
