// A client that knows of the protocol only what the server it was specified with says and takes: envelopes {type, data, timestamp,
// id}, no positions. Two of its connections share a session; one is cut in the middle of a reply and comes back with the id of its
// last envelope:
//   node seed-topics.spec.mjs http://127.0.0.1:8080
// Tokens are the names of users there; "feeder" is a service. Exits with 1 and says what was expected when something is not so.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';

const DEADLINE = 120_000;
const server = process.argv[2];
assert.ok(server, 'the address of the server is needed');
const sockets = server.replace(/^http/, 'ws');

/** class WebSocketMessage(BaseModel): type, data, timestamp, id */
function webSocketMessage(type, data = {}) {
  return JSON.stringify({ type, data, timestamp: new Date().toISOString(), id: randomUUID() });
}

class Client {
  constructor(path, user, lastId) {
    this.received = [];
    this.waiting = [];
    const query = new URLSearchParams({ token: user, ...(lastId && { last_id: lastId }) });
    this.ws = new WebSocket(`${sockets}${path}?${query}`);
    this.ws.on('message', (bytes) => {
      const message = JSON.parse(bytes);
      for (const field of ['type', 'data', 'timestamp', 'id']) {
        assert.ok(field in message, `every envelope has ${field}: ${bytes}`);
      }
      assert.ok(!Number.isNaN(Date.parse(message.timestamp)));
      this.received.push(message);
      this.waiting = this.waiting.filter((look) => !look());
    });
    this.ws.on('error', (error) => fail(error));
  }

  /** The first envelope, from the given number of envelopes on, that is as wanted. */
  async until(what, wanted, from = 0) {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.received.slice(from).find(wanted);
        if (found) resolve(found);
        return Boolean(found);
      };
      if (!look()) this.waiting.push(look);
      this.what = what;
    });
  }

  type(type, from = 0) {
    return this.until(type, (message) => message.type === type, from);
  }

  send(type, data) {
    this.ws.send(webSocketMessage(type, data));
  }

  last() {
    return this.received.at(-1).id;
  }

  /** What a page that appends every chunk shows. */
  shown(before = '') {
    return this.received
      .filter((message) => message.type === 'chat' && message.data.role === 'assistant')
      .reduce((text, { data }) => (data.reset ? '' : text) + data.content, before);
  }
}

const clients = [];
function open(path, user, lastId) {
  const client = new Client(path, user, lastId);
  clients.push(client);
  return client;
}

function fail(error) {
  console.error(error);
  for (const client of clients) console.error(client.what, client.received.slice(-5));
  process.exit(1);
}

async function publish(path, body) {
  const answer = await fetch(`${server}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: 'Bearer feeder' },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 201, await answer.text());
}

async function main() {
  const session = `test-${randomUUID()}`;
  const desk = open(`/ws/chat/${session}`, 'ana');
  const phone = open(`/ws/chat/${session}`, 'ana');
  assert.deepEqual((await desk.type('connection')).data, {
    status: 'connected',
    session_id: session,
    message: 'Conectado ao Cidadão.AI em tempo real',
  });
  await phone.type('connection');

  desk.send('ping');
  assert.deepEqual((await desk.type('pong')).data, {});
  desk.send('subscribe', { investigation_id: 'inv-1' });
  assert.deepEqual((await desk.type('subscribed')).data, {
    investigation_id: 'inv-1',
    message: 'Inscrito para atualizações da investigação inv-1',
  });

  desk.send('chat', { message: 'Quais contratos?' });
  for (const client of [desk, phone]) {
    assert.equal((await client.type('typing')).data.agent, 'processing');
    assert.equal((await client.type('chat_complete')).data.status, 'completed');
    const chunks = client.received.filter(({ type, data }) => type === 'chat' && data.chunk);
    assert.ok(chunks.length > 1, 'the reply comes in pieces');
    assert.ok(chunks.every(({ data }) => data.role === 'assistant' && 'agent_id' in data && 'agent_name' in data));
    assert.match(client.shown(), /^word1 .*word5 $/);
  }

  await publish('/api/investigations/inv-1/updates', { update_type: 'status', data: { stage: 'analysis' } });
  await publish('/api/investigations/inv-1/anomalies', { description: 'Sobrepreço', amount: 10 });
  await publish(`/api/chat/sessions/${session}/notifications`, { title: 'Relatório' });
  for (const client of [desk, phone]) {
    assert.deepEqual((await client.type('investigation_status')).data, {
      investigation_id: 'inv-1',
      update_type: 'status',
      stage: 'analysis',
    });
    assert.deepEqual((await client.type('anomaly_detected')).data, {
      investigation_id: 'inv-1',
      severity: 'medium',
      description: 'Sobrepreço',
      details: { description: 'Sobrepreço', amount: 10 },
    });
    await client.until('the notification', ({ type, data }) => type === 'notification' && data.title === 'Relatório');
  }

  // Cut in the middle of a reply, and back with the id of the last envelope, whichever that was.
  const before = desk.shown();
  const from = phone.received.length;
  desk.send('chat', { message: 'Uma história long' });
  await phone.until('a part of the reply', ({ data }) => data.offset > 200, from);
  const last = phone.last();
  const seen = phone.shown();
  phone.ws.terminate();
  const back = open(`/ws/chat/${session}`, 'ana', last);
  await back.type('chat_complete');
  await desk.until('the second end', ({ type, data }) => type === 'chat_complete' && desk.shown() !== before && data.message_id !== undefined
    && desk.received.filter((message) => message.type === 'chat_complete').length === 2);
  assert.equal(back.shown(seen), desk.shown(), 'nothing is missing and nothing is there twice');

  desk.send('unsubscribe', { investigation_id: 'inv-1' });
  assert.deepEqual((await desk.type('unsubscribed')).data, { investigation_id: 'inv-1' });
  desk.send('dance');
  assert.equal((await desk.type('error')).data.code, 'UNKNOWN_TYPE');
  desk.ws.close();
  back.ws.close();
}

setTimeout(() => fail(new Error('Expected to be through by now')), DEADLINE).unref();
main().then(() => process.exit(0), fail);
