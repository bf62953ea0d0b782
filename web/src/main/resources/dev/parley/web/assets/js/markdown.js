import { marked } from '../vendor/marked.js';
import DOMPurify from '../vendor/dompurify.js';
import { h } from './dom.js';
import { highlight } from './highlight.js';
import { icon } from './icons.js';
import { t } from './i18n.js';

marked.use({
  gfm: true,
  breaks: true,
  renderer: {
    // A model's HTML is text like everything else it says.
    html: ({ text }) => escape(text),
    // Nothing is fetched from elsewhere just because it was mentioned; see `picture`.
    image: ({ href, text }) => `<a class="picture" href="${escape(href)}">${escape(text)}</a>`,
  },
});

const CLEAN = {
  RETURN_DOM_FRAGMENT: true,
  ALLOWED_TAGS: ['p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a',
    'table', 'thead', 'tbody', 'tr', 'th', 'td', 'input', 'sup', 'sub'],
  ALLOWED_ATTR: ['href', 'title', 'start', 'align', 'class', 'type', 'checked', 'disabled'],
  // The others hold no addresses, which the expression below would otherwise want them to be.
  ADD_URI_SAFE_ATTR: ['start', 'align', 'type', 'checked', 'disabled'],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#)/i,
};

/** Markdown as elements, safe to show: no HTML of its own, no foreign addresses but links. */
export function renderMarkdown(text, { live = false } = {}) {
  const fragment = DOMPurify.sanitize(marked.parse(text, { async: false }), CLEAN);
  for (const link of fragment.querySelectorAll('a')) {
    if (link.classList.contains('picture')) {
      link.replaceWith(picture(link.getAttribute('href') ?? '', link.textContent));
    } else if (link.hasAttribute('href') && bringsToken(link.getAttribute('href'))) {
      // An answer must not sign somebody in as another.
      link.removeAttribute('href');
    } else if (link.hasAttribute('href')) {
      link.target = '_blank';
      link.rel = 'noopener noreferrer';
      // Where it leads is to be seen before it is followed, whatever its words say.
      link.title = link.href;
    }
  }
  for (const box of fragment.querySelectorAll('input')) {
    if (box.type !== 'checkbox') box.remove();
    box.disabled = true;
    box.ariaLabel = t(box.checked ? 'done' : 'open');
  }
  for (const table of fragment.querySelectorAll('table')) {
    const frame = h('div.table-frame', { tabindex: 0, role: 'region', 'aria-label': t('table') });
    table.replaceWith(frame);
    frame.append(table);
  }
  for (const code of fragment.querySelectorAll('pre > code')) {
    const language = /language-([\w+#.-]+)/.exec(code.className)?.[1] ?? '';
    code.parentElement.replaceWith(codeBlock(language, code, live));
  }
  return fragment;
}

/** Whether an address is the page's own with a token, which the page would take. */
function bringsToken(href) {
  const address = URL.canParse(href, document.baseURI) ? new URL(href, document.baseURI) : null;
  return address !== null && address.origin === location.origin && address.hash.startsWith('#token');
}

/** A block of code with its language and a button that copies it. */
export function codeBlock(language, code, live) {
  const copy = h('button.quiet.code-copy', {
    type: 'button', 'aria-label': t('copyCode'), title: t('copyCode'),
    onclick: async () => {
      await navigator.clipboard?.writeText(code.textContent);
      copy.replaceChildren(icon('check'));
      setTimeout(() => copy.replaceChildren(icon('copy')), 1500);
    },
  }, icon('copy'));
  code.removeAttribute('class');
  if (!live) highlight(code, language);
  return h('figure.code', { dir: 'ltr' }, h('figcaption', h('span', language || 'text'), copy),
    h('pre', { tabindex: 0, role: 'region', 'aria-label': t('codeIn', { language: language || 'text' }) }, code));
}

/** A picture from elsewhere is fetched when the reader asks: to fetch it tells its server that it was read, and by whom. */
function picture(address, text) {
  let host;
  try {
    const url = new URL(address);
    host = /^https?:$/.test(url.protocol) ? url.host : null;
  } catch {
    host = null;
  }
  if (!host) return h('span.faint', t('image', { alt: text || address.slice(0, 80) }));
  // Without encryption the policy lets none in; in a window of its own it can be looked at.
  if (!address.toLowerCase().startsWith('https:')) return h('a.remote-picture', { href: address, target: '_blank', rel: 'noopener noreferrer', title: address }, icon('picture'), h('span', text || t('picture')), h('span.faint', host));
  const ask = h('button.remote-picture', { type: 'button', title: address }, icon('picture'), h('span', text || t('picture')), h('span.faint', t('showFrom', { host })));
  ask.addEventListener('click', () => {
    const image = h('img.shown-picture', { alt: text, src: address, referrerpolicy: 'no-referrer', decoding: 'async' });
    image.addEventListener('error', () => image.replaceWith(h('span.bad', t('noPicture', { host }))), { once: true });
    ask.replaceWith(image);
  });
  return ask;
}

function escape(text) {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
