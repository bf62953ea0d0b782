// Uses the page like people would, in a real browser, against a running server:
//   node page.spec.mjs http://127.0.0.1:8080 <the server's JWT_SECRET> [name of one file below page/ …]
// Exits with 1 and says what was expected when something is not as it should be. The server's model must answer as
// PageModel of the integration tests does. CHROMIUM names the browser; PAGE_SHOTS a folder for a picture of what failed.
import { readdirSync, statSync } from 'node:fs';
import assert from 'node:assert/strict';
import { World, startBrowser } from './page/support.mjs';

/** So many files at once: each has people and conversations of its own. */
const AT_ONCE = Number(process.env.PAGE_AT_ONCE ?? 4);
const [server, secret, ...only] = process.argv.slice(2);
assert.ok(server && secret, 'Expected the server and its secret, see the head of this file');

const folder = new URL('page/', import.meta.url);
// Those with the most to do begin, so that none of them is alone at the end.
const files = readdirSync(folder).filter((each) => each.endsWith('.spec.mjs') && (!only.length || only.some((name) => each.startsWith(name))))
  .sort((one, other) => statSync(new URL(other, folder)).size - statSync(new URL(one, folder)).size);
const browser = await startBrowser();
let failed = false;

async function run(file) {
  const name = file.replace('.spec.mjs', '');
  const { default: steps } = await import(`./page/${file}`);
  const world = new World(browser, server, secret, name);
  let doing = 'begins';
  const step = async (what, act) => {
    doing = what;
    const begin = performance.now();
    await act();
    assert.deepEqual(world.faults.splice(0), [], 'the browser complains about nothing');
    console.log(`ok      ${name}: ${what}${process.env.PAGE_TIMES ? ` (${Math.round(performance.now() - begin)} ms)` : ''}`);
  };
  try {
    await steps(world, step);
  } catch (error) {
    failed = true;
    console.log(`NOT OK  ${name}: ${doing}\n${error.stack}\n${world.faults.join('\n')}`);
    if (process.env.PAGE_SHOTS) await world.shoot(`${process.env.PAGE_SHOTS}/failed-${name}`);
  } finally {
    await world.close();
  }
}

try {
  const waiting = [...files];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (waiting.length) await run(waiting.shift());
  }));
} finally {
  await browser.close();
}
process.exit(failed ? 1 : 0);
