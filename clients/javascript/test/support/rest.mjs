import { createHash, randomUUID } from 'node:crypto';

/** The REST half of the stand-in: what the page asks for. */
export function rest({ conversations, user, method, url, body, json, problem, response }) {
  const path = url.pathname.replace(/^\/api\/chat/, '');
  const query = Object.fromEntries(url.searchParams);
  const of = (session) => ({
    session_id: session.id, id: session.id, user_id: session.owner, title: session.title, visibility: session.visibility,
    started_at: session.startedAt, last_activity: session.lastActivity, status: session.status,
    members: [...session.members].map(([id, name]) => ({ user_id: id, name, joined_at: session.startedAt })), settings: session.settings, cursor: String(session.position),
  });
  if (path === '/agents') {
    return json(200, { agents: [{ id: 'default', name: 'Assistant', model: 'demo' }, { id: 'coder', name: 'Code reviewer', model: 'demo' }], default: 'default' });
  }
  if (path === '/models') return json(200, { models: [{ name: 'demo' }, { name: 'llama3.2:3b', family: 'llama', size: 2e9 }], default: 'demo', demo: true });
  if (path === '/quota') return json(200, { used: 3, limit: 30, reset_in: 42 });
  if (path === '/export' && method === 'POST') {
    const session = conversations.sessions.get(body.session_id);
    response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Disposition': `attachment; filename="conversation.${body.format}"` });
    return response.end(body.format === 'json' ? JSON.stringify(session.messages) : session.messages.map((each) => `${each.role}: ${each.content}`).join('\n\n'));
  }
  if (path === '/sessions' && method === 'GET') {
    const all = [...conversations.sessions.values()].filter((each) => each.members.has(user.id)).sort((a, b) => b.lastActivity.localeCompare(a.lastActivity));
    return json(200, { sessions: all.map(of), total: all.length, next: null });
  }
  if (path === '/sessions' && method === 'POST') {
    const origin = body.fork_of && conversations.sessions.get(body.fork_of);
    const session = conversations.session(body.session_id ?? randomUUID(), user, body);
    if (origin) session.messages = origin.messages.slice(0, origin.messages.findIndex((each) => each.message_id === body.until) + 1);
    return json(201, of(session));
  }
  if (path === '/uploads' && method === 'POST') return json(201, conversations.keep(user, file(body)));
  const message = /^\/messages\/([^/]+)$/.exec(path);
  if (message) {
    const found = [...conversations.sessions.values()].flatMap((each) => [...each.messages, ...running(conversations, each)]).find((each) => each.message_id === message[1]);
    return found ? json(200, found) : problem(404, 'NOT_FOUND', 'No such message');
  }
  const named = /^\/sessions\/([^/]+)(?:\/(\w+))?$/.exec(path);
  const session = named && conversations.sessions.get(decodeURIComponent(named[1]));
  if (!session) return problem(404, 'NOT_FOUND', 'There is no such session');
  if (named[2] === 'messages') return json(200, conversations.page([...session.messages, ...running(conversations, session)], query));
  if (named[2] === 'presence') return json(200, { present: [...new Map([...session.connections].map(({ user: { id, name } }) => [id, { user_id: id, name }])).values()] });
  if (named[2] === 'search') {
    const words = (query.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const found = session.messages.filter((each) => !each.deleted && words.every((word) => each.content.toLowerCase().includes(word)));
    const offset = Number(query.offset ?? 0);
    return json(200, { messages: found.reverse().slice(offset, offset + Number(query.limit ?? 50)), total: found.length });
  }
  if (method === 'PATCH') {
    Object.assign(session, body, { settings: { ...session.settings, ...body.settings } });
    conversations.change(session, { type: 'session', session: of(session) });
    return json(200, of(session));
  }
  if (method === 'DELETE') {
    if (query.purge) conversations.sessions.delete(session.id);
    session.status = 'closed';
    conversations.tell(session, { type: 'disconnect', reason: 'closed', code: 4502 });
    return json(204);
  }
  return json(200, of(session));
}

function running(conversations, session) {
  return [...session.running.values(), ...session.waiting].map((reply) => conversations.message(session, {
    message_id: reply.id, role: 'assistant', user_id: reply.agent, content: reply.text, status: 'streaming', question_id: reply.question.message_id,
    versions: reply.earlier.map((each) => each.message_id),
  }));
}

/** The part `file` of a form, read just well enough for what clients send. */
function file(form) {
  const [, head, start] = /((?:^|\n)[^\n]*name="file"[^]*?\r\n\r\n)/d.exec(form.toString('latin1'))?.indices?.reduce((_, at) => [null, at, at[1]], []) ?? [];
  const text = Buffer.from(form.subarray(head[0], head[1])).toString('utf8');
  const boundary = form.subarray(0, form.indexOf('\r\n'));
  const bytes = form.subarray(start, form.indexOf(Buffer.concat([Buffer.from('\r\n'), boundary]), start));
  const name = /filename="((?:[^"\\]|\\.)*)"/.exec(text)?.[1].replace(/%22|\\"/g, '"') ?? 'file';
  return { bytes, name, type: /content-type: *([^\r\n;]+)/i.exec(text)?.[1] ?? 'application/octet-stream', sha256: createHash('sha256').update(bytes).digest('hex') };
}
