import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startServer } from './support/server.mjs';

const run = promisify(execFile);
const here = fileURLToPath(new URL('..', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'parley-client-'));
after(() => rm(folder, { recursive: true }));

test('the packed package runs the first example of its README as printed', async () => {
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: here });
  const [{ filename, files }] = JSON.parse(stdout);
  assert.deepEqual(files.map(({ path }) => path).filter((path) => !path.startsWith('src/')).sort(), ['LICENSE', 'README.md', 'package.json']);
  const installed = join(folder, 'node_modules/parley-client');
  await mkdir(installed, { recursive: true });
  await run('tar', ['xzf', join(folder, filename), '--strip-components=1', '-C', installed]);
  const [, example] = /```js\n([^]*?)```/.exec(await readFile(join(installed, 'README.md'), 'utf8'));
  await writeFile(join(folder, 'ask.mjs'), example);
  const server = await startServer();
  try {
    const answer = await run(process.execPath, ['ask.mjs', server.url, 'user-ana', 'Why is the sky blue?'], { cwd: folder });
    assert.equal(answer.stdout, 'You said: Why is the sky blue?');
  } finally {
    await server.stop();
  }
});

test('the types are what the code is', async () => {
  await run(process.execPath, [
    'node_modules/typescript/bin/tsc', '--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom', '--module', 'nodenext', 'test/types.ts',
  ], { cwd: here });
});
