// A server that dies in the middle of an answer: only where PARLEY_COMMAND says how one is started, a word in each line.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { World, tokenFor, until } from './support.mjs';

/** A model that never comes to an end. */
async function model() {
  const server = createServer((request, response) => {
    const line = (content, more = {}) => `${JSON.stringify({ message: { role: 'assistant', content }, done: false, ...more })}\n`;
    if (request.url === '/api/tags') {
      response.end(JSON.stringify({ models: [{ name: 'endless', model: 'endless', size: 1, details: { family: 'endless', parameter_size: '1B' } }] }));
    } else if (request.url === '/api/chat') {
      response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
      let at = 0;
      const timer = setInterval(() => response.write(line(`word${at++} `)), 20);
      response.on('close', () => clearInterval(timer));
    } else {
      response.end(JSON.stringify({ version: '0.24.0', capabilities: ['completion'] }));
    }
  });
  // As a real one does, it leaves idle connections open.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Below what systems give to connections of their own accord, so that nobody else gets it between two starts. */
async function freePort() {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 7_000);
    const probe = createServer();
    const free = await new Promise((resolve) => { probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)); });
    if (!free) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}

export default async function killed({ browser, secret }, step) {
  if (!process.env.PARLEY_COMMAND) return;
  const [program, ...arguments_] = process.env.PARLEY_COMMAND.split('\n');
  const folder = mkdtempSync(join(tmpdir(), 'parley-page-'));
  const [words, port] = await Promise.all([model(), freePort()]);
  const url = `http://127.0.0.1:${port}`;
  let server = null;
  const start = async () => {
    server = spawn(program, [...arguments_, '--port', String(port), '--data-dir', join(folder, 'data')], {
      cwd: folder, stdio: process.env.PAGE_SHOTS ? ['ignore', 'inherit', 'inherit'] : 'ignore', env: { ...process.env, JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC', JWT_SECRET: secret, OLLAMA_SERVER: `http://127.0.0.1:${words.address().port}` },
    });
    await until(async () => { assert.equal(server.exitCode, null, 'the server runs'); return (await fetch(`${url}/health`).catch(() => null))?.ok; }, 'a server');
  };
  const kill = async () => { if (server?.exitCode === null && server.kill('SIGKILL')) await once(server, 'exit'); };
  let world = null;
  try {
    await start();
    const asker = { headers: { Authorization: `Bearer ${tokenFor(secret, 'ana')}` } };
    await until(async () => (await (await fetch(`${url}/api/chat/models`, asker)).json()).models?.length > 0, 'its model');
    world = new World(browser, url, secret, 'killed');
    const ana = await world.visit('ana');
    const { page } = ana;

    await step('an answer whose server dies is interrupted, says so, and can be asked for again', async () => {
      await ana.ask('Tell me everything');
      await ana.growing(60);
      const admin = { headers: { Authorization: `Bearer ${tokenFor(secret, 'admin', { roles: ['admin'] })}` } };
      await until(async () => (await (await fetch(`${url}/api/admin/replies`, admin)).json()).replies.some(({ characters }) => characters > 0), 'some of it to be stored');
      await kill();
      await ana.status('waiting');
      const seen = await ana.text();
      await start();
      await ana.back();
      const notice = ana.answers.last().locator('.ended.bad', { hasText: 'The answer was interrupted.' });
      await notice.waitFor();
      await ana.whole();
      assert.ok(seen.startsWith((await ana.text()).slice(0, 20)), 'it begins as it was seen');
      if (process.env.PAGE_KEEP) await page.screenshot({ path: `${process.env.PAGE_KEEP}/interrupted.png` });
      await notice.getByRole('button', { name: 'Try again' }).click();
      await ana.growing(20);
      await page.click('.composer-send.stops');
      await ana.ended();
      await ana.answers.last().locator('.versions', { hasText: '2 / 2' }).waitFor();
    });
    assert.deepEqual(world.faults, [], 'the browser complains about nothing');
  } catch (error) {
    if (process.env.PAGE_SHOTS) await world?.shoot(`${process.env.PAGE_SHOTS}/failed-killed`);
    throw error;
  } finally {
    await world?.close();
    await kill();
    words.closeAllConnections();
    words.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
