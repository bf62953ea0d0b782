/**
 * What is to go wrong in one run. A fault names an occasion (`at`: connect, in, out; and `transport`, `type`, `when.cuts`), which
 * time it strikes (`nth`), how often (`times`, or "always"), and what then happens (`do`).
 */
export class Faults {
  /** Connections that were broken or closed so far. */
  cuts = 0;
  #list = [];

  constructor(faults = []) {
    this.set(faults);
  }

  set(faults) {
    this.#list = faults.map((fault) => ({ ...fault, seen: 0, left: fault.times === 'always' ? Infinity : fault.times ?? 1 }));
  }

  /**
   * @param {{at: string, transport: string, type?: string}} occasion
   * @returns {{[name: string]: any} | null} what to do, by name
   */
  next(occasion) {
    for (const fault of this.#list) {
      if (fault.left === 0 || !this.#meant(fault, occasion)) continue;
      fault.seen += 1;
      if (fault.seen < (fault.nth ?? 1)) continue;
      fault.seen = 0;
      fault.left -= 1;
      return typeof fault.do === 'string' ? { [fault.do]: true } : fault.do;
    }
    return null;
  }

  #meant({ at, transport, type, when }, occasion) {
    return at === occasion.at
      && (transport === undefined || [transport].flat().includes(occasion.transport))
      && (type === undefined || [type].flat().includes(occasion.type))
      && (when?.cuts === undefined || this.cuts >= when.cuts);
  }
}

/**
 * One way to one client. Frames from the server pass through it, one after the other, and whatever is to go wrong with them does.
 */
export class Channel {
  #run;
  #transport;
  #means;
  #queue = [];
  #busy = false;
  /** Frames that come late, each with the type of the frame it comes after. */
  #held = [];
  #silent = false;
  #dropAt = null;
  done = false;

  /**
   * @param {{faults: Faults}} run
   * @param {string} transport
   * @param {{deliver: (text: string) => void, drop: () => void, close: (code: number, reason: string, said: boolean) => void, binary?: (data: Buffer) => void}} means
   */
  constructor(run, transport, means) {
    this.#run = run;
    this.#transport = transport;
    this.#means = means;
  }

  /** @returns {Promise<void>} when everything up to this frame has been dealt with */
  async out(frame) {
    this.#queue.push(frame);
    if (this.#busy) return;
    this.#busy = true;
    while (this.#queue.length && !this.done) await this.#one(this.#queue.shift());
    this.#busy = false;
  }

  /** From now on nothing is delivered, in either direction, and nobody is told. */
  silence() {
    this.#silent = true;
  }

  get silent() {
    return this.#silent;
  }

  /** Breaks the connection without a word. */
  drop() {
    if (this.done) return;
    this.done = true;
    this.#run.faults.cuts += 1;
    this.#run.ended(this.#transport);
    this.#means.drop();
  }

  close(code, say) {
    if (this.done) return;
    this.done = true;
    this.#run.faults.cuts += 1;
    this.#run.ended(this.#transport);
    if (say) this.#means.deliver(JSON.stringify(say));
    this.#means.close(code, say?.reason ?? '', !!say);
  }

  /** Breaks it instead of delivering the answer to that frame. */
  dropAnswer(id) {
    this.#dropAt = id;
  }

  async #one(frame) {
    for (const id of [frame?.message_id, frame?.reply_id]) if (id) this.#run.messages.add(id);
    if (this.#dropAt && frame?.id === this.#dropAt) return void this.drop();
    const act = this.#run.faults.next({ at: 'out', transport: this.#transport, type: frame?.type }) ?? {};
    if (act.hold) await new Promise((resolve) => { setTimeout(resolve, act.hold); });
    if (act.drop) this.drop();
    if (act.close) this.close(act.close, act.say && { type: 'disconnect', code: act.close, ...act.say });
    if (act.silence) this.silence();
    if (act.lose || this.done || this.#silent) return;
    for (const text of act.raw ?? []) this.#means.deliver(text);
    if (act.flood) this.#means.deliver(JSON.stringify({ type: 'nobody_knows_this', content: 'a'.repeat(act.flood) }));
    if (act.nest) this.#means.deliver('['.repeat(act.nest) + ']'.repeat(act.nest));
    for (const data of act.binary ?? []) this.#means.binary?.(Buffer.from(data));
    if (act.swap || act.after) {
      this.#held.push({ frame, after: act.after, any: !act.after });
      return;
    }
    this.#deliver(act.change ? changed(frame, act.change) : frame);
    if (act.double) this.#deliver(frame);
    for (const more of act.add ?? []) this.#deliver({ message_id: frame.message_id, ...more });
    for (const held of this.#held.filter(({ any, after }) => any || after === frame?.type)) this.#deliver(held.frame);
    this.#held = this.#held.filter(({ any, after }) => !any && after !== frame?.type);
    if (act['drop-after']) this.drop();
  }

  #deliver(frame) {
    this.#means.deliver(JSON.stringify(frame));
  }
}

/** A frame with other fields; `expires_in` (seconds) is counted from the frame's own time, null takes a field away. */
function changed(frame, { expires_in: expiresIn, ...fields }) {
  const result = { ...frame, ...fields };
  for (const [name, value] of Object.entries(fields)) if (value === null) delete result[name];
  if (expiresIn) result.expires_at = new Date(Date.parse(frame.server_time) + expiresIn * 1000).toISOString();
  return result;
}
