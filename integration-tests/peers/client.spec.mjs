// The JavaScript client against a running server, over every transport and a wire that is cut:
//   node client.spec.mjs 'http://127.0.0.1:8080/#token=…' [a second user's token]
// Exits with 1 and says what was expected when something is not as it should be. A question that contains PAGE_LONG
// (default: "long") must be answered over about two seconds or more, any other question by anything.
import assert from 'node:assert/strict';
import { WebSocket } from 'ws';
import { ParleyClient, newId } from '../../clients/javascript/src/index.js';
import { startWire } from './wire.mjs';

const LONG = process.env.PAGE_LONG ?? 'long';
const DEADLINE = 60_000;
const given = new URL(process.argv[2] ?? '');
const token = new URLSearchParams(given.hash.slice(1)).get('token');
assert.ok(token, 'the address needs #token=…');
const second = process.argv[3];
const wire = await startWire(given);
const clients = [];

function client(options = {}) {
  const made = new ParleyClient({ url: wire.url, token, sessionId: newId(), WebSocket, backoffBase: 50, backoffCap: 400, pollWait: 5, ...options });
  clients.push(made);
  return made;
}

const until = async (condition, what) => {
  const end = Date.now() + DEADLINE;
  while (!await condition()) {
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
};
const stored = async (session, id) => (await (await fetch(`${wire.url}/api/chat/sessions/${session}/messages`, { headers: { Authorization: `Bearer ${token}` } })).json())
  .messages.find((each) => each.message_id === id);

const steps = {};

for (const transport of ['websocket', 'sse', 'poll']) {
  steps[`a question is answered over ${transport}`] = async () => {
    const one = client({ transport });
    await one.connect();
    const { reply, accepted } = one.send('A short question');
    let shown = '';
    for await (const piece of reply) shown += piece;
    assert.equal(reply.status, 'completed');
    assert.equal(shown, (await stored(one.sessionId, reply.messageId)).content);
    assert.equal((await accepted).replyId, reply.messageId);
  };
  steps[`a wire cut three times over ${transport} loses and repeats nothing`] = async () => {
    const one = client({ transport });
    await one.connect();
    let rebuilt = '';
    one.on('reply', ({ change, delta }) => {
      if (change === 'start') rebuilt = '';
      if (change === 'text') rebuilt += delta;
    });
    const { reply } = one.send(`A ${LONG} question`);
    for (let cut = 1; cut <= 3; cut++) {
      const length = reply.text.length;
      await until(() => reply.text.length > length || reply.ended, 'more text');
      wire.cut();
    }
    await reply.finished;
    const { content } = await stored(one.sessionId, reply.messageId);
    assert.equal(reply.text, content);
    assert.ok(content.startsWith(rebuilt), 'the pieces are the beginning of the whole');
  };
}

Object.assign(steps, {
  async 'stop is confirmed and keeps the text'() {
    const one = client();
    await one.connect();
    const { reply } = one.send(`A ${LONG} question, endless, to be stopped`);
    await until(() => reply.text.length > 0, 'some text');
    assert.deepEqual(await reply.stop(), [reply.messageId]);
    assert.equal((await reply.finished).status, 'stopped');
    assert.equal((await stored(one.sessionId, reply.messageId)).content, reply.text);
  },
  async 'a message whose acknowledgement was cut off is there once'() {
    const one = client();
    await one.connect();
    const sent = one.send('Only once', { reply: false });
    wire.cut();
    await sent.accepted;
    await one.send('After it', { reply: false }).accepted;
    assert.deepEqual((await one.history()).messages.map(({ content }) => content), ['Only once', 'After it']);
  },
  async 'what was written before there was a connection is sent in order'() {
    wire.dead = true;
    const one = client();
    one.connect().catch(() => {});
    const sents = ['first', 'second', 'third'].map((content) => one.send(content, { reply: false }));
    await until(() => one.state.status === 'waiting', 'the client to notice');
    wire.dead = false;
    await Promise.all(sents.map((sent) => sent.accepted));
    assert.deepEqual((await one.history()).messages.map(({ content }) => content), ['first', 'second', 'third']);
  },
  async 'edit, react, feedback, seen, regenerate, remove, quota and ping are answered'() {
    const one = client();
    await one.connect();
    const { reply, accepted } = one.send('A question');
    const { messageId } = await accepted;
    await reply.finished;
    await one.edit(messageId, 'A better question');
    await one.react(messageId, '👍');
    await one.feedback(reply.messageId, { helpful: true, rating: 5 });
    await one.seen(reply.messageId);
    const again = await one.regenerate(reply.messageId);
    await again.finished;
    assert.notEqual(again.messageId, reply.messageId);
    const kept = await stored(one.sessionId, messageId);
    assert.equal(kept.content, 'A better question');
    assert.deepEqual(kept.reactions, { '👍': [one.info.user_id] });
    assert.deepEqual((await stored(one.sessionId, again.messageId)).versions, [reply.messageId]);
    await one.remove(messageId);
    assert.equal((await stored(one.sessionId, messageId)).deleted, true);
    assert.ok((await one.quota()).limit > 0);
    assert.ok(await one.ping() >= 0);
    await assert.rejects(one.edit('nothing', 'x'), { code: 'NOT_FOUND' });
  },
  async 'a blocked WebSocket is replaced by itself, and comes back'() {
    wire.blocked = true;
    const one = client({ climbAfter: 500 });
    await one.connect();
    assert.equal(one.state.transport, 'sse');
    await one.ask('Over events');
    wire.blocked = false;
    await until(() => one.state.transport === 'websocket' && one.state.status === 'connected', 'the WebSocket');
    await one.ask('Over the socket');
  },
  async 'a second client of the same person sees everything'() {
    const one = client();
    const two = client({ sessionId: one.sessionId });
    await one.connect();
    await two.connect();
    const ends = [];
    two.on('reply', ({ reply, change }) => change === 'end' && ends.push(reply));
    const heard = [];
    two.on('message', ({ content }) => heard.push(content));
    const answer = await one.ask('Seen by both');
    await until(() => ends.length === 1, 'the end on the second client');
    assert.equal(ends[0].text, answer);
    assert.deepEqual(heard, ['Seen by both']);
  },
  async 'a bad token and a forbidden session are said plainly'() {
    await assert.rejects(client({ token: 'nonsense' }).connect(), { code: 'UNAUTHORIZED' });
    if (!second) return;
    const one = client();
    await one.connect();
    await assert.rejects(client({ token: second, sessionId: one.sessionId }).connect(), { code: 'FORBIDDEN' });
  },
});

let failed = false;
for (const [name, step] of Object.entries(steps)) {
  try {
    let timer;
    const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`took more than ${DEADLINE} ms`)), DEADLINE * 2); });
    await Promise.race([step(), late]).finally(() => clearTimeout(timer));
    console.log(`ok      ${name}`);
  } catch (error) {
    failed = true;
    console.log(`NOT OK  ${name}\n${error.stack}`);
  }
  Object.assign(wire, { dead: false, blocked: false });
  clients.splice(0).forEach((each) => each.close());
}
wire.close();
process.exit(failed ? 1 : 0);
