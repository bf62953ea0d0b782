import { Backoff } from './backoff.js';
import { Ladder } from './transports/ladder.js';
import { EventsTransport } from './transports/sse.js';
import { Liveness } from './liveness.js';
import { PollTransport } from './transports/poll.js';
import { WebSocketTransport } from './transports/websocket.js';
import { onWake } from './wake.js';
import { verdict } from './verdict.js';

const TRANSPORTS = { websocket: WebSocketTransport, sse: EventsTransport, poll: PollTransport };

/**
 * Keeps one connection to one session: opens it, notices when it is gone, comes back at the right time over the right
 * transport. It knows nothing of messages; `place()` says where to resume.
 */
export class Connection {
  #settings;
  #clock;
  #credentials;
  #place;
  #tell;
  #ladder;
  #backoff;
  #liveness;
  #transport = null;
  #attempt = 0;
  #token = null;
  #timer = null;
  #stableTimer = null;
  #climbTimer = null;
  #climbAfter;
  #climbing = null;
  #ready = false;
  #farewell = null;
  #obeying = false;
  /** The token that was refused last, and why; whatever is opened with it would be refused again. */
  #refused = null;
  /** Whether a token was replaced lately because it was refused. */
  #renewed = false;
  #unwake = () => {};
  #state = { status: 'idle', transport: null, attempt: 0 };

