// The chat gateway through the stock client of Socket.IO in a real browser, in each of its transports:
//   SERVER=http://127.0.0.1:port node gateway-browser.spec.mjs
// A token is its user's name. CHROMIUM names the browser.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join, dirname } from 'node:path';
import { chromium } from 'playwright-core';
import { everyEvent } from './gateway-flow.mjs';

const SERVER = process.env.SERVER;
const RUN = Date.now().toString(36);
const bundle = join(dirname(createRequire(import.meta.url).resolve('socket.io-client/package.json')), 'dist/socket.io.min.js');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const context = await browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`${SERVER}/health`);
  await page.addScriptTag({ path: bundle });
  const all = await Promise.all([['websocket', ['websocket']], ['polling', ['polling']], ['upgrade', ['polling', 'websocket']]].map(([name, transports]) => page.evaluate(
    ([source, how]) => (0, eval)(`(${source})`)({ io: globalThis.io, ...how }),
    [everyEvent.toString(), { server: SERVER, transports, name: `browser-${name}-${RUN}` }],
  )));
  for (const shown of all) assert.equal(shown.length, 12);
} finally {
  await browser.close();
}
