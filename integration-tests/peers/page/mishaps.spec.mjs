// What goes wrong on the way and between tabs: nothing that was said or written is lost, and nothing looks as if it were.
import assert from 'node:assert/strict';
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
      await page.route(HISTORY, fails, { times: 1 });
      await page.reload();
      await page.getByText('The messages could not be loaded.').waitFor();
      assert.equal(await welcome.isVisible(), false, 'it does not look empty');
      await question.waitFor();
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
}
