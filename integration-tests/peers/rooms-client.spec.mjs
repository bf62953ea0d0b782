// The client class that the protocol of rooms was specified with, unchanged, against a running server and a wire that is cut:
//   node rooms-client.spec.mjs 'http://127.0.0.1:8080/#token=…'
// What it calls and does not print, a subclass has; its fixed address is led here below it. A question that contains "held" must
// be answered in part, and further once another contains "go on". Exits with 1 when something is not as it should be.
import assert from 'node:assert/strict';
import { WebSocket as RealWebSocket } from 'ws';
import { startWire } from './wire.mjs';

const DEADLINE = 90_000;
const given = new URL(process.argv[2] ?? '');
const token = new URLSearchParams(given.hash.slice(1)).get('token');
assert.ok(token, 'the address needs #token=…');
const wire = await startWire(given);
const PRINTED = 'ws://localhost:8000';
class WebSocket extends RealWebSocket {
  constructor(address) {
    assert.ok(address.startsWith(PRINTED), address);
    super(address.replace(PRINTED, wire.url.replace('http', 'ws')));
  }
}

/* eslint-disable */
// >>> as published
class WebSocketChatClient {
    constructor(token, roomId = null) {
        this.token = token;
        this.roomId = roomId;
        this.socket = null;
        this.reconnectAttempts = 0;
        this.maxReconnectAttempts = 5;
    }

    connect() {
        const params = new URLSearchParams({ token: this.token });
        if (this.roomId) params.append('room_id', this.roomId);
        
        const wsUrl = `ws://localhost:8000/api/v1/ws/ws?${params}`;
        this.socket = new WebSocket(wsUrl);

        this.socket.onopen = this.onOpen.bind(this);
        this.socket.onmessage = this.onMessage.bind(this);
        this.socket.onclose = this.onClose.bind(this);
        this.socket.onerror = this.onError.bind(this);
    }

    onOpen(event) {
        console.log('Connected to WebSocket');
        this.reconnectAttempts = 0;
    }

    onMessage(event) {
        const message = JSON.parse(event.data);
        this.handleMessage(message);
    }

    onClose(event) {
        console.log('WebSocket connection closed');
        this.attemptReconnect();
    }

    onError(event) {
        console.error('WebSocket error:', event);
    }

    handleMessage(message) {
        switch (message.type) {
            case 'chat':
                this.handleChatMessage(message);
                break;
            case 'typing':
                this.handleTypingIndicator(message);
                break;
            case 'file_upload':
                this.handleFileUpload(message);
                break;
            case 'error':
                this.handleError(message);
                break;
        }
    }

    sendChatMessage(text, conversationId = null) {
        const message = {
            type: 'chat',
            data: {
                message: text,
                conversation_id: conversationId,
                model_preference: 'gpt-4'
            },
            room_id: this.roomId,
            message_id: 'msg-' + Date.now()
        };
        this.send(message);
    }

    sendTypingIndicator(isTyping) {
        const message = {
            type: 'typing',
            data: {
                is_typing: isTyping,
                room_id: this.roomId
            }
        };
        this.send(message);
    }

    send(message) {
        if (this.socket && this.socket.readyState === WebSocket.OPEN) {
            this.socket.send(JSON.stringify(message));
        }
    }

    attemptReconnect() {
        if (this.reconnectAttempts < this.maxReconnectAttempts) {
            this.reconnectAttempts++;
            const delay = Math.pow(2, this.reconnectAttempts) * 1000; // Exponential backoff
            setTimeout(() => this.connect(), delay);
        }
    }
}
// <<< as published
/* eslint-enable */

