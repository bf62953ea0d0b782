import { api, whenUnauthorized } from './api.js';
import { forget, takeTokenFromAddress, token } from './credentials.js';
import { h } from './dom.js';
import { t } from './i18n.js';
import { keepForOffline } from './offline.js';
import { Room } from './room.js';
import { signIn } from './sign-in.js';
import { whenFull } from './storage.js';
import { complain, toast } from './toasts.js';
import './theme.js';

takeTokenFromAddress();

const app = document.getElementById('app');
let fullSaid = -Infinity;

whenFull(() => {
  if (performance.now() - fullSaid < 60_000) return;
  fullSaid = performance.now();
  toast(t('storageFull'), { kind: 'error', seconds: 20 });
});

/** Someone is needed: with a token, or without where the server allows it. */
async function enter(reason) {
  try {
    await api.quota();
  } catch (error) {
    if (error.status === 401) await signIn(app, token() ? reason ?? 'badToken' : reason);
    else if (error.status !== undefined) complain(error);
    // A server that is away is said by the connection's own badge.
  }
  const room = new Room({ signOut: () => { room.leave(); forget(); enter(); } });
  whenUnauthorized(() => {
    whenUnauthorized(() => {});
    room.leave();
    enter('tokenExpired');
  });
  app.replaceChildren(room.element);
  room.start();
}

app.replaceChildren(h('div.splash', { 'aria-hidden': 'true' }, h('span.brand-mark')));
enter();
keepForOffline();
