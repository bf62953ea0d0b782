// What the page costs the browser, by the browser's own entries: long tasks and the latency of keys while an answer of 30,000
// characters with code and tables is written at 100 tokens/s, and the time to open a conversation of 2,000 messages.
//
//   (cd integration-tests/peers && npm ci)
//   node benchmarks/peers/page.mjs model &            a model's server that writes such answers, on port 11555
//   OLLAMA_SERVER=http://127.0.0.1:11555 JWT_SECRET=<32 characters or more> RATE_LIMIT_MESSAGES_PER_MINUTE=off REST_RATE_LIMIT=off java -jar …
//   node benchmarks/peers/page.mjs http://127.0.0.1:8080 <the secret>
//
// On a machine that has something else to do the times by the clock are the machine's: run it alone. What the longest tasks took of
// the processor is told beside them.
import { createServer } from 'node:http';
import { World, startBrowser, until, usable, watchUsable } from '../../integration-tests/peers/page/support.mjs';

const CHARACTERS = 30_000;
const RATE = 100;
const MESSAGES = 2_000;
const MODEL_PORT = 11_555;

/** Prose, lists, code in two languages and tables, again and again. */
function answer() {
  const part = (n) => [
    `## Part ${n}`, '',
    `A paragraph with **weight**, *slant*, \`code\`, [a link](https://example.org/${n}) and enough words to wrap over a few lines, since that is what most of an answer is made of. It goes on for a while, so that there is something to lay out.`, '',
    '1. The first thing', '2. The second, with `a name`', '3. The third', '',
    '```java', ...Array.from({ length: 14 }, (_, at) => `    private final Map<String, List<Integer>> field${at} = new HashMap<>(${at * n}); // number ${at}`), '```', '',
    '| name | value | remark |', '|---|---:|---|', ...Array.from({ length: 8 }, (_, at) => `| row ${at} | ${at * n} | something about it |`), '',
    '```js', ...Array.from({ length: 10 }, (_, at) => `export const value${at} = await fetch('/api/${n}/${at}').then((response) => response.json());`), '```', '',
  ].join('\n');
  let text = '';
  for (let n = 1; text.length < CHARACTERS; n++) text += part(n);
  return text.slice(0, CHARACTERS);
}

function model() {
  createServer((request, response) => {
    if (request.url === '/api/tags') {
      response.end(JSON.stringify({ models: [{ name: 'paced', model: 'paced', size: 1, details: { family: 'paced', parameter_size: '1B' } }] }));
      return;
    }
    if (request.url !== '/api/chat') {
      response.end(JSON.stringify({ version: '0.24.0', capabilities: ['completion'] }));
      return;
    }
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
    const text = answer();
    const begin = performance.now();
    let at = 0;
    const timer = setInterval(() => {
      const due = Math.min(text.length, Math.floor((performance.now() - begin) * RATE / 1000) * 4);
      for (; at < due; at += 4) response.write(`${JSON.stringify({ message: { role: 'assistant', content: text.slice(at, at + 4) }, done: false })}\n`);
      if (at < text.length) return;
      clearInterval(timer);
      response.end(`${JSON.stringify({ message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop', eval_count: text.length / 4 })}\n`);
    }, 5);
    response.on('close', () => clearInterval(timer));
  }).listen(MODEL_PORT, '127.0.0.1', () => console.log(`a model on ${MODEL_PORT}`));
}

