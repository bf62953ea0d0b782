import { question } from '../dialog.js';
import { h } from '../dom.js';
import { number } from '../i18n.js';
import { complain, toast } from '../toasts.js';
import { admin } from './api.js';
import { act, moment, name, table, trouble } from './table.js';
import { w } from './words.js';

const LOOK_EVERY = 2000;
/** So much of the audit log is shown at first, and at most as the server gives. */
const AUDIT_PART = 50;
const AUDIT_MOST = 1000;

/** Does it, says that it is done or why not, and looks again. */
const does = (what, again) => async () => {
  try {
    await what();
    toast(w('done'), { seconds: 3 });
  } catch (error) {
    complain(error);
  }
  await again().catch(complain);
};

/** The replies of all servers, with a way to stop each. */
export function replies() {
  const list = table(w('replies'), [
    [w('session'), (each) => name(each.session_id)], [w('by'), (each) => name(each.asked_by)], [w('asked'), (each) => moment(each.asked_at)],
    [w('characters'), (each) => number(each.characters)], [w('server'), (each) => name(each.node)],
    [w('actions'), (each) => (each.stop_requested_by ? h('span.faint', w('stopping')) : act(w('stop'), does(() => admin.stop(each.session_id, each.message_id), look), { danger: true }))],
  ], (each) => each.message_id);
  const look = async () => list.show((await admin.replies()).replies);
  return looking(h('section.panel', list.element), look);
}

/** The connections of all servers. */
export function connections() {
  const { element, look } = searched(w('connections'), w('findConnections'), admin.connections, 'connections', (again) => table(w('connections'), [
    [w('user'), (each) => name(each.user_id)], [w('session'), (each) => name(each.session_id ?? '–')], [w('protocol'), (each) => each.protocol],
    [w('since'), (each) => moment(each.connected_at)], [w('sign'), (each) => moment(each.last_ping)], [w('server'), (each) => name(each.node)],
    [w('actions'), (each) => act(w('reconnect'), does(() => admin.dismiss(each.connection_id), again), { title: w('reconnectHint') })],
  ], (each) => each.connection_id));
  return looking(element, look);
}

/** Everybody's sessions. */
export function sessions() {
  const close = (each, again) => async () => {
    const sure = await question({ title: w('closeSession', { title: each.title || each.session_id }), text: w('closeText'), confirm: w('close'), danger: true });
    if (sure) await does(() => admin.close(each.session_id), again)();
  };
  const { element, look } = searched(w('sessions'), w('findSessions'), admin.sessions, 'sessions', (again) => table(w('sessions'), [
    [w('titleOf'), (each) => name(each.title || each.session_id)], [w('owner'), (each) => name(each.user_id ?? '–')], [w('status'), (each) => each.status],
    [w('members'), (each) => number(each.members.length)], [w('active'), (each) => moment(each.last_activity)],
    [w('actions'), (each) => (each.status === 'closed' ? '' : act(w('close'), close(each, again), { danger: true }))],
  ], (each) => each.session_id));
  return looking(element, look);
}

export function audit() {
  const list = table(w('audit'), [
    [w('at'), (each) => moment(each.at)], [w('by'), (each) => name(each.by)], [w('action'), (each) => h('code', each.action)], [w('subject'), (each) => name(each.subject)],
  ], (each) => `${each.at} ${each.by} ${each.action} ${each.subject} ${each.nth}`);
  const more = h('button.plain', { type: 'button', hidden: true, onclick: () => { wanted = Math.min(wanted + AUDIT_PART, AUDIT_MOST); look().catch(complain); } }, w('more'));
  let wanted = AUDIT_PART;
  async function look() {
    const asked = wanted;
    const { entries } = await admin.audit(asked);
    const times = new Map();
    list.show(entries.map((each) => {
      // The same may have been done several times in one moment.
      const said = JSON.stringify(each);
      times.set(said, (times.get(said) ?? 0) + 1);
      return { ...each, nth: times.get(said) };
    }));
    more.hidden = entries.length < asked || asked >= AUDIT_MOST;
  }
  return looking(h('section.panel', list.element, more), look);
}

export function settings() {
  const list = table(w('settings'), [
    [w('name'), (each) => h('code', each.name)], [w('value'), (each) => name(each.value)], [w('source'), (each) => each.source], [w('standard'), (each) => name(each.default)],
  ], (each) => each.name);
  const wrong = trouble();
  const look = wrong.watched(async () => list.show((await admin.settings()).settings));
  return { element: h('section.panel', wrong.element, list.element), beat: () => {}, shown: () => look(), hidden: () => {} };
}

/** A list with a field above it and more of it below. */
function searched(label, hint, ask, key, make) {
  const field = h('input.field', { type: 'search', 'aria-label': `${w('find')}: ${hint}`, placeholder: hint, oninput: () => { clearTimeout(typing); typing = setTimeout(() => look().catch(complain), 250); } });
  const count = h('span.faint', { role: 'status' });
  const more = h('button.plain', { type: 'button', hidden: true, onclick: () => { pages += 1; look().catch(complain); } }, w('more'));
  let typing;
  let pages = 1;
  let wanted = '';
  async function look() {
    const query = field.value.trim();
    if (query !== wanted) pages = 1;
    wanted = query;
    const parts = [];
    for (let page = 0; page < pages; page += 1) parts.push(await ask(query, page * 50));
    if (query !== field.value.trim()) return;
    const items = new Map(parts.flatMap((part) => part[key]).map((item) => [JSON.stringify(item), item]));
    list.show([...items.values()]);
    const total = parts.at(-1).total;
    count.textContent = w('of', { shown: number(items.size), total: number(total) });
    more.hidden = items.size >= total;
  }
  const list = make(look);
  return { element: h('section.panel', h('div.find', field, count), list.element, more), look };
}

/** Looks again and again while it is seen, and says so when that does not work. */
function looking(element, ask) {
  const wrong = trouble();
  const look = wrong.watched(ask);
  let timer;
  element.prepend(wrong.element);
  return { element, beat: () => {}, shown: () => { look(); timer = setInterval(look, LOOK_EVERY); }, hidden: () => clearInterval(timer) };
}
