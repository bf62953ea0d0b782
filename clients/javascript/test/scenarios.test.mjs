// The scenarios that the clients of all languages pass (clients/scenarios), against the scripted server or, with its address in
// PARLEY_SCENARIOS, against one that stands before a real server.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { ParleyClient, ParleyError } from '../src/index.js';
import { failingStorage, MemoryStorage, until } from './support/clock.mjs';

const server = process.env.PARLEY_SCENARIOS ?? await started();
const tasks = await (await fetch(`${server}/runs?only=${encodeURIComponent(process.env.PARLEY_SCENARIO ?? '')}`)).json();

describe('scenarios', { concurrency: 16 }, () => {
  for (const task of tasks) test(task.name, () => play(task));
});

async function started() {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../scenarios/server.mjs', import.meta.url))], { stdio: ['pipe', 'pipe', 'inherit'] });
  after(() => child.kill());
  for await (const line of child.stdout) {
    const [, address] = /^READY (\S+)/.exec(line) ?? [];
    if (address) return address;
  }
  throw new Error('Expected the scripted server to get ready');
}

async function play(task) {
  const run = new Player(task);
  try {
    for (const step of task.steps) await run.step(step);
    const answer = await run.tell('report', run.report());
    assert.deepEqual((await answer.json()).differences, []);
  } finally {
    run.end();
  }
}

/** Plays one scenario's steps with the client, and writes down what came about. */
class Player {
  #task;
  #people = new Map();
  #storages = new Map();
  #sents = new Map();
  #replies = new Map();
  #results = {};
  #calls = new Map();

  constructor(task) {
    this.#task = task;
  }

  tell(what, body) {
    return fetch(`${server}/runs/${this.#task.id}/${what}`, { method: 'POST', body: JSON.stringify(body ?? {}) });
  }

