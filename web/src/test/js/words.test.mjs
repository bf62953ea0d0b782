import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { words as english } from '../../main/resources/dev/parley/web/assets/js/words/en.js';
import { words as portuguese } from '../../main/resources/dev/parley/web/assets/js/words/pt-BR.js';

const folder = new URL('../../main/resources/dev/parley/web/assets/js/', import.meta.url);
const sources = readdirSync(folder).filter((name) => name.endsWith('.js')).map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
const admins = readdirSync(new URL('admin/', folder)).map((name) => [name, readFileSync(new URL(`admin/${name}`, folder), 'utf8')]);
const admin = admins.filter(([name]) => name !== 'words.js').map(([, text]) => text).join('\n');
const adminWords = admins.find(([name]) => name === 'words.js')[1];
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

test('the words of the page for administrators are whole too, and all of them are said', () => {
  const [en, pt] = ['en', 'ptBR'].map((name) => new RegExp(`const ${name} = (\\{[\\s\\S]*?\\n\\});`).exec(adminWords)[1]).map((text) => new Function(`return ${text}`)());
  assert.deepEqual(Object.keys(pt).sort(), Object.keys(en).sort());
  for (const [key, text] of Object.entries(en)) assert.equal(gaps(pt[key]), gaps(text), key);
  const said = [...admin.matchAll(/\bw\('(\w+)'/g)].map(([, key]) => key);
  assert.ok(said.length > 50);
  assert.deepEqual(said.filter((key) => !(key in en)), []);
  assert.deepEqual(Object.keys(en).filter((key) => !new RegExp(`\\b${key}\\b`).test(admin)), []);
});
