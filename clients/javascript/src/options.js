import { systemClock } from './clock.js';

/** What the client does when it is not told otherwise; durations in milliseconds unless the name says another unit. */
const DEFAULTS = {
  transport: 'auto',
  outboxLimit: 100,
  ackDeadline: 15_000,
  askDeadline: 30_000,
  backoffBase: 500,
  backoffCap: 30_000,
  openDeadline: 10_000,
  pongDeadline: 10_000,
  wakeDeadline: 3_000,
  stableAfter: 5_000,
  patience: 2,
  climbAfter: 30_000,
  gapDeadline: 2_000,
  pollWait: 30,
};

/** @param {import('./index.js').ParleyOptions} given */
export function complete(given) {
  if (!given?.url) throw new TypeError("ParleyClient needs a 'url'");
  const { WebSocket, fetch, document } = globalThis;
  return {
    ...DEFAULTS,
    WebSocket,
    // Browsers refuse a fetch that was taken off the window.
    fetch: fetch && ((...request) => fetch(...request)),
    page: { window: document ? globalThis : undefined, document },
    clock: systemClock,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    sessionId: given.sessionId ?? newId(),
  };
}

/** An id nobody else has, also where the page is not served securely and `crypto.randomUUID` is missing. */
export function newId() {
  const { crypto } = globalThis;
  if (crypto?.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
