import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../src/backoff.js';
import { Liveness } from '../src/liveness.js';
import { Ladder } from '../src/transports/ladder.js';
import { EventParser } from '../src/transports/sse.js';
import { Outbox, Sent } from '../src/outbox.js';
import { ParleyError } from '../src/errors.js';
import { Replies } from '../src/replies.js';
import { Requests } from '../src/requests.js';
import { verdict } from '../src/verdict.js';
import { Credentials } from '../src/credentials.js';
import { Address } from '../src/address.js';
import { ManualClock, MemoryStorage } from './support/clock.mjs';

test('waiting times double up to their bound and are spread over their whole length', () => {
  const chances = [1, 1, 1, 1, 0, 0.5];
  const backoff = new Backoff({ base: 500, cap: 2_000, random: () => chances.shift() });
  assert.deepEqual([1, 2, 3, 4, 5, 6].map(() => backoff.next()), [500, 1_000, 2_000, 2_000, 0, 1_000]);
  backoff.reset();
  assert.equal(backoff.failures, 0);
});

test('close codes say whether to come back', () => {
  for (const code of [1001, 1006, 1011, 4000, 4001, 4002, 4499]) assert.equal(verdict({ code }, null).again, true, String(code));
  for (const code of [1008, 4500, 4501, 4502, 4999]) assert.equal(verdict({ code }, null).again, false, String(code));
  assert.equal(verdict({ code: 1006 }, { reason: 'expired', code: 4500 }).error.code, 'TOKEN_EXPIRED');
  assert.equal(verdict({ code: 1001 }, { reconnect_in: 7 }).after, 7_000);
  assert.equal(verdict({ error: new ParleyError('BUSY', '', { status: 503, retryAfter: 3 }) }, null).after, 3_000);
  assert.equal(verdict({ error: new ParleyError('FORBIDDEN', '', { status: 403 }) }, null).again, false);
});

test('a blocked WebSocket leads to events, silent events to polls, and an absent server back to the WebSocket', () => {
  const ladder = new Ladder({ mode: 'auto', available: { websocket: true, sse: true, poll: true }, patience: 2 });
  ladder.failed(false, { code: 1006 });
  assert.equal(ladder.current, 'websocket');
  ladder.failed(false, { code: 1006 });
  assert.equal(ladder.current, 'sse');
  ladder.failed(true, {});
  assert.equal(ladder.current, 'sse');
  ladder.failed(false, { silent: true });
  assert.equal(ladder.current, 'poll');
  ladder.failed(false, { unreachable: true });
  assert.equal(ladder.current, 'websocket');
  assert.throws(() => new Ladder({ mode: 'websocket', available: {}, patience: 2 }), /pass WebSocket/);
});

test('a silent peer is asked, and is gone when it does not answer', () => {
  const clock = new ManualClock();
  let asked = 0;
  let dead = 0;
  const liveness = new Liveness({ clock, deadline: 10_000, ask: () => { asked += 1; }, dead: () => { dead += 1; } });
  liveness.start(30_000);
  clock.advance(20_000);
  liveness.heard();
  clock.advance(29_000);
  assert.equal(asked, 0);
  clock.advance(1_000);
  assert.equal(asked, 1);
  liveness.heard();
  clock.advance(35_000);
  assert.deepEqual([asked, dead], [2, 0]);
  clock.advance(10_000);
  assert.equal(dead, 1);
  liveness.start(30_000);
  liveness.check(3_000);
  clock.advance(3_000);
  assert.equal(dead, 2);
});

test('an event stream is read whatever its pieces', () => {
  const whole = ': hello\r\n\r\nid: 4\r\ndata: {"a":\ndata: 1}\n\ndata:x\n\n';
  for (let cut = 0; cut <= whole.length; cut++) {
    const data = [];
    const parser = new EventParser((each) => data.push(each));
    parser.push(whole.slice(0, cut));
    parser.push(whole.slice(cut));
    assert.deepEqual(data, ['{"a":\n1}', 'x'], `cut at ${cut}`);
  }
});

test('tokens are renewed before they expire by the clock of the server', async () => {
  const clock = new ManualClock();
  let due = 0;
  const credentials = new Credentials(() => 't', clock);
  credentials.watch('2030-01-01T01:00:00Z', '2030-01-01T00:00:00Z', () => { due += 1; });
  clock.advance(59 * 60_000 - 1);
  assert.equal(due, 0);
  clock.advance(1);
  assert.equal(due, 1);
  credentials.watch('2030-01-01T00:00:10Z', '2030-01-01T00:00:00Z', () => { due += 1; });
  clock.advance(8_000);
  assert.equal(due, 2);
});

