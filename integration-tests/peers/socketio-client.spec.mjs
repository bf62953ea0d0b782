// The stock client of Socket.IO, in each of its transports, against the echo server of these tests:
//   node --test socketio-client.spec.mjs, with SERVER=http://127.0.0.1:port
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { io, Manager } from 'socket.io-client';
import { startWire } from './wire.mjs';

const SERVER = process.env.SERVER;

/** What the next event of that name carries. */
const next = (socket, event) => new Promise((resolve) => { socket.once(event, (...args) => resolve(args)); });

/** Cuts until the client notices: between two polls there is nothing to be noticed. */
async function cutUntil(wire, socket) {
  const noticed = next(socket, 'disconnect').then(() => true);
  do wire.cut(); while (!await Promise.race([noticed, later(30).then(() => false)]));
}

const later = (wait) => new Promise((resolve) => { setTimeout(resolve, wait); });

for (const [name, transports] of [['websocket', ['websocket']], ['polling', ['polling']], ['upgrade', ['polling', 'websocket']]]) {
  describe(`over ${name}`, { concurrency: true }, () => {
    const open = [];
    const connect = (path = '/', more = {}) => {
      const socket = io(`${SERVER}${path}`, { transports, forceNew: true, ...more });
      open.push(socket);
      return socket;
    };
    after(() => open.forEach((socket) => socket.disconnect()));

    it('connects and is told its payload', async () => {
      const socket = connect('/', { auth: { userId: 'ann', nested: [1] } });
      assert.deepEqual(await next(socket, 'auth'), [{ userId: 'ann', nested: [1] }]);
      assert.ok(socket.id);
      assert.ok(!socket.recovered);
    });

    it('says and hears anything, bytes too', async () => {
      const socket = connect();
      await next(socket, 'auth');
      const answer = next(socket, 'message-back');
      socket.emit('message', 1, '€ 😀', { a: [null, true] }, Buffer.from([1, 2, 3]), { deep: [Buffer.from('x')] });
      assert.deepEqual(await answer, [1, '€ 😀', { a: [null, true] }, Buffer.from([1, 2, 3]), { deep: [Buffer.from('x')] }]);
    });

    it('is answered, with bytes too', async () => {
      const socket = connect('/custom');
      assert.equal(await socket.emitWithAck('message-with-ack', 'one'), 'one');
      const bytes = await socket.timeout(20000).emitWithAck('message-with-ack', Buffer.from([9, 8]));
      assert.deepEqual(Buffer.from(bytes), Buffer.from([9, 8]));
    });

    it('answers, with bytes too', async () => {
      const socket = connect();
      socket.on('asked', (what, answer) => answer(what, Buffer.from([5])));
      const told = next(socket, 'answered');
      socket.emit('message-and-ask', 'why');
      assert.deepEqual(await told, ['why', Buffer.from([5])]);
    });

    it('keeps the order of many', async () => {
      const socket = connect();
      const got = [];
      const all = new Promise((resolve) => { socket.on('message-back', (i) => got.push(i) === 500 && resolve()); });
      for (let i = 0; i < 500; i++) socket.emit('message', i);
      await all;
      assert.deepEqual(got, Array.from({ length: 500 }, (_, i) => i));
    });

    it('carries something large', async () => {
      const socket = connect();
      const large = 'ö'.repeat(200_000);
      const bytes = Buffer.alloc(300_000, 7);
      assert.equal(await socket.emitWithAck('message-with-ack', large), large);
      assert.deepEqual(Buffer.from(await socket.emitWithAck('message-with-ack', bytes)), bytes);
    });

    it('shares one connection among namespaces', async () => {
      const manager = new Manager(SERVER, { transports });
      const main = manager.socket('/');
      const custom = manager.socket('/custom');
      await Promise.all([next(main, 'auth'), next(custom, 'auth')]);
      main.disconnect();
      assert.equal(await custom.emitWithAck('message-with-ack', 'still here'), 'still here');
      main.connect();
      await next(main, 'auth');
      custom.disconnect();
      main.disconnect();
    });

    it('is refused where there is nothing', async () => {
      const socket = connect('/nowhere');
      const [error] = await next(socket, 'connect_error');
      assert.equal(error.message, 'Invalid namespace');
    });

    it('is put out and does not come back', async () => {
      const socket = connect();
      await next(socket, 'auth');
      socket.emit('put-me-out');
      const [reason] = await next(socket, 'disconnect');
      assert.equal(reason, 'io server disconnect');
    });

    it('lives on by answering pings', async () => {
      const socket = connect();
      await next(socket, 'auth');
      let lost = '';
      socket.on('disconnect', (reason) => { lost = reason; });
      await later(2 * Number(process.env.PING_INTERVAL ?? 300) + 200);
      assert.equal(lost, '');
      assert.equal(await socket.emitWithAck('message-with-ack', 1), 1);
    });

    it('comes back by itself when it is cut off', async () => {
      const wire = await startWire(new URL(SERVER));
      const socket = io(wire.url, { transports, forceNew: true, reconnectionDelay: 20, reconnectionDelayMax: 50 });
      await next(socket, 'auth');
      const before = socket.id;
      const back = next(socket, 'auth');
      await cutUntil(wire, socket);
      await back;
      assert.notEqual(socket.id, before);
      assert.equal(await socket.emitWithAck('message-with-ack', 1), 1);
      socket.disconnect();
      wire.close();
    });

    it('goes on where it was when it is cut off and the server keeps what it missed', async () => {
      const wire = await startWire(new URL(SERVER));
      const socket = io(wire.url, { path: '/recovery', transports, forceNew: true, reconnectionDelay: 20, reconnectionDelayMax: 50 });
      await next(socket, 'auth');
      const before = socket.id;
      for (let round = 0; round < 3; round++) {
        const got = [];
        const all = new Promise((resolve) => {
          socket.on('message-back', (i) => { if (i.round === round && got.push(i.i) === 20) resolve(); });
        });
        const back = next(socket, 'connect');
        for (let i = 0; i < 20; i++) {
          socket.emit('message', { round, i });
          if (i === 9) {
            // What it has said is on its way: only what the server says is kept.
            while (got.length < 10) await later(5);
            await cutUntil(wire, socket);
            await back;
          }
        }
        await all;
        assert.deepEqual(got, Array.from({ length: 20 }, (_, i) => i));
        assert.equal(socket.id, before);
        assert.equal(socket.recovered, true);
        socket.off('message-back');
      }
      socket.disconnect();
      wire.close();
    });

    if (name === 'upgrade') {
      it('changes over to a WebSocket and loses nothing meanwhile', async () => {
        const socket = connect();
        const got = [];
        socket.on('message-back', (i) => got.push(i));
        let sent = 0;
        const upgraded = next(socket.io.engine, 'upgrade');
        const timer = setInterval(() => { if (socket.connected) socket.emit('message', sent++); }, 1);
        await upgraded;
        assert.equal(socket.io.engine.transport.name, 'websocket');
        await later(50);
        clearInterval(timer);
        await socket.emitWithAck('message-with-ack', 'last');
        assert.deepEqual(got, Array.from({ length: sent }, (_, i) => i));
      });
    }
  });
}