  async step({ do: what, client: name = 'one', as, fails, ...step }) {
    const person = this.#person(name);
    switch (what) {
      case 'connect': await this.#outcome(as, fails, () => person.client.connect()); break;
      case 'open': person.client.connect().catch(() => {}); break;
      case 'close': person.client.close(); break;
      case 'fresh': this.#fresh(name); break;
      case 'send': this.#send(person.client, as, step); break;
      case 'overhear': this.#overhear(person.client, as); break;
      case 'begin': this.#begin(person.client, as, step); break;
      case 'regenerate': this.#iterate(as, await person.client.regenerate(this.#resolved(step.message), step.with)); break;
      case 'stop': await this.#outcome(as, fails, async () => ({ stopped: await this.#stopped(person.client, step.reply) })); break;
      case 'call': await this.#outcome(as, fails, () => this.#call(person.client, step.method, this.#arguments(step))); break;
      case 'await': await until(() => this.#met(person, step), JSON.stringify(step), 120_000); break;
      default: await this.tell(what, step);
    }
  }

  report() {
    const people = [...this.#people].map(([name, { client, states, events, outbox, telemetry, askedForToken }]) => [name, {
      state: state(client.state), states, events, outbox, telemetry, totals: client.totals, asked_for_token: askedForToken,
    }]);
    return {
      ...Object.fromEntries(people), results: this.#results, calls: Object.fromEntries(this.#calls),
      sents: Object.fromEntries([...this.#sents].map(([name, { sent, ack, failed }]) => [name, {
        status: sent.status, message_id: sent.messageId, code: sent.error?.code ?? null, duplicate: ack?.duplicate ?? null, failed,
      }])),
      replies: Object.fromEntries([...this.#replies].map(([name, { reply, shown, pieces, failed, finished }]) => [name, {
        message_id: reply.messageId, status: reply.status, text: reply.text, shown, pieces, failed, finished,
      }])),
    };
  }

  end() {
    for (const { client } of this.#people.values()) client.close();
  }

  #person(name) {
    if (!this.#people.has(name)) this.#people.set(name, this.#made(name, {}));
    return this.#people.get(name);
  }

  #made(name, more) {
    const { token = 'first', tokens, storage, ...options } = { ...this.#task.options, ...(name === 'one' ? {} : this.#task.clients[name]) };
    const person = { tokens, states: [], events: [], outbox: [], telemetry: [], askedForToken: 0 };
    if (!this.#storages.has(name)) this.#storages.set(name, stored(storage, this.#task.session_id));
    const source = () => {
      const wanted = tokens[Math.min(person.askedForToken++, tokens.length - 1)];
      if (wanted === 'fail') throw new Error('no token to be had');
      return this.#task.tokens[wanted];
    };
    const client = person.client = new ParleyClient({
      url: server, sessionId: this.#task.session_id, token: tokens ? source : this.#task.tokens[token], WebSocket, storage: this.#storages.get(name),
      ...Object.fromEntries(Object.entries(options).map(([key, value]) => [key.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()), key === 'poll_wait' ? value / 1000 : value])),
      ...more,
    });
    client.on('state', (each) => person.states.push(state(each)));
    client.on('frame', (frame) => !frame.type.startsWith('stream_') && person.events.push(frame));
    client.on('outbox', ({ sent, change }) => person.outbox.push({ content: sent.content, change }));
    client.on('reload', () => person.events.push({ type: 'reload' }));
    client.on('telemetry', (measure) => person.telemetry.push(snake(measure)));
    return person;
  }

  /** A later client of the same person: it knows the cursor and has the storage. */
  #fresh(name) {
    const { client } = this.#person(name);
    const { cursor } = client;
    client.close();
    this.#people.set(name, this.#made(name, { since: cursor }));
  }

  #send(client, as, { content, with: options = {}, read }) {
    const sent = client.send(content, { ...options, attachments: options.attachments?.map((each) => this.#resolved(each)) });
    const entry = { sent, failed: null };
    this.#sents.set(as, entry);
    sent.accepted.then((ack) => { entry.ack = ack; entry.settled = true; }, (error) => { entry.settled = true; entry.failed = error.code; });
    if (sent.reply) this.#iterate(as, sent.reply, read);
  }

  /** Reads the first reply that is told of, with the object that is told. */
  #overhear(client, as) {
    const off = client.on('reply', ({ reply }) => {
      off();
      this.#iterate(as, reply);
    });
  }

  /** Asks without waiting for the answer. */
  #begin(client, as, step) {
    const call = { over: false, failed: null };
    this.#calls.set(as, call);
    this.#call(client, step.method, this.#arguments(step))
      .catch((error) => { call.failed = error.code ?? String(error); })
      .finally(() => { call.over = true; });
  }

  #arguments({ args = [] }) {
    return args.map((each) => this.#resolved(each));
  }

  async #iterate(as, reply, read) {
    const entry = { reply, shown: '', pieces: 0, failed: null, finished: null, over: false };
    this.#replies.set(as, entry);
    reply.finished.then(({ status }) => { entry.finished = status; }, (error) => { entry.finished = error.code; });
    try {
      for await (const piece of reply) {
        entry.shown += piece;
        entry.pieces += 1;
        if (read === 'slowly') await new Promise((resolve) => { setTimeout(resolve, 50); });
      }
    } catch (error) {
      entry.failed = error.code;
    }
    entry.over = true;
  }

  #stopped(client, reply) {
    return reply ? this.#replies.get(reply).reply.stop() : client.stop();
  }

  async #call(client, method, args) {
    switch (method) {
      case 'ask': return { text: await client.ask(...args) };
      case 'withdraw': return { withdrawn: client.withdraw(...args) };
      case 'typing': client.typing(...args); return {};
      case 'presence': return { present: await client.presence() };
      case 'upload': return client.upload(args[0].text, args[0]);
      case 'refresh': await client.refresh(this.#task.tokens[args[0]]); return {};
      default: return snake(await client[method](...args)) ?? {};
    }
  }

  async #outcome(as, fails, act) {
    try {
      const result = await act();
      assert.equal(fails, undefined, `Expected ${fails}, but it went well`);
      if (as) this.#results[as] = result;
    } catch (error) {
      if (!(error instanceof ParleyError) || error.code !== fails) throw error;
    }
  }

  #met({ client, tokens, askedForToken, states, events }, { reply, text, sent, call, state: status, was, transport, event, token, pending }) {
    if (reply) return this.#replies.get(reply)?.over && this.#replies.get(reply).finished !== null;
    if (call) return this.#calls.get(call).over;
    if (was) return states.some((each) => each.status === was);
    if (token) return askedForToken > tokens.indexOf(token);
    if (text) return this.#replies.get(text[0]).shown.length >= text[1];
    if (sent) return this.#sents.get(sent).settled;
    if (status) return client.state.status === status;
    if (transport) return client.state.status === 'connected' && client.state.transport === transport;
    if (event) return events.filter(({ type }) => type === event[0]).length >= event[1];
    return client.pending.length === pending;
  }

  #resolved(value) {
    const [, name, field] = /^\$(\w+)\.(\w+)$/.exec(value) ?? [];
    if (!name) return value;
    if (field === 'reply_id') return this.#replies.get(name).reply.messageId;
    return field === 'message_id' ? this.#sents.get(name).sent.messageId : this.#results[name][field];
  }
}

function state({ status, transport, reason, error }) {
  return { status, transport: transport ?? null, reason: reason ?? null, code: error?.code ?? null, details: error?.details ?? null };
}

/** Where unsent messages lie: well, in a place that fails whatever is asked, or beside what nobody can read and what is another session's. */
function stored(how, session) {
  if (how === 'failing') return failingStorage;
  const storage = new MemoryStorage();
  if (how !== 'torn') return storage;
  const torn = ['{"frame":', 'null', '7', '{"at":1,"n":1}', '{"at":1,"n":1,"frame":{"id":4}}'];
  torn.forEach((entry, i) => storage.setItem(`parley:outbox:${session}/${i}`, entry));
  storage.refuses(`parley:outbox:${session}/0`);
  storage.setItem(`parley:outbox:${session}:b/1`, '{"at":1,"n":1,"frame":{"type":"message","id":"n","content":"of another session"}}');
  return storage;
}

function snake(value) {
  if (!value || typeof value !== 'object') return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), each]));
}
