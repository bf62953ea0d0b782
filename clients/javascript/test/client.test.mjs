import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { WebSocket } from 'ws';
import { ParleyClient } from '../src/index.js';
import { startServer } from './support/server.mjs';
import { MemoryStorage, until } from './support/clock.mjs';

const LONG = Array.from({ length: 60 }, (_, i) => `word${i} 😀`).join(' ');

let server;
let clients;

beforeEach(async () => {
  clients = [];
  server = await startServer();
  server.conversations.model = (question) => ({ text: { long: LONG, endless: LONG.repeat(100) }[question] ?? `You said: ${question}`, delay: 3 });
});

afterEach(async () => {
  clients.forEach((client) => client.close());
  await server.stop();
});

function client(options = {}) {
  const made = new ParleyClient({
    url: server.url, token: 'user-ana', sessionId: 's1', WebSocket, backoffBase: 20, backoffCap: 100, openDeadline: 10_000,
    pongDeadline: 200, gapDeadline: 100, climbAfter: 60_000, pollWait: 1, ...options,
  });
  clients.push(made);
  return made;
}

for (const transport of ['websocket', 'sse', 'poll']) {
  test(`a question is sent and its answer streams over ${transport}`, async () => {
    const ana = client({ transport });
    await ana.connect();
    assert.equal(ana.state.transport, transport);
    const sent = ana.send('hello there');
    const pieces = [];
    for await (const piece of sent.reply) pieces.push(piece);
    assert.equal(pieces.join(''), 'You said: hello there');
    assert.equal((await sent.accepted).messageId, sent.messageId);
    assert.equal(sent.reply.status, 'completed');
    assert.ok(pieces.length > 1);
  });

  test(`a connection cut again and again over ${transport} loses and repeats nothing`, async () => {
    const ana = client({ transport });
    const deltas = [];
    let restarts = 0;
    ana.on('reply', ({ change, delta }) => {
      if (change === 'text') deltas.push(delta);
      if (change === 'start') restarts += 1;
    });
    await ana.connect();
    const { reply } = ana.send('long');
    for (let cut = 1; cut <= 3; cut++) {
      await until(() => reply.text.length > cut * 100 || reply.ended);
      server.cut();
    }
    await reply.finished;
    assert.equal(reply.text, LONG);
    if (transport !== 'poll') {
      assert.equal(restarts, 1);
      assert.equal(deltas.join(''), LONG.slice(0, deltas.join('').length));
    }
    assert.equal(ana.running.length, 0);
  });
}

test('what others did while the connection was away arrives in order, once', async () => {
  const ana = client();
  const seen = [];
  ana.on('message', ({ content }) => seen.push(content));
  await ana.connect();
  const bo = client({ token: 'user-bo' });
  await bo.connect();
  await bo.send('one', { reply: false }).accepted;
  await until(() => seen.length === 1);
  server.faults.blockWebSocket = true;
  [...server.sockets][0].terminate();
  await until(() => ana.state.status === 'waiting');
  const other = server.conversations.sessions.get('s1');
  server.conversations.post(other, { id: 'bo', name: 'Bo' }, { content: 'two', reply: false });
  server.conversations.post(other, { id: 'bo', name: 'Bo' }, { content: 'three', reply: false });
  server.faults.blockWebSocket = false;
  await until(() => seen.length === 3);
  assert.deepEqual(seen, ['one', 'two', 'three']);
});

test('messages written offline are kept in the storage and sent by the next page', async () => {
  const storage = new MemoryStorage();
  const first = client({ storage });
  const lost = first.send('written offline');
  assert.equal(lost.status, 'waiting');
  const second = client({ storage });
  assert.deepEqual(second.pending.map(({ content }) => content), ['written offline']);
  const [{ reply }] = second.pending;
  await second.connect();
  assert.equal((await reply.finished).text, 'You said: written offline');
  assert.equal(storage.length, 0);
});

test('an acknowledgement that got lost does not make a second message', async () => {
  const ana = client();
  await ana.connect();
  server.faults.outgoing = (frame) => (frame.type === 'ack' ? null : frame);
  const sent = ana.send('once');
  await until(() => server.conversations.sessions.get('s1').messages.length > 0);
  server.faults.outgoing = (frame) => frame;
  server.cut();
  assert.equal((await sent.accepted).duplicate, true);
  assert.equal((await sent.reply.finished).text, 'You said: once');
  assert.equal(server.conversations.sessions.get('s1').messages.filter(({ role }) => role === 'user').length, 1);
});

