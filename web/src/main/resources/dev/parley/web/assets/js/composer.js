import { h } from './dom.js';
import { icon } from './icons.js';
import { leftWords, t } from './i18n.js';
import { ModelChoice } from './model-choice.js';
import { Offer } from './offer.js';
import { catchFiles } from './tray.js';

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
  #offer = new Offer({ take: (text) => this.#takeOver(text), putAway: (text) => this.remind(this.#act.settle(text)) });
  /** What another tab has written and this one does not show. */
  #offered = '';
  /** What is edited: the id of the message, whether it is asked again, what it said, and the text that is on its way to the server. */
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
   * @param {{send: (text: string, options: object) => void, edit: (id: string, text: string, again: boolean) => Promise<boolean>, stop: () => void,
   *   typing: (is: boolean) => void, wrote: (draft: string) => void, took: (draft: string) => void, settle: (draft: string) => string, editing: (edit: object | null) => void, editLast: () => void}} act
   *   `send` gets the attachments among its options; `wrote` hears every change of what is not sent yet, `took` what came from another
   *   tab, `settle` what another tab wrote and is done with, and answers with what else there is, `editing` every change of an edit; `edit` resolves with whether the server has it
   * @param {import('./tray.js').Tray} tray of the conversation that is shown first
   */
  constructor(store, act, tray) {
    this.#act = act;
    this.#tray = tray;
    this.#input = h('textarea.composer-input', {
      rows: 1, placeholder: t('placeholder'), 'aria-label': t('composer'), oninput: () => this.#changed(), onkeydown: (event) => this.#key(event),
      onblur: () => act.typing(false), enterkeyhint: this.#touch ? 'enter' : 'send', dir: 'auto',
    });
    this.#button = h('button.composer-send', { type: 'button', onclick: () => this.#press() });
    this.choice = new ModelChoice(store);
    this.#picker = h('input', { type: 'file', multiple: true, hidden: true, 'aria-label': t('attach'), onchange: () => { this.attach(this.#picker.files); this.#picker.value = ''; } });
    this.#clip = h('button.quiet.attach', { type: 'button', 'aria-label': t('attach'), title: t('attach'), onclick: () => this.#picker.click() }, icon('clip'));
    this.element = h('form.composer', { onsubmit: (event) => event.preventDefault() },
      this.#note, this.#offer.element,
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
    if (!this.#open) return;
    this.#tray.add(files);
    this.focus();
  }

  focus() {
    if (this.#open) this.#input.focus();
  }

  /** What was written and not sent in a conversation is there again when it is opened. */
  show({ draft = '', edit = null, elsewhere = '', open, tray }) {
    this.#taken = null;
    this.#leaveEdit(draft);
    this.use(tray);
    this.setOpen(open);
    this.#changed(false);
    if (edit) this.#beginEdit(edit);
    this.remind(elsewhere);
  }

  /** From now on files go here. */
  use(tray) {
    this.#tray.changed = () => {};
    if (tray !== this.#tray) this.#tray.element.replaceWith(tray.element);
    this.#tray = tray;
    tray.changed = () => this.#drawButton();
  }

  /** What another tab has written over the draft: taken if nothing is lost by that. */
  offer(text) {
    const mine = this.#edited ? this.#before : this.#input.value;
    if (mine === text) return;
    // What was only taken over goes with its owner's; it was sent there.
    if (!text.startsWith(mine) && (text || mine !== this.#taken)) return;
    this.#taken = text;
    this.#act.took(text);
    if (this.#edited) this.#before = text;
    else this.#input.value = text;
    this.#changed(false);
  }

  /** What another tab has written is offered until it is taken over or put away. */
  remind(text) {
    this.#offered = text;
    this.#offer.show(this.#edited ? '' : text);
  }

  #takeOver(text) {
    this.#input.value = text;
    this.#changed();
    this.remind(this.#act.settle(text));
    this.focus();
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
    // One that is on its way stays until it is known to be there.
    if (this.#input.readOnly) return;
    const edit = { id: item.id, again, text: item.content, from: item.content };
    this.#beginEdit(edit);
    this.#act.editing(edit);
    this.focus();
    this.#input.setSelectionRange(item.content.length, item.content.length);
  }

  cancelEdit() {
    if (!this.#edited) return;
    this.#act.editing(null);
    this.#leaveEdit(this.#before);
    this.#changed(false);
    this.focus();
  }

  /** A message says now what its edit was to make it say: it arrived, even if nobody answered. @param {(id: string) => object | undefined} get */
  arrived(get) {
    const sent = this.#edited?.sent;
    if (sent && get(this.#edited.id)?.content === sent && this.#input.value.trim() === sent) this.cancelEdit();
  }

  #beginEdit({ id, again, text, from = null, sent = null }) {
    if (!this.#edited) this.#before = this.#input.value;
    this.#edited = { id, again, from, sent };
    this.#input.readOnly = false;
    this.#input.value = text;
    this.#note.replaceChildren(icon('edit'), h('span', t(again ? 'editing' : 'correcting')), h('button.plain.small', { type: 'button', onclick: () => this.cancelEdit() }, t('cancel')));
    this.#note.hidden = false;
    this.remind(this.#offered);
    this.#changed(false);
  }

  #leaveEdit(text) {
    this.#edited = null;
    this.#note.hidden = true;
    this.#input.readOnly = false;
    this.#input.value = text;
    this.remind(this.#offered);
  }

  /** The text stays until the server has it. */
  async #saveEdit(text) {
    const edited = this.#edited;
    if (this.#input.readOnly) return;
    // What was only asked again as it was does not tell by its words that it arrived.
    edited.sent = text === edited.from ? null : text;
    this.#input.readOnly = true;
    this.#act.editing({ ...edited, text });
    this.#drawButton();
    const done = await this.#act.edit(edited.id, text, edited.again);
    // Somebody may have gone elsewhere meanwhile.
    if (this.#edited !== edited) return;
    this.#input.readOnly = false;
    if (done) this.cancelEdit();
    else this.#drawButton();
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
    this.#act.typing(false);
    if (this.#edited) {
      this.#saveEdit(text);
      return;
    }
    this.#input.value = '';
    this.#act.send(text, { ...this.choice.options, attachments: this.#tray.take() });
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
    const count = leftWords(left);
    if (this.#count.textContent !== count) this.#count.textContent = count;
    this.#count.classList.toggle('bad', left < 0);
    if (!CSS.supports('field-sizing', 'content')) {
      this.#input.style.height = 'auto';
      this.#input.style.height = `${this.#input.scrollHeight}px`;
    }
    if (told && value) this.#act.typing(true);
    if (told && this.#edited) this.#act.editing({ ...this.#edited, text: value });
    else if (told) this.#act.wrote(value);
    this.#drawButton();
  }

  #drawButton() {
    const text = this.#input.value.trim();
    const stop = this.#running && !this.#ready;
    const label = t(stop ? 'stop' : this.#edited ? (this.#edited.again ? 'resend' : 'save') : 'send');
    this.#button.disabled = !stop && (!this.#ready || this.#tray.waits && !this.#edited || text.length > this.#limit || !this.#open || this.#input.readOnly);
    if (this.#button.getAttribute('aria-label') === label) return;
    this.#button.setAttribute('aria-label', label);
    this.#button.title = label;
    this.#button.classList.toggle('stops', stop);
    this.#button.replaceChildren(icon(stop ? 'stop' : 'send'));
  }
}
