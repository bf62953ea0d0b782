// The client class that the interface was specified with, unchanged, against a running server and a wire that is cut:
//   node seed-client.spec.mjs 'http://127.0.0.1:8080/#token=…'
// A question that contains "held" must be answered in part, and further once another contains "go on": the class comes back three
// seconds after its connection ends. Exits with 1 and says what was expected when something is not as it should be.
import assert from 'node:assert/strict';
import { WebSocket } from 'ws';
import { startWire } from './wire.mjs';

const DEADLINE = 90_000;
const given = new URL(process.argv[2] ?? '');
const token = new URLSearchParams(given.hash.slice(1)).get('token');
assert.ok(token, 'the address needs #token=…');
const localStorage = { getItem: (name) => (name === 'auth_token' ? token : null) };

/* eslint-disable */
// >>> as published
// frontend/src/services/WebSocketService.js
class WebSocketService {
    constructor(baseUrl) {
        this.baseUrl = baseUrl;
        this.ws = null;
        this.sessionId = null;
        this.listeners = new Map();
    }

    async connect(sessionId) {
        this.sessionId = sessionId;
        const token = localStorage.getItem('auth_token');

        this.ws = new WebSocket(
            `${this.baseUrl}/ws/${sessionId}?token=${token}`
        );

        this.ws.onopen = () => {
            console.log('WebSocket connected');
            this.emit('connected');
        };

        this.ws.onmessage = (event) => {
            const data = JSON.parse(event.data);
            this.handleMessage(data);
        };

        this.ws.onerror = (error) => {
            console.error('WebSocket error:', error);
            this.emit('error', error);
        };

        this.ws.onclose = () => {
            console.log('WebSocket disconnected');
            this.emit('disconnected');
            this.reconnect();
        };
    }

    handleMessage(data) {
        switch (data.type) {
            case 'stream_start':
                this.emit('streamStart', data);
                break;
            case 'stream_chunk':
                this.emit('streamChunk', data);
                break;
            case 'stream_end':
                this.emit('streamEnd', data);
                break;
            case 'error':
                this.emit('error', data);
                break;
            default:
                this.emit('message', data);
        }
    }

    sendMessage(content, metadata = {}) {
        if (this.ws?.readyState === WebSocket.OPEN) {
            this.ws.send(JSON.stringify({
                type: 'message',
                content,
                metadata,
                timestamp: new Date().toISOString()
            }));
        }
    }

    on(event, callback) {
        if (!this.listeners.has(event)) {
            this.listeners.set(event, []);
        }
        this.listeners.get(event).push(callback);
    }

    emit(event, data) {
        if (this.listeners.has(event)) {
            this.listeners.get(event).forEach(cb => cb(data));
        }
    }

    async reconnect() {
        console.log('Attempting to reconnect...');
        await new Promise(resolve => setTimeout(resolve, 3000));
        this.connect(this.sessionId);
    }
}
// <<< as published
/* eslint-enable */

const wire = await startWire(given);
const session = `seed-${Date.now()}-${process.pid}`;
const until = async (condition, what) => {
  const end = Date.now() + DEADLINE;
  while (!condition()) {
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
};

/** What a simple page of that time shows: chunks are appended, a start empties, an end says what is true. */
const shown = new Map();
const ended = new Map();
const times = { connected: 0, disconnected: 0 };
const faults = [];
const service = new WebSocketService(wire.url.replace('http', 'ws'));
service.on('connected', () => { times.connected++; });
service.on('disconnected', () => { times.disconnected++; });
service.on('streamStart', ({ message_id }) => shown.set(message_id, ''));
service.on('streamChunk', ({ message_id, content }) => shown.set(message_id, (shown.get(message_id) ?? '') + content));
service.on('streamEnd', (end) => ended.set(end.message_id, end));
service.on('error', (fault) => { if (fault.code) faults.push(fault); });

const steps = {
  async 'it connects and is greeted'() {
    const greetings = [];
    service.on('message', (frame) => greetings.push(frame));
    service.connect(session);
    await until(() => greetings.some((frame) => frame.type === 'connected' && frame.session_id === session), 'the greeting');
  },
  async 'a question is answered'() {
    service.sendMessage('A short question', { source: 'seed' });
    await until(() => ended.size === 1, 'the end of the answer');
    const [[id, end]] = ended;
    assert.equal(end.status, 'completed');
    assert.equal(shown.get(id), end.message.content);
  },
  async 'a cut in the middle of an answer: it comes back by itself and the answer is complete'() {
    service.sendMessage('A held question');
    await until(() => shown.size === 2 && [...shown.values()].at(-1).length > 20, 'the beginning of the answer');
    const id = [...shown.keys()].at(-1);
    wire.cut();
    await until(() => times.disconnected === 1, 'the class to notice');
    await until(() => times.connected === 2, 'the class to come back');
    const other = new WebSocket(`${wire.url.replace('http', 'ws')}/ws/${session}-other?token=${token}`);
    other.on('open', () => other.send(JSON.stringify({ type: 'message', content: 'Now go on' })));
    await until(() => ended.has(id), 'the end of the answer');
    const end = ended.get(id);
    assert.equal(end.status, 'completed');
    assert.equal(shown.get(id), end.message.content, 'what is shown is the whole answer, once');
    other.close();
  },
  async 'what was stored is what was shown'() {
    const response = await fetch(`${wire.url}/api/chat/sessions/${session}/messages`, { headers: { Authorization: `Bearer ${token}` } });
    const { messages } = await response.json();
    assert.equal(messages.filter(({ role }) => role === 'user').length, 2, 'questions');
    for (const [id, text] of shown) assert.equal(text, messages.find(({ message_id }) => message_id === id).content);
    assert.deepEqual(faults, [], 'the server complains about nothing');
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
