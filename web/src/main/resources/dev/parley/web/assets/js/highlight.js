/** Beyond this many characters code stays plain. */
const LARGEST = 100_000;
/** How many coloured pieces are put in place in one go. */
const PORTION = 400;

let worker = null;
let asked = 0;
/** How many blocks are being coloured. */
let running = 0;
const listeners = new Set();
const waiting = new Map();

/** Colours code, next to everything else: the library is fetched with the first code that is shown, and runs beside the page. */
export async function highlight(element, language) {
  const text = element.textContent;
  if (!language || !text.trim() || text.length > LARGEST) return;
  running += 1;
  await colour(element, language, text).catch(() => {});
  running -= 1;
  if (!running) for (const act of listeners) act();
}

/** Whether code that is shown is still about to get its colours. */
export function colouring() {
  return running > 0;
}

/** @param {() => void} act is called whenever all of it has them */
export function whenColoured(act) {
  listeners.add(act);
}

async function colour(element, language, text) {
  const pieces = await colours(text, language).catch(() => null);
  if (!pieces?.length || element.textContent !== text) return;
  const coloured = document.createDocumentFragment();
  for (let at = 0; at < pieces.length; at++) {
    const [classes, part] = pieces[at];
    if (classes) {
      const span = document.createElement('span');
      span.className = classes;
      span.textContent = part;
      coloured.append(span);
    } else {
      coloured.append(part);
    }
    if (at % PORTION === PORTION - 1) await new Promise((go) => { setTimeout(go); });
  }
  element.replaceChildren(coloured);
}

/** @returns {Promise<[string, string][]>} classes and text, one after the other */
function colours(text, language) {
  worker ??= begin();
  return new Promise((resolve, reject) => {
    const id = ++asked;
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, text, language });
  });
}

function begin() {
  const made = new Worker(new URL('highlight-worker.js', import.meta.url));
  made.addEventListener('message', ({ data: { id, pieces } }) => {
    waiting.get(id)?.resolve(pieces);
    waiting.delete(id);
  });
  made.addEventListener('error', () => {
    // Plain code is code too.
    for (const { reject } of waiting.values()) reject(new Error('no colours'));
    waiting.clear();
  });
  return made;
}
