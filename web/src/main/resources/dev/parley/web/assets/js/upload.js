import { newId, ParleyError } from '../parley-client/index.js';
import { api } from './api.js';
import { t } from './i18n.js';

/** What one piece has at most: small enough that a broken line costs little, and that progress is seen. */
const PIECE = 256 * 1024;
const LONGEST_WAIT = 10_000;
/** What passes: tried again with what is there already. */
const PASSING = new Set([0, 408, 429, 500, 502, 503, 504]);

/**
 * Brings a file to the server piece by piece. A line that breaks is waited for, and then only what is missing is sent.
 * @param {File} file
 * @param {{progress: (part: number) => void, waits: (is: boolean) => void, signal: AbortSignal}} means
 */
export async function upload(file, { progress, waits, signal }) {
  const id = newId().replace(/[^\w-]/g, '-').slice(0, 64);
  signal.addEventListener('abort', () => api.abandonUpload(id).catch(() => {}), { once: true });
  for (let attempt = 0; ; attempt++) {
    try {
      return await go(id, file, { progress, signal, began: () => { attempt = 0; waits(false); } });
    } catch (error) {
      if (signal.aborted) throw new ParleyError('CLOSED', '');
      // The browser's own error for a line that broke has no status.
      if (!PASSING.has(error.status ?? 0) || error.code === 'QUOTA_EXCEEDED') throw error;
      // So does one that another program has changed or removed, which no line brings back.
      if (error.status === undefined && !await readable(file)) throw new ParleyError('FILE_CHANGED', t('fileChanged'));
      waits(true);
      await pause(Math.max((error.retryAfter ?? 0) * 1000, Math.min(LONGEST_WAIT, 400 * 2 ** attempt)), signal);
    }
  }
}

function readable(file) {
  return file.slice(0, 1).arrayBuffer().then(() => true, () => false);
}

async function go(id, file, { progress, signal, began }) {
  const { received, chunk_size: most } = await api.beginUpload(id, file, signal);
  const size = Math.min(PIECE, most);
  const pieces = Math.ceil(file.size / size);
  const there = new Set(received);
  progress(pieces ? there.size / pieces : 1);
  for (let index = 0; index < pieces; index++) {
    if (there.has(index)) continue;
    await api.chunk(id, index, file.slice(index * size, (index + 1) * size), signal);
    began();
    there.add(index);
    progress(there.size / pieces);
  }
  return api.finishUpload(id, pieces, signal);
}

/** A while, or until there is a line again. */
function pause(time, signal) {
  return new Promise((resolve) => {
    const go = () => { clearTimeout(timer); removeEventListener('online', go); resolve(); };
    const timer = setTimeout(go, time);
    addEventListener('online', go, { once: true });
    signal.addEventListener('abort', go, { once: true });
  });
}
