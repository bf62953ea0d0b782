import { ParleyError } from './errors.js';

/** Close codes after which coming back without a change is pointless, and what they mean. */
const FINAL = {
  1008: ['RATE_LIMIT', 'The server closed the connection for ignoring its limits'],
  4500: ['TOKEN_EXPIRED', 'The token has expired or was revoked'],
  4501: ['FORBIDDEN', 'No longer allowed in this session'],
  4502: ['GONE', 'The session was closed or deleted'],
};
const FINAL_STATUS = new Set([400, 401, 403, 404, 409, 410]);

/**
 * Whether to come back after an end, and when at the earliest.
 * @param {import('./transports/websocket.js').End} end
 * @param {{reason?: string, code?: number, reconnect_in?: number} | null} farewell the `disconnect` frame before it
 * @returns {{again: true, after?: number} | {again: false, error: ParleyError}} `after` in milliseconds
 */
export function verdict(end, farewell) {
  if (end.error) {
    return FINAL_STATUS.has(end.error.status)
      ? { again: false, error: end.error }
      : { again: true, after: inMilliseconds(end.error.retryAfter) };
  }
  const code = farewell?.code ?? end.code;
  if (code === 1008 || (code >= 4500 && code <= 4999)) {
    const [name, text] = FINAL[code] ?? ['CLOSED', `The server closed the connection for good (${code})`];
    return { again: false, error: new ParleyError(name, text, { details: { code, reason: farewell?.reason ?? end.reason } }) };
  }
  return { again: true, after: inMilliseconds(farewell?.reconnect_in) };
}

function inMilliseconds(seconds) {
  return seconds > 0 ? seconds * 1000 : undefined;
}
