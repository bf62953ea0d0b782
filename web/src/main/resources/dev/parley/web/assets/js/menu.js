import { h } from './dom.js';
import { icon } from './icons.js';

let open = null;

/**
 * A small menu below its button, walked with the arrow keys.
 * @param {HTMLElement} anchor
 * @param {({label: string, icon?: string, act: () => void, danger?: boolean, checked?: boolean} | {heading: string} | null | false)[]} entries
 */
export function showMenu(anchor, entries) {
  show(anchor, 'menu', entries);
}

/** The same in one line, for short things. */
export function showRow(anchor, entries) {
  show(anchor, 'menu.menu-row', entries);
}

function show(anchor, look, entries) {
  const again = anchor.getAttribute('aria-expanded') === 'true';
  open?.();
  if (again) return;
  const menu = h(`div.${look}`, { role: 'menu' }, entries.filter(Boolean).map((entry) => (entry.heading
    ? h('div.menu-heading', { role: 'presentation' }, entry.heading)
    : h(entry.danger ? 'button.menu-item.danger' : 'button.menu-item', {
      type: 'button', role: entry.checked === undefined ? 'menuitem' : 'menuitemradio', tabindex: -1,
      'aria-checked': entry.checked === undefined ? undefined : String(entry.checked),
      onclick: () => { close(); anchor.focus(); entry.act(); },
    }, entry.icon && icon(entry.icon), h('span', entry.label), entry.checked && icon('check')))));
  const close = () => {
    open = null;
    menu.remove();
    anchor.setAttribute('aria-expanded', 'false');
    document.removeEventListener('pointerdown', outside, true);
    document.removeEventListener('keydown', keys, true);
  };
  const outside = (event) => { if (!menu.contains(event.target) && !anchor.contains(event.target)) close(); };
  const keys = (event) => {
    const items = [...menu.querySelectorAll('button')];
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      items[(to + items.length) % items.length].focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      event.stopPropagation();
      close();
      anchor.focus();
    }
  };
  // Inside a modal window, or it would lie behind it.
  (anchor.closest('dialog') ?? document.body).append(menu);
  place(menu, anchor.getBoundingClientRect());
  anchor.setAttribute('aria-expanded', 'true');
  document.addEventListener('pointerdown', outside, true);
  document.addEventListener('keydown', keys, true);
  menu.querySelector('button')?.focus();
  open = close;
}

function place(menu, at) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.min(Math.max(8, at.right - width), innerWidth - width - 8);
  const below = at.bottom + 6 + height <= innerHeight;
  // Through the object model, which the content security policy allows.
  menu.style.left = `${Math.max(8, left)}px`;
  menu.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - height - 6)}px`;
}
