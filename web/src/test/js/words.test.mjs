import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { words as english } from '../../main/resources/dev/parley/web/assets/js/words/en.js';
import { words as portuguese } from '../../main/resources/dev/parley/web/assets/js/words/pt-BR.js';

const folder = new URL('../../main/resources/dev/parley/web/assets/js/', import.meta.url);
const sources = readdirSync(folder).filter((name) => name.endsWith('.js')).map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
const gaps = (text) => (text.match(/\{\w+\}/g) ?? []).sort().join();

test('both languages say the same things, with the same gaps', () => {
  assert.deepEqual(Object.keys(portuguese).sort(), Object.keys(english).sort());
  for (const [key, text] of Object.entries(english)) assert.equal(gaps(portuguese[key]), gaps(text), key);
});

test('whatever the page says it has words for', () => {
  const said = [...sources.matchAll(/\bt\('(\w+)'/g)].map(([, key]) => key);
  assert.ok(said.length > 100);
  assert.deepEqual(said.filter((key) => !(key in english)), []);
});

test('no words are left that nobody says', () => {
  const built = /^(private|group|shared)Explained$/;
  assert.deepEqual(Object.keys(english).filter((key) => !built.test(key) && !new RegExp(`\\b${key}\\b`).test(sources)), []);
});
