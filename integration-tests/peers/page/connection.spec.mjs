// The line: cut, blocked, held back, gone. Nothing is lost, nothing comes twice, and it is said calmly.
import assert from 'node:assert/strict';
import { until, tokenFor } from './support.mjs';

export default async function connection(world, step) {
  const ana = await world.visit('ana', { wire: true });
  const { page, wire } = ana;
  const brief = await world.visit('brief');
  await brief.write('Half a sentence');
  await brief.page.setInputFiles('.composer input[type=file]', { name: 'kept.txt', mimeType: 'text/plain', buffer: Buffer.from('Kept') });
  await until(async () => await brief.page.locator('.tray .file').count() === 1 && await brief.page.locator('.tray progress').count() === 0, 'the file to be there');
  // This token of theirs ends while the other steps are done.
  await brief.page.goto(`${world.server}/#token=${tokenFor(world.secret, brief.user, { seconds: 20 })}`);

  await step('how it is connected is named', async () => {
    await ana.asked('Hello there');
    await ana.status('connected');
    await page.locator('.badge-state').click();
    await page.getByText('Connected over a WebSocket.').waitFor();
    await page.keyboard.press('Escape');
  });

  await step('a model that only pretends is called so, and what administrators announce is heard', async () => {
    await page.route('**/api/chat/models', (route) => route.fulfill({ json: { models: [{ name: 'demo' }], default: 'demo', demo: true } }));
    await page.reload();
    await page.getByText('Demo model: it only pretends.').waitFor();
    await page.unroute('**/api/chat/models');
    await page.reload();
    await ana.status('connected');
    const response = await fetch(`${world.server}/api/admin/announcements`, {
      method: 'POST', headers: { Authorization: `Bearer ${tokenFor(world.secret, `${world.name}-admin`, { roles: ['admin'] })}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ message: `Cake for ${world.name}`, level: 'info' }),
    });
    assert.ok(response.ok, `the announcement: ${response.status}`);
    await page.locator('.toast', { hasText: `Cake for ${world.name}` }).waitFor();
    await page.locator('.toast', { hasText: 'Cake' }).getByRole('button').click();
  });

  await step('a reload in the middle of an answer misses nothing', async () => {
    const gate = `${world.name}-reload`;
    await ana.ask(`slowly: Words that come before the reload. [[${gate}]] ${'And words that come behind it. '.repeat(20)}`);
    await ana.growing();
    await page.reload();
    await ana.growing();
    await world.goOn(gate);
    await ana.ended();
    await ana.whole();
    assert.equal(await ana.answers.count(), 2);
    assert.equal(await ana.questions.count(), 2);
  });

  await step('a line that is cut in the middle of an answer misses and repeats nothing', async () => {
    const [first, second] = [1, 2].map((cut) => `${world.name}-cut-${cut}`);
    await ana.ask(`slowly: Words that come before the line is cut. [[${first}]] ${'Words in between. '.repeat(10)} [[${second}]] ${'And words that come in the end. '.repeat(20)}`);
    await ana.growing();
    wire.cut();
    await world.goOn(first);
    await ana.growing(150);
    wire.cut();
    await world.goOn(second);
    await ana.ended();
    await ana.status('connected');
    await ana.whole();
  });

  await step('what is written while the server is away waits, is sent, and the countdown is seen', async () => {
    await ana.gone();
    await ana.ask('Written while the server was away');
    await page.waitForSelector('.message.unsent:has-text("Waiting to be sent")');
    await page.locator('.badge', { hasText: /Reconnecting in \d+ s/ }).waitFor();
    await ana.back();
    await until(async () => await page.locator('.message.unsent').count() === 0, 'the message to be sent');
    await ana.ended();
    await ana.whole();
  });

  await step('it survives a reload too, also of the page itself', async () => {
    await until(() => page.evaluate(async () => (await caches.keys()).length > 0 && await (await caches.open('parley-page')).match('assets/js/app.js') !== undefined), 'the page to be kept');
    await ana.gone();
    await ana.ask('Written before the reload');
    await page.reload();
    await page.waitForSelector('.room');
    await page.waitForSelector('.message.unsent:has-text("Written before the reload")');
    await ana.back();
    await until(async () => await page.locator('.message.unsent').count() === 0 && await ana.answers.count() > 0, 'the message to be sent');
    await ana.ended();
    assert.equal(await ana.questions.filter({ hasText: 'Written before the reload' }).count(), 1);
  });

  await step('conversations begun without a line are listed, come back to, and sent from wherever one is', async () => {
    const before = ana.session;
    await ana.gone();
    await page.click('.new-chat');
    await ana.ask('Begun without a line');
    const begun = ana.session;
    await page.click('.new-chat');
    await ana.ask('Thrown away again');
    await ana.row('Thrown away again').waitFor();
    await page.locator('.row', { hasText: 'Begun without a line' }).getByRole('img', { name: 'Waiting to be sent' }).waitFor();
    await ana.row('Begun without a line').click();
    await page.waitForSelector('.message.unsent:has-text("Begun without a line")');
    assert.equal(ana.session, begun);
    await page.locator('.row', { hasText: 'Thrown away again' }).hover();
    await ana.pick(page.locator('.row', { hasText: 'Thrown away again' }).locator('.row-more'), 'Discard');
    await until(async () => await ana.row('Thrown away again').count() === 0, 'nothing of what was thrown away');
    // Also what a page left behind that is closed by now.
    await page.goto(`${wire.url}/#/${before}`);
    await page.reload();
    await ana.row('Begun without a line').waitFor();
    await ana.back();
    await until(async () => await page.getByRole('img', { name: 'Waiting to be sent' }).count() === 0, 'nothing to wait any more');
    assert.equal(ana.session, before, 'one stays where one is');
    await until(async () => (await ana.rest('GET', `sessions/${begun}/messages`)).messages.filter(({ content }) => content === 'Begun without a line').length === 1, 'it to be there, once');
  });

  await step('an edit stays where it is until the server has it, also over a reload', async () => {
    const question = ana.questions.last();
    await ana.gone();
    await question.hover();
    await question.locator('[aria-label="Edit and ask again"]').click();
    await ana.write('Edited without a line');
    await page.keyboard.press('Enter');
    await page.getByText('The edit stays here').waitFor();
    assert.equal(await ana.input.inputValue(), 'Edited without a line');
    await page.reload();
    await page.getByText('Edit the question and ask again').waitFor();
    assert.equal(await ana.input.inputValue(), 'Edited without a line');
    await ana.back();
    await ana.input.press('Enter');
    await ana.questions.filter({ hasText: 'Edited without a line' }).waitFor();
    await until(async () => await ana.input.inputValue() === '', 'the edit to be over');
    await ana.ended();
    await page.reload();
    await ana.questions.filter({ hasText: 'Edited without a line' }).waitFor();
    assert.equal(await ana.input.inputValue(), '');
  });

  await step('the installed page opens without a server, and says how it is', async () => {
    const there = new URL(page.url()).hash;
    wire.dead = true;
    wire.cut();
    await page.goto('about:blank');
    await page.goto(wire.url);
    await page.waitForSelector('.room');
    await ana.status('waiting');
    await ana.back();
    assert.equal(new URL(page.url()).hash, there, 'where one was');
  });

  await step('without a line at all it says so plainly', async () => {
    await page.context().setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await page.context().setOffline(false);
    await until(async () => !await page.locator('.offline').isVisible(), 'the notice to be gone');
    await ana.back();
  });

  await step('where WebSockets are blocked it goes on over a fallback, in the middle of an answer', async () => {
    await ana.ask('An endless answer that goes on over another line');
    await ana.growing();
    wire.blocked = true;
    wire.cut();
    await until(async () => {
      await page.locator('.badge .plain:visible').click({ timeout: 200 }).catch(() => {});
      return await page.locator('.badge[data-status=fallback]').count() > 0;
    }, 'the fallback');
    await page.locator('.badge', { hasText: 'server-sent events' }).waitFor();
    const length = (await ana.text()).length;
    await ana.growing(length);
    await page.click('.composer-send.stops');
    await ana.ended();
    await ana.whole();
    await ana.asked('A question over the fallback');
    await ana.whole();
  });

  await step('the self-test says what is in the way', async () => {
    await page.locator('.badge-state').click();
    await page.getByText('WebSockets are blocked on this network').waitFor();
    const test = page.getByRole('button', { name: 'Test the line' });
    /** A line on which nothing comes for a while looks like one that is held back: it is tested until this is said. */
    const says = (...all) => until(async () => {
      await test.click();
      await until(() => test.isEnabled(), 'an end of the test');
      return (await Promise.all(all.map((words) => page.getByText(words).isVisible()))).every(Boolean);
    }, all.join(' '));
    await says('WebSockets are blocked on the way.', 'Event streams arrive as they are sent', 'There and back in');
    wire.held = true;
    await says('A proxy on the way holds event streams back.');
    wire.held = false;
    await page.keyboard.press('Escape');
  });

  await step('where even events are held back it polls', async () => {
    await page.goto(`${wire.url}/?transport=poll${new URL(page.url()).hash}`);
    await page.waitForSelector('.badge[data-transport="poll"][data-status="fallback"]');
    await ana.asked('By polls');
    await ana.whole();
    wire.blocked = false;
    await page.goto(`${wire.url}/${new URL(page.url()).hash}`);
    await ana.status('connected');
  });

  await step('a token that ends while one writes asks for a new one, and words and files are still there', async () => {
    await brief.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await brief.page.getByText('Your session has expired.').waitFor();
    await brief.page.fill('.sign-in textarea', 'nonsense');
    await brief.page.getByRole('button', { name: 'Sign in' }).click();
    await brief.page.getByText('This token is not accepted.').waitFor();
    await brief.page.fill('.sign-in textarea', tokenFor(world.secret, brief.user));
    await brief.page.keyboard.press('Enter');
    await brief.page.waitForSelector('.room');
    await until(async () => await brief.input.inputValue() === 'Half a sentence', 'the words that were being written');
    await brief.page.locator('.tray .file', { hasText: 'kept.txt' }).waitFor();
    await brief.leave();
  });

  await step('a token that is ended asks for a new one too', async () => {
    const ended = await world.visit('ended', { tokenId: `${world.name}-ended` });
    await ended.asked('Before it ends');
    const admin = tokenFor(world.secret, `${world.name}-admin`, { roles: ['admin'] });
    const revoked = await fetch(`${world.server}/api/admin/revocations`, {
      method: 'POST', headers: { Authorization: `Bearer ${admin}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ token_id: `${world.name}-ended` }),
    });
    assert.ok(revoked.ok, `the revocation: ${revoked.status}`);
    await ended.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await ended.leave();
  });
}
