// Messages: how answers are written, and what can be done with them.
import assert from 'node:assert/strict';
import { until } from './support.mjs';

/** @param {string} gate where the model waits for somebody, in the middle of the code */
const rich = (gate = '') => ['First paragraph, **bold**.', '', 'A second one takes its time. '.repeat(15), '', '```js', 'const one = 1; // a comment', gate + Array(12).fill('function two() { return one + one; }').join('\n'), '```', '', '| a | b |', '|---|---:|', '| x | 1 |', '', 'Last paragraph.'].join('\n');
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export default async function messages(world, step) {
  const ana = await world.visit('ana', { wire: true });
  const { page } = ana;
  const last = () => ana.answers.last();

  await step('an answer is written piece by piece; what is finished is left alone', async () => {
    const gate = `${world.name}-fence`;
    await ana.ask(`slowly: ${rich(`[[${gate}]]`)}`);
    await page.locator('.message.live .prose > p').first().waitFor();
    await page.evaluate(() => { document.querySelector('.message.live .prose > p').dataset.mark = 'same'; });
    await page.locator('.message.live .tail .code').waitFor();
    assert.equal(await page.locator('.message.live .code span[class^=hljs]').count(), 0, 'an open fence stays plain');
    await world.goOn(gate);
    await ana.ended();
    await page.locator('.code .hljs-keyword').first().waitFor();
    assert.equal(await page.locator('.prose > p[data-mark=same]').count(), 1, 'the first paragraph was rendered once');
    assert.equal(await last().locator('table td').count(), 2);
    await ana.whole();
  });

  await step('code and answers are copied', async () => {
    await ana.copies(last().locator('[aria-label="Copy code"]'), (text) => /^const one = 1; \/\/ a comment\nfunction two/.test(text));
    await ana.copies(last().locator('[aria-label="Copy"]'), (text) => text === rich());
  });

  await step('stop keeps what was written, by the button and by a key', async () => {
    await ana.ask('An endless answer to be stopped');
    await ana.growing();
    await page.click('.composer-send.stops');
    await ana.ended();
    await last().locator('.ended', { hasText: 'Stopped' }).waitFor();
    await ana.whole();
    await ana.ask('Stop this endless one with the keyboard');
    await ana.growing();
    await page.keyboard.press('Escape');
    await ana.ended();
  });

  await step('while one answer is written, the next waits and says so', async () => {
    await ana.ask('An endless one first');
    await ana.growing(5);
    await ana.ask('And this one after it');
    await page.locator('.status', { hasText: 'Next in the queue' }).waitFor();
    await ana.ask('And this one last');
    await page.locator('.status', { hasText: 'In the queue, place 2' }).waitFor();
    await page.keyboard.press('Escape');
    await ana.ended();
  });

  await step('an answer is asked for again, and both versions are kept', async () => {
    await ana.asked('Say something about nougat');
    await last().locator('[aria-label="Try again"]').click();
    await last().locator('.versions', { hasText: '2 / 2' }).waitFor();
    await ana.ended();
    await last().locator('[aria-label="Previous version"]').click();
    await last().locator('.versions', { hasText: '1 / 2' }).waitFor();
    await last().locator('[aria-label="Next version"]').click();
    await page.reload();
    await last().locator('.versions', { hasText: '2 / 2' }).waitFor();
  });

  await step('the last question is edited and asked again, and its earlier wording is kept', async () => {
    const question = ana.questions.last();
    await question.hover();
    await question.locator('[aria-label="Edit and ask again"]').click();
    await ana.ask('An edited question about marzipan');
    await last().locator('.versions', { hasText: '/ 3' }).waitFor();
    await ana.ended();
    await question.hover();
    await question.locator('.edited').click();
    await page.locator('.old-versions', { hasText: 'Say something about nougat' }).waitFor();
    await page.keyboard.press('Escape');
  });

  await step('an answer that failed says so and can be asked for again', async () => {
    await ana.ask('Please fail now');
    const notice = last().locator('.ended.bad');
    await notice.waitFor();
    await ana.ended();
    assert.match(await last().innerText(), /Some words, then/);
    await page.reload();
    await notice.getByRole('button', { name: 'Try again' }).click();
    await last().locator('.versions', { hasText: '2 / 2' }).waitFor();
    await ana.ended();
  });

  await step('an edit that is refused stays where it is', async () => {
    await ana.input.press('ArrowUp');
    await ana.write('Too late for this');
    await ana.rest('POST', 'messages', { session_id: ana.session, content: 'Said meanwhile' });
    await page.keyboard.press('Enter');
    await page.locator('.toast.error').waitFor();
    assert.equal(await ana.input.inputValue(), 'Too late for this');
    await ana.input.press('Escape');
    assert.equal(await ana.input.inputValue(), '');
  });

  await step('a message that is refused stays with the reason, over a reload too, until it is let go', async () => {
    await ana.ask('What a shit day');
    const refused = page.locator('.conversation .message.unsent', { hasText: 'What a shit day' });
    await refused.getByText('Not sent:').waitFor();
    await page.reload();
    await refused.getByText('Not sent:').waitFor();
    await refused.getByRole('button', { name: 'Try again' }).click();
    await refused.getByText('Not sent:').waitFor();
    await refused.getByRole('button', { name: 'Discard' }).click();
    await until(async () => await refused.count() === 0, 'it to be gone');
    await page.reload();
    await last().waitFor();
    assert.equal(await refused.count(), 0);
  });

  await step('reactions and feedback are given and taken back, and stay', async () => {
    await ana.asked('Something to react to');
    await last().locator('[aria-label="React"]').click();
    await page.locator('.menu-item', { hasText: '🎉' }).click();
    await last().locator('.reaction.mine').waitFor();
    await last().locator('[aria-label="Good answer"]').click();
    await last().locator('[aria-label="Good answer"][aria-pressed=true]').waitFor();
    await page.reload();
    await last().locator('[aria-label="Good answer"][aria-pressed=true]').waitFor();
    await last().locator('.reaction.mine').click();
    await until(async () => await last().locator('.reaction').count() === 0, 'the reaction to be gone');
  });

  await step('a thread has its own place, with and without the model', async () => {
    await ana.pick(last().locator('[aria-label="More"]'), 'Reply in a thread');
    await page.locator('.thread .composer-input').fill('Just a remark');
    await page.keyboard.press('Enter');
    await page.locator('.thread .message', { hasText: 'Just a remark' }).waitFor();
    await last().locator('.thread-link', { hasText: '1 reply' }).waitFor();
    await page.locator('.thread label', { hasText: 'Ask the model' }).click();
    await page.locator('.thread .composer-input').fill('And a question');
    await page.keyboard.press('Enter');
    await page.locator('.thread .message.assistant:not(.live)', { hasText: 'word5' }).last().waitFor();
    await last().locator('.thread-link', { hasText: '3 replies' }).waitFor();
    assert.equal(await ana.questions.filter({ hasText: 'Just a remark' }).count(), 0, 'it is not among the others');
    await page.click('[aria-label="Close thread"]');
    await page.reload();
    await last().locator('.thread-link').click();
    await page.locator('.thread .message', { hasText: 'And a question' }).waitFor();
    await page.locator('.thread .composer-input').press('Escape');
    await until(async () => !await page.locator('.thread').isVisible(), 'the thread to be closed');
  });

  await step('what is written in a thread stays with that thread, within bounds', async () => {
    const place = page.locator('.thread .composer-input');
    const other = ana.questions.last();
    await last().locator('.thread-link').click();
    await place.fill('Half a remark');
    await page.click('[aria-label="Close thread"]');
    await other.hover();
    await ana.pick(other.locator('[aria-label="More"]'), 'Reply in a thread');
    assert.equal(await place.inputValue(), '');
    await place.fill('x'.repeat(5003));
    await page.locator('.thread .count.bad', { hasText: '3 characters too many' }).waitFor();
    await place.press('Enter');
    assert.equal((await place.inputValue()).length, 5003);
    await place.fill('');
    await page.reload();
    await last().locator('.thread-link').click();
    assert.equal(await place.inputValue(), 'Half a remark');
    await place.fill('');
  });

  await step('a remark that is refused is sent again as the remark it was', async () => {
    await page.locator('.thread .composer-input').fill('Shit happens');
    await page.locator('.thread .composer-input').press('Enter');
    const refused = page.locator('.thread .message.unsent', { hasText: 'Shit happens' });
    await refused.getByText('Not sent:').waitFor();
    await refused.getByRole('button', { name: 'Try again' }).click();
    await refused.getByText('Not sent:').waitFor();
    assert.equal(await ana.questions.filter({ hasText: 'Shit happens' }).count(), 0, 'it is not among the others');
    await refused.getByRole('button', { name: 'Discard' }).click();
    await until(async () => await refused.count() === 0, 'it to be gone');
    await page.click('[aria-label="Close thread"]');
  });

  await step('which model answers is chosen, and said', async () => {
    await ana.pick(page.locator('.choice'), 'second-model');
    await ana.asked('Who are you?');
    await last().locator('.facts', { hasText: 'second-model' }).waitFor();
    await ana.pick(page.locator('.choice'), 'Automatic');
  });

  await step('which agent answers is chosen, and said', async () => {
    await ana.pick(page.locator('.choice'), 'Librarian');
    await ana.asked('Where are the books?');
    await last().locator('.author', { hasText: 'Librarian' }).waitFor();
    await ana.pick(page.locator('.choice'), 'Automatic');
  });

  await step('files come by dropping, pasting and choosing, and stay with the message', async () => {
    const files = (...named) => page.evaluateHandle((all) => {
      const transfer = new DataTransfer();
      for (const { name, type, data } of all) transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name, { type }));
      return transfer;
    }, named);
    await page.dispatchEvent('.main', 'drop', { dataTransfer: await files({ name: 'dot.png', type: 'image/png', data: DOT }) });
    await ana.input.evaluate((input, transfer) => input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true })),
      await files({ name: 'pasted.png', type: 'image/png', data: DOT }));
    await page.setInputFiles('.composer input[type=file]', { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Notes about nougat') });
    const there = (count) => until(async () => await page.locator('.tray .file').count() === count && await page.locator('.tray progress').count() === 0, `${count} files to be there`);
    await there(3);
    const here = ana.session;
    await page.click('.new-chat');
    await there(0);
    await page.goBack();
    await there(3);
    await page.reload();
    await there(3);
    assert.equal(ana.session, here);
    await ana.asked('What do these show?');
    assert.equal(await page.locator('.tray .file').count(), 0);
    await page.reload();
    const message = ana.questions.filter({ hasText: 'What do these show?' });
    await until(async () => (await message.locator('img').evaluateAll((all) => all.map((each) => each.complete && each.naturalWidth > 0))).join() === 'true,true', 'both pictures to be shown');
    const [download] = await Promise.all([page.waitForEvent('download'), message.locator('.file', { hasText: 'notes.txt' }).click()]);
    let content = '';
    for await (const part of await download.createReadStream()) content += part;
    assert.equal(content, 'Notes about nougat');
  });

  await step('a file goes on where it was when the line broke', async () => {
    const pieces = [];
    let broken = false;
    let look;
    const looked = new Promise((resolve) => { look = resolve; });
    await page.route('**/chunks/*', async (route) => {
      const index = Number(route.request().url().split('/').at(-1));
      await looked;
      if (index === 3 && !broken) {
        broken = true;
        await route.abort('connectionreset');
        return;
      }
      pieces.push(index);
      await route.continue();
    });
    await page.setInputFiles('.composer input[type=file]', { name: 'large.txt', mimeType: 'text/plain', buffer: Buffer.from('All work and no play. '.repeat(80_000)) });
    await page.getByRole('progressbar', { name: 'Sending large.txt' }).waitFor();
    look();
    await until(async () => await page.locator('.tray .file').count() === 1 && await page.locator('.tray progress').count() === 0, 'the file to be there');
    assert.equal(await page.locator('.tray .file.bad').count(), 0);
    assert.deepEqual(pieces, [0, 1, 2, 3, 4, 5, 6], 'no piece twice');
    await page.click('.tray [aria-label="Remove large.txt"]');
    await page.unroute('**/chunks/*');
  });

  await step('a file that is not what it says is refused with a reason, and leaves', async () => {
    await page.setInputFiles('.composer input[type=file]', { name: 'picture.png', mimeType: 'image/png', buffer: Buffer.from('MZ\x90\0 no picture') });
    await page.waitForSelector('.tray .file.bad');
    assert.equal(await page.locator('.composer-send').first().isDisabled(), true);
    await page.click('.tray [aria-label="Remove picture.png"]');
    await until(async () => await page.locator('.tray .file').count() === 0, 'the tray to be empty');
  });

  await step('others see what is written and corrected, and the writer sees that they did', async () => {
    await page.click('[aria-label="Share"]');
    await page.locator('.choices label', { hasText: 'By link' }).click();
    await page.getByText('Whoever is signed in and has the link joins.').waitFor();
    await page.keyboard.press('Escape');
    const carla = await world.visit('carla');
    await carla.page.goto(`${world.server}/#/${ana.session}`);
    await carla.page.locator('.message').first().waitFor();
    await carla.page.bringToFront();
    await ana.rest('POST', 'messages', { session_id: ana.session, content: 'For Carla' });
    await carla.page.getByText('For Carla').waitFor();
    await ana.questions.filter({ hasText: 'For Carla' }).locator('.receipt', { hasText: 'Seen by Carla' }).waitFor();
    await carla.ask('A word from Carla');
    const theirs = ana.questions.filter({ hasText: 'A word from Carla' });
    await theirs.locator('.author', { hasText: 'Carla' }).waitFor();
    await ana.ended();
    const mine = ana.questions.filter({ hasText: 'For Carla' });
    await mine.hover();
    await ana.pick(mine.locator('[aria-label="More"]'), 'Delete');
    await carla.page.getByText('This message was deleted.').waitFor();
    await carla.leave();
  });

  await step('two tabs of one person show the same', async () => {
    const other = await world.visit('ana');
    await other.page.goto(`${world.server}/#/${ana.session}`);
    await other.page.locator('.message').first().waitFor();
    await ana.ask('An endless answer seen twice');
    await other.growing();
    await page.click('.composer-send.stops');
    await Promise.all([ana.ended(), other.ended()]);
    await until(async () => await ana.text() === await other.text(), 'both to show the same');
  });
}
