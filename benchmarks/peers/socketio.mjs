// Node's `socket.io`: rooms, broadcasts, streams and acknowledgements as its documentation shows them; nothing is stored.
import { createServer } from 'node:http'
import { Server } from 'socket.io'

const WORD = ' streamed'
const ID = '01JD0000000000000000000000'
const http = createServer()
const io = new Server(http, { serveClient: false })
http.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => console.log(`READY ${http.address().port}`))

const chunk = (session, number) => ({
  id: ID, streamId: ID, sessionId: session, messageId: ID, delta: WORD, offset: number * WORD.length, tokens: number * 2, isComplete: false
})

function pace (room, session, words, rate) {
  let sent = 0
  const began = performance.now()
  const timer = setInterval(() => {
    const due = Math.min(words, Math.floor((performance.now() - began) * rate / 1000))
    while (sent < due) room.emit('stream:chunk', chunk(session, ++sent))
    if (sent >= words) {
      clearInterval(timer)
      room.emit('stream:complete', { id: ID, sessionId: session, status: 'completed' })
    }
  }, 1000 / rate)
}

const chat = io.of('/chat')
chat.on('connection', socket => {
  socket.emit('connection:success', { userId: socket.handshake.auth.token, socketId: socket.id })
  socket.on('session:join', ({ sessionId }, answer) => {
    socket.join(sessionId)
    answer({ success: true, sessionId })
  })
  socket.on('message:send', ({ sessionId, content }, answer) => {
    answer?.({ success: true, messageId: ID, sessionId })
    chat.to(sessionId).emit('message:new', {
      message_id: ID, id: ID, session_id: sessionId, sessionId, role: 'user', user_id: 'u0', userId: 'u0', name: 'u0', content,
      timestamp: '2026-11-21T12:00:00.123Z', createdAt: '2026-11-21T12:00:00.123Z', deleted: false, edited: false,
      metadata: { attachments: [] }, reactions: {}, seen_by: [], delivered_to: [], position: 12, isEdited: false, isDeleted: false,
      updatedAt: '2026-11-21T12:00:00.123Z', attachments: [], cursor: '12'
    })
  })
  socket.on('stream:request', ({ sessionId, prompt }, answer) => {
    answer?.({ success: true, streamId: ID, sessionId })
    const script = /#(\d+)@(\d+)/.exec(prompt)
    pace(chat.to(sessionId), sessionId, Number(script[1]), Number(script[2]))
  })
})
