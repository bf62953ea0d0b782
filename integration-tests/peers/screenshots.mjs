// Takes the pictures of docs/screenshots from a running server, whose model answers as PageModel of the integration tests does:
//   node screenshots.mjs http://127.0.0.1:8080 <the server's JWT_SECRET> ../../docs/screenshots
import { mkdirSync } from 'node:fs';
import { World, startBrowser, until } from './page/support.mjs';

const [server, secret, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await startBrowser();
const world = new World(browser, server, secret, 'team');
const EXPLAIN = 'Explain exponential backoff with full jitter, with code';
const shoot = async ({ page }, name) => {
  await page.mouse.move(640, 300);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(400);
  await page.screenshot({ path: `${folder}/${name}.jpg`, type: 'jpeg', quality: 82 });
};
const past = async (visitor, ...titles) => {
  for (const title of titles) {
    const { session_id: id } = await visitor.rest('POST', 'sessions', { title });
    await visitor.rest('POST', 'messages', { session_id: id, content: title });
  }
  // All of that is old.
  await visitor.page.evaluate(() => sessionStorage.removeItem('parley:seen'));
  await visitor.page.reload();
  await visitor.page.waitForSelector('.row');
};

const ana = await world.visit('ana', { name: 'Ana' });
await past(ana, 'Polite reply to a late delivery', 'Names for a sailing club', 'SQL: newest row per group', 'A weekend without screens', 'Why is the sky blue?');
await shoot(ana, 'empty-light');
await ana.asked(EXPLAIN);
await ana.page.waitForSelector('.hljs-keyword');
await shoot(ana, 'conversation-light');

await ana.rest('PATCH', `sessions/${ana.session}`, { visibility: 'group', title: 'Backoff and jitter' });
for (const name of ['bruno', 'carla']) await ana.rest('PUT', `sessions/${ana.session}/members/${world.name}-${name}`);
const bruno = await world.visit('bruno', { name: 'Bruno' });
await bruno.page.goto(`${server}/#/${ana.session}`);
await bruno.page.waitForSelector('.message.assistant');
await ana.page.reload();
await ana.page.waitForSelector('.message.assistant .prose');
await ana.page.locator('.message.assistant [aria-label="More"]').click();
await ana.page.locator('.menu-item', { hasText: 'thread' }).click();
await ana.page.locator('.thread .composer-input').fill('Should we cap at ten seconds for the phone app?');
await ana.page.keyboard.press('Enter');
await ana.page.locator('.thread .message', { hasText: 'ten seconds' }).waitFor();
const { messages } = await ana.rest('GET', `sessions/${ana.session}/messages`);
await bruno.rest('POST', 'messages', { session_id: ana.session, parent_id: messages.find(({ role }) => role === 'assistant').message_id, content: 'Yes: people close it long before thirty.' });
await ana.page.locator('.thread .message', { hasText: 'long before thirty' }).waitFor();
await bruno.input.pressSequentially('One more');
await ana.page.getByText('Bruno is typing').waitFor();
await shoot(ana, 'thread-light');
await ana.page.click('[aria-label="Close thread"]');
await ana.page.locator('.session-buttons [aria-label="Share"]').click();
await shoot(ana, 'share-light');
await ana.page.keyboard.press('Escape');
await ana.page.keyboard.press('Control+k');
await ana.page.keyboard.type('ja');
await until(async () => await ana.page.locator('.palette-option').count() > 0, 'something found');
await ana.page.keyboard.press('Backspace');
await ana.page.keyboard.press('Backspace');
await shoot(ana, 'palette-light');
await ana.page.keyboard.press('Escape');

const night = await world.visit('ana', { name: 'Ana', colorScheme: 'dark' });
await night.page.click('.new-chat');
await night.ask(EXPLAIN);
await night.page.locator('.message.live .code').waitFor();
await shoot(night, 'streaming-dark');
await night.ended();

const phone = await world.visit('ana', { name: 'Ana', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
await phone.page.goto(`${server}/#/${ana.session}`);
await phone.page.waitForSelector('.hljs-keyword');
await shoot(phone, 'phone-light');
const pocket = await world.visit('ana', { name: 'Ana', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2, colorScheme: 'dark' });
await pocket.page.click('.drawer-button');
await pocket.page.waitForTimeout(300);
await shoot(pocket, 'phone-drawer-dark');

// What goes wrong: a server that goes away in the middle of an answer, an answer that failed, and no line at all with something that waits for it.
const rui = await world.visit('rui', { name: 'Rui', wire: true });
await past(rui, 'Names for a sailing club', 'Why is the sky blue?');
await rui.page.click('.new-chat');
await rui.ask(EXPLAIN);
await rui.page.locator('.message.live .code').waitFor();
await rui.gone();
await shoot(rui, 'reconnecting-light');
await rui.back();
await rui.ended();

const eva = await world.visit('eva', { name: 'Eva', wire: true });
await past(eva, 'Polite reply to a late delivery', 'Names for a sailing club', 'Why is the sky blue?');
await eva.page.click('.new-chat');
await eva.ask('Please fail now');
await eva.page.locator('.ended.bad').waitFor();
await shoot(eva, 'failed-light');
await eva.gone();
await eva.page.context().setOffline(true);
await eva.page.click('.new-chat');
await eva.ask('Remind me to water the basil');
await eva.page.locator('.message.unsent').waitFor();
await eva.page.getByText('You are offline.').waitFor();
await shoot(eva, 'offline-light');

const davi = await world.visit('davi', { name: 'Davi', locale: 'pt-BR' });
await past(davi, 'Resposta gentil a uma entrega atrasada', 'Nomes para um clube de vela');
await davi.asked('Explique backoff exponencial com full jitter, com código');
await davi.page.waitForSelector('.hljs-keyword');
await shoot(davi, 'conversation-portuguese');
await davi.page.click('[aria-label="Configurações"]');
await shoot(davi, 'settings-portuguese');

// The page for administrators, with something to see in its curves.
const root = await world.visit('root', { path: '/admin', roles: ['admin'], wait: '.plots' });
const small = await world.visit('root', { path: '/admin', roles: ['admin'], wait: '.plots', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2, locale: 'pt-BR' });
await davi.page.keyboard.press('Escape');
for (let round = 0; round < 12; round++) {
  await Promise.all([davi, bruno].map((each) => each.asked(`A long question, ${round}`)));
  await root.page.waitForTimeout(700 * (round % 4));
}
await shoot(root, 'operations-light');
await shoot(small, 'operations-phone-portuguese');

await world.close();
await browser.close();
