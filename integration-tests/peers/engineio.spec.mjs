// The fourth version of Engine.IO, case by case from its specification, against a server that sends every message back:
//   node --test engineio.spec.mjs, with SERVER=http://127.0.0.1:port and, where they are others, PING_INTERVAL=300 PING_TIMEOUT=200
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { WebSocket } from 'ws';

const HTTP = `${process.env.SERVER}/engine.io/`;
const WS = HTTP.replace('http', 'ws');
const PING_INTERVAL = Number(process.env.PING_INTERVAL ?? 300);
const PING_TIMEOUT = Number(process.env.PING_TIMEOUT ?? 200);

const polling = (sid, more = '') => `${HTTP}?EIO=4&transport=polling${sid ? `&sid=${sid}` : ''}${more}`;

async function openPolls() {
  const answer = await fetch(polling());
  assert.equal(answer.status, 200);
  const body = await answer.text();
  assert.equal(body[0], '0');
  return JSON.parse(body.slice(1));
}

const post = (sid, body, headers = {}) => fetch(polling(sid), { method: 'POST', body, headers });
const pollOnce = async (sid) => (await fetch(polling(sid))).text();

/** What a poll brings, pings answered. */
async function poll(sid) {
  for (;;) {
    const packets = (await pollOnce(sid)).split('\x1e');
    if (packets.includes('2')) await post(sid, '3');
    const others = packets.filter((packet) => packet !== '2');
    if (others.length) return others.join('\x1e');
  }
}

/** A socket whose messages can be awaited, those before the first wait included. */
function socket(query) {
  const ws = new WebSocket(`${WS}?${query}`);
  const waiting = [];
  const takers = [];
  ws.on('message', (data, binary) => {
    const message = binary ? data : data.toString();
    if (takers.length) takers.shift()(message);
    else waiting.push(message);
  });
  ws.on('error', () => {});
  ws.next = () => (waiting.length ? Promise.resolve(waiting.shift()) : new Promise((resolve) => { takers.push(resolve); }));
  ws.nextOther = async () => {
    let message = await ws.next();
    while (message === '2') {
      ws.send('3');
      message = await ws.next();
    }
    return message;
  };
  ws.ended = new Promise((resolve) => { ws.on('close', resolve); });
  return ws;
}

async function openSocket() {
  const ws = socket('EIO=4&transport=websocket');
  const packet = await ws.next();
  assert.equal(packet[0], '0');
  ws.opening = JSON.parse(packet.slice(1));
  return ws;
}

async function gone(sid) {
  const answer = await fetch(polling(sid));
  assert.equal(answer.status, 400);
  assert.deepEqual(await answer.json(), { code: 1, message: 'Session ID unknown' });
}

describe('handshake over polls', () => {
  it('opens a session and says how it is kept', async () => {
    const opening = await openPolls();
    assert.deepEqual(Object.keys(opening).sort(), ['maxPayload', 'pingInterval', 'pingTimeout', 'sid', 'upgrades']);
    assert.equal(typeof opening.sid, 'string');
    assert.deepEqual(opening.upgrades, ['websocket']);
    assert.equal(opening.pingInterval, PING_INTERVAL);
    assert.equal(opening.pingTimeout, PING_TIMEOUT);
    assert.equal(opening.maxPayload, 1000000);
  });

  it('sends text that is not to be cached', async () => {
    const answer = await fetch(polling());
    assert.match(answer.headers.get('content-type'), /^text\/plain; ?charset=UTF-8$/i);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    await answer.text();
  });

  for (const [what, query, method, code] of [
    ['without a version', 'transport=polling', 'GET', 5],
    ['of a version that is not spoken', 'EIO=abc&transport=polling', 'GET', 5],
    ['without a transport', 'EIO=4', 'GET', 0],
    ['of a transport that is not known', 'EIO=4&transport=abc', 'GET', 0],
    ['by POST', 'EIO=4&transport=polling', 'POST', 2],
    ['by PUT', 'EIO=4&transport=polling', 'PUT', 2],
  ]) {
    it(`fails ${what}`, async () => {
      const answer = await fetch(`${HTTP}?${query}`, { method });
      assert.equal(answer.status, 400);
      assert.equal((await answer.json()).code, code);
    });
  }
});

describe('handshake over a WebSocket', () => {
  it('opens a session without more to upgrade to', async () => {
    const ws = await openSocket();
    assert.deepEqual(ws.opening.upgrades, []);
    assert.equal(ws.opening.pingInterval, PING_INTERVAL);
    ws.close();
  });

  for (const query of ['transport=websocket', 'EIO=abc&transport=websocket', 'EIO=4', 'EIO=4&transport=abc', 'EIO=4&transport=websocket&sid=abc']) {
    it(`fails for ${query}`, async () => {
      const ws = socket(query);
      await ws.ended;
    });
  }
});

