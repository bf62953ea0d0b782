import { api, whenUnauthorized } from './api.js';
import { forget, takeTokenFromAddress, token } from './credentials.js';
import { h } from './dom.js';
import { t } from './i18n.js';
import { keepForOffline } from './offline.js';
import { Room } from './room.js';
import { signIn } from './sign-in.js';
import { read, whenFull } from './storage.js';
import { complain, toast } from './toasts.js';
import { Trays } from './tray.js';
import './theme.js';

/** So often it is said that nothing can be kept. */
const REMIND = 600_000;

const app = document.getElementById('app');
const trays = new Trays();
let room = null;
let entries = 0;
let fullSaid = -Infinity;

whenFull(() => {
  if (performance.now() - fullSaid < REMIND) return;
  fullSaid = performance.now();
  toast(t('storageFull'), { kind: 'error', seconds: 20 });
});

/** Someone is needed: with a token, or without where the server allows it. */
async function enter(reason) {
  const entry = ++entries;
  const before = read('person');
  leave();
  try {
    await api.quota();
  } catch (error) {
    if (entry !== entries) return;
    if (error.status === 401) await signIn(app, token() ? reason ?? 'badToken' : reason);
    else if (error.status !== undefined) complain(error);
    // A server that is away is said by the connection's own badge.
  }
  if (entry !== entries) return;
  if (read('person') !== before) trays.forget();
  room = new Room({ trays, signOut: () => { leave(); trays.forget(); forget(); enter(); } });
  whenUnauthorized(() => enter('tokenExpired'));
  app.replaceChildren(room.element);
  room.start();
}

function leave() {
  whenUnauthorized(() => {});
  room?.leave();
  room = null;
}

takeTokenFromAddress();
// Also one that is put into the address of the open page.
addEventListener('hashchange', () => {
  const before = read('person');
  if (!takeTokenFromAddress()) return;
  if (read('person') !== before) trays.forget();
  enter();
});
app.replaceChildren(h('div.splash', { 'aria-hidden': 'true' }, h('span.brand-mark')));
enter();
keepForOffline();
