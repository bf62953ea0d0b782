// The list of conversations, and what is done with one as a whole: found, renamed, closed, deleted, exported, forked, shared.
import assert from 'node:assert/strict';
import { until } from './support.mjs';

export default async function conversations(world, step) {
  const ana = await world.visit('ana');
  const bruno = await world.visit('bruno');
  const { page } = ana;

  await step('the token leaves the address, and an empty page invites', async () => {
    assert.equal(new URL(page.url()).hash, '');
    await page.getByText('What is on your mind?').waitFor();
    await page.locator('.suggestion').first().click();
    await ana.ended();
    await page.waitForSelector('.row.here');
  });

  await step('a conversation is listed under its first words', async () => {
    await page.click('.new-chat');
    await ana.asked('All about marzipan');
    await page.waitForSelector('.row.here:has-text("All about marzipan")');
    await until(async () => /marzipan · Parley/.test(await page.title()), 'the title of the page');
  });

  await step('a row that did not change is not drawn again', async () => {
    const listed = () => page.waitForResponse((response) => response.url().includes('/api/chat/sessions?'));
    await Promise.all([listed(), ana.answers.last().locator('[aria-label="Good answer"]').click()]);
    await ana.answers.last().locator('[aria-label="Good answer"][aria-pressed=true]').waitFor();
    await page.click('.new-chat');
    await Promise.all([listed(), page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))]);
    await page.getByText('What is on your mind?').waitFor();
    assert.equal(await page.locator('.row.news').count(), 0, 'what one did oneself is no news');
    await ana.row('All about marzipan').click();
    await ana.answers.last().waitFor();
    await page.locator('.row', { hasText: 'backoff' }).evaluate((row) => { row.dataset.mark = 'same'; });
    await ana.asked('More about it');
    await until(async () => (await page.locator('.row').first().innerText()).includes('marzipan'), 'the newest first');
    assert.equal(await page.locator('.row[data-mark=same]').count(), 1);
  });

  await step('words are found in all conversations, with their place', async () => {
    await page.locator('.sidebar [type=search]').fill('jitter');
    const hit = page.locator('.hit', { hasText: 'jitter' });
    await hit.first().waitFor();
    await until(async () => await page.locator('.row').count() === 1, 'titles to be filtered too');
    await hit.first().click();
    await page.waitForSelector('.pointed:has-text("jitter")');
    await page.locator('.sidebar [type=search]').press('Escape');
    await until(async () => await page.locator('.row').count() === 2, 'all rows again');
  });

  await step('words are found in this conversation', async () => {
    await ana.row('All about marzipan').click();
    await page.click('[aria-label="Search this conversation"]');
    await page.fill('.search-input', 'MARZIP');
    await page.locator('.result', { hasText: 'marzipan' }).last().click();
    await page.waitForSelector('.pointed');
  });

  await step('it is renamed, and exported in four forms', async () => {
    await ana.pick(page.locator('.session-buttons [aria-haspopup]'), 'Rename');
    await page.fill('.dialog .field', 'Sweet things');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.row.here:has-text("Sweet things")');
    await until(async () => (await page.locator('.title').innerText()) === 'Sweet things', 'the title above');
    for (const form of ['Markdown', 'HTML', 'JSON', 'CSV']) {
      await ana.pick(page.locator('.session-buttons [aria-haspopup]'), 'Export');
      await page.locator('.choices label', { hasText: form }).click();
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('.dialog .primary')]);
      let content = '';
      for await (const part of await download.createReadStream()) content += part;
      assert.ok(content.includes('marzipan'), `the export as ${form} has the messages`);
    }
  });

  await step('going on from an older message is a copy, and leaves the original alone', async () => {
    const before = ana.session;
    const first = ana.answers.first();
    await first.hover();
    await ana.pick(first.locator('[aria-label="More"]'), 'Go on from here');
    await until(() => ana.session !== before, 'the copy');
    await until(async () => await ana.questions.count() === 1 && await ana.answers.count() === 1, 'only what was up to there');
    await page.goBack();
    await until(async () => await ana.questions.count() === 2, 'the original');
    // From a question it has no answer yet.
    const question = ana.questions.first();
    await question.hover();
    await ana.pick(question.locator('[aria-label="More"]'), 'Go on from here');
    await until(() => ana.session !== before, 'another copy');
    await until(async () => await ana.questions.count() === 1 && await ana.answers.count() === 0, 'the question alone');
    await page.goBack();
    await until(async () => await ana.questions.count() === 2, 'the original');
    assert.equal(await page.locator('.row.news').count(), 0, 'nothing new was said anywhere');
  });

  await step('who may enter is seen and changed; the uninvited are told', async () => {
    await bruno.page.goto(`${world.server}/#/${ana.session}`);
    await bruno.page.getByRole('heading', { name: 'You may not enter' }).waitFor();
    await page.click('[aria-label="Share"]');
    await page.getByText('Only you, and one person you invite.').waitFor();
    await page.fill('.invite .field', bruno.user);
    await page.keyboard.press('Enter');
    await page.locator('.members li', { hasText: bruno.user }).waitFor();
    await page.fill('.invite .field', 'a-third-one');
    await page.keyboard.press('Enter');
    await until(async () => (await page.locator('.dialog p.bad').innerText()).length > 5, 'a third person is refused with a reason');
    await page.locator('.choices label', { hasText: 'Group' }).click();
    await page.getByText('Only the members below.').waitFor();
    await ana.copies(page.getByRole('button', { name: 'Copy link' }), (text) => text === `${world.server}/#/${ana.session}`);
    await page.keyboard.press('Escape');
  });

  await step('the invited come in, are seen, and are seen typing', async () => {
    await bruno.page.reload();
    await bruno.page.locator('.message.assistant').first().waitFor();
    await page.getByRole('button', { name: /Here now: Bruno/ }).waitFor();
    await until(async () => {
      await bruno.input.press('m');
      return await page.getByText('Bruno is typing').isVisible();
    }, 'Bruno to be seen typing');
    await bruno.write('');
  });

  await step('what others write elsewhere is marked as unread until it is looked at', async () => {
    const shared = ana.session;
    // Elsewhere she comes for the first time: what was said before is no news there.
    const late = await world.visit('ana');
    await late.row('Sweet things').first().waitFor();
    assert.equal(await late.page.locator('.row.news').count(), 0);
    await ana.row('backoff').first().click();
    await until(() => ana.session !== shared, 'another conversation');
    await bruno.rest('POST', 'messages', { session_id: shared, content: 'Are you there?' });
    // The list looks for news from time to time, and whenever somebody comes back to the page.
    await until(async () => {
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
      return await page.locator('.row.news:has-text("Sweet things") .unread').isVisible();
    }, 'an unread mark');
    await until(async () => {
      await late.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
      return await late.page.locator('.row.news:has-text("Sweet things") .unread').isVisible();
    }, 'an unread mark where it was never opened');
    await late.leave();
    await page.locator('.row.news .row-title').click();
    await page.getByText('Are you there?').waitFor();
    await until(async () => await page.locator('.row.news').count() === 0, 'no mark any more');
  });

  await step('a member who is removed is out', async () => {
    await page.click('[aria-label="Share"]');
    await page.click('[aria-label="Remove Bruno"]');
    await until(async () => await page.locator('.members li').count() === 1, 'only the owner');
    await page.keyboard.press('Escape');
    await until(async () => await bruno.input.isDisabled(), 'nothing more can be written');
  });

  await step('a closed one is read only, and one deleted for good is gone', async () => {
    await ana.pick(page.locator('.session-buttons [aria-haspopup]'), 'Close');
    await page.click('.dialog .primary');
    await page.locator('.row.here .tag', { hasText: 'Closed' }).waitFor();
    await until(async () => await ana.input.isDisabled(), 'the composer to be shut');
    await page.reload();
    await page.getByText('Are you there?').waitFor();
    await until(async () => await ana.input.isDisabled(), 'the composer to be shut again');
    await ana.pick(page.locator('.session-buttons [aria-haspopup]'), 'Delete for good');
    await page.click('.dialog .primary');
    await page.getByText('What is on your mind?').waitFor();
    await until(async () => await page.locator('.row .tag:visible').count() === 0, 'the row to be gone');
  });

  await step('of very many conversations the newest are listed, and the others when they are asked for', async () => {
    const many = await world.visit('many');
    for (let at = 0; at < 205; at += 41) await Promise.all(Array.from({ length: 41 }, (_, n) => many.rest('POST', 'sessions', { title: `Number ${at + n}` })));
    await many.page.reload();
    await until(async () => await many.page.locator('.row').count() === 200, 'as many as the server gives at once');
    await many.page.getByRole('button', { name: 'Show older ones' }).click();
    await until(async () => await many.page.locator('.row').count() === 205, 'all of them');
    assert.equal(await many.page.getByRole('button', { name: 'Show older ones' }).isVisible(), false);
    await many.leave();
  });
}
