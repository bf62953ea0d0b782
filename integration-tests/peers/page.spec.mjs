// Uses the page like a person would, in a real browser, against a running server:
//   node page.spec.mjs 'http://127.0.0.1:8080/#token=…'
// Exits with 1 and says what was expected when something is not as it should be. A question that contains PAGE_LONG
// (default: "long") must be answered over about two seconds or more, any other question by anything. CHROMIUM names the browser.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { startWire } from './wire.mjs';

const LONG = process.env.PAGE_LONG ?? 'long';
const DEADLINE = 20_000;
const given = new URL(process.argv[2] ?? '');
const token = new URLSearchParams(given.hash.slice(1)).get('token');
assert.ok(token, 'the address needs #token=…');

const wire = await startWire(given);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const faults = [];
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

async function open({ address = `${wire.url}/#token=${token}`, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(DEADLINE);
  page.on('pageerror', (error) => faults.push(`page: ${error.message}`));
  page.on('console', (message) => {
    // What the wire below breaks on purpose the browser reports by itself; everything else is the page's fault.
    if (message.type() === 'error' && !/WebSocket connection to|net::ERR_|status of 50[23]/.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  await page.addInitScript(() => addEventListener('securitypolicyviolation', (event) => console.error(`violates the policy: ${event.violatedDirective} ${event.blockedURI}`)));
  await page.goto(address);
  await page.waitForSelector('.room');
  return page;
}

const ask = async (page, text) => {
  await page.fill('.composer-input', text);
  await page.keyboard.press('Enter');
  await page.locator('.message.user', { hasText: text }).last().waitFor();
};
const status = (page, wanted) => page.waitForSelector(`.badge[data-status="${wanted}"]`);
const answers = (page) => page.locator('.message.assistant');
const text = (page) => answers(page).last().locator('.prose').innerText();
const until = async (condition, what) => {
  const end = Date.now() + DEADLINE;
  while (!await condition()) {
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 30); });
  }
};
const growing = (page, length = 20) => until(async () => await answers(page).last().getAttribute('aria-busy') === 'true' && (await text(page)).length > length, 'an answer that is being written');
const ended = async (page) => {
  await page.waitForSelector('.message.assistant:last-child[aria-busy=false]');
};
/** The stored words of an answer, to compare with what is shown. */
const stored = (page) => page.evaluate(async () => {
  const id = decodeURIComponent(location.hash.slice(2));
  const response = await fetch(`api/chat/sessions/${encodeURIComponent(id)}/messages`, { headers: { Authorization: `Bearer ${sessionStorage.getItem('parley:token')}` } });
  return (await response.json()).messages.findLast((each) => each.role === 'assistant').content;
});
const words = (value) => value.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
const whole = async (page) => {
  const kept = words(await stored(page));
  assert.ok(kept.length > 0, 'the stored answer is empty');
  await until(async () => words(await text(page)) === kept, 'the page to show exactly what is stored');
};

const steps = {
  async 'the token leaves the address, the page invites'(page) {
    assert.equal(new URL(page.url()).hash, '');
    assert.equal(await page.evaluate(() => sessionStorage.getItem('parley:token') !== null && localStorage.getItem('parley:token') === null), true);
    await page.waitForSelector('.empty h1');
  },
  async 'an answer streams, piece by piece, and ends'(page) {
    await ask(page, `A ${LONG} question about streams`);
    await growing(page, 1);
    const early = (await text(page)).length;
    await until(async () => (await text(page)).length > early, 'more text');
    await ended(page);
    await whole(page);
    await status(page, 'connected');
    await page.waitForSelector('.row.here');
  },
  async 'a reload in the middle of an answer misses nothing'(page) {
    await ask(page, `Another ${LONG} question`);
    await growing(page);
    await page.reload();
    await page.waitForSelector('.message.assistant');
    await ended(page);
    await whole(page);
    assert.equal(await answers(page).count(), 2);
    assert.equal(await page.locator('.message.user').count(), 2);
  },
  async 'a cut connection in the middle of an answer misses and repeats nothing'(page) {
    await ask(page, `A third ${LONG} question`);
    await growing(page);
    wire.cut();
    await growing(page, 60).catch(() => {});
    wire.cut();
    await ended(page);
    await status(page, 'connected');
    await whole(page);
  },
  async 'stop keeps what was written'(page) {
    await ask(page, `A ${LONG} question to be stopped`);
    await growing(page);
    await page.click('.composer-send.stops');
    await ended(page);
    await page.waitForSelector('.message.assistant:last-child .ended');
    await whole(page);
    await ask(page, `Stop this ${LONG} one with the keyboard`);
    await growing(page);
    await page.keyboard.press('Escape');
    await ended(page);
  },
  async 'an answer is asked for again, and both versions are kept'(page) {
    await page.locator('.message.assistant').last().locator('[aria-label="Try again"]').click();
    await until(async () => await page.locator('.versions').count() > 0, 'two versions');
    await ended(page);
    await page.locator('[aria-label="Previous version"]').last().click();
    await page.waitForSelector('.versions:has-text("1 / 2")');
    await page.locator('[aria-label="Next version"]').last().click();
  },
  async 'a question is edited and asked again'(page) {
    const last = page.locator('.message.user').last();
    await last.hover();
    await last.locator('[aria-label="Edit"]').click();
    await ask(page, 'An edited question, marzipan');
    await until(async () => (await page.locator('.message.user').last().innerText()).includes('marzipan'), 'the edited question');
    await until(async () => /\/ 3/.test(await page.locator('.versions').last().innerText().catch(() => '')), 'a third version');
    await ended(page);
  },
  async 'reactions are set and taken back'(page) {
    const last = answers(page).last();
    await last.locator('[aria-label="React"]').click();
    await page.click('.menu-item:has-text("🎉")');
    await last.locator('.reaction.mine').click();
    await until(async () => await last.locator('.reaction').count() === 0, 'the reaction to be gone');
  },
  async 'what is written offline waits, is sent, and the countdown is seen'(page) {
    wire.dead = true;
    wire.cut();
    await status(page, 'waiting');
    await ask(page, 'Written while the server was away');
    await page.waitForSelector('.message.unsent');
    wire.dead = false;
    await until(async () => {
      await page.locator('.badge button:visible').click({ timeout: 200 }).catch(() => {});
      return await page.locator('.message.unsent').count() === 0;
    }, 'the message to be sent');
    await ended(page);
    await whole(page);
  },
  async 'where WebSockets are blocked it goes on over a fallback'(page) {
    wire.blocked = true;
    wire.cut();
    await status(page, 'fallback');
    await ask(page, `A ${LONG} question over the fallback`);
    await growing(page);
    await ended(page);
    await whole(page);
    wire.blocked = false;
  },
  async 'where even events are held back it polls'(page) {
    await page.goto(`${wire.url}/?transport=poll${new URL(page.url()).hash}`);
    await page.waitForSelector('.badge[data-transport="poll"][data-status="fallback"]');
    await ask(page, 'By polls');
    await ended(page);
    await whole(page);
    await page.goto(`${wire.url}/${new URL(page.url()).hash}`);
    await status(page, 'connected');
  },
  async 'files come by dropping, pasting and choosing, and stay with the message'(page) {
    const files = (...named) => page.evaluateHandle((all) => {
      const transfer = new DataTransfer();
      for (const { name, type, data } of all) transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name, { type }));
      return transfer;
    }, named);
    await page.dispatchEvent('.main', 'drop', { dataTransfer: await files({ name: 'dot.png', type: 'image/png', data: DOT }) });
    await page.locator('.composer-input').evaluate((input, clipboardData) => input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })),
      await files({ name: 'pasted.png', type: 'image/png', data: DOT }));
    await page.setInputFiles('.composer input[type=file]', { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Notes about nougat') });
    await until(async () => await page.locator('.tray .file').count() === 3 && await page.locator('.tray progress').count() === 0, 'three files to be there');
    await ask(page, 'What do these show?');
    assert.equal(await page.locator('.tray .file').count(), 0);
    await ended(page);
    const seen = async () => {
      const message = page.locator('.message.user', { hasText: 'What do these show?' });
      await until(async () => (await message.locator('img').evaluateAll((all) => all.map((each) => each.complete && each.naturalWidth > 0))).join() === 'true,true', 'both pictures to be shown');
      const [download] = await Promise.all([page.waitForEvent('download'), message.locator('.file', { hasText: 'notes.txt' }).click()]);
      let content = '';
      for await (const part of await download.createReadStream()) content += part;
      assert.equal(content, 'Notes about nougat');
    };
    await seen();
    await page.reload();
    await seen();
  },
  async 'a file that is not what it says is refused with a reason, and leaves'(page) {
    await page.setInputFiles('.composer input[type=file]', { name: 'picture.png', mimeType: 'image/png', buffer: Buffer.from('MZ\x90\0 no picture') });
    await page.waitForSelector('.tray .file.bad');
    faults.splice(0);
    assert.equal(await page.locator('.composer-send').isDisabled(), true);
    await page.click('.tray [aria-label="Remove picture.png"]');
    await until(async () => await page.locator('.tray .file').count() === 0, 'the tray to be empty');
  },
  async 'messages are found and shown'(page) {
    await page.keyboard.press('Control+k');
    await page.fill('.search-input', 'marzip');
    await page.locator('.result', { hasText: 'marzipan' }).last().click();
    await page.waitForSelector('.pointed');
  },
  async 'a conversation is exported'(page) {
    await page.click('.session-buttons [aria-haspopup]');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('.menu-item:has-text("Markdown")')]);
    let content = '';
    for await (const part of await download.createReadStream()) content += part;
    assert.ok(content.includes('marzipan'), 'the export has the messages');
  },
  async 'a conversation is renamed, another begun, and deleted for good'(page) {
    await page.click('.session-buttons [aria-haspopup]');
    await page.click('.menu-item:has-text("Rename")');
    await page.fill('.dialog .field', 'All about marzipan');
    await page.click('.dialog .primary');
    await page.waitForSelector('.row.here:has-text("All about marzipan")');
    await page.click('.new-chat');
    await ask(page, 'Soon gone');
    await page.waitForSelector('.row.here:has-text("Soon gone")');
    await ended(page);
    await page.click('.session-buttons [aria-haspopup]');
    await page.click('.menu-item:has-text("Delete for good")');
    await page.click('.dialog .primary');
    await page.waitForSelector('.empty h1');
    await until(async () => await page.locator('.row:has-text("Soon gone")').count() === 0, 'the row to be gone');
    await page.click('.row-title:has-text("All about marzipan")');
    await page.waitForSelector('.message.assistant');
  },
  async 'what a model says cannot do anything'(page) {
    const harm = ['<img src=x onerror="window.harmed=1">', '<script>window.harmed=1</script>', '<style>body{display:none}</style>', '<div style="position:fixed">x</div>',
      '[a](javascript:window.harmed=1)', '[b](data:text/html,x)', '![c](https://example.org/c.png)', '<iframe src="https://example.org"></iframe>',
      '<form action="/x"><button>d</button></form>', '`</code><svg onload=window.harmed=1>`', '```js\n</code><img src=x onerror=window.harmed=1>\n```'].join('\n\n');
    const found = await page.evaluate(async (text) => {
      const { renderMarkdown } = await import(new URL('assets/js/markdown.js', document.baseURI).href);
      const place = document.body.appendChild(document.createElement('div'));
      place.append(renderMarkdown(text));
      await new Promise((resolve) => { setTimeout(resolve, 300); });
      const bad = [...place.querySelectorAll('*')].filter((each) => !/^(P|A|CODE|PRE|FIGURE|FIGCAPTION|SPAN|BUTTON|svg|path|BR)$/.test(each.tagName)
        || [...each.attributes].some(({ name, value }) => name.startsWith('on') || name === 'style' || /^(javascript|data):/i.test(value))).map((each) => each.outerHTML);
      place.remove();
      return { bad, harmed: window.harmed ?? null };
    }, harm);
    assert.deepEqual(found, { bad: [], harmed: null });
  },
  async 'two tabs of one person show the same'(page) {
    const other = await open({ address: `${wire.url}/#token=${token}` });
    await other.click('.row-title:has-text("All about marzipan")');
    await other.waitForSelector('.message.assistant');
    await ask(page, `A ${LONG} question seen twice`);
    await growing(other);
    await Promise.all([ended(page), ended(other)]);
    await until(async () => await text(page) === await text(other), 'both to show the same');
    await other.context().close();
  },
  async 'phone width has no sideways scrolling, and a drawer'(page) {
    const phone = await open({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, colorScheme: 'dark' });
    await phone.click('.drawer-button');
    await phone.click('.row-title:has-text("All about marzipan")');
    await phone.waitForSelector('.message.assistant');
    for (const selector of ['html', '.scroller']) {
      const wide = await phone.$eval(selector, (element) => element.scrollWidth - element.clientWidth);
      assert.ok(wide <= 0, `${selector} is ${wide} px too wide`);
    }
    assert.equal(await phone.evaluate(() => document.documentElement.dataset.theme), 'dark');
    await phone.context().close();
    assert.ok(page);
  },
  async 'dark is chosen and kept, and so is Portuguese'(page) {
    await page.click('[aria-label="Appearance"]');
    await page.click('.menu-item:has-text("Dark")');
    const [red] = (await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).match(/\d+/g);
    assert.ok(Number(red) < 80, 'the paper is dark');
    await page.click('[aria-label="Language"]');
    await page.click('.menu-item:has-text("Português")');
    await page.waitForSelector('.new-chat:has-text("Nova conversa")');
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  },
};

let failed = false;
try {
  const page = await open();
  for (const [name, step] of Object.entries(steps)) {
    try {
      await step(page);
      assert.deepEqual(faults.splice(0), [], 'the browser complains about nothing');
      console.log(`ok      ${name}`);
    } catch (error) {
      failed = true;
      console.log(`NOT OK  ${name}\n${error.stack}\n${faults.join('\n')}`);
      if (process.env.PAGE_SHOTS) await page.screenshot({ path: `${process.env.PAGE_SHOTS}/failed.png` });
      break;
    }
  }
} finally {
  await browser.close();
  wire.close();
}
process.exit(failed ? 1 : 0);
