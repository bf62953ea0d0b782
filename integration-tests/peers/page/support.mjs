import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { chromium } from 'playwright-core';
import { startWire } from '../wire.mjs';

/** For what is sure to come, on a machine that has much else to do. */
const DEADLINE = Number(process.env.PAGE_DEADLINE ?? 60_000);
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token for somebody, as the server's secret makes it. */
export function tokenFor(secret, user, { name = user, roles = ['user'], seconds = 3600, id } = {}) {
  const now = Math.floor(Date.now() / 1000);
  const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: user, name, roles, iat: now, exp: now + seconds, ...(id ? { jti: id } : {}) })}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

export async function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      // Wheels move at once, so that where the reader is can be looked at.
      '--disable-smooth-scrolling'],
  });
}

/** Waits for what is sure to come. */
export async function until(condition, what) {
  const end = Date.now() + DEADLINE;
  while (!await condition()) {
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 25); });
  }
}

/** What moves or changes its colour for a moment has done so. */
export function still(page) {
  return page.evaluate(() => Promise.allSettled(document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Infinity).map((each) => each.finished)));
}

/** Looks from its first moment when a page can be used: the place to write in is seen and has the focus. */
export function watchUsable(page) {
  return page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      const input = document.querySelector('.composer-input');
      if (!input || input.disabled || document.activeElement !== input) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => { window.usable = performance.now() - performance.getEntriesByType('navigation')[0].responseStart; }));
    }).observe(document, { childList: true, subtree: true, attributes: true });
  });
}

/** How long after the server's answer that was, in milliseconds. */
export async function usable(page) {
  await page.waitForFunction(() => window.usable !== undefined);
  return Math.round(await page.evaluate(() => window.usable));
}

/** One person with one page: what they see, write and click. */
export class Visitor {
  /** @param {import('playwright-core').Page} page @param {{user: string, token: string, wire: object, world: World}} who */
  constructor(page, who) {
    Object.assign(this, { page, ...who });
  }

  get input() { return this.page.locator('.composer-input').first(); }

  get answers() { return this.page.locator('.conversation .message.assistant'); }

  get questions() { return this.page.locator('.conversation .message.user'); }

  async write(text) {
    await this.input.fill(text);
  }

  /** Writes and sends; the message is seen. */
  async ask(text) {
    await this.write(text);
    await this.page.keyboard.press('Enter');
    await this.questions.filter({ hasText: [...text].slice(0, 30).join('') }).last().waitFor();
  }

  /** Asks and waits for the end of the answer. */
  async asked(text) {
    await this.ask(text);
    await this.ended(text);
  }

  async ended() {
    await until(async () => await this.answers.count() > 0 && await this.page.locator('.conversation .message').last().evaluate((last) => last.matches('.assistant:not(.live)')), 'an answer that has ended');
  }

  text() {
    return this.answers.last().locator('.prose').innerText();
  }

  /** To be used where the answer does not end before it is told to. */
  async growing(length = 20) {
    await until(async () => await this.page.locator('.message.live .prose').count() > 0 && (await this.text()).length > length, 'an answer that is being written');
  }

  /** Clicks until this is what was copied: all pages have one clipboard. */
  async copies(button, wanted) {
    await until(async () => {
      await button.click();
      return wanted(await this.page.evaluate(() => navigator.clipboard.readText()));
    }, 'it to be copied');
  }

  status(wanted) {
    return this.page.waitForSelector(`.badge[data-status="${wanted}"]`);
  }

  /** Picks from a menu that a button opens. */
  async pick(button, entry) {
    await button.click();
    await this.page.locator('.menu-item', { hasText: entry }).first().click();
  }

  /** Has the line come back without waiting for it. */
  async back() {
    if (this.wire) this.wire.dead = false;
    await until(async () => {
      await this.page.locator('.badge .plain:visible').click({ timeout: 200 }).catch(() => {});
      return await this.page.locator('.badge[data-status=connected], .badge[data-status=fallback]').count() > 0;
    }, 'the line again');
  }

