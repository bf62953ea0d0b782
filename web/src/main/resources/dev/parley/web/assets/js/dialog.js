import { h } from './dom.js';
import { icon } from './icons.js';
import { t } from './i18n.js';

/**
 * A modal question; resolves with the text, the chosen option, `true`, or null when it was dismissed.
 * @param {{title: string, text?: string, value?: string, options?: [string, string][], confirm?: string, danger?: boolean}} what
 */
export function question({ title, text, value, options, confirm = t('ok'), danger = false }) {
  return new Promise((resolve) => {
    const input = value === undefined ? null : h('input.field', { value, 'aria-label': title, maxlength: 200 });
    const choice = options ? choices(title, options, options[0][0]) : null;
    const answer = () => (input ? input.value.trim() || null : choice ? choice.value() : true);
    const { element, close } = dialog(title, { className: 'dialog', closed: (said) => resolve(said ?? null) },
      text && h('p', text), input, choice?.element,
      h('div.dialog-actions',
        h('button.plain', { type: 'button', onclick: () => close(null) }, t('cancel')),
        h(danger ? 'button.primary.danger' : 'button.primary', { type: 'button', onclick: () => close(answer()) }, confirm)));
    element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.isComposing && event.target.tagName !== 'BUTTON') { event.preventDefault(); close(answer()); }
    });
    if (input) input.select();
    else element.querySelector(choice ? 'input' : '.primary').focus();
  });
}

/**
 * A modal window with a heading; Escape, its cross and a click beside it close it, and the browser gives the focus back.
 * @param {string} title
 * @param {{className: string, closed?: (value: unknown) => void, cross?: boolean}} how
 */
export function dialog(title, { className, closed = () => {}, cross = false }, ...content) {
  let value;
  const close = (said) => { value = said; element.close(); };
  const element = h(`dialog.${className}`, { 'aria-label': title },
    h('div.dialog-top', h('h2', title), cross && h('button.quiet', { type: 'button', 'aria-label': t('close'), title: t('close'), onclick: () => close() }, icon('close'))),
    ...content);
  element.addEventListener('close', () => {
    element.remove();
    closed(value);
  }, { once: true });
  // A click on what is behind arrives at the dialog itself.
  element.addEventListener('pointerdown', (event) => event.target === element && close());
  document.body.append(element);
  element.showModal();
  return { element, close };
}

let groups = 0;

/** One of several, as radio buttons that look like one switch. */
export function choices(label, options, chosen, changed = () => {}) {
  const name = `choice-${groups++}`;
  const inputs = options.map(([value, words]) => [h('input', { type: 'radio', name, value, checked: value === chosen, onchange: () => changed(value) }), words]);
  const element = h('div.choices', { role: 'radiogroup', 'aria-label': label }, inputs.map(([input, words]) => h('label', input, h('span', words))));
  return { element, value: () => inputs.find(([input]) => input.checked)?.[0].value ?? chosen };
}
