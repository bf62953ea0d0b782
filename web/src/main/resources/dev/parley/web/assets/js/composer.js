import { h } from './dom.js';
import { icon } from './icons.js';
import { t } from './i18n.js';
import { ModelChoice } from './model-choice.js';
import { Tray, catchFiles } from './tray.js';

/** Where messages are written. One button: it sends, or stops while an answer runs and nothing is written. */
export class Composer {
  #act;
  #input;
  #button;
  #count = h('span.count', { role: 'status' });
  #hint = h('p.composer-hint', t('hint'));
  #editing = h('div.editing', { hidden: true });
  #edited = null;
  #running = false;
  #open = true;
  #limit = 5000;
  #tray;
  #picker;
  #clip;
  #touch = matchMedia('(pointer: coarse)').matches;

  /** @param {{send: (text: string, options: object) => void, resend: (item: object, text: string) => void, stop: () => void, typing: (is: boolean) => void,
   *   upload: (file: File, means: object) => Promise<object>}} act `send` gets the attachments among its options */
  constructor(act) {
    this.#act = act;
    this.#input = h('textarea.composer-input', {
      rows: 1, placeholder: t('placeholder'), 'aria-label': t('composer'), oninput: () => this.#changed(), onkeydown: (event) => this.#key(event),
      onblur: () => act.typing(false), enterkeyhint: this.#touch ? 'enter' : 'send',
    });
    this.#button = h('button.composer-send', { type: 'button', onclick: () => this.#press() });
    this.choice = new ModelChoice();
    this.#tray = new Tray(act.upload, () => this.#drawButton());
    this.#picker = h('input', { type: 'file', multiple: true, hidden: true, onchange: () => { this.attach(this.#picker.files); this.#picker.value = ''; } });
    this.#clip = h('button.quiet.attach', { type: 'button', 'aria-label': t('attach'), title: t('attach'), onclick: () => this.#picker.click() }, icon('clip'));
    this.element = h('form.composer', { onsubmit: (event) => event.preventDefault() },
      this.#editing,
      h('div.composer-box', { onclick: (event) => event.target === event.currentTarget && this.focus() }, this.#tray.element, this.#input,
        h('div.composer-row', this.#clip, this.#picker, this.choice.element, h('span.spring'), this.#count, this.#button)),
      this.#hint);
    this.#changed();
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
  show({ draft = '', limit, open }) {
    this.cancelEdit();
    this.#tray.clear();
    this.#input.value = draft;
    this.#limit = limit ?? this.#limit;
    this.setOpen(open);
    this.#changed();
  }

  get draft() {
    return this.#edited ? '' : this.#input.value;
  }

  set limit(limit) {
    this.#limit = limit;
    this.#changed();
  }

  set running(running) {
    this.#running = running;
    this.#drawButton();
  }

  /** @param {'hint' | 'demo'} key */
  hint(key) {
    this.#hint.textContent = t(key);
    this.#hint.classList.toggle('demo', key === 'demo');
  }

  setOpen(open) {
    this.#open = open;
    this.#input.disabled = !open;
    this.#clip.disabled = !open;
    this.#input.placeholder = t(open ? 'placeholder' : 'closedHere');
    this.element.classList.toggle('closed', !open);
    this.#drawButton();
  }

  edit(item) {
    this.#edited = item;
    this.#input.value = item.content;
    this.#editing.replaceChildren(icon('edit'), h('span', t('edit')), h('button.plain.small', { type: 'button', onclick: () => this.cancelEdit() }, t('cancel')));
    this.#editing.hidden = false;
    this.#changed();
    this.focus();
    this.#input.setSelectionRange(item.content.length, item.content.length);
  }

  cancelEdit() {
    if (!this.#edited) return;
    this.#edited = null;
    this.#editing.hidden = true;
    this.#input.value = '';
    this.#changed();
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
    this.#input.value = '';
    this.cancelEdit();
    this.#changed();
    this.#act.typing(false);
    if (edited) this.#act.resend(edited, text);
    else this.#act.send(text, { ...this.choice.options, attachments: this.#tray.take() });
    this.focus();
  }

  #key(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && !this.#touch) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === 'Escape' && this.#edited) {
      event.stopPropagation();
      this.cancelEdit();
    }
  }

  #changed() {
    const { value } = this.#input;
    const left = this.#limit - value.length;
    this.#count.textContent = left < 0 ? t('tooLong', { n: -left }) : left < 500 ? t('left', { n: left }) : '';
    this.#count.classList.toggle('bad', left < 0);
    if (!CSS.supports('field-sizing', 'content')) {
      this.#input.style.height = 'auto';
      this.#input.style.height = `${this.#input.scrollHeight}px`;
    }
    if (value) this.#act.typing(true);
    this.#drawButton();
  }

  #drawButton() {
    const text = this.#input.value.trim();
    const stop = this.#running && !this.#ready;
    const label = t(stop ? 'stop' : this.#edited ? 'resend' : 'send');
    this.#button.disabled = !stop && (!this.#ready || this.#tray.waits && !this.#edited || text.length > this.#limit || !this.#open);
    if (this.#button.getAttribute('aria-label') === label) return;
    this.#button.setAttribute('aria-label', label);
    this.#button.title = label;
    this.#button.classList.toggle('stops', stop);
    this.#button.replaceChildren(icon(stop ? 'stop' : 'send'));
  }
}
