// What models, people and files say is hostile: nothing of it runs, nothing of it is fetched, and the page stays usable.
import assert from 'node:assert/strict';
import { tokenFor, until } from './support.mjs';

const HARM = ['<img src=x onerror="window.harmed=1">', '<script>window.harmed=1</script>', '<style>body{display:none}</style>', '<div style="position:fixed">x</div>',
  '[a](javascript:window.harmed=1)', '[b](data:text/html,x)', '![c](https://example.org/c.png)', '![d](javascript:window.harmed=1)', '<iframe src="https://example.org"></iframe>',
  '<form action="/x"><button>d</button></form>', '`</code><svg onload=window.harmed=1>`', '```js\n</code><img src=x onerror=window.harmed=1>\n```', '```"><img src=x onerror=window.harmed=1>\nx\n```',
  '[e]: javascript:window.harmed=1\n\n[e]', '<a href="https://example.org" onclick="window.harmed=1">f</a>', '# <svg><script>window.harmed=1</script></svg>', '| <img src=x onerror=window.harmed=1> |\n|---|\n| **unclosed', '> - `` * _ [broken](',
].join('\n\n');
const RLO = '\u202E';

export default async function safety(world, step) {
  const ana = await world.visit('ana');
  const { page } = ana;
  const elsewhere = [];
  page.on('request', (request) => { if (!request.url().startsWith(world.server) && /^https?:/.test(request.url())) elsewhere.push(request.url()); });

  await step('a hostile answer does nothing and fetches nothing', async () => {
    await ana.asked(`say: ${HARM}`);
    await until(async () => (await ana.answers.last().locator('.code').count()) >= 2, 'the code');
    const found = await ana.answers.last().locator('.prose').evaluate((prose) => ({
      harmed: window.harmed ?? null,
      bad: [...prose.querySelectorAll('*')].filter((each) => /^(SCRIPT|STYLE|IFRAME|FORM|IMG|OBJECT|EMBED|LINK|META|BASE)$/i.test(each.tagName)
        || [...each.attributes].some(({ name, value }) => name.startsWith('on') || name === 'style' || /^\s*(javascript|data|vbscript):/i.test(value))).map((each) => each.outerHTML),
      links: [...prose.querySelectorAll('a[href]')].map(({ href, rel, target }) => `${href} ${rel} ${target}`),
    }));
    assert.equal(found.harmed, null);
    assert.deepEqual(found.bad, []);
    for (const link of found.links) assert.match(link, /^https?:.* noopener noreferrer _blank$/);
    assert.deepEqual(elsewhere, []);
  });

  await step('an answer cannot open the page with a token of its choice', async () => {
    await ana.asked(`say: [here](#token=abc) [there](${world.server}/#token=abc) [home](#/other) [out](https://example.org/#part)`);
    const links = await ana.answers.last().locator('.prose a').evaluateAll((all) => all.map((each) => each.getAttribute('href')));
    assert.deepEqual(links, [null, null, '#/other', 'https://example.org/#part']);
  });

  await step('what one person did not send is not there for the next', async () => {
    const zoe = await world.visit('zoe');
    await zoe.write('A secret of hers');
    await until(() => zoe.page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }).includes('A secret of hers')), 'the draft');
    const next = tokenFor(world.secret, `${zoe.user}-next`);
    await zoe.page.goto('about:blank');
    await zoe.page.goto(`${world.server}/#token=${next}`);
    await zoe.page.waitForSelector('.room');
    assert.equal(await zoe.page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }).includes('A secret of hers')), false);
    await zoe.leave();
  });

  await step('a token that is put into the address of the open page leaves it, and is taken', async () => {
    const yan = await world.visit('yan');
    await yan.asked('Hello from Yan');
    await yan.page.goto(`${world.server}/#token=${tokenFor(world.secret, `${yan.user}-next`)}`);
    await until(async () => await yan.row('Hello from Yan').count() === 0, 'the next person');
    await until(() => !yan.page.url().includes('token'), 'the token to leave the address');
    await yan.leave();
  });

  await step('a picture that is not encrypted is only a link', async () => {
    await ana.asked('say: ![old](http://example.org/old.png)');
    const link = ana.answers.last().locator('a.remote-picture');
    await link.waitFor();
    assert.deepEqual(await link.evaluate(({ href, rel, target }) => [href, rel, target]), ['http://example.org/old.png', 'noopener noreferrer', '_blank']);
    assert.equal(await ana.answers.last().locator('button.remote-picture').count(), 0, 'nothing offers what the policy forbids');
  });

  await step('a picture from elsewhere is fetched when the reader asks, and only then', async () => {
    await page.route('https://example.org/**', (route) => route.fulfill({ contentType: 'image/png', body: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64') }));
    await page.locator('.remote-picture', { hasText: 'example.org' }).first().click();
    await until(() => elsewhere.length === 1, 'one request');
    await until(() => page.locator('.shown-picture').evaluate((image) => image.naturalWidth === 1), 'the picture');
    assert.equal(elsewhere[0], 'https://example.org/c.png');
  });

  await step('names cannot turn the page around or break out of their place', async () => {
    const evil = `${RLO}gnp.exe <b onmouseover="window.harmed=1">`;
    const other = await world.visit('other', { name: evil });
    await ana.rest('PATCH', `sessions/${ana.session}`, { title: `Title ${RLO}reversed <img src=x onerror=window.harmed=1>`, visibility: 'shared' });
    await other.page.goto(`${world.server}/#/${ana.session}`);
    await other.ask('Said by somebody with a strange name');
    await ana.questions.filter({ hasText: 'strange name' }).locator('.author').waitFor();
    await until(async () => (await page.locator('.title').innerText()).includes('reversed'), 'the title');
    const names = [await page.locator('.title').innerText(), await page.locator('.row.here .row-title').innerText(), await ana.questions.filter({ hasText: 'strange name' }).locator('.author').innerText(), await page.title()];
    for (const name of names) assert.ok(!name.includes(RLO), `no marks that turn around: ${name}`);
    assert.equal(await page.evaluate(() => window.harmed ?? null), null);
    await other.leave();
    await ana.ended();
  });

  await step('marks that turn text around stay within their own paragraph', async () => {
    await ana.asked(`say: one ${RLO}two\n\nthree\n\n- four ${RLO}five`);
    const isolated = await ana.answers.last().locator('.prose > *').evaluateAll((all) => all.map((each) => getComputedStyle(each).unicodeBidi));
    assert.ok(isolated.length >= 3 && isolated.every((each) => each === 'isolate'), String(isolated));
  });

  await step('a million characters on one line and ten thousand emoji leave the page usable', async () => {
    await ana.ask('One megabyte, please');
    await ana.ended();
    await ana.answers.last().getByRole('button', { name: /Show [\d.,]+ more characters/ }).waitFor();
    await ana.write('Still here');
    assert.equal(await ana.input.inputValue(), 'Still here');
    await ana.write('');
    await ana.asked('Ten thousand emoji, please');
    await until(async () => (await ana.text()).length >= 20_000, 'all of them');
    const wide = await page.$eval('.scroller', (element) => element.scrollWidth - element.clientWidth);
    assert.ok(wide <= 0, `${wide} px too wide`);
  });

  await step('the policy allows nothing inline, and the page keeps to it', async () => {
    const response = await fetch(`${world.server}/`);
    const policy = response.headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(await page.locator('[style]:not(.menu):not(textarea)').count(), 0);
  });

  await step('what is kept is kept in the tab, and the token nowhere else', async () => {
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
    assert.ok(!page.url().includes('token'));
    const tab = await page.context().newPage();
    await tab.goto(world.server);
    await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
    await tab.fill('.sign-in textarea', ana.token);
    await tab.locator('.sign-in label').click();
    await tab.getByRole('button', { name: 'Sign in' }).click();
    await tab.waitForSelector('.room');
    assert.ok(await tab.evaluate(() => localStorage.getItem('parley:token') !== null && sessionStorage.getItem('parley:token') === null), 'kept because it was asked for');
    await tab.close();
  });

  await step('a full storage is said, and costs nothing that is written', async () => {
    const full = await world.visit('full', { prepare: (there) => there.addInitScript(() => {
      Storage.prototype.setItem = new Proxy(Storage.prototype.setItem, { apply(target, self, [key, value]) {
        if (/draft|outbox/.test(key)) throw new DOMException('full', 'QuotaExceededError');
        return Reflect.apply(target, self, [key, value]);
      } });
    }) });
    await full.ask('The first one');
    await full.page.getByText('This browser has no room left').waitFor();
    await full.ended();
    await full.write('Something to keep');
    await full.page.click('.new-chat');
    await full.row('The first one').click();
    await until(async () => await full.input.inputValue() === 'Something to keep', 'the draft, as long as the page is open');
    await full.asked('It is sent all the same');
    await full.leave();
  });

  await step('a storage that is forbidden is said too, and one signs in all the same', async () => {
    const context = await world.browser.newContext();
    const there = await context.newPage();
    world.watch(there);
    await there.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get() { throw new DOMException('forbidden', 'SecurityError'); } });
    });
    const said = there.getByText('This browser has no room left').waitFor();
    await there.goto(world.server);
    await there.fill('.sign-in textarea', tokenFor(world.secret, `${world.name}-forbidden`));
    await there.locator('.sign-in label').click();
    await there.getByRole('button', { name: 'Sign in' }).click();
    await there.waitForSelector('.room');
    await said;
    await there.locator('.composer-input').first().fill('Said without any storage');
    await there.keyboard.press('Enter');
    await there.waitForSelector('.message.assistant:not(.live)');
    await context.close();
  });

  await step('a server that is away is not taken for a bad token', async () => {
    const context = await world.browser.newContext();
    const there = await context.newPage();
    await there.goto(world.server);
    await there.fill('.sign-in textarea', `${world.server}/#token=${tokenFor(world.secret, `${world.name}-late`)}`);
    await there.route('**/api/chat/quota', (route) => route.abort());
    await there.getByRole('button', { name: 'Sign in' }).click();
    await there.getByText('The server cannot be reached.').waitFor();
    await there.unroute('**/api/chat/quota');
    await there.getByRole('button', { name: 'Sign in' }).click();
    await there.waitForSelector('.room');
    await context.close();
  });
}