const until = async (condition, what) => {
  const end = Date.now() + DEADLINE;
  while (!condition()) {
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
};

/** What a simple page of that time shows: chunks are appended to the text of their answer. */
class Page extends WebSocketChatClient {
  shown = new Map();
  ended = new Map();
  people = [];
  typing = [];
  uploads = [];
  faults = [];
  opened = 0;

  onOpen(event) { super.onOpen(event); this.opened++; }

  handleChatMessage({ data }) {
    if (data.role === 'user') { this.people.push(data); return; }
    if (data.done) { this.ended.set(data.message_id, data); return; }
    this.shown.set(data.message_id, (data.reset ? '' : this.shown.get(data.message_id) ?? '') + data.content);
  }

  handleTypingIndicator({ data }) { this.typing.push(data); }

  handleFileUpload({ data }) { this.uploads.push(data); }

  handleError({ data }) { this.faults.push(data); }
}

const call = async (method, path) => {
  const response = await fetch(`${wire.url}${path}`, { method, headers: { Authorization: `Bearer ${token}` } });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.json();
};
const { token: wsToken, expires_in: lifetime } = await call('POST', '/api/v1/ws/token');
assert.equal(lifetime, 86400);
const room = `room-${Date.now()}-${process.pid}`;
const client = new Page(wsToken, room);
const textsOf = async (session) => (await call('GET', `/api/chat/sessions/${session}/messages`)).messages;

const steps = {
  async 'it connects and its question in the room is answered'() {
    client.connect();
    await until(() => client.opened === 1, 'the connection');
    client.sendChatMessage('A short question');
    await until(() => client.ended.size === 1, 'the end of the answer');
    const [[id, end]] = client.ended;
    assert.equal(end.status, 'completed');
    assert.equal(end.conversation_id, room);
    assert.equal(end.model_fallback, true, 'it asks for a model that is not there');
    assert.equal(client.shown.get(id), (await textsOf(room)).find((message) => message.message_id === id).content);
    assert.ok(client.typing.some(({ is_typing, agent }) => is_typing && agent), 'the agent types before its first word');
    assert.deepEqual(client.people, [], 'own words are no news');
  },
  async 'a cut in the middle of an answer: it comes back by itself and the answer is complete'() {
    client.sendChatMessage('A held question');
    await until(() => client.shown.size === 2 && [...client.shown.values()].at(-1).length > 20, 'the beginning of the answer');
    const id = [...client.shown.keys()].at(-1);
    wire.cut();
    await until(() => client.opened === 2, 'the class to come back');
    const other = new Page(wsToken);
    other.maxReconnectAttempts = 0;
    other.connect();
    await until(() => other.opened === 1, 'another connection');
    other.sendChatMessage('Now go on');
    await until(() => client.ended.has(id), 'the end of the answer');
    other.socket.close();
    assert.equal(client.shown.get(id), (await textsOf(room)).find((message) => message.message_id === id).content);
  },
  async 'it says that somebody types, and is not told so itself'() {
    const before = client.typing.length;
    client.sendTypingIndicator(true);
    client.sendTypingIndicator(false);
    client.sendChatMessage('One more');
    await until(() => client.ended.size === 3, 'the answer');
    assert.ok(client.typing.slice(before).every(({ agent }) => agent), 'only the agent is told');
  },
  async 'without a room it begins a conversation and continues it by its id'() {
    const alone = new Page(wsToken);
    alone.connect();
    await until(() => alone.opened === 1, 'the connection');
    alone.sendChatMessage('Alone');
    await until(() => alone.ended.size === 1, 'the answer');
    const { conversation_id: id } = [...alone.ended.values()][0];
    assert.equal(typeof id, 'string');
    alone.sendChatMessage('Still alone', id);
    await until(() => alone.ended.size === 2, 'the second answer');
    assert.equal([...alone.ended.values()][1].conversation_id, id);
    assert.equal((await textsOf(id)).length, 4);
    alone.sendTypingIndicator(true);
    alone.maxReconnectAttempts = 0;
    alone.socket.close();
    assert.deepEqual(alone.faults, []);
  },
  async 'the server complains about nothing'() {
    assert.deepEqual(client.faults, []);
  },
};

let failed = false;
for (const [name, step] of Object.entries(steps)) {
  try {
    await step();
    console.log(`ok      ${name}`);
  } catch (error) {
    failed = true;
    console.log(`NOT OK  ${name}\n${error.stack}`);
    break;
  }
}
wire.close();
process.exit(failed ? 1 : 0);
