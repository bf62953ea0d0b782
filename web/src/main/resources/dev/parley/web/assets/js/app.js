import { takeTokenFromAddress, forget, token } from './credentials.js';

takeTokenFromAddress();

const { api, whenUnauthorized } = await import('./api.js');
const { h } = await import('./dom.js');
const { signIn } = await import('./sign-in.js');
const { Room } = await import('./room.js');
const { complain } = await import('./toasts.js');
await import('./theme.js');

const app = document.getElementById('app');

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
