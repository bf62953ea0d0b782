import { h } from './dom.js';

const AROUND = 70;

/** The neighbourhood of the first hit, with every hit marked; words match whatever their case and accents. */
export function excerpt(content, query) {
  const words = plain(query).split(/\s+/).filter(Boolean);
  // Marks of Markdown say nothing in one line of text.
  const text = content.slice(0, 20_000).replace(/```\w*|[*_`#>|]+/g, ' ').replace(/\s+/g, ' ');
  const searched = plain(text);
  const first = Math.min(...words.map((word) => searched.indexOf(word)).filter((at) => at >= 0));
  const begin = Number.isFinite(first) ? Math.max(0, first - AROUND) : 0;
  const cut = text.slice(begin, begin + AROUND * 3);
  const within = plain(cut);
  const parts = [begin > 0 ? '…' : ''];
  let at = 0;
  while (at < cut.length) {
    const hits = words.map((word) => [within.indexOf(word, at), word.length]).filter(([where]) => where >= 0).sort((a, b) => a[0] - b[0]);
    if (!hits.length) break;
    const [where, length] = hits[0];
    parts.push(cut.slice(at, where), h('mark', cut.slice(where, where + length)));
    at = where + length;
  }
  return [...parts, cut.slice(at), begin + cut.length < text.length ? '…' : ''];
}

/** As long as what went in, so that places stay the same. */
function plain(text) {
  return [...text].map((c) => { const bare = c.normalize('NFD')[0].toLowerCase(); return bare.length === c.length ? bare : c; }).join('');
}
