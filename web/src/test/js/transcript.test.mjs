import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Transcript } from '../../main/resources/dev/parley/web/assets/js/transcript.js';

const message = (id, position, more = {}) => ({ message_id: id, role: 'user', user_id: 'ana', content: id, timestamp: '2026-01-01T00:00:00.000Z', position, ...more });
const answer = (id, question, position, more = {}) => message(id, position, { role: 'assistant', user_id: 'default', question_id: question, status: 'completed', ...more });
const ids = (transcript) => transcript.shown().map(({ id, sent }) => id ?? sent.id);

test('answers stand below their questions, whenever they were given', () => {
  const transcript = new Transcript();
  for (const each of [answer('r1', 'q1', 4), message('q2', 2), message('q1', 1), answer('r2', 'q2', 5)]) transcript.upsert(each);
  assert.deepEqual(ids(transcript), ['q1', 'r1', 'q2', 'r2']);
});

test('of several answers the newest is shown until another one is chosen, and again when a new one comes', () => {
  const transcript = new Transcript();
  for (const each of [message('q', 1), answer('a', 'q', 2), answer('b', 'q', 3)]) transcript.upsert(each);
  assert.deepEqual(ids(transcript), ['q', 'b']);
  transcript.choose('q', 'a');
  assert.deepEqual(ids(transcript), ['q', 'a']);
  assert.deepEqual(transcript.shown()[1].versions, ['a', 'b']);
  transcript.replyChanged({ messageId: 'c', questionId: 'q', status: 'streaming', text: '', ended: false });
  assert.deepEqual(ids(transcript), ['q', 'c']);
});

test('a sent message is the one that comes back, with its acknowledgement or as a message', () => {
  const transcript = new Transcript();
  transcript.upsert(message('old', 7));
  const sent = { id: 'c1', content: 'hello', frame: {}, messageId: null };
  const item = transcript.addSent(sent, 'ana');
  const later = { id: 'c2', content: 'later', frame: {}, messageId: null };
  transcript.addSent(later, 'ana');
  assert.deepEqual(ids(transcript), ['old', 'c1', 'c2']);
  assert.equal(transcript.upsert(message('m1', 8, { client_id: 'c1' })), item);
  sent.messageId = 'm1';
  assert.equal(transcript.sentChanged(sent), item);
  later.messageId = 'm2';
  transcript.sentChanged(later);
  transcript.upsert(message('m3', 10));
  assert.deepEqual(ids(transcript), ['old', 'm1', 'm2', 'm3']);
});

test('what is stored does not take back what a running answer already shows', () => {
  const transcript = new Transcript();
  transcript.upsert(message('q', 1));
  const reply = { messageId: 'r', questionId: 'q', status: 'streaming', text: 'far ahead', ended: false };
  transcript.replyChanged(reply);
  transcript.upsert(answer('r', 'q', 2, { content: 'far', status: 'streaming' }));
  assert.equal(transcript.get('r').content, 'far ahead');
});

test('what was stored of a running answer does not take back its end', () => {
  const transcript = new Transcript();
  transcript.upsert(message('q', 1));
  transcript.replyChanged({ messageId: 'r', questionId: 'q', status: 'completed', text: 'the end', ended: true });
  transcript.upsert(answer('r', 'q', 2, { content: '', status: 'streaming' }));
  assert.deepEqual([transcript.get('r').content, transcript.get('r').status], ['the end', 'completed']);
});

test('a thread is apart from the rest, with the answers to what is in it, and is counted', () => {
  const transcript = new Transcript();
  transcript.upsert(message('late', 5, { parent_id: 'q' }));
  assert.deepEqual(ids(transcript), [], 'it is nowhere as long as nobody knows where it belongs');
  for (const each of [message('q', 1), answer('a', 'q', 2), message('deep', 6, { parent_id: 'late' }), answer('b', 'deep', 7, { parent_id: 'late' })]) transcript.upsert(each);
  assert.deepEqual(ids(transcript), ['q', 'a']);
  assert.deepEqual(transcript.thread('q').map(({ id }) => id), ['late', 'deep', 'b']);
  assert.equal(transcript.threadSize('q'), 3);
  transcript.change('late', { deleted: true });
  assert.equal(transcript.threadSize('q'), 2);
});

test('who has seen a message is told by receipts and by what they wrote later', () => {
  const transcript = new Transcript();
  for (const each of [message('m', 1), message('n', 2, { seen_by: ['bruno'] }), message('o', 3, { user_id: 'carla' })]) transcript.upsert(each);
  assert.deepEqual(transcript.readers(transcript.get('m'), 'ana'), ['bruno', 'carla']);
  assert.equal(transcript.unseen('ana').id, 'o');
  transcript.seen('o', 'ana');
  assert.equal(transcript.unseen('ana'), undefined);
});

test('reactions of one person come and go', () => {
  const transcript = new Transcript();
  transcript.upsert(message('m', 1));
  assert.deepEqual(transcript.toggleReaction('m', '👍', 'ana').reactions, { '👍': ['ana'] });
  assert.deepEqual(transcript.toggleReaction('m', '👍', 'ana').reactions, {});
  assert.equal(transcript.toggleReaction('nothing', '👍', 'ana'), null);
});

test('what is forgotten is neither shown nor taken for what comes later; what is still written stays', () => {
  const transcript = new Transcript();
  const sent = { id: 'c1', content: 'sent', frame: {}, messageId: null };
  transcript.addSent(sent, 'ana');
  transcript.addSent({ id: 'c2', content: 'waits', frame: {}, messageId: null }, 'ana');
  for (const each of [message('old', 1), message('sent', 2, { client_id: 'c1' }), message('deep', 3, { parent_id: 'old' }), message('q', 4), answer('r', 'q', 5, { status: 'streaming' }), message('new', 9)]) transcript.upsert(each);
  transcript.replyChanged({ messageId: 'r', questionId: 'q', status: 'streaming', text: 'on and on', ended: false });
  transcript.forgetBefore(9);
  assert.deepEqual(ids(transcript), ['r', 'new', 'c2']);
  assert.equal(transcript.threadSize('old'), 0);
  transcript.upsert(message('sent', 2, { client_id: 'c1' }));
  assert.deepEqual(ids(transcript), ['sent', 'r', 'new', 'c2']);
});
