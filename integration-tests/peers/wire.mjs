import { connect, createServer } from 'node:net';

/**
 * A wire to a server that can be cut, go dead, or refuse WebSockets the way some proxies do.
 * @param {URL} target
 */
export async function startWire(target) {
  const pairs = new Set();
  const wire = {
    /** Refuses every new connection. */
    dead: false,
    /** Answers 502 to every upgrade. */
    blocked: false,
    /** Keeps event streams to itself, as proxies do that collect an answer before they pass it on. */
    held: false,
    /** Loses what the server says. */
    deaf: false,
    url: '',
    /** Breaks all connections. */
    cut: () => pairs.forEach((pair) => pair.forEach((socket) => socket.destroy())),
    close: () => { wire.cut(); server.close(); },
  };
  const server = createServer((near) => {
    near.on('error', () => {});
    if (wire.dead) {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port || 80), target.hostname);
    const pair = [near, far];
    pairs.add(pair);
    far.on('error', () => near.destroy());
    for (const [one, other] of [[near, far], [far, near]]) one.on('close', () => { pairs.delete(pair); other.destroy(); });
    let holds = false;
    near.on('data', (data) => {
      holds = wire.held && /^GET \S+\/events[? ]/.test(data.toString('latin1'));
      if (wire.blocked && /^upgrade: *websocket/im.test(data.toString('latin1'))) near.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      else far.write(data);
    });
    far.on('data', (data) => { if (!holds && !wire.deaf) near.write(data); });
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  wire.url = `http://127.0.0.1:${server.address().port}`;
  return wire;
}
