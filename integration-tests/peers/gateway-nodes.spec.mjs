// The stock client of Socket.IO over two servers: the one it is connected to is killed in the middle of a reply that the other
// gives, and it goes on there:
//   HERE=http://127.0.0.1:a THERE=http://127.0.0.1:b PID=<of the one that is killed> TOKENS='{"ana":"…","ben":"…","cy":"…"}' node gateway-nodes.spec.mjs
// A question must be answered over some seconds.
import assert from 'node:assert/strict';
import { io } from 'socket.io-client';

const { HERE, THERE } = process.env;
const PID = Number(process.env.PID);
const TOKENS = JSON.parse(process.env.TOKENS);
const SESSION = `nodes-${Date.now().toString(36)}`;
const MISSED = 5;

const later = (wait) => new Promise((resolve) => { setTimeout(resolve, wait); });
const next = (socket, event) => new Promise((resolve) => { socket.once(event, (...args) => resolve(args[0])); });

/** Somebody, and everything that was told to them. */
async function person(name, server, transports) {
  const socket = io(`${server}/chat`, { transports, forceNew: true, auth: { userId: name, token: TOKENS[name] }, reconnectionDelay: 20, reconnectionDelayMax: 100 });
  const told = { name, socket, messages: [], text: '', chunks: 0, begun: 0, complete: undefined };
  socket.on('message:new', (message) => told.messages.push(message.content));
  socket.on('stream:chunk', (chunk) => {
    if (chunk.reset) { told.text = ''; told.begun++; }
    told.text += chunk.delta;
    told.chunks++;
    assert.equal(chunk.offset, told.text.length, `${name}: nothing lost or repeated`);
  });
  socket.on('stream:complete', (complete) => { told.complete = complete; });
  await next(socket, 'connection:success');
  const joined = await socket.emitWithAck('session:join', { sessionId: SESSION });
  assert.ok(joined.success, JSON.stringify(joined));
  return told;
}

async function until(holds, what) {
  for (const end = Date.now() + 60_000; !holds(); await later(10)) assert.ok(Date.now() < end, `Expected ${what}`);
}

const ana = await person('ana', HERE, ['websocket']);
const cy = await person('cy', HERE, ['polling']);
const ben = await person('ben', THERE, ['websocket']);
const people = [ana, cy, ben];
try {
  const asked = await ben.socket.emitWithAck('stream:request', { sessionId: SESSION, prompt: 'Count' });
  assert.ok(asked.success, JSON.stringify(asked));
  await until(() => people.every((each) => each.chunks > 3), 'a reply that everybody is shown');

  const back = [ana, cy].map(({ socket }) => {
    // Where a load balancer would lead them now.
    socket.io.uri = THERE;
    return next(socket, 'connection:success');
  });
  process.kill(PID, 'SIGKILL');
  for (let i = 1; i <= MISSED; i++) {
    assert.ok((await ben.socket.emitWithAck('message:send', { sessionId: SESSION, content: `missed ${i}` })).success);
  }
  for (const hello of await Promise.all(back)) {
    assert.equal(hello.recovered, true);
    assert.deepEqual(hello.sessions, [SESSION]);
  }
  assert.ok(ana.socket.recovered && cy.socket.recovered, 'the stock client knows that it was recovered');

  await until(() => people.every((each) => each.complete && each.messages.length > MISSED), 'the end for everybody');
  for (const each of people) {
    assert.equal(each.text, each.complete.content, each.name);
    assert.equal(each.begun, 1, `${each.name}: begun once`);
    assert.deepEqual(each.messages, ['Count', ...Array.from({ length: MISSED }, (_, i) => `missed ${i + 1}`)], each.name);
  }
} finally {
  people.forEach(({ socket }) => socket.disconnect());
}
