import { dialog } from './dialog.js';
import { h } from './dom.js';
import { number, t } from './i18n.js';
import { icon } from './icons.js';
import { selfTest } from './self-test.js';

/** How the line is, and what a look at it finds. */
export function showConnection(conversation) {
  if (document.querySelector('dialog[open]')) return;
  const results = h('ul.checks', { role: 'status' });
  const button = h('button.primary', { type: 'button', onclick: run }, t('testLine'));
  const { status, transport } = conversation.client.state;
  dialog(t('connection'), { className: 'dialog', cross: true },
    h('p', status === 'connected' ? t('goesOver', { how: t(transport) }) : t('notConnected')),
    transport && transport !== 'websocket' && status === 'connected' && h('p.faint', t('fallback', { how: t(transport) })),
    results, h('div.dialog-actions', button));
  button.focus();

  async function run() {
    if (conversation.fresh) {
      results.replaceChildren(check('warn', t('testNeedsConversation')));
      return;
    }
    button.disabled = true;
    results.replaceChildren(check('wait', t('testing')));
    const { websocket, events, first, trip } = await selfTest(conversation);
    button.disabled = false;
    results.replaceChildren(
      check(websocket ? 'good' : 'warn', t(websocket ? 'socketsPass' : 'socketsBlocked')),
      check(events === 'flows' ? 'good' : 'warn', t({ flows: 'eventsFlow', held: 'eventsHeld', blocked: 'eventsBlocked' }[events], { n: number(first ?? 0) })),
      trip === null ? check('warn', t('noTrip')) : check('good', t('trip', { n: number(trip) })));
  }
}

function check(kind, words) {
  return h(`li.check-${kind}`, icon({ good: 'check', warn: 'warning', wait: 'clock' }[kind]), h('span', words));
}
