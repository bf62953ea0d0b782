import { h } from '../dom.js';
import { bytes, number } from '../i18n.js';
import { admin } from './api.js';
import { between } from './beats.js';
import { plot } from './plot.js';
import { name, table, trouble } from './table.js';
import { w } from './words.js';

const LOOK_EVERY = 5000;
/** Parts of the server itself. */
const HERE = new Set(['websocket', 'limiter']);

const perSecond = (value) => w('perSecond', { n: number(value, value < 10 ? 1 : 0) });
const millis = (value) => w('ms', { n: number(value, value < 10 ? 1 : 0) });
const whole = (value) => number(value);
const flow = (value) => w('perSecond', { n: bytes(value) });

/** How much the server does: curves of the last minutes, who stands out, and what it depends on. */
export function overview() {
  const plots = {
    connections: plot(w('plotConnections'), whole), words: plot(w('plotWords'), perSecond), queue: plot(w('plotQueue'), whole),
    first: plot(w('plotFirst'), millis), answers: plot(w('plotAnswers'), millis), commits: plot(w('plotCommits'), millis),
    frames: plot(w('plotFrames'), perSecond), bytes: plot(w('plotBytes'), flow), errors: plot(w('plotErrors'), perSecond), dependencies: plot(w('plotDependencies'), millis), memory: plot(w('plotMemory'), bytes),
  };
  const busiest = table(w('busiest'), [[w('user'), (each) => name(each.user_id)], [w('sent'), (each) => bytes(each.bytes_sent)], [w('received'), (each) => bytes(each.bytes_received)]], (each) => each.user_id);
  const refused = table(w('refused'), [[w('session'), (each) => name(each.session_id)], [w('requests'), (each) => whole(each.commands)], [w('share'), (each) => `${number(each.error_rate * 100)} %`]], (each) => each.session_id);
  const parts = h('ul.parts');
  const [wrongStats, wrongHealth] = [trouble(), trouble()];
  const element = h('section.panel', { 'aria-label': w('overview') },
    h('div.plots', { role: 'group', 'aria-label': w('lastMinutes') }, Object.values(plots).map((each) => each.element)),
    h('div.beside',
      h('div', h('h2', w('dependencies')), wrongHealth.element, parts),
      h('div', h('h2', w('busiest')), wrongStats.element, busiest.element),
      h('div', h('h2', w('refused')), refused.element)));
  let before = null;
  /** How long the parts that live elsewhere took to answer, when they were asked last. */
  let took = {};
  let timer;

  function beat(now) {
    plots.connections.add(now.connections);
    plots.queue.add({ [w('running')]: now.running, [w('waiting')]: now.waiting });
    plots.memory.add({ '': now.memory_used });
    plots.dependencies.add(took);
    const since = before && between(before, now);
    before = now;
    if (!since) return;
    plots.words.add({ '': since.words });
    plots.frames.add({ [w('sent')]: since.framesSent, [w('received')]: since.framesReceived });
    plots.bytes.add({ [w('sent')]: since.bytesSent, [w('received')]: since.bytesReceived });
    plots.first.add({ '': since.first });
    plots.answers.add({ '': since.answers });
    plots.commits.add({ '': since.commits });
    plots.errors.add({ '': since.errors });
  }

  /** One that is away leaves the other in its place. */
  const looks = [wrongStats.watched(async () => {
    const stats = await admin.stats();
    busiest.show(stats.busiest_users.slice(0, 8));
    refused.show(stats.most_refused_sessions.slice(0, 8));
  }), wrongHealth.watched(async () => {
    const health = await admin.health();
    took = Object.fromEntries(Object.entries(health).filter(([part, said]) => said.took_ms > 0 && !HERE.has(part)).map(([part, said]) => [part, said.took_ms]));
    parts.replaceChildren(...Object.entries(health).filter(([, part]) => typeof part === 'object').map(([part, { up, says }]) =>
      h('li', h(up ? 'span.state.good' : 'span.state.away', w(up ? 'up' : 'away')), h('strong', part), h('span.faint', says))));
  })];
  const look = () => { for (const each of looks) each(); };
  const shown = () => { look(); timer = setInterval(look, LOOK_EVERY); };
  return { element, beat, shown, hidden: () => clearInterval(timer) };
}
