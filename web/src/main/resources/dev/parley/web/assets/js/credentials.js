const KEY = 'parley:token';

/** Takes a token out of the address before anything else can see it there. */
export function takeTokenFromAddress() {
  const token = /^#token=([^&]+)/.exec(location.hash)?.[1];
  if (!token) return;
  history.replaceState(null, '', location.pathname + location.search);
  keep(decodeURIComponent(token), false);
}

export function token() {
  return sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY);
}

/** @param {boolean} lasting beyond this tab */
export function keep(value, lasting) {
  forget();
  (lasting ? localStorage : sessionStorage).setItem(KEY, value);
}

export function forget() {
  sessionStorage.removeItem('parley:user');
  sessionStorage.removeItem(KEY);
  localStorage.removeItem(KEY);
}

/** Who an anonymous visitor is, on a server that allows them. */
export function anonymousId() {
  let id = localStorage.getItem('parley:client');
  if (!id) {
    id = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    localStorage.setItem('parley:client', id);
  }
  return id;
}
