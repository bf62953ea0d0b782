import { api } from './api.js';
import { question } from './dialog.js';
import { h } from './dom.js';
import { t } from './i18n.js';
import { operates } from './operations.js';
import { share } from './share.js';
import { complain } from './toasts.js';

const FORMATS = ['markdown', 'html', 'json', 'csv'];

/** What can be done with a conversation as a whole. */
export class SessionActions {
  #store;
  #reload;
  #go;
  #discard;

  /**
   * @param {{store: import('./store.js').Store, reload: () => Promise<void>, go: (id: string | null) => void, discard: (id: string) => void}} means
   *   `discard` lets go of what waits to be sent there
   */
  constructor({ store, reload, go, discard }) {
    this.#discard = discard;
    this.#store = store;
    this.#reload = reload;
    this.#go = go;
  }

  /** As entries of a menu. */
  entries(session) {
    // The server does not know it yet.
    if (session.unsent) return [{ label: t('discard'), icon: 'trash', danger: true, act: () => this.#discard(session.session_id) }];
    const closed = session.status === 'closed';
    const mine = this.#mayManage(session);
    return [
      !closed && mine && { label: t('rename'), icon: 'edit', act: () => this.rename(session) },
      !closed && { label: t('share'), icon: 'people', act: () => this.share(session) },
      { label: t('export'), icon: 'download', act: () => this.exportAs(session) },
      !mine && { label: t('leave'), icon: 'out', act: () => this.#leave(session) },
      !closed && mine && { label: t('closeSession'), icon: 'archive', act: () => this.#close(session) },
      mine && { label: t('removeSession'), icon: 'trash', danger: true, act: () => this.#purge(session) },
    ];
  }

  async rename(session) {
    const title = await question({ title: t('newTitle'), value: session.title, confirm: t('save') });
    if (title) await this.#do(() => api.change(session.session_id, { title }));
  }

  async share(session) {
    const open = this.#store.get('conversation');
    const nameOf = open?.id === session.session_id ? (id) => open.nameOf(id) : undefined;
    await share(session, { user: this.#store.get('user'), mayManage: this.#mayManage(session), nameOf });
    await this.#reload();
  }

  /** Without a session: all of them. */
  async exportAs(session) {
    const format = await question({ title: t('export'), text: t(session ? 'exportOne' : 'exportAll'), options: FORMATS.map((each) => [each, t(each)]), confirm: t('download') });
    if (format) await this.#do(() => save(session?.session_id ?? null, format));
  }

  #mayManage(session) {
    return session.user_id === this.#store.get('user') || operates(this.#store);
  }

  async #leave(session) {
    const text = t('confirmLeave', { title: session.title || t('untitled') });
    if (!await question({ title: t('leave'), text, confirm: t('leave') })) return;
    await this.#do(() => api.expel(session.session_id, this.#store.get('user')));
    if (session.session_id === this.#store.get('current')) this.#go(null);
  }

  async #close(session) {
    const text = t('confirmClose', { title: session.title || t('untitled') });
    if (await question({ title: t('closeSession'), text, confirm: t('closeSession') })) await this.#do(() => api.close(session.session_id));
  }

  async #purge(session) {
    const text = t('confirmRemove', { title: session.title || t('untitled') });
    if (!await question({ title: t('removeSession'), text, confirm: t('delete'), danger: true })) return;
    const here = session.session_id === this.#store.get('current');
    if (here) this.#go(null);
    await this.#do(() => api.purge(session.session_id));
  }

  async #do(act) {
    try {
      await act();
    } catch (error) {
      complain(error);
    }
    await this.#reload();
  }
}

async function save(id, format) {
  const response = await api.export(id, format);
  const name = /filename="?([^";]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? `conversation.${format}`;
  const href = URL.createObjectURL(await response.blob());
  h('a', { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
