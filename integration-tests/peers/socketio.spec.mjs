// The fifth version of Socket.IO, case by case from its specification, against the echo server of these tests:
//   node --test socketio.spec.mjs, with SERVER=http://127.0.0.1:port
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WebSocket } from 'ws';

const HTTP = `${process.env.SERVER}/socket.io/`;
const WS = HTTP.replace('http', 'ws');

/** A WebSocket that is open, and answers pings. */
async function open() {
  const ws = new WebSocket(`${WS}?EIO=4&transport=websocket`);
  const waiting = [];
  const takers = [];
  ws.on('message', (data, binary) => {
    const message = binary ? data : data.toString();
    if (message === '2') {
      ws.send('3');
      return;
    }
    if (takers.length) takers.shift()(message);
    else waiting.push(message);
  });
  ws.on('error', () => {});
  ws.ended = new Promise((resolve) => { ws.on('close', resolve); });
  ws.next = () => (waiting.length ? Promise.resolve(waiting.shift()) : new Promise((resolve) => { takers.push(resolve); }));
  assert.equal((await ws.next())[0], '0');
  return ws;
}

/** A WebSocket in the main namespace. */
async function enter() {
  const ws = await open();
  ws.send('40');
  assert.equal((await ws.next()).slice(0, 2), '40');
  assert.equal(await ws.next(), '42["auth",{}]');
  return ws;
}