test('a lost chunk is noticed and made good', async () => {
  const ana = client();
  const measures = [];
  ana.on('telemetry', (measure) => measures.push(measure));
  await ana.connect();
  let chunks = 0;
  server.faults.outgoing = (frame) => (frame.type === 'stream_chunk' && ++chunks === 5 ? null : frame);
  const { reply } = ana.send('long');
  await until(() => measures.length === 1);
  assert.equal(reply.text, LONG);
  assert.ok(measures[0].gaps >= 1);
  assert.ok(server.heard.some(({ type }) => type === 'resume'));
});

test('repeated chunks are counted and not shown', async () => {
  const ana = client();
  await ana.connect();
  const { reply } = ana.send('long');
  let last = null;
  server.faults.outgoing = (frame) => {
    if (frame.type === 'stream_chunk' && last) server.say(last);
    last = frame.type === 'stream_chunk' ? frame : last;
    return frame;
  };
  assert.equal((await reply.finished).text, LONG);
});

test('stop ends the reply, also before it has begun', async () => {
  const ana = client();
  await ana.connect();
  const { reply } = ana.send('endless');
  await until(() => reply.text.length > 20);
  await reply.stop();
  assert.equal((await reply.finished).status, 'stopped');
  assert.ok(reply.text.length < LONG.length * 100);
  const offline = client({ sessionId: 's2' });
  const unsent = offline.send('never mind');
  await unsent.reply.stop();
  await assert.rejects(unsent.reply.finished, { code: 'CLOSED' });
});

test('edit, remove, react, regenerate, feedback, seen, history and quota are answered', async () => {
  const ana = client();
  const bo = client({ token: 'user-bo' });
  await Promise.all([ana.connect(), bo.connect()]);
  const heard = [];
  for (const type of ['edited', 'deleted', 'reaction']) bo.on(type, () => heard.push(type));
  const own = [];
  ana.on('edited', ({ local }) => own.push(local));
  const first = ana.send('question');
  await first.reply.finished;
  await ana.edit(first.messageId, 'a better question');
  await ana.react(first.messageId, '👍');
  await ana.feedback(first.reply.messageId, { helpful: true });
  await ana.seen(first.reply.messageId);
  const again = await ana.regenerate(first.reply.messageId);
  await again.finished;
  assert.equal(again.text, 'You said: a better question');
  assert.deepEqual(again.versions, [first.reply.messageId]);
  await ana.remove(first.messageId);
  const { messages, total } = await ana.history({ limit: 2 });
  assert.deepEqual([messages.length, total], [2, 3]);
  assert.equal((await ana.quota()).limit, 30);
  await assert.rejects(ana.edit('nothing', 'x'), { code: 'NOT_FOUND' });
  await until(() => heard.length === 3);
  assert.deepEqual(heard, ['edited', 'reaction', 'deleted']);
  assert.deepEqual(own, [true]);
});

test('where WebSockets are blocked the client changes over by itself, and back when they work again', async () => {
  server.faults.blockWebSocket = true;
  const ana = client({ climbAfter: 50 });
  await ana.connect();
  assert.equal(ana.state.transport, 'sse');
  assert.equal(await ana.ask('over events'), 'You said: over events');
  server.faults.blockWebSocket = false;
  await until(() => ana.state.transport === 'websocket', 'the WebSocket');
  assert.equal(await ana.ask('over the socket'), 'You said: over the socket');
});

test('where even events are held back it polls', async () => {
  server.faults.blockWebSocket = true;
  server.faults.silentEvents = true;
  const ana = client({ openDeadline: 1_000 });
  await ana.connect();
  assert.equal(ana.state.transport, 'poll');
  assert.equal(await ana.ask('slowly'), 'You said: slowly');
});

test('a path that died without a word is noticed and replaced', async () => {
  server.conversations.heartbeat = 0.05;
  const ana = client();
  await ana.connect();
  const [old] = server.sockets;
  server.faults.deaf = true;
  server.faults.outgoing = () => null;
  await until(() => ana.state.status !== 'connected');
  server.faults.deaf = false;
  server.faults.outgoing = (frame) => frame;
  await until(() => ana.state.status === 'connected');
  await until(() => !server.sockets.has(old), 'the old socket to be closed');
});

