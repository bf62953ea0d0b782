// Node's `ws`: streams, tells everybody, acknowledges; nothing is stored.
import { WebSocketServer } from 'ws'

const WORD = ' streamed'
const ID = '01JD0000000000000000000000'
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', backlog: 4096 })
server.on('listening', () => console.log(`READY ${server.address().port}`))

function chunk (number) {
  return JSON.stringify({ type: 'stream_chunk', message_id: ID, content: WORD, seq: number * WORD.length })
}

function end (socket) {
  socket.send(JSON.stringify({ type: 'stream_end', message_id: ID, status: 'completed' }))
}

function pace (socket, words, rate) {
  let sent = 0
  const began = performance.now()
  const timer = setInterval(() => {
    const due = Math.min(words, Math.floor((performance.now() - began) * rate / 1000))
    while (sent < due) socket.send(chunk(++sent))
    if (sent >= words || socket.readyState !== 1) {
      clearInterval(timer)
      if (socket.readyState === 1) end(socket)
    }
  }, 1000 / rate)
}

function race (socket, words, sent = 0) {
  for (let i = 0; i < 50 && sent < words; i++) socket.send(chunk(++sent))
  if (sent >= words) end(socket)
  else if (socket.bufferedAmount > 65536) setTimeout(race, 1, socket, words, sent)
  else setImmediate(race, socket, words, sent)
}

server.on('connection', socket => {
  socket.send('{"type":"connected","cursor":"0"}')
  socket.on('message', data => {
    const frame = JSON.parse(data)
    const script = /#(\d+)@(\d+)/.exec(frame.content)
    if (script) {
      const words = Number(script[1])
      const rate = Number(script[2])
      if (rate === 0) race(socket, words)
      else pace(socket, words, rate)
      return
    }
    if (frame.id) socket.send(JSON.stringify({ type: 'ack', id: frame.id, cursor: '1' }))
    if (frame.content.includes('everybody')) {
      const text = JSON.stringify({
        type: 'message', message_id: ID, session_id: 'room', role: 'user', user_id: 'ana', content: frame.content + 'x'.repeat(40),
        timestamp: '2026-11-21T12:00:00.123Z', cursor: '12'
      })
      for (const client of server.clients) client.send(text)
    }
  })
})
