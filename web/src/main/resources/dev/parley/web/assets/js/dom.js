/**
 * Makes an element: `h('button.ghost', { type: 'button', onclick }, 'Save')`. Properties that begin with `on` are
 * listeners, `false` and `undefined` leave an attribute out; text is always text, never HTML.
 */
export function h(what, ...rest) {
  const [tag, ...classes] = what.split('.');
  const element = document.createElement(tag || 'div');
  if (classes.length) element.className = classes.join(' ');
  const attributes = isAttributes(rest[0]) ? rest.shift() : {};
  for (const [name, value] of Object.entries(attributes)) set(element, name, value);
  element.append(...rest.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function set(element, name, value) {
  if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
  else if (name === 'value' || name === 'disabled' || name === 'hidden' || name === 'checked') element[name] = value;
  else if (value === false || value === undefined || value === null) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : value);
}

/** Makes `parent` have exactly these children, in this order, and touches only what is elsewhere. */
export function arrange(parent, nodes) {
  const keep = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!keep.has(child)) child.remove();
  let place = parent.firstChild;
  for (const node of nodes) {
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
  }
}

/** Names come from others: without the marks that would turn around what stands beside them. */
export function plainName(text) {
  return String(text ?? '').replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\p{Cc}]/gu, '');
}

/** Calls at most once per frame, however often it is asked to; also in a page nobody sees, where frames do not come. */
export function perFrame(act) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    const run = () => { asked = false; act(); };
    if (document.hidden) setTimeout(run, 250);
    else requestAnimationFrame(run);
  };
}

function isAttributes(value) {
  return value && Object.getPrototypeOf(value) === Object.prototype;
}
