import { ParleyError } from '../parley-client/index.js';
import { anonymousId, token } from './credentials.js';
import { currentLanguage, t } from './i18n.js';

/** Where the server is: beside the page, whatever path a proxy has put it under. */
export const BASE = new URL('.', document.baseURI).href;

let onUnauthorized = () => {};

/** What to do when the token is not accepted any more. */
export function whenUnauthorized(act) {
  onUnauthorized = act;
}

async function request(method, path, body) {
  const address = new URL(`api/chat/${path}`, BASE);
  const secret = token();
  if (!secret) address.searchParams.set('client_id', anonymousId());
  const response = await fetch(address, {
    method,
    headers: {
      ...(secret ? { Authorization: `Bearer ${secret}` } : {}), 'Accept-Language': currentLanguage(),
      ...(body ? { 'Content-Type': 'application/json' } : {}),
    },
    body: body && JSON.stringify(body),
    cache: 'no-store',
  });
  if (response.ok) return response;
  const error = await ParleyError.ofResponse(response);
  if (error.status === 401) onUnauthorized(error);
  throw error;
}

/** Brings one file to the server; `progress` hears which part of it is on its way. */
function upload(file, { progress, signal }) {
  return new Promise((resolve, reject) => {
    const address = new URL('api/chat/uploads', BASE);
    const secret = token();
    if (!secret) address.searchParams.set('client_id', anonymousId());
    // fetch does not tell how much has gone.
    const request = new XMLHttpRequest();
    request.open('POST', address);
    if (secret) request.setRequestHeader('Authorization', `Bearer ${secret}`);
    request.setRequestHeader('Accept-Language', currentLanguage());
    request.upload.addEventListener('progress', ({ loaded, total }) => progress(total ? loaded / total : 0));
    request.addEventListener('load', async () => {
      if (request.status === 201) return resolve(JSON.parse(request.responseText));
      const error = await ParleyError.ofResponse(new Response(request.responseText, { status: request.status }));
      if (error.status === 401) onUnauthorized(error);
      return reject(error);
    });
    request.addEventListener('error', () => reject(new ParleyError('CONNECTION_LOST', t('uploadLost'))));
    request.addEventListener('abort', () => reject(new ParleyError('CLOSED', '')));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    const form = new FormData();
    form.append('file', file);
    request.send(form);
  });
}

const json = async (...what) => (await request(...what)).json();
const of = (session) => `sessions/${encodeURIComponent(session)}`;

export const api = {
  quota: () => json('GET', 'quota'),
  agents: () => json('GET', 'agents'),
  models: () => json('GET', 'models'),
  sessions: (limit = 200) => json('GET', `sessions?limit=${limit}`),
  session: (id) => json('GET', of(id)),
  change: (id, change) => json('PATCH', of(id), change),
  fork: (id, until) => json('POST', 'sessions', { fork_of: id, until }),
  close: (id) => request('DELETE', of(id)),
  purge: (id) => request('DELETE', `${of(id)}?purge=true`),
  messages: (id, range = {}) => json('GET', `${of(id)}/messages?${new URLSearchParams(range)}`),
  search: (id, q) => json('GET', `${of(id)}/search?${new URLSearchParams({ q, limit: 50 })}`),
  presence: (id) => json('GET', `${of(id)}/presence`),
  upload,
  file: async ({ attachment_id: id }) => (await request('GET', `attachments/${encodeURIComponent(id)}`)).blob(),
  export: (id, format) => request('POST', 'export', { session_id: id, format }),
};
