/**
 * @typedef {object} Sink what a transport tells its connection
 * @property {(frame: object) => void} frame
 * @property {() => void} heard something arrived that is no frame
 * @property {(end: End) => void} ended once, after which nothing follows
 *
 * @typedef {object} End why a transport ended
 * @property {number} [code] the close code, where there was one
 * @property {string} [reason]
 * @property {import('../errors.js').ParleyError} [error] what the server answered instead
 * @property {boolean} [unreachable] no HTTP answer came at all
 * @property {boolean} [silent] an answer came, but nothing in it
 */

/** One WebSocket; the token travels as a subprotocol so that it stays out of addresses and logs. */
export class WebSocketTransport {
  kind = 'websocket';
  #socket = null;
  #sink;

  constructor({ WebSocket, address, place, token }, sink) {
    this.#sink = sink;
    const protocols = token ? ['parley', `bearer.${token}`] : [];
    const socket = new WebSocket(address.websocket(place()), protocols);
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#read(data);
    socket.onclose = ({ code, reason }) => this.#end({ code, reason: String(reason ?? '') });
    // The close event that follows says all that can be known.
    socket.onerror = () => {};
  }

  send(frame) {
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Ends it now; a peer that no longer answers is not waited for. */
  close(code = 1000, reason = '') {
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = null;
    socket.onmessage = socket.onclose = null;
    try {
      socket.close(code, reason);
    } catch {
      // Closing a socket that never opened may throw in some runtimes; it is gone either way.
    }
  }

  #read(data) {
    if (typeof data !== 'string') return;
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      this.#sink.heard();
      return;
    }
    this.#sink.frame(frame);
  }

  #end(end) {
    if (!this.#socket) return;
    this.#socket = null;
    this.#sink.ended(end);
  }
}
