import { api } from './api.js';
import { h, plainName } from './dom.js';
import { bytes, t } from './i18n.js';
import { icon } from './icons.js';
import { complain } from './toasts.js';

/** Pictures up to this size are shown; larger ones, and all that could carry script, are only offered. */
const SHOWN = 5_000_000;
const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp']);

/** One file of a message. Bytes are asked for with the page's token, so the address alone is of no use to others. */
export function attachmentView(attachment) {
  const { mime_type: type, size, url } = attachment;
  const name = plainName(attachment.file_name);
  const here = url.startsWith('/');
  const visit = () => /^https?:/i.test(url) && open(url, '_blank', 'noopener,noreferrer');
  const button = h('button.file', { type: 'button', title: here ? t('download') : t('opens', { url }), onclick: () => (here ? save(attachment) : visit()) },
    icon(here ? 'file' : 'link'), h('span.file-name', name), h('span.file-facts', bytes(size)));
  if (!here || !PICTURES.has(type) || size > SHOWN) return button;
  const picture = h('img', { alt: name, title: name });
  const figure = h('button.picture', { type: 'button', title: t('download'), onclick: () => save(attachment) }, picture);
  api.file(attachment).then((blob) => {
    picture.src = URL.createObjectURL(blob);
    picture.addEventListener('load', () => URL.revokeObjectURL(picture.src), { once: true });
  }).catch(() => figure.replaceWith(button));
  return figure;
}

async function save(attachment) {
  try {
    const address = URL.createObjectURL(await api.file(attachment));
    h('a', { href: address, download: attachment.file_name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  } catch (error) {
    complain(error);
  }
}
