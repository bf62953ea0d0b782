// Every event of the chat gateway between two people, for any place where the stock client of Socket.IO runs: nothing in here is
// Node's or the browser's, and nothing outside of the function is used, so that it can be handed to a page as its text.
/**
 * @param {{io: Function, server: string, transports: string[], name: string}} how `name` makes users and sessions of their own
 * @returns {Promise<string[]>} what was shown, in order
 */
export async function everyEvent({ io, server, transports, name }) {
  const shown = [];
  const ok = (condition, what) => {
    if (!condition) throw new Error(`${name}: expected ${what}; shown before: ${shown.join(', ')}`);
  };
  const done = (what) => shown.push(what);
  const within = (promise, what) => {
    let timer;
    const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`${name}: waited in vain for ${what}`)), 60000); });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  };
  const open = [];

  /** A socket that keeps all it is told. */
  const connect = (user, auth = { userId: user, token: user }) => {
    const socket = io(`${server}/chat`, { transports, forceNew: true, auth, reconnection: false });
    open.push(socket);
    const person = { socket, user, told: [], waiting: [] };
    socket.onAny((event, ...args) => {
      const entry = { event, data: args[0], args };
      person.told.push(entry);
      person.waiting = person.waiting.filter((wait) => !wait(entry));
    });
    /** The next event of that name, or one that was told already and not taken. */
    person.next = (event, fits = () => true) => within(new Promise((resolve) => {
      const take = (entry) => {
        if (entry.taken || entry.event !== event || !fits(entry.data)) return false;
        entry.taken = true;
        resolve(entry.data);
        return true;
      };
      if (!person.told.some(take)) person.waiting.push(take);
    }), event);
    person.ask = (event, data) => within(new Promise((resolve) => { socket.emit(event, data, resolve); }), `the answer to ${event}`);
    person.all = (event, fits = () => true) => person.told.filter((entry) => entry.event === event && fits(entry.data)).map((entry) => entry.data);
    return person;
  };
  const refusal = (socket) => within(new Promise((resolve) => { socket.on('connect_error', resolve); }), 'connect_error');

  try {
    const A = `ann-${name}`;
    const B = `bob-${name}`;
    const session = `hall-${name}`;

    // Who may come in
    const wrong = await refusal(connect(A, { userId: B, token: A }).socket);
    ok(wrong.data && wrong.data.code === 'FORBIDDEN', 'a userId that is not the token\'s to be refused');
    const none = await refusal(connect(A, { userId: A }).socket);
    ok(none.data && none.data.code === 'UNAUTHORIZED' && none.message, 'nobody to come in without a token');
    done('connect_error');

    const ann = connect(A);
    const hello = await ann.next('connection:success');
    ok(ann.told[0].event === 'connection:success', 'connection:success first');
    ok(hello.userId === A && hello.socketId === ann.socket.id && hello.recovered === false, 'to be told who one is');
    done('connection:success');
    const bob = connect(B);
    await bob.next('connection:success');

    // Sessions
    const joined = await ann.ask('session:join', { sessionId: session });
    ok(joined.success === true && joined.sessionId === session && joined.complete === true && joined.cursor, 'to be in');
    await ann.next('session:joined', (data) => data.sessionId === session);
    const second = await bob.ask('session:join', { sessionId: session });
    ok(second.success && second.members.includes(A) && second.online.includes(A), 'to see who is there');
    await ann.next('user:joined', (data) => data.userId === B && data.sessionId === session);
    await ann.next('presence:update', (data) => data.userId === B && data.status === 'online');
    const present = await ann.ask('presence:update', { sessionId: session });
    ok(present.users.length === 2 && present.users.every((user) => user.status === 'online'), 'both to be online');
    done('session:join, user:joined, presence:update');

    // Typing
    ok((await ann.ask('typing:start', { sessionId: session, userName: 'Somebody else' })).success, 'to type');
    const typing = await bob.next('typing:start', (data) => data.userId === A);
    ok(typing.sessionId === session && typing.userName !== 'Somebody else', 'the name that the token has');
    ann.socket.emit('typing:stop', { sessionId: session });
    await bob.next('typing:stop', (data) => data.userId === A);
    ok(ann.all('typing:start').length === 0, 'nobody to be told of themselves');
    done('typing:start, typing:stop');

    // Messages
    const first = await ann.ask('message:send', {
      sessionId: session,
      content: 'Hello everyone! 😀',
      clientId: 'one',
      attachments: [{ fileName: 'plan.pdf', fileUrl: 'http://169.254.169.254/plan.pdf', mimeType: 'application/pdf', fileSize: 12345 }],
    });
    ok(first.success && first.messageId && first.duplicate === false, 'a message to be stored');
    for (const person of [ann, bob]) {
      const got = await person.next('message:new', (data) => data.id === first.messageId);
      ok(got.content === 'Hello everyone! 😀' && got.userId === A && got.sessionId === session && got.role === 'user', 'the message');
      ok(got.attachments[0].fileUrl === 'http://169.254.169.254/plan.pdf' && got.attachments[0].fileSize === 12345, 'its file as it was sent');
    }
    ok((await ann.next('message:delivered', (data) => data.messageId === first.messageId)).clientId === 'one', 'to be told that it is safe');
    const again = await ann.ask('message:send', {
      sessionId: session, content: 'Hello everyone! 😀', clientId: 'one',
      attachments: [{ fileName: 'plan.pdf', fileUrl: 'http://169.254.169.254/plan.pdf', mimeType: 'application/pdf', fileSize: 12345 }],
    });
    ok(again.success && again.duplicate && again.messageId === first.messageId, 'the same name to be the same message');
    const clash = await ann.ask('message:send', { sessionId: session, content: 'Something else', clientId: 'one' });
    ok(clash.success === false && clash.code === 'CONFLICT' && clash.error, 'another message of that name to be refused');
    const answer = await bob.ask('message:send', { sessionId: session, content: 'Hi Ann', parentMessageId: first.messageId });
    ok((await ann.next('message:new', (data) => data.id === answer.messageId)).parentMessageId === first.messageId, 'a thread');
    done('message:send, message:new, message:delivered');

    ok((await ann.ask('message:edit', { messageId: first.messageId, content: 'Hello all' })).message.isEdited, 'to edit');
    for (const person of [ann, bob]) {
      const edited = await person.next('message:edited', (data) => data.messageId === first.messageId);
      ok(edited.content === 'Hello all' && edited.isEdited === true, 'what it says now');
    }
    ok((await bob.ask('message:edit', { messageId: first.messageId, content: 'Forged' })).code === 'FORBIDDEN', 'nobody to edit others\' messages');
    done('message:edit, message:edited');

    const reacted = await bob.ask('message:reaction', { messageId: first.messageId, emoji: '👍' });
    ok(reacted.success && reacted.added && reacted.reactions['👍'][0] === B, 'to react');
    for (const person of [ann, bob]) {
      const update = await person.next('message:reaction:update', (data) => data.messageId === first.messageId && data.added);
      ok(update.emoji === '👍' && update.userId === B && update.action === 'added', 'the reaction');
    }
    ok((await bob.ask('message:reaction', { messageId: first.messageId, emoji: '👍' })).added === false, 'to take it back');
    await ann.next('message:reaction:update', (data) => data.messageId === first.messageId && !data.added);
    done('message:reaction, message:reaction:update');

    ok((await bob.ask('message:delivered', { messageId: first.messageId })).success, 'to say that it came');
    await ann.next('message:delivered', (data) => data.messageId === first.messageId && data.userId === B);
    ok((await bob.ask('message:seen', { messageIds: [first.messageId] })).messageIds.length === 1, 'to say that it was seen');
    const seen = await ann.next('message:seen:update', (data) => data.messageId === first.messageId);
    ok(seen.userId === B && seen.seenBy.includes(B), 'who has seen it');
    done('message:seen, message:seen:update');

    // Replies
    const follow = (person, id) => person.next('stream:complete', (data) => data.id === id);
    const text = (person, id) => {
      let whole = '';
      for (const chunk of person.all('stream:chunk', (data) => data.id === id)) {
        ok(chunk.sessionId === session && chunk.messageId === id && typeof chunk.tokens === 'number', 'a chunk\'s fields');
        if (chunk.reset) whole = '';
        whole += chunk.delta;
        ok(chunk.offset === whole.length, `offset ${whole.length}, found ${chunk.offset}`);
        ok(chunk.isComplete ? chunk.content === whole : chunk.content === undefined, 'the whole text in the last chunk only');
      }
      return whole;
    };
    const stream = await ann.ask('stream:request', { sessionId: session, prompt: 'Tell me a long story', clientId: 'two', config: { temperature: 0.8, maxTokens: 1000, model: 'gpt-4' } });
    ok(stream.success && stream.streamId && stream.questionId, 'a reply to be asked for');
    ok((await ann.ask('stream:request', { sessionId: session, prompt: 'Tell me a long story', clientId: 'two' })).streamId === stream.streamId, 'the same question to be answered once');
    ok((await bob.next('message:new', (data) => data.id === stream.questionId)).content === 'Tell me a long story', 'the others to see the question');
    // Another beside it, which is stopped
    const other = await bob.ask('stream:request', { sessionId: session, prompt: 'An endless one' });
    await bob.next('stream:chunk', (data) => data.id === other.streamId);
    await ann.next('stream:chunk', (data) => data.id === stream.streamId);
    const stopped = await ann.ask('stream:stop', { streamId: other.streamId });
    ok(stopped.success && stopped.stopped, 'to be stopped');
    for (const person of [ann, bob]) {
      const end = await person.next('stream:stopped', (data) => data.streamId === other.streamId);
      ok(end.content === text(person, other.streamId) && end.sessionId === session, 'what was written until then');
    }
    for (const person of [ann, bob]) {
      const end = await follow(person, stream.streamId);
      ok(end.content.length > 100 && text(person, stream.streamId) === end.content, 'the whole reply');
      const chunks = person.all('stream:chunk', (data) => data.id === stream.streamId);
      ok(chunks.length > 5 && chunks.filter((chunk) => chunk.isComplete).length === 1 && chunks.at(-1).isComplete, 'pieces, and one last');
    }
    ok((await ann.ask('stream:stop', { streamId: stream.streamId })).stopped === false, 'nothing left to be stopped');
    ok((await ann.ask('stream:request', { sessionId: session, prompt: 'Hi', agentId: 'nobody' })).code === 'NOT_FOUND', 'no such agent');
    ann.socket.emit('stream:request', { sessionId: session, prompt: 'Hi', agentId: 'nobody' });
    ok((await ann.next('stream:error')).code === 'NOT_FOUND', 'to be told without an acknowledgement');
    done('stream:request, stream:chunk, stream:complete, stream:stop, stream:stopped, stream:error');

    // What is wrong
    ok((await ann.ask('message:send', { sessionId: session })).code === 'BAD_REQUEST', 'content');
    ok((await ann.ask('message:send', 'text')).code === 'BAD_REQUEST', 'an object');
    ok((await ann.ask('nonsense', {})).code === 'UNKNOWN_TYPE', 'events that there are');
    ann.socket.emit('message:edit', { messageId: 'nothing', content: 'x' });
    ok((await ann.next('error')).event === 'message:edit', 'to be told without an acknowledgement');
    done('errors');

    // The end
    ok((await ann.ask('message:delete', { messageId: first.messageId })).success, 'to delete');
    for (const person of [ann, bob]) ok((await person.next('message:deleted', (data) => data.messageId === first.messageId)).userId === A, 'who deleted it');
    done('message:delete, message:deleted');
    ok((await bob.ask('session:leave', { sessionId: session })).success, 'to leave');
    await bob.next('session:left');
    await ann.next('user:left', (data) => data.userId === B);
    await ann.next('presence:update', (data) => data.userId === B && data.status === 'offline');
    const last = await ann.ask('message:send', { sessionId: session, content: 'Anybody there?' });
    await ann.next('message:new', (data) => data.id === last.messageId);
    const back = await bob.ask('session:join', { sessionId: session });
    ok(back.complete && back.missed === 1, 'to have missed one message');
    await bob.next('message:new', (data) => data.id === last.messageId);
    ok(bob.all('message:new', (data) => data.id === last.messageId).length === 1, 'to be told it once');
    done('session:leave, user:left');
    return shown;
  } finally {
    for (const socket of open) socket.disconnect();
  }
}
