import { admin } from './api.js';

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15_000;

/** The server's beats, for as long as they are wanted: `beat(data)` for each, `state('live' | 'lost')` when that changes. */
export function listen({ beat, state, refused }) {
  const ended = new AbortController();
  follow(ended.signal, beat, state, refused);
  return () => ended.abort();
}

async function follow(signal, beat, state, refused) {
  let pause = FIRST_PAUSE;
  while (!signal.aborted) {
    try {
      const response = await admin.live(signal);
      for await (const line of lines(response.body)) {
        if (!line.startsWith('data: ')) continue;
        pause = FIRST_PAUSE;
        state('live');
        beat(JSON.parse(line.slice('data: '.length)));
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 401 || error.status === 403) return refused(error);
    }
    state('lost');
    await new Promise((resolve) => setTimeout(resolve, pause * (0.7 + Math.random() * 0.6)));
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

async function* lines(body) {
  let rest = '';
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const whole = (rest + part.value).split('\n');
      rest = whole.pop();
      yield* whole;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * What happened between two beats, per second; sums that fell mean that the server was started anew or another one answers, and
 * then there is nothing to say yet.
 */
export function between(before, now) {
  const seconds = (Date.parse(now.at) - Date.parse(before.at)) / 1000;
  if (before.node !== now.node || seconds <= 0 || now.words < before.words || now.frames_sent < before.frames_sent) return null;
  const rate = (key) => Math.max(0, now[key] - before[key]) / seconds;
  const mean = (key) => {
    const count = now[key].count - before[key].count;
    return count > 0 ? (now[key].total_ms - before[key].total_ms) / count : null;
  };
  const errors = (beat) => Object.values(beat.errors).reduce((sum, each) => sum + each, 0);
  return {
    words: rate('words'), framesSent: rate('frames_sent'), framesReceived: rate('frames_received'),
    bytesSent: rate('bytes_sent'), bytesReceived: rate('bytes_received'),
    first: mean('first_tokens'), answers: mean('commands'), commits: mean('commits'),
    errors: Math.max(0, errors(now) - errors(before)) / seconds,
  };
}
