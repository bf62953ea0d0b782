const PREFIX = 'parley:';
const TOKEN = `${PREFIX}token`;

let onFull = () => {};

/** Hears that something could not be kept, because the storage is full or forbidden. */
export function whenFull(act) {
  onFull = act;
}

/** Where this page keeps things: in this tab alone, or in the browser of someone who wanted to stay signed in. */
export function place() {
  return localStorage.getItem(TOKEN) === null ? sessionStorage : localStorage;
}

export function read(name, otherwise = null) {
  const kept = sessionStorage.getItem(PREFIX + name) ?? localStorage.getItem(PREFIX + name);
  if (kept === null) return otherwise;
  try {
    return JSON.parse(kept);
  } catch {
    return otherwise;
  }
}

/** @returns whether it is kept */
export function write(name, value) {
  try {
    place().setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch {
    onFull();
    return false;
  }
}

export function drop(name) {
  sessionStorage.removeItem(PREFIX + name);
  localStorage.removeItem(PREFIX + name);
}

/** What another tab of somebody who stays signed in has kept, or null where it has dropped it. */
export function whenKeptElsewhere(act, signal) {
  addEventListener('storage', ({ key, newValue }) => {
    if (!key?.startsWith(PREFIX)) return;
    try {
      act(key.slice(PREFIX.length), newValue === null ? null : JSON.parse(newValue));
    } catch {
      // Not ours.
    }
  }, { signal });
}

/** Unsent messages, as the client keeps them; what is full is said, not thrown. */
export const outboxStorage = {
  get length() { return place().length; },
  key: (index) => place().key(index),
  getItem: (key) => place().getItem(key),
  removeItem: (key) => { sessionStorage.removeItem(key); localStorage.removeItem(key); },
  setItem: (key, value) => {
    try {
      place().setItem(key, value);
    } catch {
      onFull();
    }
  },
};

/** Everything of this person's, when they leave. */
export function forgetAll() {
  for (const storage of [sessionStorage, localStorage]) {
    for (const key of Object.keys(storage)) if (key.startsWith(PREFIX)) storage.removeItem(key);
  }
}

/** The token stands as it is, since it decides where the rest is kept. */
export const tokenPlace = {
  get: () => sessionStorage.getItem(TOKEN) ?? localStorage.getItem(TOKEN),
  set(token, lasting) {
    tokenPlace.remove();
    (lasting ? localStorage : sessionStorage).setItem(TOKEN, token);
    if (!lasting) return;
    // What this tab has goes along.
    for (const key of Object.keys(sessionStorage)) {
      if (!key.startsWith(PREFIX)) continue;
      localStorage.setItem(key, sessionStorage.getItem(key));
      sessionStorage.removeItem(key);
    }
  },
  remove() {
    sessionStorage.removeItem(TOKEN);
    localStorage.removeItem(TOKEN);
  },
};
