import { randomUUID } from 'node:crypto';
import { Faults } from './faults.mjs';

/**
 * What every scenario's clients are set to unless it says otherwise, in milliseconds. On a machine that has much else to do a deadline
 * must not pass that no fault has made pass.
 */
const OPTIONS = {
  transport: 'auto', backoff_base: 10, backoff_cap: 40, open_deadline: 20_000, pong_deadline: 10_000, gap_deadline: 100,
  ack_deadline: 20_000, climb_after: 60_000, poll_wait: 2_000, patience: 2,
};

/** One scenario about to be played by one client: where, with which tokens, and what is written down of it. */
export class Run {
  opened = [];
  heard = [];
  /** Milliseconds between the end of a connection and the next one. */
  waits = [];
  channels = new Set();
  /** The messages that were named to the client. */
  messages = new Set();
  /** Connections that are kept waiting before they open. */
  holding = 0;
  #endedAt = null;
  #waiting = [];

  constructor(scenario, tokens) {
    this.id = `${scenario.name.replace(/[^a-z0-9]+/gi, '-').slice(0, 100)}-${randomUUID().slice(0, 8)}`;
    this.scenario = scenario;
    this.tokens = tokens;
    this.faults = new Faults(scenario.faults);
  }

  /** What the client is told of it. */
  get task() {
    const { name, options, clients, steps } = this.scenario;
    return { id: this.id, name, session_id: this.id, tokens: this.tokens, options: { ...OPTIONS, ...options }, clients: clients ?? {}, steps };
  }

  began(opening) {
    if (this.#endedAt !== null) this.waits.push(Date.now() - this.#endedAt);
    this.#endedAt = null;
    this.opened.push(opening);
    for (const each of this.#waiting.splice(0)) each();
  }

  /** Resolves when that many connections were begun. */
  async begun(times) {
    while (this.opened.length < times) await new Promise((resolve) => { this.#waiting.push(resolve); });
  }

  /** How many connections there still are, after a while in which they may go. */
  async left() {
    const pause = (time) => new Promise((resolve) => { setTimeout(resolve, time); });
    while (this.holding) await pause(10);
    // What was held is opened now.
    await pause(300);
    for (let i = 0; i < 300 && this.channels.size; i++) await pause(10);
    return this.channels.size;
  }

  ended() {
    this.#endedAt = Date.now();
  }

  cut() {
    for (const channel of this.channels) channel.drop();
  }
}

/** Each scenario, once for every combination of the values in its `for`. */
export function expand(scenarios, { origin }) {
  return scenarios.filter((each) => !each.only || each.only === origin).flatMap(({ for: values = {}, ...scenario }) => {
    let all = [scenario];
    for (const [name, given] of Object.entries(values)) {
      const list = given.from !== undefined ? Array.from({ length: given.to - given.from + 1 }, (_, i) => given.from + i) : given;
      all = all.flatMap((each) => list.map((value) => ({ ...fill(each, name, value), name: `${each.name}, ${name} ${[value].flat().join(' ')}` })));
    }
    return all;
  });
}

function fill(tree, name, value) {
  if (tree === `$${name}`) return value;
  if (typeof tree === 'string' && tree.startsWith(`$${name}.`)) return value[tree.slice(name.length + 2)];
  if (Array.isArray(tree)) return tree.map((each) => fill(each, name, value));
  if (tree && typeof tree === 'object') return Object.fromEntries(Object.entries(tree).map(([key, each]) => [key, fill(each, name, value)]));
  return tree;
}
