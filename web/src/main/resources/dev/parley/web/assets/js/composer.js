import { h } from './dom.js';
import { icon } from './icons.js';
import { t } from './i18n.js';
import { ModelChoice } from './model-choice.js';
import { Tray, catchFiles } from './tray.js';

/** Where messages are written. One button: it sends, or stops while an answer runs and nothing is written. */
export class Composer {
  #store;
  #act;
  #input;
  /** Why nothing can be written here. */
  #closed = null;
  #button;
  #count = h('span.count', { role: 'status' });
  #hint = h('p.composer-hint');
  #note = h('div.editing', { hidden: true });
  /** What is edited: the message, and whether it is asked again. */
  #edited = null;
  /** What another tab has written and this one shows. */
  #taken = null;
  /** What was being written when the edit began. */
  #before = '';
  #running = false;
  #open = true;
  #limit = 5000;
  #tray;
  #picker;
  #clip;
  #touch = matchMedia('(pointer: coarse)').matches;

  /**
   * @param {import('./store.js').Store} store
   * @param {{send: (text: string, options: object) => void, edit: (item: object, text: string, again: boolean) => void, stop: () => void,
   *   typing: (is: boolean) => void, upload: Function, wrote: (draft: string) => void, editLast: () => void}} act
   *   `send` gets the attachments among its options; `wrote` hears every change of what is not sent yet
   */
  constructor(store, act) {
    this.#act = act;
    this.#input = h('textarea.composer-input', {
      rows: 1, placeholder: t('placeholder'), 'aria-label': t('composer'), oninput: () => this.#changed(), onkeydown: (event) => this.#key(event),
      onblur: () => act.typing(false), enterkeyhint: this.#touch ? 'enter' : 'send', dir: 'auto',
    });
    this.#button = h('button.composer-send', { type: 'button', onclick: () => this.#press() });
    this.choice = new ModelChoice(store);
    this.#tray = new Tray(act.upload, () => this.#drawButton());
    this.#picker = h('input', { type: 'file', multiple: true, hidden: true, 'aria-label': t('attach'), onchange: () => { this.attach(this.#picker.files); this.#picker.value = ''; } });
    this.#clip = h('button.quiet.attach', { type: 'button', 'aria-label': t('attach'), title: t('attach'), onclick: () => this.#picker.click() }, icon('clip'));
    this.element = h('form.composer', { onsubmit: (event) => event.preventDefault() },
      this.#note,
      h('div.composer-box', { onclick: (event) => event.target === event.currentTarget && this.focus() }, this.#tray.element, this.#input,
        h('div.composer-row', this.#clip, this.#picker, this.choice.element, h('span.spring'), this.#count, this.#button)),
      this.#hint);
    this.#store = store;
    store.on(['demo'], () => this.#drawHint());
    this.#drawHint();
    this.#changed(false);
  }

  /** Takes the files that are dropped on `target` or pasted. */
  catchFiles(target) {
    catchFiles(target, this.#input, (files) => this.attach(files));
  }

  attach(files) {
    if (!this.#open || this.#edited) return;
    this.#tray.add(files);
    this.focus();
  }

  focus() {
    if (this.#open) this.#input.focus();
  }

  /** What was written and not sent in a conversation is there again when it is opened. */
  show({ draft = '', open }) {
    this.#edited = null;
    this.#note.hidden = true;
    this.#tray.clear();
    this.#input.value = draft;
    this.setOpen(open);
    this.#changed(false);
  }

  /** What another tab has written over the draft: taken if nothing is lost by that, offered otherwise. */
  offer(text) {
    const mine = this.#edited ? this.#before : this.#input.value;
    if (mine === text || this.#edited) return;
    // What was only taken over goes with its owner's; it was sent there.
    if (text.startsWith(mine) || !text && mine === this.#taken) {
      this.#taken = text;
      this.#input.value = text;
      this.#changed(false);
    } else if (!mine.startsWith(text)) {
      this.#say('tabs', t('otherTab', { text: text.length > 80 ? `${text.slice(0, 80)}…` : text }), t('useIt'), () => {
        this.#note.hidden = true;
        this.#input.value = text;
        this.#changed();
        this.focus();
      });
    }
  }

  set limit(limit) {
    this.#limit = limit;
    this.#changed(false);
  }

  set running(running) {
    if (this.#running === running) return;
    this.#running = running;
    this.#drawButton();
  }

  /** @param {string} [why] what is said instead of the hint when nothing can be written */
  setOpen(open, why) {
    this.#open = open;
    this.#closed = open ? null : why ?? t('closedHereText');
    this.#drawHint();
    this.#input.disabled = !open;
    this.#clip.disabled = !open;
    this.#input.placeholder = open ? t('placeholder') : why ? '' : t('closedHere');
    this.element.classList.toggle('closed', !open);
    this.#drawButton();
  }

  /** @param {boolean} again whether it is to be answered again */
  edit(item, again) {
    if (!this.#edited) this.#before = this.#input.value;
    this.#edited = { item, again };
    this.#input.value = item.content;
    this.#say('edit', t(again ? 'editing' : 'correcting'), t('cancel'), () => this.cancelEdit());
    this.#changed(false);
    this.focus();
    this.#input.setSelectionRange(item.content.length, item.content.length);
  }

  cancelEdit() {
    if (!this.#edited) return;
    this.#edited = null;
    this.#note.hidden = true;
    this.#input.value = this.#before;
    this.#changed(false);
    this.focus();
  }

  #say(name, words, label, act) {
    this.#note.replaceChildren(icon(name), h('span', words), h('button.plain.small', { type: 'button', onclick: act }, label));
    this.#note.hidden = false;
  }

  /** Whether there is something to send. */
  get #ready() {
    return !!this.#input.value.trim() || !this.#edited && !this.#tray.empty;
  }

  #press() {
    if (this.#running && !this.#ready) this.#act.stop();
    else this.#submit();
  }

  #submit() {
    const text = this.#input.value.trim();
    if (!this.#ready || this.#tray.waits && !this.#edited || text.length > this.#limit || !this.#open) return;
    const edited = this.#edited;
    this.#edited = null;
    this.#note.hidden = true;
    this.#input.value = edited ? this.#before : '';
    this.#act.typing(false);
    if (edited) this.#act.edit(edited.item, text, edited.again);
    else this.#act.send(text, { ...this.choice.options, attachments: this.#tray.take() });
    this.#changed();
    this.focus();
  }

  #key(event) {
    // What an input method is still composing is never sent; some browsers say so only by this code.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey && !composing && (!this.#touch || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === 'Escape' && this.#edited) {
      event.stopPropagation();
      this.cancelEdit();
    } else if (event.key === 'ArrowUp' && !event.altKey && !this.#input.value && !this.#edited && this.#tray.empty && !composing) {
      event.preventDefault();
      this.#act.editLast();
    }
  }

  #drawHint() {
    const demo = !this.#closed && this.#store.get('demo');
    this.#hint.replaceChildren(...(demo ? [icon('warning')] : []), h('span', this.#closed ?? t(demo ? 'demo' : 'hint')));
    this.#hint.classList.toggle('demo', demo);
    this.#hint.classList.toggle('plainly', !!this.#closed);
  }

  /** @param {boolean} told whether somebody has written something */
  #changed(told = true) {
    const { value } = this.#input;
    const left = this.#limit - value.length;
    const count = left < 0 ? t('tooLong', { n: -left }) : left < 500 ? t('left', { n: left }) : '';
    if (this.#count.textContent !== count) this.#count.textContent = count;
    this.#count.classList.toggle('bad', left < 0);
    if (!CSS.supports('field-sizing', 'content')) {
      this.#input.style.height = 'auto';
      this.#input.style.height = `${this.#input.scrollHeight}px`;
    }
    if (told && value) this.#act.typing(true);
    if (told && !this.#edited) this.#act.wrote(value);
    this.#drawButton();
  }

  #drawButton() {
    const text = this.#input.value.trim();
    const stop = this.#running && !this.#ready;
    const label = t(stop ? 'stop' : this.#edited ? (this.#edited.again ? 'resend' : 'save') : 'send');
    this.#button.disabled = !stop && (!this.#ready || this.#tray.waits && !this.#edited || text.length > this.#limit || !this.#open);
    if (this.#button.getAttribute('aria-label') === label) return;
    this.#button.setAttribute('aria-label', label);
    this.#button.title = label;
    this.#button.classList.toggle('stops', stop);
    this.#button.replaceChildren(icon(stop ? 'stop' : 'send'));
  }
}
