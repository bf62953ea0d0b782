import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { WebSocketServer } from 'ws';
import { Conversations, now, parse } from './conversations.mjs';
import { rest } from './rest.mjs';

/**
 * A stand-in for the server, with faults on demand. Tokens are `user-<name>`; every other one is refused.
 * @param {{port?: number, files?: (path: string, response: import('node:http').ServerResponse) => boolean, anonymous?: boolean}} [wish]
 */
export async function startServer({ port = 0, files, anonymous = false } = {}) {
  const conversations = new Conversations();
  const sockets = new Set();
  const heard = [];
  const opened = [];
  const faults = {
    /** Refuses every upgrade. */ blockWebSocket: false,
    /** Answers 200 to event streams and says nothing. */ silentEvents: false,
    /** Reads frames and never answers. */ deaf: false,
    /** Looks at each frame for a client: return it, another one, or null to lose it. */ outgoing: (frame) => frame,
    /** Looks at each client frame: return an answer to give instead of handling it. */ incoming: () => undefined,
  };
  const revoked = new Set();

  const userOf = (token) => {
    if (token && revoked.has(token)) return null;
    const name = /^user-(\w+)/.exec(token ?? '')?.[1];
    if (name) return { id: name, name: name[0].toUpperCase() + name.slice(1) };
    return !token && anonymous ? { id: 'anonymous', name: 'Guest' } : null;
  };
  const sender = (raw) => (frame) => {
    const changed = faults.outgoing(frame);
    if (changed) raw(changed);
  };
  const receive = (session, user, frame, connection) => {
    heard.push(frame);
    if (faults.deaf) return [];
    return faults.incoming(frame) ?? conversations.receive(session, user, frame, connection);
  };

  const http = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://here');
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? url.searchParams.get('token');
    if (files?.(url.pathname, response)) return;
    response.setHeader('Cache-Control', 'no-store');
    const user = userOf(token);
    const json = (status, body) => {
      response.writeHead(status, { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json' });
      response.end(body === undefined ? '' : JSON.stringify(body));
    };
    const problem = (status, code, detail) => json(status, { type: 'about:blank', title: code, status, code, detail });
    if (!user) return problem(401, 'UNAUTHORIZED', 'A valid token is needed');
    const body = await read(request);
    const live = /^\/api\/chat\/sessions\/([^/]+)\/(events|poll|frames)$/.exec(url.pathname);
    if (!live) return rest({ conversations, user, method: request.method, url, body, json, problem, response });
    const session = conversations.session(decodeURIComponent(live[1]), user, { visibility: url.searchParams.get('visibility') });
    if (session.status === 'closed' && live[2] !== 'frames') return problem(410, 'GONE', 'The session is closed');
    const place = { since: url.searchParams.get('since') ?? undefined, streams: parse(url.searchParams.get('streams')) };
    opened.push({ transport: live[2], ...place });
    if (live[2] === 'frames') return json(200, { frames: receive(session, user, body, null) });
    if (live[2] === 'poll') return poll(session, user, place, url, json, response);
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.flushHeaders();
    if (faults.silentEvents) return undefined;
    const connection = { user, send: sender((frame) => response.write(`id: ${session.position}\ndata: ${JSON.stringify(frame)}\n\n`)) };
    const detach = conversations.attach(session, connection, place);
    const beat = setInterval(() => response.write(': ping\n\n'), conversations.heartbeat * 1000);
    response.on('close', () => { clearInterval(beat); detach(); });
    return undefined;
  });

  // Idle connections stay: whoever uses one again must not find it closed in that very moment.
  http.keepAliveTimeout = 0;

  const polls = new Map();
  function poll(session, user, place, url, json, response) {
    // One queue per poller; its cursor names it, which the client need not know.
    const [position, name, number] = (place.since ?? '').split(/~poll:|#/);
    let queue = polls.get(name);
    if (!queue) {
      queue = { frames: [], last: [], number: 0, wake: () => {} };
      const key = randomUUID().slice(0, 8);
      queue.cursor = () => `${session.position}~poll:${key}#${queue.number}`;
      polls.set(key, queue);
      const connection = { user, send: sender((frame) => { queue.frames.push(frame); queue.wake(); }), present: () => Date.now() < queue.until };
      queue.detach = conversations.attach(session, connection, { ...place, since: position || undefined });
      if (position) queue.frames = queue.frames.filter((frame) => frame.type !== 'connected');
    } else if (Number(number) === queue.number - 1) {
      // The last answer got lost on the way.
      queue.frames.unshift(...queue.last);
    }
    const answer = () => {
      clearTimeout(timer);
      if (response.destroyed) return;
      queue.wake = () => {};
      queue.until = Date.now() + 40;
      queue.number += 1;
      queue.last = queue.frames.splice(0);
      json(200, { frames: queue.last, cursor: queue.cursor() });
    };
    const [, amount, unit] = /^(\d+)(ms|s)?$/.exec(url.searchParams.get('wait') ?? '30s') ?? [null, 30, 's'];
    const timer = setTimeout(answer, Number(amount) * (unit === 'ms' ? 1 : 1_000));
    response.on('close', () => { clearTimeout(timer); queue.until = Math.min(queue.until, Date.now() + 40); });
    queue.until = Infinity;
    if (queue.frames.length) answer();
    else queue.wake = () => setImmediate(() => queue.frames.length && answer());
  }

  const upgrades = new WebSocketServer({ noServer: true, handleProtocols: (offered) => (offered.has('parley') ? 'parley' : [...offered][0]) });
  http.on('upgrade', (request, socket, head) => {
    const refuse = (status) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    const url = new URL(request.url, 'http://here');
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
    const token = offered.find((each) => each.startsWith('bearer.'))?.slice(7) ?? /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? url.searchParams.get('token');
    const user = userOf(token);
    if (faults.blockWebSocket) return refuse('502 Bad Gateway');
    if (!user) return refuse('401 Unauthorized');
    const id = decodeURIComponent(url.pathname.replace(/^\/ws\/?/, '')) || randomUUID();
    const session = conversations.session(id, user, { visibility: url.searchParams.get('visibility') });
    if (session.status === 'closed') return refuse('410 Gone');
    return upgrades.handleUpgrade(request, socket, head, (ws) => {
      sockets.add(ws);
      const place = { since: url.searchParams.get('since') ?? undefined, streams: parse(url.searchParams.get('streams')) };
      opened.push({ transport: 'websocket', token, ...place });
      const connection = { user, send: sender((frame) => ws.readyState === 1 && ws.send(JSON.stringify(frame))) };
      const detach = conversations.attach(session, connection, place);
      ws.on('message', (data) => {
        for (const frame of receive(session, user, JSON.parse(data), connection)) connection.send(frame);
      });
      ws.on('close', () => { sockets.delete(ws); detach(); });
    });
  });

  await new Promise((resolve) => http.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${http.address().port}`, conversations, faults, heard, opened, revoked, now,
    /** Breaks every connection without a word. */
    cut: () => { sockets.forEach((ws) => ws.terminate()); http.closeAllConnections(); },
    /** Closes every socket politely. */
    close: (code, frame) => sockets.forEach((ws) => { if (frame) ws.send(JSON.stringify(frame)); ws.close(code); }),
    say: (frame) => sockets.forEach((ws) => ws.send(JSON.stringify(frame))),
    sockets,
    stop: async () => {
      conversations.stopAll();
      sockets.forEach((ws) => ws.terminate());
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

async function read(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const whole = Buffer.concat(parts);
  if (request.headers['content-type']?.startsWith('multipart/')) return whole;
  return whole.length ? JSON.parse(whole.toString('utf8')) : {};
}
