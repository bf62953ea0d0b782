// The chat gateway through the stock client of Socket.IO in Node, in each of its transports, also over a wire that is cut:
//   SERVER=http://127.0.0.1:port node --test gateway-client.spec.mjs
// A token is its user's name. A question that contains "long" must be answered over about two seconds, one that contains "endless" until it is stopped.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { io } from 'socket.io-client';
import { everyEvent } from './gateway-flow.mjs';
import { startWire } from './wire.mjs';

const SERVER = process.env.SERVER;
const RUN = Date.now().toString(36);
/** How often a client is cut off; more to look for what is rare. */
const CUTS = Number(process.env.CUTS ?? 4);
const TRANSPORTS = [['websocket', ['websocket']], ['polling', ['polling']], ['upgrade', ['polling', 'websocket']]];
const later = (wait) => new Promise((resolve) => { setTimeout(resolve, wait); });
const next = (socket, event) => new Promise((resolve) => { socket.once(event, (...args) => resolve(args[0])); });

/** Cuts until the client notices: between two polls there is nothing to be noticed. */
async function cutUntil(wire, socket) {
  const noticed = next(socket, 'disconnect').then(() => true);
  do wire.cut(); while (!await Promise.race([noticed, later(30).then(() => false)]));
}

for (const [name, transports] of TRANSPORTS) {
  describe(`over ${name}`, { concurrency: true }, () => {
    it('has every event', async () => {
      const shown = await everyEvent({ io, server: SERVER, transports, name: `node-${name}-${RUN}` });
      assert.equal(shown.length, 12);
    });

    it('goes on where it was cut off, again and again, without a lost or repeated character', async () => {
      const user = `cy-${name}-${RUN}`;
      const session = `cut-${name}-${RUN}`;
      const wire = await startWire(new URL(SERVER));
      const socket = io(`${wire.url}/chat`, { transports, forceNew: true, auth: { userId: user, token: user }, reconnectionDelay: 20, reconnectionDelayMax: 50, randomizationFactor: 0 });
      const other = io(`${SERVER}/chat`, { transports: ['websocket'], forceNew: true, auth: { token: `dan-${name}-${RUN}` } });
      try {
        await next(socket, 'connection:success');
        const before = socket.id;
        assert.ok((await socket.emitWithAck('session:join', { sessionId: session })).success);
        assert.ok((await other.emitWithAck('session:join', { sessionId: session })).success);
        const messages = [];
        socket.on('message:new', (message) => messages.push(message.content));
        let text = '';
        let begun = 0;
        socket.on('stream:chunk', (chunk) => {
          if (chunk.reset) { text = ''; begun++; }
          text += chunk.delta;
          assert.equal(chunk.offset, text.length);
        });
        const end = next(socket, 'stream:complete');
        assert.ok((await socket.emitWithAck('stream:request', { sessionId: session, prompt: 'A long answer' })).success);
        for (let round = 1; round <= CUTS; round++) {
          await later(50 + Math.random() * 150);
          const back = next(socket, 'connection:success');
          wire.dead = true;
          await cutUntil(wire, socket);
          assert.ok((await other.emitWithAck('message:send', { sessionId: session, content: `missed ${round}` })).success);
          wire.dead = false;
          const hello = await back;
          assert.equal(socket.recovered, true, 'recovered');
          assert.equal(hello.recovered, true);
          assert.deepEqual(hello.sessions, [session]);
          assert.equal(socket.id, before);
        }
        const complete = await end;
        while (messages.length <= CUTS) await later(10);
        assert.equal(text, complete.content);
        assert.equal(begun, 1);
        assert.deepEqual(messages, ['A long answer', ...Array.from({ length: CUTS }, (_, i) => `missed ${i + 1}`)]);
      } finally {
        socket.disconnect();
        other.disconnect();
        wire.close();
      }
    });
  });
}

describe('coming back', () => {
  const connect = (user, more = {}) => io(`${SERVER}/chat`, { transports: ['websocket'], forceNew: true, auth: { token: user, ...more } });

  it('tells the newest hundred messages, and says when that is not all', async () => {
    const session = `many-${RUN}`;
    const ann = connect(`ann-many-${RUN}`);
    const first = await ann.emitWithAck('session:join', { sessionId: session });
    ann.disconnect();
    const writer = connect(`bob-many-${RUN}`);
    await writer.emitWithAck('session:join', { sessionId: session });
    for (let i = 1; i <= 103; i++) assert.ok((await writer.emitWithAck('message:send', { sessionId: session, content: `${i}` })).success);
    writer.disconnect();

    const back = connect(`ann-many-${RUN}`);
    const got = [];
    back.on('message:new', (message) => got.push(message.content));
    const joined = await back.emitWithAck('session:join', { sessionId: session, since: first.cursor });
    assert.equal(joined.complete, false);
    assert.equal(joined.missed, 100);
    while (got.length < 100) await later(10);
    assert.deepEqual(got, Array.from({ length: 100 }, (_, i) => `${i + 4}`));
    got.length = 0;
    const again = await back.emitWithAck('session:join', { sessionId: session, since: joined.cursor });
    assert.deepEqual([again.complete, again.missed], [true, 0]);
    assert.equal((await back.emitWithAck('session:join', { sessionId: session, since: 'nonsense' })).complete, false);
    back.disconnect();
  });

  it('is not for others, nor for those who do not want it', async () => {
    const session = `own-${RUN}`;
    const ann = connect(`ann-own-${RUN}`);
    await ann.emitWithAck('session:join', { sessionId: session });
    const pid = ann._pid;
    const offset = ann._lastOffset;
    assert.ok(pid && offset.startsWith(`${session}=`));
    ann.disconnect();
    const eve = connect(`eve-own-${RUN}`, { pid, offset });
    const hello = await next(eve, 'connection:success');
    assert.equal(hello.recovered, false);
    assert.deepEqual(hello.sessions, []);
    assert.notEqual(eve._pid, pid);
    eve.disconnect();
    const plain = connect(`ann-own-${RUN}`, { recovery: false });
    const arity = new Promise((resolve) => { plain.on('session:joined', (...args) => resolve(args.length)); });
    await plain.emitWithAck('session:join', { sessionId: session });
    assert.equal(await arity, 1);
    assert.equal(plain._pid, undefined);
    plain.disconnect();
  });

  it('makes room for what no limit may refuse', async () => {
    const session = `limits-${RUN}`;
    const ann = connect(`ann-limits-${RUN}`);
    await ann.emitWithAck('session:join', { sessionId: session });
    const { messageId } = await ann.emitWithAck('message:send', { sessionId: session, content: 'React!' });
    const answers = [];
    for (let i = 0; i < 12; i++) answers.push(await ann.emitWithAck('message:reaction', { messageId, emoji: '🎉' }));
    assert.equal(answers.filter((answer) => answer.success).length, 10);
    assert.equal(answers[11].code, 'RATE_LIMIT');
    assert.ok(answers[11].retry_after > 0);
    assert.equal(answers[11].error, 'Rate limit exceeded');
    for (let i = 0; i < 20; i++) assert.ok((await ann.emitWithAck('typing:stop', { sessionId: session })).success);
    ann.disconnect();
  });
});
