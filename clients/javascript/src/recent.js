const REMEMBERED = 1_000;
/** What may come again and means something each time, or is known by other means. */
const AGAIN = new Set(['connected', 'resumed', 'ack', 'error', 'queued', 'stream_start', 'stream_chunk', 'stream_end']);

/** Knows what was told lately, so that nothing is told twice: after a break a server may say once more what it was not sure of. */
export class Recent {
  #known = new Set();

  /** @returns {boolean} whether this frame was here before */
  repeated(frame) {
    if (typeof frame.cursor !== 'string' || AGAIN.has(frame.type)) return false;
    const key = frame.type === 'message'
      ? JSON.stringify(['message', frame.message_id])
      : JSON.stringify([frame.type, frame.cursor, frame.message_id, frame.user_id, frame.attachment_id, frame.action]);
    if (this.#known.has(key)) return true;
    this.#known.add(key);
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.values().next().value);
    return false;
  }
}
