/**
 * What the page knows, in one place. Views read it and are told by name what has changed; whatever changes it says so here.
 * An open conversation's messages are in its {@link Transcript}, which is part of the state as `conversation`.
 */
export class Store {
  #state = {
    /** @type {object[]} as the server lists them */
    sessions: [],
    /** Conversations in which messages wait to be sent, as entries of the list. */
    unsent: [],
    /** Whether the list has been fetched. */
    listed: false,
    /** The id of the open conversation, null for a new one. */
    current: null,
    conversation: null,
    title: '',
    user: null,
    /** Of the line: as the client's own state. */
    connection: { status: 'idle' },
    online: navigator.onLine,
    models: [],
    agents: [],
    demo: false,
    choice: {},
    /** Until when each conversation was read here. */
    seen: {},
    /** The message whose thread is open. */
    thread: null,
  };
  #listeners = new Map();

  get(key) {
    return this.#state[key];
  }

  /** Tells those who listen to what is different from before. */
  set(change) {
    const told = new Set();
    for (const [key, value] of Object.entries(change)) {
      if (Object.is(this.#state[key], value)) continue;
      this.#state[key] = value;
      for (const act of this.#listeners.get(key) ?? []) told.add(act);
    }
    for (const act of told) act();
  }

  /** @param {string[]} keys @param {() => void} act called once however many of them change together */
  on(keys, act) {
    for (const key of keys) this.#listeners.set(key, [...(this.#listeners.get(key) ?? []), act]);
  }
}
