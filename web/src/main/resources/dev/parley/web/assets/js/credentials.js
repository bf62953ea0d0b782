import { drop, forgetAll, read, tokenPlace, write } from './storage.js';

/** Takes a token out of the address before anything else can see it there. */
export function takeTokenFromAddress() {
  const token = /^#token=([^&]+)/.exec(location.hash)?.[1];
  if (!token) return;
  history.replaceState(null, '', location.pathname + location.search);
  try {
    keep(decodeURIComponent(token), false);
  } catch {
    // Not a token: whoever needs one is asked for it.
  }
}

export function token() {
  return tokenPlace.get();
}

/** @param {boolean} lasting beyond this tab */
export function keep(value, lasting) {
  const person = subject(value);
  // What somebody else wrote here, and has not sent, is theirs.
  if (person && (read('person') ?? person) !== person) forgetAll();
  drop('user');
  tokenPlace.set(value, lasting);
  if (person) write('person', person);
}

/** Whom a token is of, where it says so. */
function subject(token) {
  try {
    const payload = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), (each) => each.charCodeAt(0)))).sub ?? null;
  } catch {
    return null;
  }
}

/** Signs out: nothing of this person's stays. */
export function forget() {
  forgetAll();
}

/** Who an anonymous visitor is, on a server that allows them; a cookie says the same in other tabs. */
export function anonymousId() {
  let id = read('client');
  if (!id) {
    id = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    write('client', id);
  }
  return id;
}
