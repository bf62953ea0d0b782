import { h } from '../dom.js';
import { w } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 300;
const HEIGHT = 72;
/** Five minutes of beats; as long as there is less than one minute, a curve is as wide as that. */
const KEPT = 300;
const FIRST = 60;

const svg = (tag, attributes) => {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

/**
 * A curve of the last five minutes for each series, with what it is now in words. `null` is a gap: nothing was measured.
 * @param {string} title
 * @param {(value: number) => string} say
 */
export function plot(title, say) {
  const now = h('output.plot-now', '–');
  const most = h('span.plot-most');
  const drawing = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true', class: 'plot-curves' });
  const key = h('div.plot-key');
  const element = h('figure.plot', h('figcaption', h('span', title), most), now, drawing, key);
  const series = new Map();

  function line(name) {
    if (!series.has(name)) {
      const number = series.size % 6;
      const curve = svg('path', { class: `curve curve-${number}`, 'vector-effect': 'non-scaling-stroke' });
      drawing.append(curve);
      const label = name && h('span.plot-label', h(`span.dot.dot-${number}`), name);
      if (label) key.append(label);
      series.set(name, { curve, label, values: [] });
    }
    return series.get(name);
  }

  /** Adds what is now; series that are not named have nothing now. @param {Record<string, number | null>} values */
  function add(values) {
    const length = Math.max(0, ...[...series.values()].map((each) => each.values.length));
    for (const name of Object.keys(values)) {
      const each = line(name);
      while (each.values.length < length) each.values.push(null);
    }
    for (const [name, each] of series) {
      each.values.push(values[name] ?? null);
      if (each.values.length > KEPT) each.values.shift();
    }
    draw();
  }

  function draw() {
    const peak = Math.max(0, ...[...series.values()].flatMap((each) => each.values.filter((value) => value !== null)));
    for (const { curve, values } of series.values()) curve.setAttribute('d', path(values, peak || 1));
    const last = [...series.values()].map((each) => each.values.findLast((value) => value !== null)).filter((value) => value !== undefined);
    now.textContent = last.length ? last.map(say).join(' · ') : w('nothing');
    most.textContent = peak > 0 ? `↑ ${say(peak)}` : '';
  }

  return { element, add };
}

function path(values, peak) {
  let drawn = '';
  let pen = 'M';
  const wide = Math.max(FIRST, values.length);
  values.forEach((value, index) => {
    if (value === null) { pen = 'M'; return; }
    const x = ((wide - values.length + index) / (wide - 1)) * WIDTH;
    const y = HEIGHT - 3 - (value / peak) * (HEIGHT - 8);
    drawn += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    // A measurement with a gap on both sides is seen as a dot.
    if (pen === 'M') drawn += `h.01`;
    pen = 'L';
  });
  return drawn;
}
