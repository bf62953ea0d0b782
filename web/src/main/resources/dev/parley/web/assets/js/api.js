import { ParleyError } from '../parley-client/index.js';
import { anonymousId, token } from './credentials.js';
import { currentLanguage } from './i18n.js';

/** Where the server is: beside the page, whatever path a proxy has put it under. */
export const BASE = new URL('.', document.baseURI).href;

let onUnauthorized = () => {};

/** What to do when the token is not accepted any more. */
export function whenUnauthorized(act) {
  onUnauthorized = act;
}

async function request(method, path, body, { signal, raw = false, as } = {}) {
  const address = new URL(`api/chat/${path}`, BASE);
  const secret = as ?? token();
  if (!secret) address.searchParams.set('client_id', anonymousId());
  const response = await fetch(address, {
    method,
    headers: {
      ...(secret ? { Authorization: `Bearer ${secret}` } : {}), 'Accept-Language': currentLanguage(),
      ...(body ? { 'Content-Type': raw ? 'application/octet-stream' : 'application/json' } : {}),
    },
    body: body && (raw ? body : JSON.stringify(body)),
    cache: 'no-store',
    signal,
  });
  if (response.ok) return response;
  const error = await ParleyError.ofResponse(response);
  if (error.status === 401 && !as) onUnauthorized(error);
  throw error;
}

const json = async (...what) => (await request(...what)).json();
const of = (session) => `sessions/${encodeURIComponent(session)}`;

const upload = (id) => `uploads/${encodeURIComponent(id)}`;
const message = (id) => `messages/${encodeURIComponent(id)}`;

export const api = {
  quota: () => json('GET', 'quota'),
  /** Whether a token is accepted, before it is anybody's here. */
  admits: (given) => json('GET', 'quota', undefined, { as: given }),
  agents: () => json('GET', 'agents'),
  models: () => json('GET', 'models'),
  sessions: (offset = 0) => json('GET', `sessions?${new URLSearchParams({ limit: 200, offset })}`),
  session: (id) => json('GET', of(id)),
  change: (id, change) => json('PATCH', of(id), change),
  fork: (id, until) => json('POST', 'sessions', { fork_of: id, until }),
  close: (id) => request('DELETE', of(id)),
  purge: (id) => request('DELETE', `${of(id)}?purge=true`),
  invite: (id, user) => json('PUT', `${of(id)}/members/${encodeURIComponent(user)}`),
  expel: (id, user) => request('DELETE', `${of(id)}/members/${encodeURIComponent(user)}`),
  messages: (id, range = {}) => json('GET', `${of(id)}/messages?${new URLSearchParams(range)}`),
  search: (id, q, offset = 0) => json('GET', `${of(id)}/search?${new URLSearchParams({ q, limit: 50, offset })}`),
  searchAll: (q, limit = 20) => json('GET', `search?${new URLSearchParams({ q, limit })}`),
  versions: (id) => json('GET', `${message(id)}/history`),
  thread: (id, offset = 0) => json('GET', `${message(id)}/thread?${new URLSearchParams({ limit: 200, offset })}`),
  presence: (id) => json('GET', `${of(id)}/presence`),
  beginUpload: (id, file, signal) => json('PUT', upload(id), { file_name: file.name, mime_type: file.type, size: file.size }, { signal }),
  chunk: (id, index, blob, signal) => json('PUT', `${upload(id)}/chunks/${index}`, blob, { raw: true, signal }),
  finishUpload: (id, chunks, signal) => json('POST', upload(id), { total_chunks: chunks }, { signal }),
  abandonUpload: (id) => request('DELETE', upload(id)),
  file: async ({ attachment_id: id }) => (await request('GET', `attachments/${encodeURIComponent(id)}`)).blob(),
  export: (id, format) => request('POST', 'export', { session_id: id ?? undefined, format }),
};

/** An address with what a plain request needs, and what it says who asks. */
export function live(path) {
  const address = new URL(`api/chat/${path}`, BASE);
  const secret = token();
  if (!secret) address.searchParams.set('client_id', anonymousId());
  return { address, headers: secret ? { Authorization: `Bearer ${secret}` } : {} };
}
