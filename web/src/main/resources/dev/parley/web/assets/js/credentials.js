import { drop, forgetAll, read, tokenPlace, write } from './storage.js';

/** Takes a token out of the address before anything else can see it there. */
export function takeTokenFromAddress() {
  const token = /^#token=([^&]+)/.exec(location.hash)?.[1];
  if (!token) return;
  history.replaceState(null, '', location.pathname + location.search);
  keep(decodeURIComponent(token), false);
}

export function token() {
  return tokenPlace.get();
}

/** @param {boolean} lasting beyond this tab */
export function keep(value, lasting) {
  drop('user');
  tokenPlace.set(value, lasting);
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