describe('connect', () => {
  it('lets a client into the main namespace and says its id only', async () => {
    const ws = await open();
    ws.send('40');
    const packet = await ws.next();
    assert.equal(packet.slice(0, 2), '40');
    const given = JSON.parse(packet.slice(2));
    assert.deepEqual(Object.keys(given), ['sid']);
    assert.equal(typeof given.sid, 'string');
    assert.equal(await ws.next(), '42["auth",{}]');
    ws.close();
  });

  it('takes a payload', async () => {
    const ws = await open();
    ws.send('40{"token":"123","nested":{"a":[1,null,"€"]}}');
    await ws.next();
    assert.equal(await ws.next(), '42["auth",{"token":"123","nested":{"a":[1,null,"€"]}}]');
    ws.close();
  });

  it('lets a client into another namespace', async () => {
    for (const asking of ['40/custom,', '40/custom', '40/custom,{"token":"abc"}']) {
      const ws = await open();
      ws.send(asking);
      assert.match(await ws.next(), /^40\/custom,\{"sid":"[^"]+"\}$/);
      assert.equal(await ws.next(), `42/custom,["auth",${asking.includes('token') ? '{"token":"abc"}' : '{}'}]`);
      ws.close();
    }
  });

  it('lets a client into several at once, under different ids', async () => {
    const ws = await enter();
    ws.send('40/custom,');
    const packet = await ws.next();
    assert.match(packet, /^40\/custom,/);
    await ws.next();
    ws.send('42["message","main"]');
    assert.equal(await ws.next(), '42["message-back","main"]');
    ws.send('42/custom,["message","custom"]');
    assert.equal(await ws.next(), '42/custom,["message-back","custom"]');
    ws.close();
  });

  it('knows no other namespaces', async () => {
    const ws = await open();
    ws.send('40/random');
    assert.equal(await ws.next(), '44/random,{"message":"Invalid namespace"}');
    ws.send('40');
    assert.match(await ws.next(), /^40\{/);
    ws.close();
  });

  for (const [what, packet] of [
    ['a payload that is a text', '40"text"'],
    ['a payload that is an array', '40[]'],
    ['a payload that is no JSON', '40{'],
    ['a packet of an unknown type', '4abc'],
    ['an event first', '42["message"]'],
    ['an answer first', '430[]'],
    ['leaving first', '41'],
    ['nothing', '4'],
  ]) {
    it(`closes for ${what}`, async () => {
      const ws = await open();
      ws.send(packet);
      await ws.ended;
    });
  }

  it('closes when nothing is asked for', async () => {
    const ws = await open();
    await ws.ended;
  });

  it('closes when the same is asked for twice', async () => {
    const ws = await enter();
    ws.send('40');
    await ws.ended;
  });
});

describe('events', () => {
  it('carry any JSON', async () => {
    const ws = await enter();
    const all = '1,"2",{"3":[false,null,1.5e3]},"\\u0001\\n",[],{},"😀"';
    ws.send(`42["message",${all}]`);
    const said = JSON.parse((await ws.next()).slice(2));
    assert.deepEqual(said, ['message-back', ...JSON.parse(`[${all}]`)]);
    ws.close();
  });

  it('carry nothing', async () => {
    const ws = await enter();
    ws.send('42["message"]');
    assert.equal(await ws.next(), '42["message-back"]');
    ws.close();
  });

  it('carry bytes', async () => {
    const ws = await enter();
    ws.send('452-["message",{"_placeholder":true,"num":0},{"a":[{"_placeholder":true,"num":1}]}]');
    ws.send(Buffer.from([1, 2, 3]));
    ws.send(Buffer.from([4, 5, 6]));
    assert.deepEqual(JSON.parse((await ws.next()).slice(4)), ['message-back', { _placeholder: true, num: 0 }, { a: [{ _placeholder: true, num: 1 }] }]);
    assert.deepEqual(await ws.next(), Buffer.from([1, 2, 3]));
    assert.deepEqual(await ws.next(), Buffer.from([4, 5, 6]));
    ws.close();
  });

  it('come in their order', async () => {
    const ws = await enter();
    for (let i = 0; i < 1000; i++) ws.send(`42["message",${i}]`);
    for (let i = 0; i < 1000; i++) assert.equal(await ws.next(), `42["message-back",${i}]`);
    ws.close();
  });

  for (const [what, packet] of [
    ['without a payload', '42'],
    ['whose payload is an object', '42{}'],
    ['whose payload is empty', '42[]'],
    ['whose payload is no JSON', '42["message"'],
    ['whose name is none', '42[{}]'],
    ['whose name is reserved', '42["disconnect"]'],
    ['with bytes but no number of them', '45["message"]'],
    ['for a namespace the client is not in', '42/custom,["message"]'],
  ]) {
    it(`close ${what}`, async () => {
      const ws = await enter();
      ws.send(packet);
      await ws.ended;
    });
  }

  it('close when bytes come that belong to nothing', async () => {
    const ws = await enter();
    ws.send(Buffer.from([1]));
    await ws.ended;
  });

  it('close when their bytes do not come', async () => {
    const ws = await enter();
    ws.send('451-["message",{"_placeholder":true,"num":0}]');
    ws.send('42["message"]');
    await ws.ended;
  });

  it('close when they speak of bytes that are not there', async () => {
    const ws = await enter();
    ws.send('451-["message",{"_placeholder":true,"num":7}]');
    ws.send(Buffer.from([1]));
    await ws.ended;
  });
});

describe('acknowledgements', () => {
  it('have the id of the event and its arguments', async () => {
    const ws = await enter();
    ws.send('42456["message-with-ack",1,"2",{"3":[false]}]');
    assert.equal(await ws.next(), '43456[1,"2",{"3":[false]}]');
    ws.send('420["message-with-ack"]');
    assert.equal(await ws.next(), '430[]');
    ws.close();
  });

  it('carry bytes', async () => {
    const ws = await enter();
    ws.send('452-789["message-with-ack",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
    ws.send(Buffer.from([1, 2, 3]));
    ws.send(Buffer.from([4, 5, 6]));
    assert.equal(await ws.next(), '462-789[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
    assert.deepEqual(await ws.next(), Buffer.from([1, 2, 3]));
    assert.deepEqual(await ws.next(), Buffer.from([4, 5, 6]));
    ws.close();
  });

  it('come from the client too', async () => {
    const ws = await enter();
    ws.send('42["message-and-ask",7]');
    assert.equal(await ws.next(), '420["asked",7]');
    ws.send('461-0["yes",{"_placeholder":true,"num":0}]');
    ws.send(Buffer.from([9]));
    assert.equal(await ws.next(), '451-["answered","yes",{"_placeholder":true,"num":0}]');
    assert.deepEqual(await ws.next(), Buffer.from([9]));
    ws.close();
  });

  it('that nobody asked for are nothing', async () => {
    const ws = await enter();
    ws.send('4399["x"]');
    ws.send('42["message","still here"]');
    assert.equal(await ws.next(), '42["message-back","still here"]');
    ws.close();
  });
});

describe('disconnect', () => {
  it('leaves one namespace and stays in another', async () => {
    const ws = await enter();
    ws.send('40/custom,');
    await ws.next();
    await ws.next();
    ws.send('41');
    ws.send('42/custom,["message","still here"]');
    assert.equal(await ws.next(), '42/custom,["message-back","still here"]');
    ws.send('42["message"]');
    await ws.ended;
  });

  it('leaves and comes again', async () => {
    const ws = await enter();
    ws.send('41');
    ws.send('40');
    assert.match(await ws.next(), /^40\{/);
    ws.close();
  });

  it('closes when it says more than it should', async () => {
    const ws = await enter();
    ws.send('41{}');
    await ws.ended;
  });

  it('comes from the server too', async () => {
    const ws = await enter();
    ws.send('42["put-me-out"]');
    assert.equal(await ws.next(), '41');
    ws.close();
  });
});

describe('over polls', () => {
  it('connects, says and hears, bytes too', async () => {
    const { sid } = JSON.parse((await (await fetch(`${HTTP}?EIO=4&transport=polling`)).text()).slice(1));
    const url = `${HTTP}?EIO=4&transport=polling&sid=${sid}`;
    const said = [];
    const until = async (count) => {
      while (said.length < count) {
        const packets = (await (await fetch(url)).text()).split('\x1e');
        for (const packet of packets) {
          if (packet === '2') await fetch(url, { method: 'POST', body: '3' });
          else said.push(packet);
        }
      }
    };
    await fetch(url, { method: 'POST', body: '40' });
    await until(2);
    await fetch(url, { method: 'POST', body: '42["message","a"]\x1e451-["message",{"_placeholder":true,"num":0}]\x1ebAQIDBA==' });
    await until(5);
    assert.deepEqual(said.slice(2), ['42["message-back","a"]', '451-["message-back",{"_placeholder":true,"num":0}]', 'bAQIDBA==']);
    await fetch(url, { method: 'POST', body: '1' });
  });
});
