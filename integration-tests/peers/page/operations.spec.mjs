// The operations page: what runs is seen, and what is done from there reaches people on the chat page.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { until } from './support.mjs';

const go = (visitor, panel) => visitor.page.locator('.top nav a', { hasText: new RegExp(`^${panel}$`) }).click();

async function accessible(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`), []);
}

export default async function operations(world, step) {
  const ben = await world.visit('ben');
  const root = await world.visit('root', { path: '/admin', roles: ['admin'], wait: '.plots' });
  const { page } = root;
  const row = (text) => page.locator('tbody tr', { hasText: text });
  const figure = (title) => page.locator('.plot', { hasText: title });

  await step('whoever is no administrator is told so, and can sign in as another', async () => {
    const eve = await world.visit('eve', { path: '/admin', wait: '.sign-in-place' });
    await eve.page.getByRole('alert').getByText('administrators').waitFor();
    await eve.page.getByRole('button', { name: 'Sign in with another token' }).click();
    await eve.page.getByLabel('Token').fill(root.token);
    await eve.page.locator('form button[type=submit]').click();
    await eve.page.waitForSelector('.plots');
    await eve.leave();
  });

  await step('curves follow what happens, beat by beat', async () => {
    await page.getByText('live', { exact: true }).waitFor();
    assert.equal(new URL(page.url()).hash, '', 'the token has left the address');
    await ben.ask('Something long, please');
    await until(async () => /^[1-9]/.test(await figure('Words from models').locator('.plot-now').innerText()), 'words a second');
    await until(async () => /^[1-9]/.test(await figure('Connections').locator('.plot-now').innerText()), 'connections');
    await until(async () => /[1-9].*\/s/.test(await figure('Frames').locator('.plot-now').innerText()), 'frames a second');
    await until(async () => (await figure('Frames').locator('path').first().getAttribute('d')).includes('L'), 'a curve');
    await until(async () => /ms/.test(await figure('Dependencies answer in').locator('.plot-now').innerText()), 'how long the store took');
    await page.locator('.parts li', { hasText: 'store' }).getByText('up', { exact: true }).waitFor();
  });

  await step('a reply under way is listed and stopped', async () => {
    await go(root, 'Replies');
    await row(ben.user).getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Done.').first().waitFor();
    await ben.page.waitForSelector('.message.assistant:not(.live)');
    await until(async () => await row(ben.user).count() === 0, 'no reply of his');
  });

  await step('a connection is found, told to come back, and comes back', async () => {
    await go(root, 'Connections');
    await page.getByRole('searchbox').fill(ben.user.toUpperCase());
    await until(async () => await page.locator('tbody tr').count() === 1, 'his connection alone');
    const began = await row(ben.user).locator('time').first().getAttribute('datetime');
    await row(ben.user).getByRole('button', { name: 'Reconnect' }).click();
    await until(async () => await row(ben.user).count() === 1 && await row(ben.user).locator('time').first().getAttribute('datetime') !== began, 'another connection of his');
    await ben.asked('Still there?');
    await page.getByRole('searchbox').fill('nobody at all');
    await page.getByText('none', { exact: true }).waitFor();
  });

  await step('a session is found by its title and closed', async () => {
    await go(root, 'Sessions');
    await page.getByRole('searchbox').fill('something LONG');
    await row(ben.user).first().getByRole('button', { name: 'Close' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await row('closed').first().waitFor();
  });

  await step('everybody is told what is announced', async () => {
    // His session is closed; in another one he hears it.
    await ben.page.click('.new-chat');
    await ben.asked('Another matter');
    await go(root, 'Actions');
    await page.getByLabel('Message').fill('Tea is served');
    await page.getByRole('radio', { name: 'Warning' }).check({ force: true });
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Everybody was told.').waitFor();
    await ben.page.getByText('Tea is served').waitFor();
  });

  await step('a token that is ended lets nobody in any more', async () => {
    await page.getByRole('radio', { name: /All of a user/ }).check({ force: true });
    await page.getByLabel('Of what').fill(ben.user);
    await page.getByRole('button', { name: 'End', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }).click();
    await page.getByText('They are no good any more.').waitFor();
    await ben.page.waitForSelector('.sign-in');
  });

  await step('settings are shown without secrets, and what was done is on record', async () => {
    await go(root, 'Settings');
    await row('JWT_SECRET').first().waitFor();
    assert.ok(!(await page.locator('body').innerText()).includes(world.secret), 'no secret is shown');
    await go(root, 'Audit');
    for (const action of ['stop_reply', 'dismiss_connection', 'close_session', 'announce', 'revoke_user', 'read_settings']) await row(action).first().waitFor();
  });

  await step('it works on a phone, in the dark and in Portuguese', async () => {
    const phone = await world.visit('root', { path: '/admin', roles: ['admin'], wait: '.plots', viewport: { width: 390, height: 800 }, locale: 'pt-BR', colorScheme: 'dark' });
    await phone.page.getByText('ao vivo').waitFor();
    if (process.env.PAGE_KEEP) await phone.page.screenshot({ path: `${process.env.PAGE_KEEP}/operations-phone.png` });
    const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wide, false, 'nothing is wider than the phone');
    await accessible(phone.page);
    await go(phone, 'Conversas');
    await phone.page.locator('tbody tr').first().waitFor();
    await accessible(phone.page);
    await phone.leave();
  });

  await step('axe finds nothing serious, and keys are enough', async () => {
    await go(root, 'Overview');
    await page.waitForSelector('.plots');
    await accessible(page);
    if (process.env.PAGE_KEEP) await page.screenshot({ path: `${process.env.PAGE_KEEP}/operations.png` });
    await page.locator('.top nav a').first().focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Replies' }).first().waitFor();
  });
}
