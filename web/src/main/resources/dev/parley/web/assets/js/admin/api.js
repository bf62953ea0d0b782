import { ParleyError } from '../../parley-client/index.js';
import { BASE } from '../api.js';
import { adminToken } from '../credentials.js';
import { currentLanguage } from '../i18n.js';

async function request(method, path, body, signal) {
  const token = adminToken();
  const response = await fetch(new URL(path, BASE), {
    method,
    headers: {
      ...(token ? { Authorization: `Bearer ${token}` } : {}), 'Accept-Language': currentLanguage(),
      ...(body ? { 'Content-Type': 'application/json' } : {}),
    },
    body: body && JSON.stringify(body),
    cache: 'no-store',
    signal,
  });
  if (response.ok) return response;
  throw await ParleyError.ofResponse(response);
}

const json = async (...what) => (await request(...what)).json();
const found = (list) => (query, offset = 0) => json('GET', `api/admin/${list}?${new URLSearchParams({ query, offset, limit: 50 })}`);

/** What administrators ask of the server; all of it is in /openapi.json. */
export const admin = {
  live: (signal) => request('GET', 'api/admin/live', undefined, signal),
  stats: () => json('GET', 'api/admin/stats'),
  /** Also says what is wrong when the server is not ready. */
  health: async () => (await fetch(new URL('health', BASE), { cache: 'no-store' })).json(),
  replies: () => json('GET', 'api/admin/replies'),
  stop: (session, message) => json('POST', `api/admin/sessions/${encodeURIComponent(session)}/replies/${encodeURIComponent(message)}/stop`),
  connections: found('connections'),
  dismiss: (id) => request('DELETE', `api/admin/connections/${encodeURIComponent(id)}`),
  sessions: found('sessions'),
  close: (id) => request('DELETE', `api/chat/sessions/${encodeURIComponent(id)}`),
  audit: (limit) => json('GET', `api/admin/audit?limit=${limit}`),
  settings: () => json('GET', 'api/admin/settings'),
  announce: (message, level) => request('POST', 'api/admin/announcements', { message, level }),
  revoke: (what) => request('POST', 'api/admin/revocations', what),
};