const watch = (page) => page.addInitScript(() => {
  window.seen = { tasks: [], keys: [] };
  new PerformanceObserver((list) => { for (const { duration, startTime } of list.getEntries()) window.seen.tasks.push([Math.round(startTime), Math.round(duration)]); }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    for (const { name, duration, startTime, processingStart } of list.getEntries()) if (name === 'keydown') window.seen.keys.push([Math.round(duration), Math.round(processingStart - startTime)]);
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
});
/** Traces the browser's tasks; the answer says how long the longest ones of pages were at work, in milliseconds of the processor. */
async function trace(browser) {
  const wire = await browser.newBrowserCDPSession();
  const events = [];
  wire.on('Tracing.dataCollected', ({ value }) => { for (const event of value) if (event.name === 'thread_name' || event.tdur > 10_000) events.push(event); });
  await wire.send('Tracing.start', { traceConfig: { includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline', 'devtools.timeline', 'v8'], recordMode: 'recordContinuously' }, transferMode: 'ReportEvents' });
  return async () => {
    const done = new Promise((resolve) => { wire.once('Tracing.tracingComplete', resolve); });
    await wire.send('Tracing.end');
    await done;
    const pages = new Set(events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`));
    const mine = events.filter(({ pid, tid, tdur }) => tdur && pages.has(`${pid} ${tid}`));
    const tasks = mine.filter(({ name }) => /RunTask$/.test(name)).map(({ tdur }) => Math.round(tdur / 1000)).sort((a, b) => b - a);
    if (process.env.PAGE_TASKS) for (const { name, tdur, dur, args } of mine.sort((a, b) => b.tdur - a.tdur).slice(0, 40)) console.log(`    ${name} ${Math.round(tdur / 1000)} of ${Math.round(dur / 1000)} ${JSON.stringify(args).slice(0, 160)}`);
    return tasks.slice(0, 5);
  };
}

const spread = (values) => { const all = values.toSorted((a, b) => a - b); return all.length ? `median ${all[all.length >> 1]}, 95 % ${all[Math.floor(all.length * 0.95)]}, most ${all.at(-1)} (of ${all.length})` : 'none of 16 or more'; };

async function measure(server, secret) {
  const browser = await startBrowser();
  const world = new World(browser, server, secret, 'speed');
  const ana = await world.visit('ana', { prepare: watch });

  if (!process.argv.includes('--no-answer')) await answering(browser, ana);
  await opening(browser, world, ana);
  await world.close();
  await browser.close();
}

async function answering(browser, ana) {
  const { page } = ana;
  await ana.ask('Write at length');
  await page.locator('.message.live .prose > *').first().waitFor();
  await page.evaluate(() => { window.seen = { tasks: [], keys: [] }; });
  const traced = await trace(browser);
  const begin = performance.now();
  let keys = 0;
  while (await page.locator('.message.live').count() > 0) {
    await page.keyboard.press('abcdefghij '[keys++ % 11]);
    await new Promise((resolve) => { setTimeout(resolve, 150); });
  }
  await page.waitForTimeout(1_500);
  const seen = await page.evaluate(() => window.seen);
  console.log(`an answer of ${(await ana.stored()).length} characters in ${Math.round((performance.now() - begin) / 1000)} s, ${keys} keys pressed meanwhile`);
  console.log(`  tasks over 50 ms: ${seen.tasks.length}${seen.tasks.length ? ` (${seen.tasks.map(([, duration]) => duration).join(', ')} ms)` : ''}`);
  console.log(`  the longest tasks, ms of the processor: ${(await traced()).join(', ') || 'none over 10'}`);
  console.log(`  key to paint, ms: ${spread(seen.keys.map(([duration]) => duration))}`);
  console.log(`  key to handler, ms: ${spread(seen.keys.map(([, wait]) => wait))}`);

}

async function opening(browser, world, ana) {
  const { page } = ana;
  const id = `many-${ana.user}`;
  await ana.rest('POST', 'sessions', { session_id: id, title: 'Two thousand' });
  const texts = [`A message with some words in it, ${'and some more '.repeat(12)}`, answer().slice(0, 1_800)];
  for (let at = 0; at < MESSAGES; at += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, n) => ana.rest('POST', 'messages', { session_id: id, content: `${at + n}: ${texts[n % 2]}` })));
  }
  await page.reload();
  await ana.row('Two thousand').waitFor();
  let traced = await trace(browser);
  await page.evaluate(() => { window.seen = { tasks: [], keys: [] }; });
  const opened = await page.evaluate(() => new Promise((resolve) => {
    const start = performance.now();
    const look = () => (document.querySelectorAll('.conversation .message').length >= 50 ? requestAnimationFrame(() => setTimeout(() => resolve(Math.round(performance.now() - start)))) : requestAnimationFrame(look));
    [...document.querySelectorAll('.row-title')].find((each) => each.textContent.includes('Two thousand')).click();
    look();
  }));
  await page.waitForTimeout(1_000);
  let seen = await page.evaluate(() => window.seen);
  console.log(`a conversation of ${MESSAGES} messages, from the click to the paint: ${opened} ms, tasks over 50 ms: ${seen.tasks.map(([, duration]) => duration).join(', ') || 'none'}`);
  console.log(`  the longest tasks, ms of the processor: ${(await traced()).join(', ') || 'none over 10'}`);
  const loaded = await world.visit('ana', { prepare: async (there) => { await watch(there); await watchUsable(there); }, wait: '.composer-input' });
  const painted = await loaded.page.evaluate(() => Math.round(performance.getEntriesByType('paint').find(({ name }) => name === 'first-contentful-paint')?.startTime ?? 0));
  console.log(`a first visit, from the address to the first paint: ${painted} ms; usable ${await usable(loaded.page)} ms after the server's answer`);

  await page.evaluate(() => { window.seen = { tasks: [], keys: [] }; });
  traced = await trace(browser);
  await page.locator('.scroller').focus();
  await until(async () => { await page.keyboard.press('Home'); return await page.locator('.conversation .message').count() >= 1_000; }, 'a thousand messages');
  seen = await page.evaluate(() => window.seen);
  console.log(`scrolled up through a thousand: tasks over 50 ms: ${spread(seen.tasks.map(([, duration]) => duration))}`);
  console.log(`  the longest tasks, ms of the processor: ${(await traced()).join(', ') || 'none over 10'}`);
}

if (process.argv[2] === 'model') model();
else await measure(process.argv[2], process.argv[3]);
