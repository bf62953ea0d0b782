import { h, plainName } from './dom.js';
import { bytes, t } from './i18n.js';
import { icon } from './icons.js';
import { drop, read, write } from './storage.js';
import { upload } from './upload.js';

/** Files that go with the next message: each is sent as soon as it is there. `upload(file, {progress, signal})` brings one to the server. */
export class Tray {
  #kept;
  #files = [];
  /** Hears of every change. */
  changed = () => {};
  element = h('ul.tray', { hidden: true, 'aria-label': t('attachments') });

  /** @param {object[]} attachments that are with the server already @param {(attachments: object[]) => void} kept hears which are */
  constructor(attachments, kept) {
    this.#files = attachments.map((attachment) => ({ attachment, file: { name: attachment.file_name, size: attachment.size }, stop: new AbortController() }));
    this.#kept = kept;
    this.#draw();
  }

  /** Whether something is still on its way, or did not make it. */
  get waits() {
    return this.#files.some((each) => !each.attachment);
  }

  get empty() {
    return this.#files.length === 0;
  }

  /** @param {Iterable<File>} files */
  add(files) {
    for (const file of files) this.#begin(file);
  }

  /** The attachments, which are the message's from now on. */
  take() {
    const attachments = this.#files.map((each) => each.attachment);
    this.#files = [];
    this.#draw();
    return attachments;
  }

  clear() {
    for (const each of this.#files) each.stop.abort();
    this.#files = [];
    this.#draw();
  }

  async #begin(file) {
    const each = { file, stop: new AbortController(), waits: false, attachment: null, error: null };
    each.bar = h('progress', { max: 1, value: 0, 'aria-label': t('uploading', { name: file.name }) });
    this.#files.push(each);
    this.#draw();
    try {
      each.attachment = await upload(file, {
        signal: each.stop.signal, progress: (part) => { each.bar.value = part; }, waits: (is) => { if (each.waits !== is) { each.waits = is; this.#draw(); } },
      });
    } catch (error) {
      each.error = error;
    }
    // What was taken away meanwhile is nobody's.
    if (this.#files.includes(each)) this.#draw();
  }

  #remove(each) {
    each.stop.abort();
    this.#files = this.#files.filter((other) => other !== each);
    this.#draw();
  }

  #again(each) {
    this.#files = this.#files.filter((other) => other !== each);
    this.#begin(each.file);
  }

  #draw() {
    this.element.hidden = this.empty;
    this.element.replaceChildren(...this.#files.map((each) => h(each.error ? 'li.file.bad' : 'li.file',
      icon(each.error ? 'warning' : 'file'),
      h('span.file-name', { title: plainName(each.file.name) }, plainName(each.file.name)),
      h('span.file-facts', { role: each.error ? 'alert' : undefined }, each.error ? each.error.message : each.waits ? t('uploadWaits') : bytes(each.file.size)),
      !each.attachment && !each.error && each.bar,
      each.error && h('button.plain.small', { type: 'button', onclick: () => this.#again(each) }, t('tryAgain')),
      h('button.quiet', { type: 'button', 'aria-label': t('removeFile', { name: each.file.name }), title: t('remove'), onclick: () => this.#remove(each) }, icon('close')))));
    this.#kept(this.#files.map((each) => each.attachment).filter(Boolean));
    this.changed();
  }
}

/** The trays of all conversations. What is in one is there again when one comes back to it, and what is with the server also after a reload. */
export class Trays {
  #trays = new Map();

  /** @param {string | null} session null for one that has no name yet */
  of(session) {
    const name = `files:${session ?? 'new'}`;
    if (!this.#trays.has(name)) {
      const kept = read(name, []);
      let said = JSON.stringify(kept);
      this.#trays.set(name, new Tray(Array.isArray(kept) ? kept.filter((each) => typeof each?.attachment_id === 'string') : [], (attachments) => {
        const now = JSON.stringify(attachments);
        if (now === said) return;
        said = now;
        if (attachments.length) write(name, attachments);
        else drop(name);
      }));
    }
    return this.#trays.get(name);
  }

  /** When somebody leaves: their files are not the next one's. */
  forget() {
    for (const tray of this.#trays.values()) tray.clear();
    this.#trays.clear();
  }
}

/** Files that are dropped anywhere on `target` or pasted into `input`. */
export function catchFiles(target, input, take) {
  const carries = (event) => [...event.dataTransfer?.types ?? []].includes('Files');
  target.addEventListener('dragover', (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    target.classList.add('dropping');
  });
  target.addEventListener('dragleave', (event) => !target.contains(event.relatedTarget) && target.classList.remove('dropping'));
  target.addEventListener('drop', (event) => {
    target.classList.remove('dropping');
    if (!carries(event)) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  input.addEventListener('paste', (event) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    take(event.clipboardData.files);
  });
}
