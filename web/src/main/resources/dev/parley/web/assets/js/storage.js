const PREFIX = 'parley:';
const TOKEN = `${PREFIX}token`;
const OUTBOX = /^parley:outbox:([^/]+)\/.+$/;

let onFull = () => {};

/** Hears that something could not be kept, because the storage is full or forbidden. */
export function whenFull(act) {
  onFull = act;
}

/** One of the browser's storages. What it does not take, because it is full or forbidden, is there as long as the page is open. */
class Place {
  #storage = null;
  #unkept = new Map();

  constructor(name) {
    try {
      this.#storage = window[name];
    } catch {
      // Even to look at it is forbidden.
    }
  }

  get keys() {
    return [...new Set([...this.#unkept.keys(), ...Object.keys(this.#storage ?? {})])].filter((key) => key.startsWith(PREFIX));
  }

  getItem(key) {
    return this.#unkept.get(key) ?? this.#storage?.getItem(key) ?? null;
  }

  /** @returns whether it stays when the page is closed */
  setItem(key, value) {
    try {
      if (!this.#storage) throw new DOMException('Forbidden', 'SecurityError');
      this.#storage.setItem(key, value);
      this.#unkept.delete(key);
      return true;
    } catch {
      this.#unkept.set(key, value);
      onFull();
      return false;
    }
  }

  removeItem(key) {
    this.#unkept.delete(key);
    this.#storage?.removeItem(key);
  }
}

const tab = new Place('sessionStorage');
const device = new Place('localStorage');

/** Whether somebody wanted to stay signed in: then things are kept in the browser, else in this tab alone. */
export function lasting() {
  return device.getItem(TOKEN) !== null;
}

function place() {
  return lasting() ? device : tab;
}

function parsed(kept, otherwise) {
  if (kept === null) return otherwise;
  try {
    return JSON.parse(kept);
  } catch {
    return otherwise;
  }
}

/** What this tab has of it, else what the browser has. */
export function read(name, otherwise = null) {
  return parsed(tab.getItem(PREFIX + name) ?? device.getItem(PREFIX + name), otherwise);
}

/** What this tab has of it. */
export function readHere(name, otherwise = null) {
  return parsed(tab.getItem(PREFIX + name), otherwise);
}

/** What all tabs have of it. */
export function readShared(name, otherwise = null) {
  return parsed(place().getItem(PREFIX + name), otherwise);
}

/** @returns whether it stays when the page is closed */
export function write(name, value) {
  return place().setItem(PREFIX + name, JSON.stringify(value));
}

/** In this tab, whoever else writes over it. */
export function writeHere(name, value) {
  tab.setItem(PREFIX + name, JSON.stringify(value));
}

export function dropHere(name) {
  tab.removeItem(PREFIX + name);
}

export function drop(name) {
  tab.removeItem(PREFIX + name);
  device.removeItem(PREFIX + name);
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

/** Unsent messages, as the client keeps them. */
export const outboxStorage = {
  get length() { return place().keys.length; },
  key: (index) => place().keys[index],
  getItem: (key) => place().getItem(key),
  removeItem: (key) => { tab.removeItem(key); device.removeItem(key); },
  setItem: (key, value) => { place().setItem(key, value); },
};

/** Messages that wait, by conversation, oldest first: `{key, content, at}`. @returns {Map<string, object[]>} */
export function unsentMessages() {
  const found = new Map();
  for (const key of place().keys) {
    const conversation = OUTBOX.exec(key)?.[1];
    const { frame, at } = (conversation && parsed(place().getItem(key), null)) || {};
    if (frame) found.set(conversation, [...(found.get(conversation) ?? []), { key, content: String(frame.content ?? ''), at: Number(at) || 0 }]);
  }
  for (const messages of found.values()) messages.sort((one, other) => one.at - other.at);
  return found;
}

/** Everything of this person's, when they leave. */
export function forgetAll() {
  for (const each of [tab, device]) for (const key of each.keys) each.removeItem(key);
}

/** The token stands as it is, since it decides where the rest is kept. */
export const tokenPlace = {
  get: () => tab.getItem(TOKEN) ?? device.getItem(TOKEN),
  set(token, stays) {
    tokenPlace.remove();
    (stays ? device : tab).setItem(TOKEN, token);
    if (!stays) return;
    // What this tab has goes along.
    for (const key of tab.keys) {
      device.setItem(key, tab.getItem(key));
      tab.removeItem(key);
    }
  },
  remove() {
    tab.removeItem(TOKEN);
    device.removeItem(TOKEN);
  },
};