describe('messages over polls', () => {
  it('takes a packet and sends one back', async () => {
    const { sid } = await openPolls();
    const pushed = await post(sid, '4hello');
    assert.equal(pushed.status, 200);
    assert.equal(await pushed.text(), 'ok');
    assert.equal(await poll(sid), '4hello');
  });

  it('takes several packets in one body', async () => {
    const { sid } = await openPolls();
    await post(sid, '4test1\x1e4test2\x1e4test3');
    let all = await poll(sid);
    while (all.split('\x1e').length < 3) all += `\x1e${await poll(sid)}`;
    assert.equal(all, '4test1\x1e4test2\x1e4test3');
  });

  it('counts text in bytes, not in letters', async () => {
    const { sid } = await openPolls();
    await post(sid, '4€€€€ 😀');
    assert.equal(await poll(sid), '4€€€€ 😀');
  });

  it('carries bytes in base64', async () => {
    const { sid } = await openPolls();
    const pushed = await post(sid, 'bAQIDBA==');
    assert.equal(await pushed.text(), 'ok');
    assert.equal(await poll(sid), 'bAQIDBA==');
  });

  it('mixes text and bytes', async () => {
    const { sid } = await openPolls();
    await post(sid, '4hello\x1ebAQIDBA==');
    let all = await poll(sid);
    while (all.split('\x1e').length < 2) all += `\x1e${await poll(sid)}`;
    assert.equal(all, '4hello\x1ebAQIDBA==');
  });

  it('answers a poll once there is something', async () => {
    const { sid } = await openPolls();
    const waiting = poll(sid);
    await post(sid, '4late');
    assert.equal(await waiting, '4late');
  });

  it('ends a session whose body cannot be read', async () => {
    const { sid } = await openPolls();
    assert.equal((await post(sid, 'abc')).status, 400);
    await gone(sid);
  });

  it('ends a session that posts more than it may', async () => {
    const { sid } = await openPolls();
    assert.equal((await post(sid, `4${'x'.repeat(1000000)}`)).status, 413);
    await gone(sid);
  });

  it('takes as much as it said', async () => {
    const { sid } = await openPolls();
    const largest = `4${'x'.repeat(999999)}`;
    assert.equal((await post(sid, largest)).status, 200);
    assert.equal(await poll(sid), largest);
  });

  it('ends a session with two polls at a time', async () => {
    const { sid } = await openPolls();
    const answers = await Promise.all([fetch(polling(sid)), fetch(polling(sid))]);
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 400]);
    assert.equal(await answers.find((answer) => answer.status === 200).text(), '1');
    await gone(sid);
  });

  it('knows no session that was never opened', async () => {
    for (const method of ['GET', 'POST']) {
      const answer = await fetch(polling('abcdefg'), { method });
      assert.equal(answer.status, 400);
      assert.equal((await answer.json()).code, 1);
    }
  });
});

describe('messages over a WebSocket', () => {
  it('sends a text back', async () => {
    const ws = await openSocket();
    ws.send('4hello');
    assert.equal(await ws.nextOther(), '4hello');
    ws.close();
  });

  it('sends bytes back as they are', async () => {
    const ws = await openSocket();
    ws.send(Buffer.from([1, 2, 3, 4]));
    assert.deepEqual(await ws.nextOther(), Buffer.from([1, 2, 3, 4]));
    ws.close();
  });

  it('sends bytes back that look like a packet', async () => {
    const ws = await openSocket();
    ws.send(Buffer.from('2'));
    assert.deepEqual(await ws.nextOther(), Buffer.from('2'));
    ws.close();
  });

  it('closes for what is no packet', async () => {
    const ws = await openSocket();
    ws.send('abc');
    await ws.ended;
  });

  it('closes for an empty text', async () => {
    const ws = await openSocket();
    ws.send('');
    await ws.ended;
  });
});

// They mostly wait for pings, so they wait together.
describe('heartbeat', { concurrency: true }, () => {
  it('pings over polls and takes the answer', async () => {
    const { sid } = await openPolls();
    for (let i = 0; i < 3; i++) {
      assert.equal(await pollOnce(sid), '2');
      assert.equal((await post(sid, '3')).status, 200);
    }
  });

  it('ends a session that does not answer over polls', async () => {
    const { sid } = await openPolls();
    assert.equal(await pollOnce(sid), '2');
    const last = await fetch(polling(sid));
    assert.equal(await last.text(), '1');
    await gone(sid);
  });

  it('pings over a WebSocket and takes the answer', async () => {
    const ws = await openSocket();
    const begun = Date.now();
    for (let i = 0; i < 3; i++) {
      assert.equal(await ws.next(), '2');
      ws.send('3');
    }
    assert.ok(Date.now() - begun >= 2 * PING_INTERVAL, 'pings are not sooner than they should be');
    ws.close();
  });

  it('closes a WebSocket that does not answer', async () => {
    const ws = await openSocket();
    await ws.ended;
  });

  it('closes a WebSocket that pings by itself', async () => {
    const ws = await openSocket();
    ws.send('2');
    await ws.ended;
  });
});

