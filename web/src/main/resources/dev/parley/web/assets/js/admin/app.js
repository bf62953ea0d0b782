import { adminToken, keepForAdmin, takeTokenFromAddress } from '../credentials.js';
import { h } from '../dom.js';
import { signIn } from '../sign-in.js';
import '../theme.js';
import { actions } from './actions.js';
import { admin } from './api.js';
import { listen } from './beats.js';
import { audit, connections, replies, sessions, settings } from './lists.js';
import { overview } from './overview.js';
import { w } from './words.js';

const AGAIN = 2000;

takeTokenFromAddress((given) => keepForAdmin(given, false));

const app = document.getElementById('app');
/** Ends what runs. */
let leave = () => {};
let entries = 0;
const PANELS = { overview, replies, connections, sessions, actions, settings, audit };

/** Somebody who may administer is needed. */
async function enter(reason) {
  const entry = ++entries;
  leave();
  try {
    await admin.stats();
    if (entry === entries) operate();
  } catch (error) {
    if (entry !== entries) return;
    if (error.status === 401) ask(adminToken() ? reason ?? 'badToken' : reason);
    else if (error.status === 403) refused();
    else away(error, reason);
  }
}

async function ask(reason) {
  await signIn(app, reason, keepForAdmin);
  enter();
}

function splash(...content) {
  app.replaceChildren(h('main.sign-in-place', h('div.sign-in', h('div.brand', h('span.brand-mark'), h('span', 'Parley')), h('h1', w('title')), ...content)));
}

/** The server cannot be asked: said, and tried again until it can. */
function away(error, reason) {
  if (!document.querySelector('.away')) splash(h('p.away', { role: 'status' }, error.code ? error.message : w('lost')));
  setTimeout(() => document.querySelector('.away') && enter(reason), AGAIN);
}

function refused() {
  const again = h('button.primary', { type: 'button', onclick: () => ask() }, w('signInAgain'));
  splash(h('p', { role: 'alert' }, w('notAdmin')), again);
  again.focus();
}

function operate() {
  const place = h('main.panel-place');
  const state = h('span.live', { role: 'status' });
  const server = h('span.faint.server');
  const panels = Object.fromEntries(Object.entries(PANELS).map(([key, make]) => [key, make()]));
  const links = Object.fromEntries(Object.keys(PANELS).map((key) => [key, h('a', { href: `#${key}` }, w(key))]));
  let shown = null;

  function show() {
    const key = PANELS[location.hash.slice(1)] ? location.hash.slice(1) : 'overview';
    if (shown === key) return;
    if (shown) panels[shown].hidden();
    shown = key;
    for (const [each, link] of Object.entries(links)) {
      if (each === key) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    place.replaceChildren(panels[key].element);
    panels[key].shown();
  }

  app.replaceChildren(
    h('header.top', h('div.brand', h('span.brand-mark'), h('h1', w('title'))), h('nav', { 'aria-label': w('title') }, Object.values(links)), h('span.spring'), server, state, h('a.plain.small', { href: './' }, w('chat'))),
    place);
  addEventListener('hashchange', show);
  show();
  const stop = listen({
    beat: (now) => {
      server.textContent = w('node', { node: now.node.slice(-6) });
      server.title = now.node;
      for (const panel of Object.values(panels)) panel.beat(now);
    },
    state: (now) => { state.textContent = w(now); state.dataset.state = now; },
    refused: () => enter('tokenExpired'),
  });
  leave = () => {
    leave = () => {};
    stop();
    removeEventListener('hashchange', show);
    if (shown) panels[shown].hidden();
  };
}

// Also a token that is put into the address of the open page.
addEventListener('hashchange', () => takeTokenFromAddress((given) => keepForAdmin(given, false)) && enter());
app.replaceChildren(h('div.splash', { 'aria-hidden': 'true' }, h('span.brand-mark')));
enter();
