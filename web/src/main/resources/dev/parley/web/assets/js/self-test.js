import { live } from './api.js';

/** A stream that says nothing for so long is held back somewhere. */
const PATIENCE = 4_000;

/**
 * Looks at the line: whether WebSockets pass, whether a stream of events arrives as it is sent or only when it is over, and how
 * long a question takes to the server and back.
 * @param {import('./conversation.js').Conversation} conversation one that exists
 * @returns {Promise<{websocket: boolean, events: 'flows' | 'held' | 'blocked', first: number | null, trip: number | null}>}
 */
export async function selfTest(conversation) {
  const [websocket, events, trip] = await Promise.all([opens(conversation), flows(conversation), roundTrip(conversation)]);
  return { websocket, ...events, trip };
}

/** A second socket of its own, unless the page uses one already. */
function opens({ client, id }) {
  if (client.state.status === 'connected' && client.state.transport === 'websocket') return Promise.resolve(true);
  return new Promise((resolve) => {
    const { address, headers } = live('quota');
    const to = new URL(`../../ws/${encodeURIComponent(id)}`, address);
    to.protocol = to.protocol.replace('http', 'ws');
    to.search = address.search;
    const secret = headers.Authorization?.slice('Bearer '.length);
    const socket = new WebSocket(to, secret ? ['parley', `bearer.${secret}`] : ['parley']);
    const done = (is) => { clearTimeout(timer); socket.close(); resolve(is); };
    const timer = setTimeout(() => done(false), PATIENCE);
    socket.addEventListener('message', () => done(true), { once: true });
    socket.addEventListener('error', () => done(false), { once: true });
  });
}

/** The server greets at once; a proxy that collects what it passes on keeps that to itself. */
async function flows({ id }) {
  const stop = new AbortController();
  const { address, headers } = live(`sessions/${encodeURIComponent(id)}/events`);
  const begin = performance.now();
  const late = Symbol('late');
  const patience = new Promise((resolve) => { setTimeout(() => resolve(late), PATIENCE); });
  try {
    const response = await Promise.race([fetch(address, { headers, signal: stop.signal, cache: 'no-store' }), patience]);
    if (response === late) return { events: 'held', first: null };
    if (!response.ok) return { events: 'blocked', first: null };
    const piece = await Promise.race([response.body.getReader().read(), patience]);
    return piece === late ? { events: 'held', first: null } : { events: 'flows', first: performance.now() - begin };
  } catch {
    return { events: 'blocked', first: null };
  } finally {
    stop.abort();
  }
}

function roundTrip({ client }) {
  return client.state.status === 'connected' ? client.ping().catch(() => null) : Promise.resolve(null);
}
