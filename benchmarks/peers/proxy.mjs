// A bare proxy: a question goes to the model's server, its words come back as frames. Nothing is stored, nobody can come back.
import http from 'node:http'
import { WebSocketServer } from 'ws'

const model = new URL(process.argv[2])
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity })
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', backlog: 4096 })
server.on('listening', () => console.log(`READY ${server.address().port}`))
let replies = 0

function ask (socket, content) {
  const id = `reply-${++replies}`
  let seq = 0
  let rest = ''
  const request = http.request({
    agent, host: model.hostname, port: model.port, path: '/api/chat', method: 'POST', headers: { 'Content-Type': 'application/json' }
  }, response => {
    response.setEncoding('utf8')
    response.on('data', data => {
      rest += data
      let newline = rest.indexOf('\n')
      let from = 0
      while (newline >= 0) {
        const line = JSON.parse(rest.slice(from, newline))
        const text = line.message.content
        if (text) {
          seq += text.length
          socket.send(JSON.stringify({ type: 'stream_chunk', message_id: id, content: text, seq }))
        }
        if (line.done) socket.send(JSON.stringify({ type: 'stream_end', message_id: id, status: 'completed' }))
        from = newline + 1
        newline = rest.indexOf('\n', from)
      }
      rest = rest.slice(from)
    })
  })
  socket.question = request
  request.on('error', () => {})
  socket.send(JSON.stringify({ type: 'stream_start', message_id: id }))
  request.end(JSON.stringify({ model: 'bench', messages: [{ role: 'user', content }], stream: true }))
}

server.on('connection', socket => {
  socket.send('{"type":"connected","cursor":"0"}')
  socket.on('message', data => ask(socket, JSON.parse(data).content))
  socket.on('close', () => socket.question?.destroy())
})
