// The line: cut, blocked, held back, gone. Nothing is lost, nothing comes twice, and it is said calmly.
import assert from 'node:assert/strict';
import { until, tokenFor } from './support.mjs';

export default async function connection(world, step) {
  const ana = await world.visit('ana', { wire: true });
  const { page, wire } = ana;

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
    await ana.ask('A long question');
    await ana.growing();
    await page.reload();
    await ana.ended();
    await ana.whole();
    assert.equal(await ana.answers.count(), 2);
    assert.equal(await ana.questions.count(), 2);
  });

  await step('a line that is cut in the middle of an answer misses and repeats nothing', async () => {
    await ana.ask('Another long question');
    await ana.growing();
    wire.cut();
    await ana.growing(60).catch(() => {});
    wire.cut();
    await ana.ended();
    await ana.status('connected');
    await ana.whole();
  });

  await step('what is written while the server is away waits, is sent, and the countdown is seen', async () => {
    wire.dead = true;
    wire.cut();
    await ana.status('waiting');
    await ana.ask('Written while the server was away');
    await page.waitForSelector('.message.unsent:has-text("Waiting to be sent")');
    await page.locator('.badge', { hasText: /Reconnecting in \d+ s/ }).waitFor();
    wire.dead = false;
    await until(async () => {
      await page.locator('.badge .plain:visible').click({ timeout: 200 }).catch(() => {});
      return await page.locator('.message.unsent').count() === 0;
    }, 'the message to be sent');
    await ana.ended();
    await ana.whole();
  });

  await step('it survives a reload too, also of the page itself', async () => {
    await until(() => page.evaluate(async () => (await caches.keys()).length > 0 && await (await caches.open('parley-page')).match('assets/js/app.js') !== undefined), 'the page to be kept');
    wire.dead = true;
    wire.cut();
    await ana.status('waiting');
    await ana.ask('Written before the reload');
    await page.reload();
    await page.waitForSelector('.room');
    await page.waitForSelector('.message.unsent:has-text("Written before the reload")');
    wire.dead = false;
    await until(async () => {
      await page.locator('.badge .plain:visible').click({ timeout: 200 }).catch(() => {});
      return await page.locator('.message.unsent').count() === 0 && await ana.answers.count() > 0;
    }, 'the message to be sent');
    await ana.ended();
    assert.equal(await ana.questions.filter({ hasText: 'Written before the reload' }).count(), 1);
  });

  await step('without a line at all it says so plainly', async () => {
    await page.context().setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await page.context().setOffline(false);
    await until(async () => !await page.locator('.offline').isVisible(), 'the notice to be gone');
    await until(async () => {
      await page.locator('.badge .plain:visible').click({ timeout: 200 }).catch(() => {});
      return await page.locator('.badge[data-status=connected], .badge[data-status=fallback]').count() > 0;
    }, 'the line again');
  });

  await step('where WebSockets are blocked it goes on over a fallback', async () => {
    wire.blocked = true;
    wire.cut();
    await until(async () => {
      await page.locator('.badge .plain:visible').click({ timeout: 200 }).catch(() => {});
      return await page.locator('.badge[data-status=fallback]').count() > 0;
    }, 'the fallback');
    await page.locator('.badge', { hasText: 'server-sent events' }).waitFor();
    await ana.ask('A long question over the fallback');
    await ana.growing();
    await ana.ended();
    await ana.whole();
  });

  await step('the self-test says what is in the way', async () => {
    await page.locator('.badge-state').click();
    await page.getByText('WebSockets are blocked on this network').waitFor();
    await page.getByRole('button', { name: 'Test the line' }).click();
    await page.getByText('WebSockets are blocked on the way.').waitFor();
    await page.getByText('Event streams arrive as they are sent').waitFor();
    await page.getByText('There and back in').waitFor();
    wire.held = true;
    await page.getByRole('button', { name: 'Test the line' }).click();
    await page.getByText('A proxy on the way holds event streams back.').waitFor();
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

  await step('a token that ends while one writes asks for a new one, and the words are still there', async () => {
    const brief = await world.visit('brief', { tokenId: `${world.name}-brief` });
    await brief.asked('Before it ends');
    await brief.write('Half a sentence');
    const admin = tokenFor(world.secret, `${world.name}-admin`, { roles: ['admin'] });
    const revoked = await fetch(`${world.server}/api/admin/revocations`, {
      method: 'POST', headers: { Authorization: `Bearer ${admin}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ token_id: `${world.name}-brief` }),
    });
    assert.ok(revoked.ok, `the revocation: ${revoked.status}`);
    await brief.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await brief.page.fill('.sign-in textarea', 'nonsense');
    await brief.page.getByRole('button', { name: 'Sign in' }).click();
    await brief.page.getByText('This token is not accepted.').waitFor();
    await brief.page.fill('.sign-in textarea', tokenFor(world.secret, brief.user));
    await brief.page.getByRole('button', { name: 'Sign in' }).click();
    await brief.page.waitForSelector('.room');
    await until(async () => await brief.input.inputValue() === 'Half a sentence', 'the words that were being written');
    await brief.leave();
  });
}