  /** Has the server go away. */
  async gone() {
    this.wire.dead = true;
    this.wire.cut();
    await this.status('waiting');
  }

  row(title) {
    return this.page.locator('.row-title', { hasText: title });
  }

  /** Asks the server for something, as this person. */
  async rest(method, path, body) {
    const response = await fetch(`${this.world.server}/api/chat/${path}`, {
      method, headers: { Authorization: `Bearer ${this.token}`, ...(body ? { 'Content-Type': 'application/json' } : {}) }, body: body && JSON.stringify(body),
    });
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${response.ok ? '' : await response.text()}`);
    return response.status === 204 ? null : response.json();
  }

  get session() {
    return decodeURIComponent(new URL(this.page.url()).hash.slice(2));
  }

  /** What is stored of the newest answer. */
  async stored() {
    const { messages } = await this.rest('GET', `sessions/${encodeURIComponent(this.session)}/messages`);
    return messages.findLast((each) => each.role === 'assistant').content;
  }

  /** The page shows exactly what is stored, as far as words go. */
  async whole() {
    const words = (value) => value.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
    const kept = words(await this.stored());
    assert.ok(kept.length > 0, 'the stored answer is empty');
    await until(async () => words(await this.text()) === kept, 'the page to show exactly what is stored');
  }

  async leave() {
    await this.page.context().close();
  }
}

/** One test file's world: people with names of their own, so that files do not meet. */
export class World {
  faults = [];
  #wires = [];
  #visitors = [];

  constructor(browser, server, secret, name) {
    Object.assign(this, { browser, server: server.replace(/\/$/, ''), secret, name: `${name}-${Math.random().toString(36).slice(2, 7)}` });
  }

  /**
   * Opens the page for somebody. With `wire`, over a line of their own that can be broken.
   * @param {{path?: string, wire?: boolean, tokenId?: string, seconds?: number, roles?: string[], name?: string, prepare?: Function}} [how]
   */
  async visit(user, { path = '/', wire = false, tokenId, seconds, roles, name, prepare, wait = '.room', ...options } = {}) {
    const id = `${this.name}-${user}`;
    const line = wire ? await startWire(new URL(this.server)) : null;
    if (line) this.#wires.push(line);
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', acceptDownloads: true, ...options });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const key = tokenFor(this.secret, id, { name: name ?? user[0].toUpperCase() + user.slice(1), roles, seconds, id: tokenId });
    const page = await context.newPage();
    await prepare?.(page, context);
    this.watch(page);
    await page.goto(`${line?.url ?? this.server}${path}#token=${key}`);
    await page.waitForSelector(wait);
    const visitor = new Visitor(page, { user: id, token: key, wire: line, world: this });
    this.#visitors.push(visitor);
    return visitor;
  }

  /** What the browser complains about is the page's fault, but for lines that are broken on purpose. */
  watch(page) {
    page.setDefaultTimeout(DEADLINE);
    page.on('pageerror', (error) => this.faults.push(`page: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/WebSocket connection to|net::ERR_|error occurred when fetching the script|status of (4\d\d|50[23])/.test(message.text())) this.faults.push(`console: ${message.text()}`);
    });
    page.addInitScript(() => addEventListener('securitypolicyviolation', (event) => console.error(`violates the policy: ${event.violatedDirective} ${event.blockedURI}`)));
  }

  /** Has the model go on where it waits for that name. */
  async goOn(gate) {
    const who = new Visitor(null, { token: tokenFor(this.secret, `${this.name}-director`), world: this });
    const { session_id: session } = await who.rest('POST', 'sessions', { title: 'Directions' });
    await who.rest('POST', 'messages', { session_id: session, content: `go on: ${gate}`, reply: true });
  }

  /** Pictures of what everybody sees, for whoever looks for a fault. */
  async shoot(path) {
    for (const [at, { page }] of this.#visitors.entries()) await page.screenshot({ path: `${path}-${at}.png` }).catch(() => {});
  }

  async close() {
    await Promise.all(this.#visitors.map((each) => each.leave().catch(() => {})));
    for (const wire of this.#wires) wire.close();
  }
}