test('a token that lasts longer than any timer is renewed all the same, and by the clock of the server', () => {
  const clock = new ManualClock();
  const due = [];
  const credentials = new Credentials(() => 't', clock);
  const days = (n) => n * 86_400_000;
  const at = (ahead) => new Date(clock.now() + days(700) + ahead).toISOString();
  // The server's clock is far ahead of this one's.
  credentials.watch(at(days(90)), at(0), (left, life) => due.push([left, life]));
  clock.advance(days(90) - 60_001);
  assert.deepEqual(due, []);
  clock.advance(1);
  assert.deepEqual(due, [[60_000, days(90)]]);
  // Later frames need not say again what time it is there.
  credentials.watch(at(days(1)), undefined, () => due.push('again'));
  clock.advance(days(1) - 60_000);
  assert.equal(due.at(-1), 'again');
  credentials.watch('9999-12-31T23:59:59Z', undefined, () => due.push('never'));
  clock.advance(days(100));
  assert.equal(due.length, 2);
  for (const nonsense of ['soon', undefined, null, {}]) credentials.watch(nonsense, at(0), () => due.push('never'));
  assert.equal(clock.pending, 0);
});

test('addresses keep the path before the server and quote what they carry', () => {
  const address = new Address('wss://example.org/chat/', 'a b', { language: 'pt-BR', visibility: undefined });
  assert.equal(address.websocket({ since: '4', streams: { m: 3 } }), 'wss://example.org/chat/ws/a%20b?language=pt-BR&since=4&streams=m%3A3');
  assert.equal(address.frames(), 'https://example.org/chat/api/chat/sessions/a%20b/frames?language=pt-BR');
});

function assembler() {
  const told = [];
  const replies = new Replies(async () => [], {
    change: (reply, change, delta) => told.push([change, delta]),
    gap: () => told.push(['gap']),
    duplicate: () => told.push(['duplicate']),
  });
  return { replies, told };
}

test('text is put together by positions: repeats are dropped, overlaps cut, gaps reported', () => {
  const { replies, told } = assembler();
  replies.start({ message_id: 'r' });
  replies.chunk({ message_id: 'r', content: 'Hé😀', seq: 4 });
  replies.chunk({ message_id: 'r', content: 'Hé😀', seq: 4 });
  replies.chunk({ message_id: 'r', content: '😀 you', seq: 8 });
  replies.chunk({ message_id: 'r', content: 'lost', seq: 20 });
  assert.equal(replies.get('r').text, 'Hé😀 you');
  assert.deepEqual(replies.positions(), { r: 8 });
  assert.deepEqual(told.map(([what]) => what), ['start', 'text', 'duplicate', 'text', 'gap']);
  assert.equal(told[3][1], ' you');
  replies.start({ message_id: 'r' });
  assert.equal(replies.get('r').text, '');
  replies.end({ message_id: 'r', status: 'completed', message: { content: 'all of it' } });
  assert.equal(replies.get('r').text, 'all of it');
  replies.chunk({ message_id: 'r', content: 'late', seq: 13 });
  assert.equal(replies.get('r').text, 'all of it');
});

test('a reply that overtakes its acknowledgement is the one its sender waits for', async () => {
  const { replies } = assembler();
  const reply = replies.expect();
  replies.start({ message_id: 'r', question_id: 'q' });
  replies.chunk({ message_id: 'r', content: 'early', seq: 5 });
  replies.bind(reply, { messageId: 'r', questionId: 'q' });
  replies.chunk({ message_id: 'r', content: ' bird', seq: 10 });
  replies.end({ message_id: 'r', status: 'completed' });
  assert.equal((await reply.finished).text, 'early bird');
  const late = replies.expect();
  replies.bind(late, { questionId: 'q' });
  assert.equal((await late.finished).messageId, 'r');
});

test('a regenerated reply is another one than the first', () => {
  const { replies } = assembler();
  const first = replies.expect();
  replies.bind(first, { messageId: 'r1', questionId: 'q' });
  replies.start({ message_id: 'r1', question_id: 'q' });
  replies.end({ message_id: 'r1', status: 'completed' });
  replies.start({ message_id: 'r2', question_id: 'q', versions: ['r1'] });
  assert.notEqual(replies.get('r2'), first);
  assert.equal(first.status, 'completed');
});

function outbox({ open = true, storage, bound = 3 } = {}) {
  const clock = new ManualClock();
  const wire = [];
  const told = [];
  const box = new Outbox({
    storage, prefix: 'p:', bound, deadline: 15_000, clock, send: (frame) => { wire.push(frame.id); return true; },
    tell: (sent, change) => told.push(`${sent.id} ${change}`),
  });
  if (open) box.opened();
  const add = (id, more) => { const sent = new Sent({ id, content: id, ...more }, null); box.add(sent); return sent; };
  return { box, clock, wire, told, add };
}

