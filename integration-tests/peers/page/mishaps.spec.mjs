// What goes wrong on the way and between tabs: nothing that was said or written is lost, and nothing looks as if it were.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './support.mjs';

const HISTORY = '**/messages?*';

export default async function mishaps(world, step) {
  const ana = await world.visit('ana', { wire: true });
  const { page, wire } = ana;
  const question = ana.questions.filter({ hasText: 'Said at the beginning' });
  const welcome = page.getByText('What is on your mind?');

  await step('messages that could not be had once are asked for again by themselves', async () => {
    await ana.asked('Said at the beginning');
    for (const fails of [(route) => route.fulfill({ status: 503 }), (route) => route.abort('connectionreset')]) {
      let look;
      const looked = new Promise((resolve) => { look = resolve; });
      let asked = 0;
      await page.route(HISTORY, async (route) => {
        asked += 1;
        if (asked === 1) return fails(route);
        await looked;
        return route.continue();
      });
      await page.reload();
      await page.getByText('The messages could not be loaded.').waitFor();
      assert.equal(await welcome.isVisible(), false, 'it does not look empty');
      look();
      await question.waitFor();
      await page.unroute(HISTORY);
      await until(async () => !await page.getByText('The messages could not be loaded.').isVisible(), 'nothing to be missing');
    }
  });

  await step('they are asked for at once when somebody wants it, and when the line is back', async () => {
    const later = (route) => route.fulfill({ status: 503, headers: { 'Retry-After': '600' } });
    const again = [() => page.getByRole('button', { name: 'Try again' }).click(), () => wire.cut()];
    for (const wanted of again) {
      await page.route(HISTORY, later);
      await page.reload();
      await page.getByText('The messages could not be loaded.').waitFor();
      await ana.status('connected');
      await page.unroute(HISTORY);
      assert.equal(await question.count(), 0);
      assert.equal(await welcome.isVisible(), false, 'it does not look empty');
      await wanted();
      await question.waitFor();
    }
  });

  await step('an edit that is under way when one leaves is over once the server has it, and no other begins over it', async () => {
    const here = page.url();
    const correction = ana.questions.filter({ hasText: 'Said and corrected' });
    await page.click('.new-chat');
    await ana.asked('Another place');
    const there = page.url();
    await page.goto(here);
    await question.hover();
    await question.locator('[aria-label="Edit and ask again"]').click();
    await ana.write('Said and corrected');
    wire.deaf = true;
    await ana.input.press('Enter');
    await until(async () => (await ana.rest('GET', `sessions/${ana.session}/messages`)).messages[0].content === 'Said and corrected', 'the server to have it');
    await question.hover();
    await question.locator('[aria-label="Edit and ask again"]').click();
    assert.equal(await ana.input.inputValue(), 'Said and corrected', 'what is under way stays');
    await page.goto(there);
    wire.deaf = false;
    wire.cut();
    await ana.status('connected');
    assert.equal(await ana.input.inputValue(), '');
    await page.goto(here);
    await correction.waitFor();
    await until(async () => await ana.input.inputValue() === '' && !await page.getByText('Edit the question and ask again').isVisible(), 'the edit to be over');
    await page.reload();
    await correction.waitFor();
    assert.equal(await ana.input.inputValue(), '', 'it does not come back');
  });

  await step('after too much was missed there is no hole between what was here and the newest', async () => {
    let missed = false;
    const dora = await world.visit('dora', { wire: true, prepare: (there) => there.routeWebSocket(/\/ws\//, (near) => {
      const far = near.connectToServer();
      // As the server does when it does not keep so much: what was missed does not come, and that is said.
      far.onMessage((text) => {
        const frame = JSON.parse(text);
        if (frame.type === 'message' && /^Number /.test(frame.content)) missed = true;
        else near.send(missed && frame.type === 'resumed' ? JSON.stringify({ ...frame, recovered: false }) : text);
      });
    }) });
    await dora.asked('The very first question');
    await dora.page.reload();
    await dora.answers.last().waitFor();
    const { message_id: root } = (await dora.rest('GET', `sessions/${dora.session}/messages`)).messages[0];
    await dora.rest('POST', 'messages', { session_id: dora.session, content: 'Said in the thread', parent_id: root });
    await dora.page.locator('.conversation .thread-link').click();
    await dora.page.locator('.thread .message', { hasText: 'Said in the thread' }).waitFor();
    for (let at = 0; at < 60; at++) await dora.rest('POST', 'messages', { session_id: dora.session, content: `Number ${at};` });
    await until(() => missed, 'something to be missed');
    dora.wire.cut();
    await dora.page.getByText('Too much was missed while away').waitFor();
    await dora.questions.filter({ hasText: 'Number 59;' }).waitFor();
    await dora.page.locator('.thread .message', { hasText: 'Said in the thread' }).waitFor();
    await until(async () => {
      await dora.page.locator('.earlier:visible').click({ timeout: 200 }).catch(() => {});
      return await dora.questions.filter({ hasText: 'The very first question' }).count() > 0 && !await dora.page.locator('.earlier').isVisible();
    }, 'the beginning');
    const said = (await dora.questions.allInnerTexts()).map((each) => /Number (\d+);/.exec(each)?.[1]).filter(Boolean).map(Number);
    assert.deepEqual(said, Array.from({ length: 60 }, (_, at) => at));
    await dora.leave();
  });

  await step('a list of conversations that comes late takes nothing back', async () => {
    const look = () => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    let late;
    let release;
    const released = new Promise((resolve) => { release = resolve; });
    await page.route('**/api/chat/sessions?*', async (route) => {
      const response = await route.fetch();
      late = route.request();
      await released;
      await route.fulfill({ response });
    }, { times: 1 });
    await look();
    await until(() => late, 'the list as it was');
    await ana.rest('PATCH', `sessions/${ana.session}`, { title: 'Named anew' });
    await look();
    await ana.row('Named anew').waitFor();
    const came = page.waitForEvent('requestfinished', (request) => request === late);
    release();
    await came;
    await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
    assert.equal(await ana.row('Named anew').count(), 1);
  });

  await step('a file that is changed while it is sent says so, and does not wait for the line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-'));
    const file = join(folder, 'changing.txt');
    writeFileSync(file, 'All work and no play. '.repeat(80_000));
    await page.route('**/chunks/2', async (route) => {
      writeFileSync(file, 'Something else');
      await route.continue();
    });
    await page.setInputFiles('.composer input[type=file]', file);
    await page.locator('.tray .file.bad', { hasText: 'This file was changed or removed' }).waitFor();
    await page.click('.tray [aria-label="Remove changing.txt"]');
    await page.unroute('**/chunks/2');
    rmSync(folder, { recursive: true });
  });

  const bea = await world.visit('bea');
  await bea.asked('A conversation in two tabs');
  // Tabs know of each other only where somebody stays signed in.
  await bea.page.evaluate(() => { localStorage.setItem('parley:token', sessionStorage.getItem('parley:token')); sessionStorage.removeItem('parley:token'); });
  await bea.page.reload();
  await bea.answers.last().waitFor();
  const kept = (words) => until(() => bea.page.evaluate((wanted) => Object.values(localStorage).some((each) => each.includes(`"${wanted}"`)), words), `“${words}” to be kept`);
  const offer = (words) => bea.page.getByText(`Another tab wrote here: “${words}”`);
  /** A second tab writes over what is written in the first one, and is closed. */
  const writtenElsewhere = async (words, before = async () => {}, place = '.composer-input >> nth=0') => {
    const other = await bea.page.context().newPage();
    world.watch(other);
    await other.goto(bea.page.url());
    await other.locator('.message.assistant').first().waitFor();
    await before(other);
    await other.locator(place).fill(words);
    await kept(words);
    await other.close();
  };

  await step('what was written in a tab that is closed is offered in the other one, whatever is written and sent there', async () => {
    await bea.write('Begun here');
    await kept('Begun here');
    await writtenElsewhere('Written in a closed tab');
    await offer('Written in a closed tab').waitFor();
    await bea.input.press('End');
    await bea.input.pressSequentially(' and ended');
    await kept('Begun here and ended');
    await bea.input.press('Enter');
    await bea.questions.filter({ hasText: 'Begun here and ended' }).waitFor();
    await bea.ended();
    await offer('Written in a closed tab').waitFor();
    await bea.page.reload();
    await offer('Written in a closed tab').waitFor();
    await bea.page.getByRole('button', { name: 'Use that' }).click();
    assert.equal(await bea.input.inputValue(), 'Written in a closed tab');
    await kept('Written in a closed tab');
    await bea.page.reload();
    await until(async () => await bea.input.inputValue() === 'Written in a closed tab', 'what was taken over');
    assert.equal(await offer('').count(), 0);
  });

  await step('what is not needed of it is put away for good', async () => {
    await writtenElsewhere('Not wanted at all');
    await offer('Not wanted at all').waitFor();
    await bea.page.getByRole('button', { name: 'Not needed' }).click();
    await until(async () => !await offer('Not wanted at all').isVisible(), 'nothing to be offered');
    await bea.input.press('End');
    await bea.input.pressSequentially('!');
    await kept('Written in a closed tab!');
    await bea.page.reload();
    await until(async () => await bea.input.inputValue() === 'Written in a closed tab!', 'what was written here');
    assert.equal(await offer('Not wanted at all').count(), 0);
    await bea.write('');
  });

  await step('a remark in a thread is not lost in that way either', async () => {
    const place = bea.page.locator('.thread .composer-input');
    const open = async (there) => {
      await there.locator('.conversation .message.assistant').last().hover();
      await there.locator('.conversation .message.assistant').last().locator('[aria-label="More"]').click();
      await there.locator('.menu-item', { hasText: 'Reply in a thread' }).click();
    };
    await open(bea.page);
    await place.fill('A remark');
    await kept('A remark');
    await writtenElsewhere('A remark in a closed tab', open, '.thread .composer-input');
    await place.press('End');
    await place.pressSequentially(' sent');
    await kept('A remark sent');
    await place.press('Enter');
    await bea.page.locator('.thread .message', { hasText: 'A remark sent' }).waitFor();
    await bea.page.reload();
    await bea.answers.last().waitFor();
    await bea.answers.last().locator('.thread-link').click();
    await offer('A remark in a closed tab').waitFor();
    await bea.page.getByRole('button', { name: 'Use that' }).click();
    assert.equal(await place.inputValue(), 'A remark in a closed tab');
    await place.fill('');
    await bea.page.click('[aria-label="Close thread"]');
  });

  await step('nor is an edit', async () => {
    await bea.input.press('ArrowUp');
    await bea.write('Edited here');
    await kept('Edited here');
    await writtenElsewhere('Edited in a closed tab');
    await bea.input.press('End');
    await bea.input.pressSequentially(' too');
    await kept('Edited here too');
    await bea.input.press('Escape');
    await offer('Edited in a closed tab').waitFor();
    await bea.page.reload();
    await offer('Edited in a closed tab').waitFor();
    assert.equal(await bea.input.inputValue(), '');
    await bea.page.getByRole('button', { name: 'Not needed' }).click();
  });

  await step('what is discarded in one tab is not sent by another', async () => {
    const cleo = await world.visit('cleo', { wire: true });
    await cleo.page.evaluate(() => { localStorage.setItem('parley:token', sessionStorage.getItem('parley:token')); sessionStorage.removeItem('parley:token'); });
    await cleo.page.reload();
    await cleo.asked('Before the line broke');
    const other = await cleo.page.context().newPage();
    world.watch(other);
    await other.goto(cleo.page.url());
    await other.locator('.message.assistant').first().waitFor();
    await cleo.page.bringToFront();
    await cleo.gone();
    await cleo.page.click('.new-chat');
    await cleo.ask('Never to be sent');
    const row = other.locator('.row', { hasText: 'Never to be sent' });
    await other.bringToFront();
    await row.hover();
    await row.locator('.row-more').click();
    await other.locator('.menu-item', { hasText: 'Discard' }).click();
    await until(async () => await cleo.page.locator('.message.unsent').count() === 0, 'nothing to wait in the other tab');
    await cleo.page.bringToFront();
    await cleo.back();
    await cleo.asked('Sent instead');
    const { messages } = await cleo.rest('GET', `sessions/${cleo.session}/messages`);
    assert.deepEqual(messages.filter(({ role }) => role === 'user').map(({ content }) => content), ['Sent instead']);
    await other.close();
    await cleo.leave();
  });
}
