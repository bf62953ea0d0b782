import { drop, read, write } from './storage.js';

const name = (session) => `refused:${session}`;

/** Messages that the server refused: their words stay, over a reload too, until somebody sends them again or lets them go. */
export function refusedIn(session) {
  const kept = read(name(session), []);
  return Array.isArray(kept) ? kept.filter(({ frame } = {}) => typeof frame?.id === 'string' && typeof frame.content === 'string') : [];
}

/** @param {{frame: object, error: {code: string, message: string}}} sent */
export function keepRefused(session, { frame, error }) {
  write(name(session), [...refusedIn(session).filter((each) => each.frame.id !== frame.id), { frame, error: { code: error.code, message: error.message } }]);
}

export function forgetAllRefused(session) {
  drop(name(session));
}

export function forgetRefused(session, id) {
  const left = refusedIn(session).filter((each) => each.frame.id !== id);
  if (left.length) write(name(session), left);
  else drop(name(session));
}