test('messages go one after the other, and again with the same id until they are acknowledged', async () => {
  const { box, clock, wire, add } = outbox();
  const first = add('a');
  add('b');
  assert.deepEqual(wire, ['a']);
  clock.advance(15_000);
  assert.deepEqual(wire, ['a', 'a']);
  box.lost();
  box.opened();
  assert.deepEqual(wire, ['a', 'a', 'a']);
  box.accept({ id: 'a', message_id: 'm1', reply_id: 'r1', duplicate: true });
  assert.deepEqual(await first.accepted, { messageId: 'm1', replyId: 'r1', duplicate: true });
  assert.deepEqual(wire, ['a', 'a', 'a', 'b']);
});

test('a limit delays a message by what the server says, a refusal ends it, and the order stays', async () => {
  const { box, clock, wire, add } = outbox();
  const first = add('a');
  add('b');
  box.refuse({ id: 'a', code: 'RATE_LIMIT', message: 'Rate limit exceeded', retry_after: 12 });
  clock.advance(11_999);
  assert.deepEqual(wire, ['a']);
  clock.advance(1);
  assert.deepEqual(wire, ['a', 'a']);
  box.refuse({ id: 'a', code: 'CONTENT_REJECTED', message: 'no' });
  await assert.rejects(first.accepted, { code: 'CONTENT_REJECTED' });
  assert.deepEqual(wire, ['a', 'a', 'b']);
});

test('a sender who asked to be rejected when busy is rejected', async () => {
  const { box, add } = outbox();
  const sent = add('a', { overlap: 'reject' });
  box.refuse({ id: 'a', code: 'BUSY', retry_after: 1 });
  await assert.rejects(sent.accepted, { code: 'BUSY' });
});

test('the outbox is bounded, survives a reload in order, and a message can be taken back', async () => {
  const storage = new MemoryStorage();
  const before = outbox({ open: false, storage });
  for (const id of ['c', 'b', 'a']) before.add(id);
  await assert.rejects(before.add('d').accepted, { code: 'OUTBOX_FULL' });
  assert.equal(before.box.withdraw('b'), true);
  const after = outbox({ open: false, storage });
  after.box.restore(() => null);
  assert.deepEqual(after.box.sents.map(({ id }) => id), ['c', 'a']);
  after.box.opened();
  after.box.accept({ id: 'c', message_id: 'm' });
  after.box.accept({ id: 'a', message_id: 'n' });
  assert.equal(storage.length, 0);
});

test('who waits for a message is told when the client closes, and may wait anew when it is open again', async () => {
  const { box, wire, add } = outbox({ open: false });
  const first = add('a');
  box.closed(new ParleyError('CLOSED', 'The client was closed'));
  await assert.rejects(first.accepted, { code: 'CLOSED' });
  const second = add('b');
  await assert.rejects(second.accepted, { code: 'CLOSED' });
  assert.deepEqual(box.sents.map(({ status }) => status), ['waiting', 'waiting']);
  box.reopened();
  box.opened();
  box.accept({ id: 'a', message_id: 'm' });
  assert.equal((await first.accepted).messageId, 'm');
  assert.deepEqual(wire, ['a', 'b']);
});

test('a storage that fails costs no message', () => {
  const storage = { length: 0, setItem: () => { throw new Error('full'); }, removeItem: () => { throw new Error('gone'); } };
  const { wire, add } = outbox({ storage });
  add('a');
  assert.deepEqual(wire, ['a']);
});

test('requests wait for a connection, and only harmless ones are sent twice', async () => {
  const clock = new ManualClock();
  const wire = [];
  let open = false;
  let n = 0;
  const requests = new Requests({ send: (frame) => open && !!wire.push(frame), clock, newId: () => `q${++n}` });
  const stop = requests.ask({ type: 'stop' }, { again: true });
  const react = requests.ask({ type: 'react' });
  assert.equal(wire.length, 0);
  open = true;
  requests.connected();
  requests.lost();
  await assert.rejects(react, { code: 'CONNECTION_LOST' });
  requests.connected();
  assert.deepEqual(wire.map(({ type }) => type), ['stop', 'react', 'stop']);
  requests.answer({ type: 'ack', id: 'q1', stopped: ['r'] });
  assert.deepEqual((await stop).stopped, ['r']);
  const late = requests.ask({ type: 'quota' });
  clock.advance(30_000);
  await assert.rejects(late, { code: 'TIMEOUT' });
  assert.equal(clock.pending, 0);
});
