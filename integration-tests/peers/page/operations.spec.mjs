// The operations page: what runs is seen, and what is done from there reaches people on the chat page.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { still, tokenFor, until } from './support.mjs';

const go = (visitor, panel) => visitor.page.locator('.top nav a', { hasText: new RegExp(`^${panel}$`) }).click();

async function accessible(page) {
  await still(page);
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
    const eve = await world.visit('eve');
    await eve.write('Not sent yet');
    await eve.page.goto(`${world.server}/admin`);
    await eve.page.getByRole('alert').getByText('administrators').waitFor();
    await eve.page.getByRole('button', { name: 'Sign in with another token' }).click();
    await eve.page.getByLabel('Token').fill(root.token);
    await eve.page.locator('form button[type=submit]').click();
    await eve.page.waitForSelector('.plots');
    // On the chat page nothing has changed: who is in there, and what they have not sent.
    await eve.page.getByRole('link', { name: 'Back to the chat' }).click();
    await until(async () => await eve.input.inputValue() === 'Not sent yet', 'her draft');
    await eve.asked('Who am I?');
    assert.equal((await eve.rest('GET', 'sessions')).total, 1, 'it is hers');
    await eve.leave();
  });

  await step('a server that is away is waited for, and that is said', async () => {
    const early = await world.visit('root', { path: '/admin', roles: ['admin'], wait: '.away', prepare: (there) => there.route('**/api/admin/stats', (route) => route.abort()) });
    await early.page.getByText('No line to the server').waitFor();
    await early.page.unroute('**/api/admin/stats');
    await early.page.waitForSelector('.plots');
    await early.leave();
  });

  await step('what cannot be looked at any more says so', async () => {
    const lost = await world.visit('root', { path: '/admin', roles: ['admin'], wait: '.parts li' });
    const again = async () => { await go(lost, 'Replies'); await go(lost, 'Overview'); };
    for (const path of ['**/health', '**/api/admin/stats']) await lost.page.route(path, (route) => route.abort());
    await again();
    for (const part of ['What the server depends on', 'Busiest users']) await lost.page.locator('.beside > div', { hasText: part }).getByText('As it was at').waitFor();
    await lost.page.unrouteAll();
    await again();
    await until(async () => await lost.page.locator('.trouble:visible').count() === 0, 'all to be seen again');
    await lost.leave();
  });

  await step('curves follow what happens, beat by beat', async () => {
    await page.getByText('live', { exact: true }).waitFor();
    assert.equal(new URL(page.url()).hash, '', 'the token has left the address');
    await ben.ask('Something long and endless, please');
    await until(async () => /^[1-9]/.test(await figure('Words from models').locator('.plot-now').innerText()), 'words a second');
    await until(async () => /^[1-9]/.test(await figure('Connections').locator('.plot-now').innerText()), 'connections');
    await until(async () => /[1-9].*\/s/.test(await figure('Frames').locator('.plot-now').innerText()), 'frames a second');
    await until(async () => (await figure('Frames').locator('path').first().getAttribute('d')).includes('L'), 'a curve');
    // Somebody is refused something, so that there is something to see.
    for (const title of ['Time to first word', 'Time to answer a client', 'Time to commit']) await until(async () => /^[\d.,]+ ms$/.test(await figure(title).locator('.plot-now').innerText()), title);
    await until(async () => /[1-9]/.test(await figure('Replies').locator('.plot-now').innerText()), 'replies that run');
    assert.deepEqual(await figure('Replies').locator('.plot-label').allInnerTexts(), ['running', 'waiting']);
    for (const title of ['Traffic', 'Memory']) await until(async () => /\d (B|kB|MB|GB)/.test(await figure(title).locator('.plot-now').innerText()), title);
    for (let tries = 0; tries < 3; tries++) await fetch(`${world.server}/api/chat/sessions/${encodeURIComponent(ben.session)}`, { headers: { Authorization: `Bearer ${tokenFor(world.secret, `${world.name}-stranger`)}` } });
    await until(async () => /↑ [\d.,]*[1-9]/.test(await figure('Errors and refusals').locator('.plot-most').innerText()), 'errors');
    for (const drawn of await page.locator('.plot').all()) await until(async () => await drawn.locator('path').count() > 0, `a curve for ${await drawn.innerText()}`);
    await until(async () => /ms/.test(await figure('Dependencies answer in').locator('.plot-now').innerText()), 'how long the store took');
    await page.locator('.parts li', { hasText: 'store' }).getByText('up', { exact: true }).waitFor();
  });

  await step('a reply under way is listed and stopped', async () => {
    await ben.page.keyboard.press('Escape');
    await ben.ended();
    await ben.ask('Something endless once more');
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
    const admin = { headers: { Authorization: `Bearer ${root.token}` } };
    for (let at = 0; at < 60; at += 20) await Promise.all(Array.from({ length: 20 }, () => fetch(`${world.server}/api/admin/settings`, admin)));
    await until(async () => await page.locator('tbody tr').count() === 50 && await page.getByRole('button', { name: 'More' }).isVisible(), 'the newest, and a way to more');
    await page.getByRole('button', { name: 'More' }).click();
    await until(async () => await page.locator('tbody tr').count() > 60, 'older ones');
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
    await page.getByRole('link', { name: 'Back to the chat' }).press('Enter');
    await root.asked('What is new?');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('operations');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.plots');
  });
}
