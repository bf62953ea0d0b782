import { createServer, request as httpRequest } from 'node:http';
import { WebSocket, WebSocketServer } from '../javascript/test/support/ws.mjs';
import { Channel } from './faults.mjs';

const LIVE = /^\/api\/chat\/sessions\/([^/]+)\/(events|poll|frames)$/;
/** What is asked about a session, or a message, outside its connection. */
const REST = /^\/api\/chat\/sessions\/([^/]+)\/(\w+)$/;
const MESSAGE = /^\/api\/chat\/messages\/([^/]+)$/;

/**
 * Stands between clients and a server of the native protocol, knows its frames, and lets go wrong with them what a run wants.
 * @param {{upstream: URL, runOf: (session: string) => import('./runs.mjs').Run, runTold: (message: string) => import('./runs.mjs').Run | undefined, own: (request: object, response: object, url: URL) => boolean}} means
 *   `own` answers requests that are for this side alone
 */
export async function startProxy({ upstream, runOf, runTold, own }) {
  const http = createServer((request, response) => {
    const url = new URL(request.url, 'http://here');
    if (own(request, response, url)) return;
    const live = LIVE.exec(url.pathname);
    const go = live
      ? { events, poll, frames: post }[live[2]](runOf(decodeURIComponent(live[1])), request, response, url)
      : rest(asked(url.pathname), request, response);
    go.catch((fault) => (response.headersSent ? response.destroy() : response.writeHead(502).end(String(fault))));
  });

  // A connection that is closed while somebody thinks that it can be used again is a fault that no scenario has asked for.
  http.keepAliveTimeout = 0;

  function asked(path) {
    const [, message] = MESSAGE.exec(path) ?? [];
    if (message) return { run: runTold(decodeURIComponent(message)), type: 'messages' };
    const [, session, type] = REST.exec(path) ?? [];
    return { run: session && runOf(decodeURIComponent(session)), type };
  }

  async function rest({ run, type }, request, response) {
    const act = run && run.faults.next({ at: 'rest', type });
    if (!act) return pass(request, response);
    if (act.drop) response.destroy();
    if (act.refuse) refuse(response, act);
    if (act.text !== undefined) response.writeHead(200, { 'Content-Type': 'text/html' }).end(act.text);
    return undefined;
  }

  function pass(request, response) {
    return new Promise((resolve, reject) => {
      const onward = httpRequest({
        host: upstream.hostname, port: upstream.port, path: request.url, method: request.method, headers: { ...request.headers, host: upstream.host },
      }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response).on('finish', resolve);
      });
      onward.on('error', reject);
      request.pipe(onward);
    });
  }

  const ask = (request, url, more) => fetch(new URL(url.pathname + url.search, upstream), {
    headers: { ...(request.headers.authorization ? { authorization: request.headers.authorization } : {}), accept: request.headers.accept ?? '*/*', ...more?.headers }, ...more,
  });

  function opening(run, transport, request, url) {
    run.began({
      transport, since: url.searchParams.get('since'), streams: url.searchParams.get('streams'), token: tokenOf(request),
    });
    return run.faults.next({ at: 'connect', transport }) ?? {};
  }

  async function hold(run, time) {
    if (!time) return;
    run.holding += 1;
    await new Promise((resolve) => { setTimeout(resolve, time); });
    run.holding -= 1;
  }

  const refuse = (response, { refuse: status, code, retry_after: retryAfter }) => response
    .writeHead(status, { 'Content-Type': 'application/problem+json', ...(retryAfter ? { 'Retry-After': Math.ceil(retryAfter) } : {}) })
    .end(JSON.stringify({ status, title: code, code, retry_after: retryAfter }));

  /** Takes over an answer that is no success. */
  async function refused(answer, response) {
    if (answer.ok) return false;
    response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') ?? 'text/plain', ...(answer.headers.get('retry-after') ? { 'Retry-After': answer.headers.get('retry-after') } : {}) });
    response.end(await answer.text());
    return true;
  }

  async function events(run, request, response, url) {
    const act = opening(run, 'sse', request, url);
    if (act.refuse) return void refuse(response, act);
    if (act.drop) return void response.destroy();
    if (act.text !== undefined) return void response.writeHead(200, { 'Content-Type': 'text/html' }).end(act.text);
    const away = new AbortController();
    response.on('close', () => away.abort());
    await hold(run, act.hold);
    if (act.silence) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
      return;
    }
    const answer = await ask(request, url, { signal: away.signal });
    if (await refused(answer, response)) return;
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' }).flushHeaders();
    const channel = join(run, new Channel(run, 'sse', {
      deliver: (text) => response.write(`data: ${text}\n\n`),
      // What was delivered before has left by then.
      drop: () => setImmediate(() => { away.abort(); response.socket?.destroySoon(); }),
      close: (code, reason, said) => {
        response.end(said ? '' : `data: ${JSON.stringify({ type: 'disconnect', code, reason })}\n\n`);
        away.abort();
      },
    }), response);
    try {
      let rest = '';
      for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
        const blocks = (rest + part).split('\n\n');
        rest = blocks.pop();
        for (const block of blocks) {
          const data = block.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trim()).join('\n');
          if (data) channel.out(JSON.parse(data));
          else if (!channel.silent) response.write(': still here\n\n');
        }
      }
      response.end();
    } catch (fault) {
      if (!away.signal.aborted) throw fault;
    }
  }

  async function poll(run, request, response, url) {
    const act = opening(run, 'poll', request, url);
    if (act.refuse) return void refuse(response, act);
    if (act.drop) return void response.destroy();
    if (act.text !== undefined) return void response.writeHead(200, { 'Content-Type': 'text/html' }).end(act.text);
    const away = new AbortController();
    response.on('close', () => away.abort());
    await hold(run, act.hold);
    const answer = await ask(request, url, { signal: away.signal });
    if (await refused(answer, response)) return;
    const { frames, cursor } = await answer.json();
    const texts = [];
    const send = () => response.writeHead(200, { 'Content-Type': 'application/json' }).end(`{"frames":[${texts.join(',')}],"cursor":${JSON.stringify(cursor)}}`);
    const channel = join(run, new Channel(run, 'poll', {
      deliver: (text) => texts.push(text),
      drop: () => response.destroy(),
      close: (code, reason, said) => {
        if (!said) texts.push(JSON.stringify({ type: 'disconnect', code, reason }));
        send();
      },
    }), response);
    for (const frame of frames) await channel.out(frame);
    if (!channel.done && !channel.silent) send();
  }

  async function post(run, request, response, url) {
    const frame = JSON.parse(await text(request));
    run.heard.push(frame);
    const channel = join(run, new Channel(run, 'post', { deliver: () => {}, drop: () => response.destroy(), close: () => response.destroy() }), response);
    const act = run.faults.next({ at: 'in', transport: 'post', type: frame.type }) ?? {};
    if (act.drop) return void channel.drop();
    if (act.refuse) return void refuse(response, act);
    if (act.text !== undefined) return void response.writeHead(200, { 'Content-Type': 'text/html' }).end(act.text);
    const texts = act.answer ? [JSON.stringify({ ...act.answer, id: frame.id })] : [];
    if (!act.answer && !act.lose) {
      const answer = await ask(request, url, { method: 'POST', body: JSON.stringify(frame), headers: { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' } });
      if (await refused(answer, response)) return;
      if (act['drop-after']) return void channel.drop();
      const inner = join(run, new Channel(run, 'post', { deliver: (each) => texts.push(each), drop: () => response.destroy(), close: () => response.destroy() }), response);
      for (const each of (await answer.json()).frames) await inner.out(each);
      if (inner.done) return;
    }
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(`{"frames":[${texts.join(',')}]}`);
  }

  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => (offered.has('parley') ? 'parley' : false) });
  http.on('upgrade', async (request, socket, head) => {
    socket.on('error', () => {});
    const url = new URL(request.url, 'http://here');
    const run = runOf(decodeURIComponent(url.pathname.replace(/^\/ws\/?/, '')));
    const act = opening(run, 'websocket', request, url);
    const no = (status, more = '') => socket.end(`HTTP/1.1 ${status} No\r\nConnection: close\r\n${more}Content-Length: 0\r\n\r\n`);
    if (act.refuse) return void no(act.refuse, act.retry_after ? `Retry-After: ${Math.ceil(act.retry_after)}\r\n` : '');
    if (act.drop) return void socket.destroy();
    await hold(run, act.hold);
    if (socket.destroyed) return;
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim()).filter(Boolean);
    const far = new WebSocket(new URL(url.pathname + url.search, `ws://${upstream.host}`), offered, {
      headers: request.headers.authorization ? { authorization: request.headers.authorization } : {}, perMessageDeflate: false,
    });
    const early = [];
    far.on('message', (data) => early.push(data));
    far.on('error', () => {});
    far.on('unexpected-response', (_, answer) => no(answer.statusCode));
    far.on('close', () => { if (!socket.destroyed && !socket.bytesWritten) socket.destroy(); });
    far.on('open', () => sockets.handleUpgrade(request, socket, head, (near) => relay(run, near, far, early, act)));
  });

  function relay(run, near, far, early, act) {
    const channel = join(run, new Channel(run, 'websocket', {
      deliver: (each) => near.readyState === 1 && near.send(each),
      binary: (data) => near.send(data),
      drop: () => { near.terminate(); far.terminate(); },
      close: (code, reason) => { near.close(code, reason); far.terminate(); },
    }), near);
    if (act.silence) channel.silence();
    if (act.close) return void channel.close(act.close, act.say && { type: 'disconnect', code: act.close, ...act.say });
    far.removeAllListeners('message');
    far.on('message', (data) => channel.out(JSON.parse(data)));
    for (const data of early) channel.out(JSON.parse(data));
    far.on('close', (code, reason) => {
      run.ended();
      if (near.readyState === 1) code === 1006 || code === 1005 ? near.terminate() : near.close(code, reason);
    });
    near.on('message', (data) => {
      const frame = JSON.parse(data);
      run.heard.push(frame);
      if (channel.silent) return;
      const what = run.faults.next({ at: 'in', transport: 'websocket', type: frame.type }) ?? {};
      if (what.drop) return void channel.drop();
      if (what.close) return void channel.close(what.close, what.say && { type: 'disconnect', code: what.close, ...what.say });
      if (what.answer) return void near.send(JSON.stringify({ ...what.answer, id: frame.id }));
      if (what.lose) return;
      if (what['drop-after']) channel.dropAnswer(frame.id);
      if (far.readyState === 1) far.send(JSON.stringify(frame));
    });
    near.on('close', (code) => { if (far.readyState === 1) far.close(code >= 4000 || code === 1000 ? code : 1000); });
  }

  function join(run, channel, emitter) {
    run.channels.add(channel);
    emitter.on('close', () => run.channels.delete(channel));
    return channel;
  }

  await new Promise((resolve) => { http.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${http.address().port}`,
    stop: () => { http.closeAllConnections(); http.close(); },
  };
}

function tokenOf(request) {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  return offered.find((each) => each.startsWith('bearer.'))?.slice(7) ?? /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
}

async function text(request) {
  let all = '';
  for await (const part of request.setEncoding('utf8')) all += part;
  return all;
}