  /**
   * @param {object} settings the client's options, completed
   * @param {{credentials: import('./credentials.js').Credentials, place: () => object,
   *   tell: {frame: (frame: object) => void, lost: (end: object) => void, state: (state: object) => void}, idle: () => boolean}} means
   */
  constructor(settings, { credentials, place, tell, idle }) {
    this.#settings = { ...settings, idle };
    this.#clock = settings.clock;
    this.#credentials = credentials;
    this.#place = place;
    this.#tell = tell;
    this.#climbAfter = settings.climbAfter;
    this.#ladder = new Ladder({
      mode: settings.transport,
      available: { websocket: !!settings.WebSocket, sse: !!settings.fetch, poll: !!settings.fetch },
      patience: settings.patience,
    });
    this.#backoff = new Backoff({ base: settings.backoffBase, cap: settings.backoffCap, random: settings.clock.random });
    this.#liveness = new Liveness({
      clock: settings.clock,
      deadline: settings.pongDeadline,
      ask: () => this.#transport?.send({ type: 'ping' }),
      dead: () => this.#drop({ reason: 'no answer' }),
    });
  }

  get state() {
    return this.#state;
  }

  /** Whether frames can be sent. */
  get ready() {
    return this.#ready;
  }

  open() {
    if (this.#state.status === 'connecting' || this.#state.status === 'connected' || this.#state.status === 'waiting') return;
    this.#unwake = onWake(this.#settings.page, () => this.#wake());
    this.#refused = null;
    this.#renewed = false;
    this.#connect();
  }

  /** Comes back now instead of waiting. */
  retry() {
    if (this.#state.status === 'waiting') this.#connect();
  }

  /** Gives up what is there and resumes on a new connection. */
  reopen(reason) {
    if (this.#transport) this.#drop({ reason }, 0);
  }

  send(frame) {
    return this.#ready && this.#transport.send(frame);
  }

  close(error) {
    this.#unwake();
    this.#unwake = () => {};
    this.#leave();
    this.#clock.clearTimeout(this.#timer);
    this.#show({ status: 'closed', error });
  }

  /**
   * Uses another token from now on: polls carry it, a stream of events goes on in a new one.
   * @returns {boolean} whether the server has to be told by a frame
   */
  renew(token) {
    if (!this.#ready) return false;
    this.#token = token;
    this.#transport.renew?.(token);
    if (this.#transport.kind === 'sse') this.#expectFrame();
    return this.#transport.kind === 'websocket';
  }

  async #connect() {
    this.#clock.clearTimeout(this.#timer);
    this.#leave();
    const attempt = ++this.#attempt;
    const kind = this.#ladder.current;
    if (!this.#climbing) this.#show({ status: 'connecting', transport: kind, attempt: this.#backoff.failures });
    let token;
    try {
      token = this.#token = await this.#credentials.token();
    } catch (fault) {
      if (attempt === this.#attempt) this.#tokenless(fault);
      return;
    }
    if (attempt !== this.#attempt) return;
    if (this.#refused && (!token || token === this.#refused.token)) {
      this.close(this.#refused.error);
      return;
    }
    this.#expectFrame();
    const mine = (act) => (detail) => { if (attempt === this.#attempt) act(detail); };
    try {
      this.#transport = new TRANSPORTS[kind]({ ...this.#settings, place: this.#place, token }, {
        frame: mine((frame) => this.#frame(frame)),
        heard: mine(() => this.#liveness.heard()),
        ended: mine((end) => this.#ended(end, this.#ready)),
      });
    } catch (fault) {
      // A token that does not fit into a subprotocol, or an address that is none.
      this.#ended({ reason: fault.message }, false);
    }
  }

  #expectFrame() {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => this.#drop({ silent: true, reason: 'no first frame in time' }), this.#settings.openDeadline);
  }

  #frame(frame) {
    this.#liveness.heard();
    if (typeof frame?.type !== 'string') return;
    if (frame.type === 'connected') {
      if (this.#ready) return;
      this.#becameReady(frame);
    }
    if (frame.type === 'refreshed') this.#clock.clearTimeout(this.#timer);
    if (frame.type === 'disconnect') this.#farewell = frame;
    this.#tell.frame(frame);
  }

  #becameReady(frame) {
    this.#ready = true;
    this.#refused = null;
    this.#obeying = false;
    this.#clock.clearTimeout(this.#timer);
    this.#ladder.worked();
    this.#climbing = null;
    // Not at once: a server that accepts and closes again must not be asked in a tight loop.
    this.#stableTimer = this.#clock.setTimeout(() => { this.#backoff.reset(); this.#renewed = false; }, this.#settings.stableAfter);
    const interval = (frame.heartbeat_interval > 0 ? frame.heartbeat_interval : 30) * 1000;
    // Events are kept alive by the server's comments, polls by their own answers.
    if (this.#transport.kind !== 'poll') this.#liveness.start(this.#transport.kind === 'sse' ? interval * 2 : interval);
    if (this.#ladder.lowered) this.#climbLater();
    else this.#climbAfter = this.#settings.climbAfter;
    this.#show({ status: 'connected', transport: this.#transport.kind });
  }

  /** Ends the transport from this side. */
  #drop(end, delay) {
    const ready = this.#ready;
    this.#leave(4001, end.reason);
    this.#ended(end, ready, delay);
  }

  /** Lets go of the transport; whatever it still says is not heard. */
  #leave(code, reason) {
    this.#attempt += 1;
    this.#ready = false;
    this.#liveness.stop();
    this.#clock.clearTimeout(this.#stableTimer);
    this.#clock.clearTimeout(this.#climbTimer);
    const transport = this.#transport;
    this.#transport = null;
    transport?.close(code, reason);
  }

  #ended(end, ready, delay) {
    const farewell = this.#farewell;
    this.#farewell = null;
    this.#leave();
    this.#clock.clearTimeout(this.#timer);
    if (ready) this.#tell.lost(end);
    if (this.#climbing) {
      this.#climbing.back();
      this.#climbing = null;
      this.#connect();
      return;
    }
    const { again, after, error } = verdict(end, farewell);
    if (!again) {
      this.#giveUp(error);
      return;
    }
    this.#ladder.failed(ready, end);
    this.#obeying = after !== undefined;
    this.#wait(delay ?? after ?? this.#backoff.next(), farewell?.reason ?? end.error?.message ?? end.reason);
  }

  #wait(delay, reason) {
    this.#show({
      status: 'waiting', transport: this.#ladder.current, attempt: this.#backoff.failures, retryAt: this.#clock.now() + delay, reason,
    });
    this.#timer = this.#clock.setTimeout(() => this.#connect(), delay);
  }

  /** Whoever gives out tokens is away: that says nothing about the server or the transports. */
  #tokenless(fault) {
    this.#climbing?.back();
    this.#climbing = null;
    this.#wait(this.#backoff.next(), fault.message);
  }

  /** A token that can be asked for anew deserves one more try with another one, however long that takes to be had. */
  #giveUp(error) {
    const stale = error.code === 'TOKEN_EXPIRED' || error.code === 'UNAUTHORIZED';
    if (!stale || !this.#credentials.renewable || this.#refused) {
      this.close(error);
      return;
    }
    this.#refused = { token: this.#token, error };
    // At once, but not again and again.
    if (this.#renewed) this.#wait(this.#backoff.next(), error.message);
    else this.#connect();
    this.#renewed = true;
  }

  #wake() {
    if (this.#ready) this.#liveness.check(this.#settings.wakeDeadline);
    // Where the server named the time, waking up does not change it.
    else if (this.#state.status === 'waiting' && !this.#obeying) this.#connect();
  }

  #climbLater() {
    this.#climbTimer = this.#clock.setTimeout(() => {
      if (!this.#settings.idle()) {
        this.#climbLater();
        return;
      }
      this.#climbAfter = Math.min(this.#climbAfter * 2, 600_000);
      this.#tell.lost({ reason: 'trying a better transport' });
      this.#climbing = this.#ladder.climb();
      this.#connect();
    }, this.#climbAfter);
  }

  #show(state) {
    this.#state = { attempt: 0, ...state };
    this.#tell.state(this.#state);
  }
}
