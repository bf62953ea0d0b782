import { drop, forgetAll, read, tokenPlace, write, writeHere } from './storage.js';

const ADMIN = 'admin-token';

/**
 * Takes a token out of the address before anything else can see it there.
 * @param {(token: string) => void} take
 * @returns whether there was one
 */
export function takeTokenFromAddress(take = (given) => keep(given, false)) {
  const given = /^#token=([^&]+)/.exec(location.hash)?.[1];
  if (!given) return false;
  history.replaceState(null, '', location.pathname + location.search);
  try {
    take(decodeURIComponent(given));
  } catch {
    // Not a token: whoever needs one is asked for it.
  }
  return true;
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
  drop(ADMIN);
  tokenPlace.set(value, lasting);
  if (person) write('person', person);
}

/** Who is in on the page for administrators: perhaps somebody else than on the chat page, in this tab. */
export function adminToken() {
  return read(ADMIN) ?? token();
}

/** Signs in there; who is in on the chat page stays, with all that they have not sent. */
export function keepForAdmin(value, lasting) {
  const there = read('person');
  if ((there ?? token()) === null || there === subject(value)) keep(value, lasting);
  else writeHere(ADMIN, value);
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