test('the token stays out of the address, is refreshed in band, and a bad one is said plainly', async () => {
  server.conversations.tokenLife = 400;
  let asked = 0;
  const ana = client({ token: async () => `user-ana-${++asked}` });
  await ana.connect();
  assert.equal(server.opened[0].token, 'user-ana-1');
  await until(() => server.heard.some(({ type, token }) => type === 'refresh' && token === 'user-ana-2'));
  server.revoked.add('user-ana-1');
  server.close(4500, { type: 'disconnect', reason: 'revoked', code: 4500 });
  await until(() => server.opened.length === 2);
  await until(() => ana.state.status === 'connected');
  await assert.rejects(client({ token: 'nonsense' }).connect(), { code: 'UNAUTHORIZED' });
});

test('a token that stays the same is not sent again and again', async () => {
  server.conversations.tokenLife = 50;
  let asked = 0;
  const ana = client({ token: () => { asked += 1; return 'user-ana'; } });
  await ana.connect();
  await until(() => asked >= 2, 'the token to be asked for again');
  await ana.ping();
  assert.equal(server.heard.filter(({ type }) => type === 'refresh').length, 0);
});

test('a token that is refused over a fallback is asked for anew, and the message waits', async () => {
  let current = 'user-ana-old';
  const ana = client({ transport: 'poll', token: () => current });
  await ana.connect();
  server.revoked.add('user-ana-old');
  current = 'user-ana-new';
  assert.equal(await ana.ask('still here'), 'You said: still here');
});

test('a token that fits into no subprotocol is no reason to fall over', async () => {
  const ana = client({ token: 'user-ana with spaces' });
  await ana.connect();
  assert.equal(ana.state.transport, 'sse');
});

test('what cannot be written is refused to its sender and stands in nobody\'s way', async () => {
  const ana = client();
  const round = {};
  round.round = round;
  assert.throws(() => ana.send('round', { metadata: round }), TypeError);
  assert.equal(ana.pending.length, 0);
  await ana.connect();
  assert.equal(await ana.ask('next'), 'You said: next');
});

test('a client that was closed goes on when it is connected again', async () => {
  const ana = client();
  const closed = [];
  ana.on('closed', () => closed.push(ana.state.status));
  ana.close();
  ana.close();
  assert.deepEqual(closed, ['closed']);
  const sent = ana.send('kept');
  await assert.rejects(sent.accepted, { code: 'CLOSED' });
  await assert.rejects(sent.reply.finished, { code: 'CLOSED' });
  await assert.rejects(ana.search('x'), { code: 'CLOSED' });
  await ana.connect();
  assert.equal((await sent.reply.finished).text, 'You said: kept');
  assert.ok((await sent.accepted).messageId);
});

test('a listener that connects again as soon as it is closed is not cut off', async () => {
  const ana = client();
  await ana.connect();
  let again;
  ana.once('closed', () => { again = ana.connect(); });
  server.close(4501);
  await until(() => again);
  await again;
  assert.equal(await ana.ask('still here'), 'You said: still here');
});

test('a terminal close ends it and a drain is obeyed', async () => {
  const ana = client();
  const states = [];
  ana.on('state', (state) => states.push(state));
  await ana.connect();
  server.close(1001, { type: 'disconnect', reason: 'drain', code: 1001, reconnect_in: 0.2 });
  await until(() => states.some(({ status }) => status === 'waiting'));
  const waiting = states.find(({ status }) => status === 'waiting');
  assert.equal(waiting.reason, 'drain');
  assert.ok(waiting.retryAt > Date.now());
  await until(() => ana.state.status === 'connected');
  server.close(4502);
  await until(() => ana.state.status === 'closed');
  assert.equal(ana.state.error.code, 'GONE');
  await assert.rejects(ana.quota(), { code: 'GONE' });
});

test('what cannot be made up for is a reload, and replies that ended meanwhile are settled', async () => {
  const ana = client({ openDeadline: 1_000 });
  let reloads = 0;
  ana.on('reload', () => { reloads += 1; });
  await ana.connect();
  const { reply } = ana.send('long');
  await until(() => reply.text.length > 10);
  server.conversations.retention = -1;
  server.faults.blockWebSocket = true;
  server.faults.silentEvents = true;
  server.cut();
  await until(() => server.conversations.sessions.get('s1').running.size === 0);
  server.faults.blockWebSocket = false;
  await until(() => reloads === 1);
  assert.equal((await reply.finished).text, LONG);
});
