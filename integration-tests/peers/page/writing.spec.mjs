// Writing: keys, drafts, commands. What is written is never lost and never sent by accident.
import assert from 'node:assert/strict';
import { until } from './support.mjs';

export default async function writing(world, step) {
  const ana = await world.visit('ana');
  const { page } = ana;

  await step('Shift+Enter breaks the line, Enter sends', async () => {
    await ana.input.click();
    await page.keyboard.type('One line');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('and another');
    assert.equal(await ana.input.inputValue(), 'One line\nand another');
    await page.keyboard.press('Enter');
    await ana.questions.filter({ hasText: 'and another' }).waitFor();
    assert.equal(await ana.input.inputValue(), '');
    await ana.ended();
  });

  await step('what an input method composes is never sent', async () => {
    const before = await ana.questions.count();
    await ana.input.click();
    const typing = await page.context().newCDPSession(page);
    await typing.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
    await ana.input.evaluate((input) => {
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }));
      // As one browser has it, which ends the composition before it tells of the key.
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true }));
    });
    await typing.send('Input.insertText', { text: '日本' });
    assert.equal(await ana.input.inputValue(), '日本');
    assert.equal(await ana.questions.count(), before);
    await page.keyboard.press('Enter');
    await ana.questions.filter({ hasText: '日本' }).waitFor();
    await ana.ended();
  });

  await step('drafts stay with their conversation, also over a reload', async () => {
    await ana.write('Not sent yet');
    const here = ana.session;
    await page.click('.new-chat');
    assert.equal(await ana.input.inputValue(), '');
    await ana.write('For a new one');
    await page.reload();
    await page.waitForSelector('.room');
    await until(async () => await ana.input.inputValue() === 'For a new one', 'the draft of the new conversation');
    await page.goto(`${world.server}/#/${here}`);
    await until(async () => await ana.input.inputValue() === 'Not sent yet', 'the draft of the old one');
    await page.reload();
    await until(async () => await ana.input.inputValue() === 'Not sent yet', 'the draft after a reload');
    await ana.write('');
    await ana.answers.last().waitFor();
  });

  await step('arrow-up edits the last message, Escape leaves it and gives the draft back', async () => {
    await ana.input.click();
    await page.keyboard.press('ArrowUp');
    await page.getByText('Edit the question and ask again').waitFor();
    assert.equal(await ana.input.inputValue(), '日本');
    await page.keyboard.press('Escape');
    assert.equal(await ana.input.inputValue(), '');
    await ana.write('A draft');
    await page.keyboard.press('ArrowUp');
    assert.equal(await ana.input.inputValue(), 'A draft', 'in a text the key only moves');
    await ana.write('');
    await page.keyboard.press('ArrowUp');
    await ana.ask('Now in English');
    await ana.answers.last().locator('.versions', { hasText: '/ 2' }).waitFor();
    await ana.ended();
  });

  await step('a message that is too long stays where it is, with how much', async () => {
    await ana.write('x'.repeat(5003));
    await page.locator('.count.bad', { hasText: '3 characters too many' }).waitFor();
    await page.keyboard.press('Enter');
    assert.equal((await ana.input.inputValue()).length, 5003);
    assert.equal(await page.locator('.composer-send').first().isDisabled(), true);
    await ana.write('');
  });

  await step('the palette does what is typed: commands, conversations, messages', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('dark');
    await page.keyboard.press('Enter');
    await until(async () => await page.evaluate(() => document.documentElement.dataset.theme) === 'dark', 'the dark');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('new conv');
    await page.keyboard.press('Enter');
    await page.getByText('What is on your mind?').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('english');
    await page.locator('.palette-option', { hasText: 'Now in English' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.pointed:has-text("Now in English")');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('One line');
    await page.locator('.palette-option', { hasText: 'One line' }).first().click();
    await page.waitForSelector('.row.here:has-text("One line")');
  });

  await step('shortcuts are listed under ?, and do what they say', async () => {
    await page.locator('.scroller').focus();
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
    assert.ok(await page.locator('.keys dt').count() >= 12);
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await until(() => ana.input.evaluate((input) => input === document.activeElement), 'the composer to have the focus');
    assert.equal(await ana.input.inputValue(), '', 'the key is not written');
    await page.keyboard.press('Alt+ArrowUp');
    await page.waitForSelector('.message.assistant:focus');
    await page.keyboard.press('Alt+ArrowUp');
    await page.waitForSelector('.message.user:focus');
    await page.keyboard.press('Control+Shift+F');
    await until(() => page.locator('.sidebar [type=search]').evaluate((input) => input === document.activeElement), 'the search to have the focus');
    await page.keyboard.press('Control+Shift+O');
    await page.getByText('What is on your mind?').waitFor();
    await page.goBack();
  });

  await step('two tabs that write the same draft lose nothing', async () => {
    // Tabs know of each other only where somebody stays signed in.
    await page.evaluate(() => { localStorage.setItem('parley:token', sessionStorage.getItem('parley:token')); sessionStorage.removeItem('parley:token'); });
    const here = ana.session;
    await page.reload();
    await page.waitForSelector('.room');
    const other = await page.context().newPage();
    world.watch(other);
    await other.goto(`${world.server}/#/${here}`);
    const theirs = other.locator('.composer-input').first();
    await theirs.fill('Written there');
    await until(async () => await ana.input.inputValue() === 'Written there', 'an empty place to take it');
    await theirs.fill('');
    await until(async () => await ana.input.inputValue() === '', 'what was taken to go with its owner');
    await theirs.fill('Written there');
    await until(async () => await ana.input.inputValue() === 'Written there', 'it again');
    await ana.write('Quite different here');
    await other.getByText('Another tab wrote here').waitFor();
    assert.equal(await theirs.inputValue(), 'Written there', 'nothing is taken away');
    await until(() => other.evaluate(() => Object.values({ ...localStorage }).includes('"Quite different here"')), 'the other words to be kept');
    await other.reload();
    await until(async () => await theirs.inputValue() === 'Written there', 'what was written in this tab, after a reload');
    await other.getByText('Another tab wrote here').waitFor();
    await other.getByRole('button', { name: 'Use that' }).click();
    assert.equal(await theirs.inputValue(), 'Quite different here');
    // What is read in one of them is read in the other.
    for (const each of [page, other]) await each.click('.new-chat');
    await ana.rest('POST', 'messages', { session_id: here, content: 'Written elsewhere' });
    for (const each of [page, other]) {
      await until(async () => {
        await each.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
        return await each.locator('.row.news').count() === 1;
      }, 'an unread mark in both');
    }
    await page.locator('.row.news .row-title').click();
    await until(async () => await other.locator('.row.news').count() === 0, 'no mark in either');
    await other.close();
  });

  await step('signing out leaves nothing behind', async () => {
    const entered = [];
    page.on('request', (request) => { if (request.url().includes('/api/chat/quota')) entered.push(request.url()); });
    await page.click('[aria-label="Settings"]');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.equal(await page.locator('.sign-in [role=alert]').innerText(), '', 'nothing has expired');
    assert.equal(entered.length, 1, 'one looks once who is there');
    assert.deepEqual(await page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter((key) => /token|draft|user|seen|outbox|last/.test(key))), []);
  });
}
