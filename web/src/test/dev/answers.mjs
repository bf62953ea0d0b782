const CODE = [
  'A retry that spreads its attempts keeps a busy server from being asked by everyone at the same moment. This is called **full jitter**:',
  '', '```java', 'static Duration next(int attempt, RandomGenerator random) {', '    long cap = Math.min(30_000, 500L << Math.min(attempt, 16));',
  '    return Duration.ofMillis(random.nextLong(cap + 1));', '}', '```', '',
  'Three things matter:', '', '1. The bound **doubles** with every failure, up to a cap.', '2. The wait is drawn from the *whole* range, not added on top.',
  '3. A success resets it, but only after the connection has been stable for a while.', '',
  '| attempt | bound | mean wait |', '|---:|---:|---:|', '| 1 | 500 ms | 250 ms |', '| 4 | 4 s | 2 s |', '| 8 | 30 s | 15 s |', '',
  '> Obey `Retry-After` first: the server knows better than any formula.', '',
  'See [the notes on backoff](https://example.org/backoff) for measurements.',
].join('\n');

const LONG = Array.from({ length: 40 }, (_, i) => `Paragraph ${i + 1} says a little more about how a long answer arrives, piece by piece, and stays readable while it does.`).join('\n\n');

/** What the stand-in's model says: `code`, `long`, `fail` and `wait` in a question ask for something special. */
export function answer(question) {
  if (/\bfail\b/.test(question)) return { text: LONG, delay: 10, fails: 60 };
  if (/\bwait\b/.test(question)) return { text: 'Thank you for waiting.', delay: 10, firstDelay: 4_000 };
  if (/\blong\b/.test(question)) return { text: LONG, delay: 8 };
  if (/\b(code|retry|jitter)\b/i.test(question)) return { text: CODE, delay: 12, firstDelay: 300 };
  return { text: `You said: ${question}`, delay: 12 };
}
