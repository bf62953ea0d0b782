// Reading: the page follows only who wants it, and is there for every eye, ear and screen.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { still, until } from './support.mjs';

const TALL = Array.from({ length: 40 }, (_, at) => `Paragraph ${at + 1} of an answer that is higher than any screen.`).join('\n\n');

export default async function reading(world, step) {
  // What looks at the page here brings styles of its own; the policy is looked at elsewhere.
  const ana = await world.visit('ana', { bypassCSP: true });
  const { page } = ana;
  /** Where the reader is, once nothing scrolls any more. */
  const atRest = () => page.locator('.scroller').evaluate((scroller) => new Promise((resolve) => {
    let same = 0;
    let last = scroller.scrollTop;
    const look = () => {
      same = scroller.scrollTop === last ? same + 1 : 0;
      last = scroller.scrollTop;
      if (same < 5) requestAnimationFrame(look);
      else resolve(last);
    };
    look();
  }));
  const place = () => page.locator('.scroller').evaluate(({ scrollTop, scrollHeight, clientHeight }) => ({ top: scrollTop, left: scrollHeight - scrollTop - clientHeight }));
  /** Finds nothing serious. */
  const accessible = async (there, what, part = 'html') => {
    await still(there);
    await there.evaluate(axe.source);
    const { violations } = await there.evaluate((within) => window.axe.run(within, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }), part);
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
    assert.deepEqual(serious, [], what);
  };

  await step('the end is followed while the reader is there', async () => {
    await ana.asked(`say: ${TALL}`);
    await until(async () => (await place()).left < 30, 'the end in sight');
  });

  await step('a reader who has gone up is left alone, and offered a way back', async () => {
    await ana.ask('Something endless to go up from');
    await ana.growing(40);
    await page.locator('.scroller').hover();
    await page.mouse.wheel(0, -600);
    await until(async () => (await place()).left > 300, 'the reader above the end');
    const before = await atRest();
    await ana.growing((await ana.text()).length + 300);
    assert.ok(Math.abs((await place()).top - before) < 2, 'nothing moved');
    await page.click('[aria-label="To the newest message"]');
    await until(async () => (await place()).left < 30, 'the end again');
    await ana.growing((await ana.text()).length + 600);
    await until(async () => (await place()).left < 30, 'followed again');
    await page.keyboard.press('Escape');
    await ana.ended();
  });

  await step('the list is a log that is busy while an answer is written', async () => {
    const log = page.getByRole('log').first();
    const busy = (is) => until(async () => await log.getAttribute('aria-busy') === String(is), `a log that is ${is ? '' : 'not '}busy`);
    await busy(false);
    await ana.ask('An endless one to listen to');
    await busy(true);
    await page.keyboard.press('Escape');
    await ana.ended();
    await busy(false);
  });

  await step('who listens hears an answer once, when it is there with its colours', async () => {
    await page.getByRole('log').first().evaluate((log) => {
      // What a log that is busy adds is told when it no longer is; what lies in a part that is silent is not told.
      window.heard = '';
      const told = [];
      const tell = () => { for (const node of told.splice(0)) if (log.contains(node) && node.parentElement.closest('[aria-live]') === log) window.heard += node.data; };
      let busy = log.getAttribute('aria-busy') === 'true';
      const take = (node) => (node.nodeType === Node.TEXT_NODE ? told.push(node) : node.childNodes.forEach(take));
      new MutationObserver((changes) => {
        for (const { type, addedNodes } of changes) {
          if (type === 'attributes') { busy = !busy; if (!busy) tell(); } else { addedNodes.forEach(take); if (!busy) tell(); }
        }
      }).observe(log, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-busy'], attributeOldValue: true });
    });
    await ana.asked('say: Listen.\n\n```js\nconst heardOnce = 1;\n```\n\nAnd **that** is all.');
    await page.waitForSelector('.hljs-keyword');
    await until(async () => await page.locator('.message.assistant').last().getAttribute('aria-live') === 'off', 'the answer to be told');
    await ana.answers.last().locator('[aria-label="Good answer"]').click();
    await ana.answers.last().locator('[aria-label="Good answer"][aria-pressed=true]').waitFor();
    const heard = await page.evaluate(() => window.heard);
    for (const words of ['Listen.', 'heardOnce', 'is all.']) assert.equal(heard.split(words).length - 1, 1, `${words} in ${heard}`);
  });

  await step('everything is done by keys alone', async () => {
    await page.keyboard.press('Control+Shift+O');
    await page.keyboard.type('By keys alone');
    await page.keyboard.press('Enter');
    await ana.ended();
    await page.keyboard.press('Alt+ArrowUp');
    const reached = [];
    for (let at = 0; at < 8; at++) {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.className));
    }
    for (const wanted of ['Copy', 'Try again', 'Good answer', 'React', 'More']) assert.ok(reached.includes(wanted), `${wanted} among ${reached}`);
    await page.locator('.message.assistant [aria-label="React"]').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.reaction.mine');
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'React', 'the focus is where it was');
    await page.locator('.session-buttons [aria-haspopup]').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Renamed by keys');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.row.here:has-text("Renamed by keys")');
  });

  await step('axe finds nothing serious, in light and in dark, in windows and lists', async () => {
    await ana.asked('say: # Title\n\nText with `code`, [a link](https://example.org) and **weight**.\n\n- [ ] open\n- [x] done\n\n```js\nconst a = "b"; // c\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![p](https://example.org/p.png)\n\n> quoted');
    await page.waitForSelector('.hljs-keyword');
    await accessible(page, 'a conversation in light');
    for (const open of [() => page.click('[aria-label="Settings"]'), () => page.click('[aria-label="Share"]'), () => page.keyboard.press('Control+k'), () => page.keyboard.press('Control+/'), () => page.click('[aria-label="Search this conversation"]')]) {
      await open();
      await page.waitForSelector('dialog[open]');
      await accessible(page, 'a window', 'dialog[open]');
      await page.keyboard.press('Escape');
      await until(async () => await page.locator('dialog[open]').count() === 0, 'no window');
    }
    await page.locator('.session-buttons [aria-haspopup]').click();
    await accessible(page, 'a menu', '.menu');
    await page.keyboard.press('Escape');
    await ana.pick(ana.answers.last().locator('[aria-label="More"]'), 'Reply in a thread');
    await accessible(page, 'a thread', '.thread');
    await page.click('[aria-label="Close thread"]');
    await page.click('[aria-label="Settings"]');
    await page.locator('.choices label', { hasText: 'Dark' }).click();
    await accessible(page, 'settings in dark', 'dialog[open]');
    await page.keyboard.press('Escape');
    await accessible(page, 'a conversation in dark');
    const [red] = (await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).match(/\d+/g);
    assert.ok(Number(red) < 80, 'the paper is dark');
  });

  await step('axe finds nothing serious where something went wrong, in how the line is, and where one signs in', async () => {
    const wry = await world.visit('wry', { bypassCSP: true });
    await wry.asked('Please fail now');
    await wry.ask('What a shit day');
    await wry.page.getByText('Not sent:').waitFor();
    await wry.page.setInputFiles('.composer input[type=file]', [{ name: 'kept.txt', mimeType: 'text/plain', buffer: Buffer.from('Kept') }, { name: 'picture.png', mimeType: 'image/png', buffer: Buffer.from('MZ\x90\0 no picture') }]);
    await wry.page.waitForSelector('.tray .file.bad');
    await accessible(wry.page, 'a failure, a refusal, and files');
    await wry.page.locator('.badge-state').click();
    await wry.page.waitForSelector('dialog[open]');
    await accessible(wry.page, 'how the line is', 'dialog[open]');
    await wry.page.keyboard.press('Escape');
    await wry.page.route('**/messages?*', (route) => route.fulfill({ status: 503, headers: { 'Retry-After': '600' } }));
    await wry.page.reload();
    await wry.page.getByText('The messages could not be loaded.').waitFor();
    await accessible(wry.page, 'messages that are missing');
    await wry.page.evaluate(() => sessionStorage.clear());
    await wry.page.goto(world.server);
    await wry.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await accessible(wry.page, 'the place to sign in');
    await wry.leave();
  });

  await step('the look follows the system where it is not chosen', async () => {
    await page.click('[aria-label="Settings"]');
    await page.locator('.choices label', { hasText: 'As the system' }).click();
    await page.emulateMedia({ colorScheme: 'light' });
    await until(async () => await page.evaluate(() => document.documentElement.dataset.theme) === 'light', 'light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await until(async () => await page.evaluate(() => document.documentElement.dataset.theme) === 'dark', 'dark');
    await page.keyboard.press('Escape');
  });

  await step('nothing moves for those who do not want it', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await ana.ask(`say: [[${world.name}-never]]`);
    await page.waitForSelector('.dots i');
    const durations = await page.locator('.dots i').evaluateAll((all) => all.map((each) => parseFloat(getComputedStyle(each).animationDuration)));
    assert.ok(durations.every((each) => each < 0.001), `animations of ${durations} s`);
    await page.keyboard.press('Escape');
    await ana.ended();
    await page.emulateMedia({ reducedMotion: null });
  });

  await step('a thread is there as a whole, however long', async () => {
    const id = `${ana.user}-thread`.replace(/[^\w.:-]/g, '-');
    const { message_id: root } = await ana.rest('POST', 'sessions', { session_id: id, title: 'Thread' }).then(() => ana.rest('POST', 'messages', { session_id: id, content: 'Where it begins' }));
    for (let at = 0; at < 210; at += 42) await Promise.all(Array.from({ length: 42 }, () => ana.rest('POST', 'messages', { session_id: id, parent_id: root, content: 'A remark' })));
    await page.goto(`${world.server}/#/${id}`);
    await page.getByText('Where it begins').waitFor();
    await ana.questions.first().hover();
    await ana.pick(ana.questions.first().locator('[aria-label="More"]'), 'Reply in a thread');
    await until(async () => await page.locator('.thread .message').count() === 211, 'all of it');
    await page.click('[aria-label="Close thread"]');
  });

  await step('Portuguese is chosen, kept, and whole', async () => {
    await page.click('[aria-label="Settings"]');
    await page.locator('.choices label', { hasText: 'Português' }).click();
    await page.waitForSelector('.new-chat:has-text("Nova conversa")');
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'pt-BR');
    await accessible(page, 'in Portuguese');
    const brazil = await world.visit('ana', { locale: 'pt-BR' });
    await brazil.page.waitForSelector('.new-chat:has-text("Nova conversa")');
    await brazil.leave();
  });

  await step('phone, tablet and wide screens have no sideways scrolling', async () => {
    for (const [width, height] of [[360, 740], [820, 1180], [1920, 1080]]) {
      const touch = width < 800;
      const there = await world.visit('ana', { bypassCSP: true, viewport: { width, height }, isMobile: touch, hasTouch: touch });
      const { page: seen } = there;
      if (touch) await seen.click('.drawer-button');
      await seen.locator('.row-title', { hasText: 'Renamed by keys' }).click();
      await seen.locator('.message.assistant').first().waitFor();
      for (const selector of ['html', '.scroller']) {
        const wide = await seen.$eval(selector, (element) => element.scrollWidth - element.clientWidth);
        assert.ok(wide <= 0, `${selector} is ${wide} px too wide at ${width}`);
      }
      if (touch) {
        await accessible(seen, 'on a phone');
        await there.input.fill('Two');
        await seen.keyboard.press('Enter');
        assert.equal(await there.input.inputValue(), 'Two\n', 'on glass Enter breaks the line');
        await there.write('');
      }
      await there.leave();
    }
  });

  await step('two thousand messages: only the newest are fetched, older ones come when they are near', async () => {
    const id = `${ana.user}-many`.replace(/[^\w.:-]/g, '-');
    await ana.rest('POST', 'sessions', { session_id: id, title: 'Many' });
    for (let at = 0; at < 130; at++) await ana.rest('POST', 'messages', { session_id: id, content: `Message number ${at}` });
    const held = [];
    await page.route('**/messages?*before=*', (route) => { held.push(route); });
    await page.goto(`${world.server}/#/${id}`);
    await page.getByText('Message number 129').waitFor();
    assert.ok(await page.locator('.conversation .message').count() <= 50);
    await page.locator('.scroller').hover();
    await until(async () => { await page.mouse.wheel(0, -1500); return held.length === 1; }, 'older ones to be asked for');
    // Who has moved on while they were fetched stays where they are now.
    await page.mouse.wheel(0, 700);
    await until(async () => (await place()).top > 600, 'the reader further down');
    await atRest();
    const reading = () => page.locator('.scroller').evaluate((scroller) => {
      const { top } = scroller.getBoundingClientRect();
      const found = [...scroller.querySelectorAll('.message')].find((each) => each.getBoundingClientRect().top >= top);
      return [found.textContent, Math.round(found.getBoundingClientRect().top - top)];
    });
    const before = await reading();
    const count = await page.locator('.conversation .message').count();
    await held[0].continue();
    await page.unroute('**/messages?*before=*');
    await until(async () => await page.locator('.conversation .message').count() > count, 'older ones');
    const after = await reading();
    assert.equal(after[0], before[0], 'the same is read');
    assert.ok(Math.abs(after[1] - before[1]) <= 2, `${after[1]} px instead of ${before[1]}`);
    await until(async () => {
      await page.mouse.wheel(0, -2500);
      return await page.getByText('Message number 0', { exact: true }).count() > 0;
    }, 'the first message');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('buscar nesta');
    await page.keyboard.press('Enter');
    await page.locator('dialog.search:not(.palette) .search-input').fill('number');
    await page.getByText('130 encontradas').waitFor();
    await page.getByRole('button', { name: 'Mostrar mais antigas' }).click();
    await until(async () => await page.locator('.result').count() === 100, 'older ones that were found too');
    await page.keyboard.press('Escape');
  });
}