describe('close', () => {
  it('over polls answers what waits', async () => {
    // Nobody tells when a poll has come to wait: on a busy machine that takes longer.
    for (let wait = 50, answered = ''; answered !== '6'; wait *= 2) {
      const { sid } = await openPolls();
      const waiting = poll(sid);
      await new Promise((resolve) => { setTimeout(resolve, wait); });
      assert.equal((await post(sid, '1')).status, 200);
      answered = await waiting;
      assert.ok(answered === '6' || wait < 2_000, `'${answered}' after ${wait} ms`);
      await gone(sid);
    }
  });

  it('over a WebSocket closes it', async () => {
    const ws = await openSocket();
    ws.send('1');
    await ws.ended;
  });
});

describe('upgrade', () => {
  it('goes from polls to a WebSocket', async () => {
    const { sid } = await openPolls();
    const ws = socket(`EIO=4&transport=websocket&sid=${sid}`);
    await once(ws, 'open');
    ws.send('2probe');
    assert.equal(await ws.next(), '3probe');
    ws.send('5');
    ws.send('4hello');
    assert.equal(await ws.nextOther(), '4hello');
    ws.close();
  });

  it('answers the poll that waits with nothing', async () => {
    const { sid } = await openPolls();
    const waiting = poll(sid);
    const ws = socket(`EIO=4&transport=websocket&sid=${sid}`);
    await once(ws, 'open');
    ws.send('2probe');
    assert.equal(await ws.next(), '3probe');
    assert.equal(await waiting, '6');
    ws.send('5');
    ws.close();
  });

  it('leaves no polls behind', async () => {
    const { sid } = await openPolls();
    const ws = socket(`EIO=4&transport=websocket&sid=${sid}`);
    await once(ws, 'open');
    ws.send('2probe');
    assert.equal(await ws.next(), '3probe');
    ws.send('5');
    ws.send('4over');
    assert.equal(await ws.nextOther(), '4over');
    assert.equal((await fetch(polling(sid))).status, 400);
    ws.close();
  });

  it('loses nothing that was said before', async () => {
    const { sid } = await openPolls();
    const ws = socket(`EIO=4&transport=websocket&sid=${sid}`);
    await once(ws, 'open');
    ws.send('2probe');
    assert.equal(await ws.next(), '3probe');
    await post(sid, '4between');
    ws.send('5');
    ws.send('4after');
    assert.equal(await ws.nextOther(), '4between');
    assert.equal(await ws.nextOther(), '4after');
    ws.close();
  });

  it('is not for a session that has a WebSocket', async () => {
    const ws = await openSocket();
    const second = socket(`EIO=4&transport=websocket&sid=${ws.opening.sid}`);
    await second.ended;
    ws.send('4hello');
    assert.equal(await ws.nextOther(), '4hello');
    ws.close();
  });

  it('is not for two at a time', async () => {
    const { sid } = await openPolls();
    const first = socket(`EIO=4&transport=websocket&sid=${sid}`);
    await once(first, 'open');
    const second = socket(`EIO=4&transport=websocket&sid=${sid}`);
    await second.ended;
    first.send('2probe');
    assert.equal(await first.next(), '3probe');
    first.send('5');
    first.send('4hello');
    assert.equal(await first.nextOther(), '4hello');
    first.close();
  });

  it('that fails leaves the polls', async () => {
    const { sid } = await openPolls();
    const ws = socket(`EIO=4&transport=websocket&sid=${sid}`);
    await once(ws, 'open');
    ws.send('4no probe');
    await ws.ended;
    await post(sid, '4still here');
    assert.match(await poll(sid), /4still here/);
  });
});

describe('pages of others', () => {
  it('are told that they may', async () => {
    const answer = await fetch(polling(), { headers: { Origin: 'https://page.test' } });
    assert.equal(answer.headers.get('access-control-allow-origin'), 'https://page.test');
    assert.equal(answer.headers.get('access-control-allow-credentials'), 'true');
    await answer.text();
  });

  it('may ask before', async () => {
    const answer = await fetch(polling(), {
      method: 'OPTIONS',
      headers: { Origin: 'https://page.test', 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' },
    });
    assert.equal(answer.status, 204);
    assert.match(answer.headers.get('access-control-allow-methods'), /POST/);
  });
});
