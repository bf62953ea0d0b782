import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastBoundary } from '../../main/resources/dev/parley/web/assets/js/blocks.js';

const fixed = (text) => text.slice(0, lastBoundary(text, 0));

test('a paragraph is finished when something new begins after an empty line', () => {
  assert.equal(fixed('one\ntwo'), '');
  assert.equal(fixed('one\n\n'), '');
  assert.equal(fixed('one\n\nt'), 'one\n\n');
  assert.equal(fixed('one\n\ntwo\n'), 'one\n\n');
});

test('lists, quotes and what is indented stay together', () => {
  assert.equal(fixed('1. a\n\n2. b\n\n   still b\n\n> c\n'), '');
  assert.equal(fixed('1. a\n\n2. b\n\nafter\n'), '1. a\n\n2. b\n\n');
});

test('a line that has only begun counts where it cannot belong to what was before', () => {
  assert.equal(fixed('- a\n\n-'), '');
  assert.equal(fixed('- a\n\n**b'), '- a\n\n');
  assert.equal(fixed('1. a\n\n2'), '');
  assert.equal(fixed('1. a\n\n2nd'), '1. a\n\n');
  assert.equal(fixed('- a\n\n  b'), '');
});

test('code is one block from fence to fence, whatever is in it', () => {
  assert.equal(fixed('text\n```js\na\n\nb\n'), 'text\n');
  assert.equal(fixed('```js\na\n\nb\n~~~\n```\nmore'), '```js\na\n\nb\n~~~\n```\n');
  assert.equal(fixed('````\n```\n\nx\n'), '');
});

test('boundaries only move forward while a text grows, and end where the text does not change any more', () => {
  const text = 'Intro\n\n- a\n\n- b\n\n```\nx\n\ny\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nEnd\n\nlast\n';
  let boundary = 0;
  const blocks = [];
  for (let end = 1; end <= text.length; end++) {
    const next = lastBoundary(text.slice(0, end), boundary);
    assert.ok(next >= boundary);
    if (next > boundary) blocks.push(text.slice(boundary, next));
    boundary = next;
  }
  assert.equal(blocks.join(''), text.slice(0, boundary));
  assert.ok(blocks.some((block) => block.startsWith('```') && block.trimEnd().endsWith('```')));
});
