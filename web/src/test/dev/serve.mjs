// The page from its sources, to work on it; Ctrl+C ends it. After `npm ci` in clients/javascript and one Maven build that
// has fetched the libraries:
//   node web/src/test/dev/serve.mjs [port]                                  against the stand-in server of the JavaScript client
//   node web/src/test/dev/serve.mjs [port] --server http://127.0.0.1:8080   against a server that runs
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answer } from './answers.mjs';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const page = join(root, 'web/src/main/resources/dev/parley/web');
const pom = readFileSync(join(root, 'pom.xml'), 'utf8');
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.webmanifest': 'application/manifest+json' };

function properties(name) {
  const text = readFileSync(join(page, name), 'utf8').replace(/\$\{([\w.]+)\}/g, (_, key) => new RegExp(`<${key}>(.*)</${key}>`).exec(pom)[1]);
  return Object.fromEntries(text.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(/ = (.*)/s).slice(0, 2)));
}

function ofJar(resource) {
  const [, , , artifact, version] = resource.split('/');
  const group = artifact === 'highlightjs' ? 'org/webjars' : 'org/webjars/npm';
  const jar = join(homedir(), '.m2/repository', group, artifact, version, `${artifact}-${version}.jar`);
  return execFileSync('unzip', ['-p', jar, resource], { maxBuffer: 1e8 });
}

const vendor = properties('vendor.properties');
const headers = properties('headers.properties');
const cache = new Map();

export function files(path, response) {
  let body;
  if (path === '/sw.js') {
    body = readFileSync(join(page, 'sw.js'));
  } else if (path === '/') {
    body = readFileSync(join(page, 'index.html'));
  } else if (vendor[path]) {
    if (!cache.has(path)) cache.set(path, ofJar(vendor[path]));
    body = cache.get(path);
  } else if (path.startsWith('/assets/')) {
    const clean = normalize(path).replace('/assets/parley-client/', '');
    const file = path.startsWith('/assets/parley-client/') ? join(root, 'clients/javascript/src', clean) : join(page, clean);
    if (!existsSync(file)) return false;
    body = readFileSync(file);
  } else {
    return false;
  }
  response.writeHead(200, { ...headers, 'Content-Type': types[extname(path === '/' ? 'index.html' : path)] ?? 'application/octet-stream' });
  response.end(body);
  return true;
}

export async function startPage(wish = {}) {
  const { startServer } = await import('../../../../clients/javascript/test/support/server.mjs');
  const server = await startServer({ files, ...wish });
  server.conversations.model = answer;
  return server;
}

/** The page's files from here, everything else from `target`. */
export async function startProxy(target, port = 0) {
  const { hostname, port: far } = new URL(target);
  const server = createServer((request, response) => {
    if (files(new URL(request.url, target).pathname, response)) return;
    const passed = ask({ hostname, port: far, path: request.url, method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    request.pipe(passed);
  });
  server.on('upgrade', (request, near, head) => {
    const there = connect(Number(far), hostname, () => {
      const headers = request.rawHeaders.map((each, at) => (at % 2 ? `${each}\r\n` : `${each}: `)).join('');
      there.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers}\r\n`);
      there.write(head);
      near.pipe(there).pipe(near);
    });
    for (const [one, other] of [[near, there], [there, near]]) one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  await new Promise((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => { server.closeAllConnections(); server.close(); } };
}

const servers = process.argv.indexOf('--server');
if (process.argv[1] === fileURLToPath(import.meta.url) && servers > 0) {
  console.log((await startProxy(process.argv[servers + 1], Number(process.argv[2]) || 0)).url);
} else if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await startPage({ port: Number(process.argv[2] ?? 0), anonymous: process.argv.includes('--anonymous') });
  console.log(`${server.url}/#token=user-ana`);
}
