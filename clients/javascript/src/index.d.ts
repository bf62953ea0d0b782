/** Types of parley-client. Names of frames and their fields are the server's own (see docs/protocol/chat.md). */

export type TransportName = 'websocket' | 'sse' | 'poll';
export type ReplyStatus = 'pending' | 'queued' | 'streaming' | 'completed' | 'stopped' | 'failed' | 'interrupted';

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  setTimeout(action: () => void, delay: number): unknown;
  clearTimeout(timer: unknown): void;
  /** In [0, 1). */
  random(): number;
}

/** What of a browser's Storage the outbox needs; give `localStorage` to keep unsent messages across visits. */
export interface OutboxStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface ParleyOptions {
  /** Where the server is: http, https, ws or wss, with the path before Parley's own if there is one. */
  url: string;
  /** The token, or where to get one; a function is asked at every connection and when the token is about to expire. */
  token?: string | null | (() => string | null | Promise<string | null>);
  /** Made here when missing; see `client.sessionId`. */
  sessionId?: string;
  /** Only for a session that does not exist yet. */
  visibility?: 'private' | 'shared' | 'group';
  /** Where to resume: the `cursor` of an earlier client. */
  since?: string;
  /** Who an anonymous user is, where the server allows them. */
  clientId?: string;
  clientVersion?: string;
  projectId?: string;
  language?: string;
  /** `auto` (the default) begins with the WebSocket and changes over by itself. */
  transport?: 'auto' | TransportName;
  /** For runtimes without one, such as Node 20: `import { WebSocket } from 'ws'`. */
  WebSocket?: unknown;
  fetch?: typeof fetch;
  storage?: OutboxStorage;
  clock?: Clock;
  /** Messages that may wait; 100. */
  outboxLimit?: number;
  /** The rest in milliseconds. How long an acknowledgement may take before the message is sent again; 15,000. */
  ackDeadline?: number;
  /** How long an answer to anything else may take before it is given up; 30,000, for uploads ten times that. */
  askDeadline?: number;
  /** First bound of the waiting time between attempts; 500. */
  backoffBase?: number;
  /** Last bound of it; 30,000. */
  backoffCap?: number;
  /** How long a connection may take until its first frame; 10,000. */
  openDeadline?: number;
  /** How long an answer to a ping may take; 10,000, and 3,000 (`wakeDeadline`) when the page has just woken up. */
  pongDeadline?: number;
  wakeDeadline?: number;
  /** WebSockets that fail to open in a row before changing over (a number); 2. */
  patience?: number;
  /** After which time on a fallback the WebSocket is tried again; 30,000, doubling. */
  climbAfter?: number;
  /** Seconds a poll may wait; 30. */
  pollWait?: number;
}

export interface State {
  status: 'idle' | 'connecting' | 'connected' | 'waiting' | 'closed';
  transport?: TransportName | null;
  attempt: number;
  /** When `waiting`: the time of the next attempt, in milliseconds since the epoch. */
  retryAt?: number;
  reason?: string;
  /** When `closed` by the server: why. */
  error?: ParleyError;
}

export interface SendOptions {
  id?: string;
  parentId?: string;
  agent?: string;
  model?: string;
  /** False: the reply comes whole. */
  stream?: boolean;
  /** False: nobody answers. */
  reply?: boolean;
  overlap?: 'queue' | 'reject' | 'interrupt' | 'parallel';
  metadata?: Record<string, unknown>;
  /** Ids of files that were brought to the server before. */
  attachments?: string[];
  options?: { temperature?: number; max_tokens?: number; system_prompt?: string; seed?: number };
}

export interface Message {
  message_id: string;
  session_id: string;
  parent_id?: string;
  role: 'user' | 'assistant' | 'system';
  user_id: string;
  name?: string;
  content: string;
  timestamp: string;
  edited_at?: string;
  deleted_at?: string;
  edited: boolean;
  deleted: boolean;
  client_id?: string;
  status?: Exclude<ReplyStatus, 'pending' | 'queued'>;
  question_id?: string;
  versions?: string[];
  superseded_by?: string;
  metadata: Record<string, unknown>;
  reactions: Record<string, string[]>;
  feedback?: { helpful?: boolean; rating?: number };
  seen_by: string[];
  delivered_to: string[];
  position: number;
}

export interface Connected {
  session_id: string;
  connection_id: string;
  cursor: string;
  visibility: string;
  owner: string | null;
  user_id: string;
  name: string;
  roles: string[];
  title: string;
  status: string;
  members: string[];
  present: string[];
  server_time: string;
  expires_at?: string;
  heartbeat_interval: number;
  max_message_length: number;
  settings: Record<string, unknown>;
}

/** A frame as the server sent it. */
export interface Frame {
  type: string;
  cursor?: string;
  [field: string]: any;
}

/** A change the server told, or this client made itself (`local`, then without what only the server knows). */
export interface Change extends Frame {
  message_id: string;
  local?: boolean;
}

export interface Measure {
  messageId: string;
  status: ReplyStatus;
  transport: TransportName;
  /** All in milliseconds, seen from here. */
  duration: number;
  timeToFirstToken: number | null;
  longestGap: number;
  characters: number;
  chunks: number;
  gaps: number;
  duplicates: number;
  /** Connections lost while it ran. */
  reconnects: number;
}

/** What a client has lived through so far. */
export interface Totals {
  connections: number;
  reconnects: number;
  replies: number;
  gaps: number;
  duplicates: number;
}

export interface Attachment {
  attachment_id: string;
  url: string;
  file_name: string;
  mime_type: string;
  size: number;
  sha256: string;
}

export interface ParleyEvents {
  state: State;
  connected: Connected;
  closed: ParleyError | undefined;
  /** What was missed is not known any more: load the history anew. */
  reload: Record<string, never>;
  message: Message & Frame;
  edited: Change;
  deleted: Change;
  attachment: Frame;
  attachments: Change;
  attachment_removed: Frame;
  /** The server has stored or done what was asked. */
  ack: Frame;
  reaction: Change;
  feedback: Change;
  seen: Change;
  member: Frame;
  session: Frame;
  typing: Frame;
  presence: Frame;
  announcement: Frame;
  /** Something happened to a reply in the session, whoever asked. */
  reply: { reply: Reply; change: 'queued' | 'start' | 'text' | 'end'; delta?: string };
  outbox: { sent: Sent; change: 'waiting' | 'sending' | 'retrying' | 'accepted' | 'refused' };
  telemetry: Measure;
  /** Errors that answer nothing that was asked here. */
  error: ParleyError;
  /** Every frame but `connected`, `ack` and `error`, after its own event. */
  frame: Frame;
}

export class ParleyError extends Error {
  constructor(code: string, message: string, more?: { retryAfter?: number; status?: number; details?: unknown; messageId?: string; cause?: unknown });
  /** The server's code, or `OFFLINE`, `CONNECTION_LOST`, `TIMEOUT`, `OUTBOX_FULL`, `NO_TOKEN`, `CLOSED` of the client's own. */
  readonly code: string;
  /** Seconds. */
  readonly retryAfter?: number;
  readonly status?: number;
  readonly details?: unknown;
  readonly messageId?: string;
}

export class Reply implements AsyncIterable<string> {
  private constructor();
  readonly messageId: string | null;
  readonly questionId: string | null;
  readonly status: ReplyStatus;
  /** The text so far. */
  readonly text: string;
  readonly position: number | null;
  readonly agent: string | null;
  readonly model: string | null;
  readonly versions: string[];
  readonly metadata: Record<string, unknown>;
  readonly message: Message | null;
  readonly error: ParleyError | null;
  readonly ended: boolean;
  /** Resolves at the end, however it ended; rejects when the reply never began or the client was closed before. Another one once the client is open again. */
  readonly finished: Promise<Reply>;
  stop(): Promise<string[]>;
  [Symbol.asyncIterator](): AsyncIterator<string>;
}

export class Sent {
  private constructor();
  readonly id: string;
  /** As it goes out. */
  readonly frame: Frame;
  readonly content: string;
  readonly status: 'waiting' | 'sending' | 'accepted' | 'refused';
  readonly messageId: string | null;
  readonly error: ParleyError | null;
  /** Milliseconds since the epoch before which it is not tried again. */
  readonly notBefore: number;
  /** Rejects when it was refused, or when the client was closed before; it stays in the outbox then. Another one once the client is open again. */
  readonly accepted: Promise<{ messageId: string; replyId: string | null; duplicate: boolean }>;
  /** Null when none was asked for. */
  readonly reply: Reply | null;
}

export class ParleyClient {
  constructor(options: ParleyOptions);
  readonly sessionId: string;
  readonly info: Connected | null;
  readonly state: State;
  readonly cursor: string | undefined;
  readonly pending: Sent[];
  readonly running: Reply[];
  readonly totals: Totals;
  on<E extends keyof ParleyEvents>(type: E, listener: (detail: ParleyEvents[E]) => void): () => void;
  once<E extends keyof ParleyEvents>(type: E, listener: (detail: ParleyEvents[E]) => void): () => void;
  connect(): Promise<Connected>;
  open(): void;
  retry(): void;
  close(): void;
  send(content: string, options?: SendOptions): Sent;
  ask(content: string, options?: SendOptions): Promise<string>;
  withdraw(id: string): boolean;
  stop(messageId?: string): Promise<string[]>;
  regenerate(messageId: string, options?: { agent?: string; model?: string }): Promise<Reply>;
  edit(messageId: string, content: string, options?: { regenerate?: boolean }): Promise<Reply | null>;
  remove(messageId: string): Promise<void>;
  react(messageId: string, emoji: string): Promise<void>;
  feedback(messageId: string, feedback: { helpful?: boolean; rating?: number }): Promise<void>;
  seen(messageId: string): Promise<void>;
  typing(isTyping?: boolean): void;
  history(range?: { before?: string; after?: string; limit?: number; offset?: number }): Promise<{ messages: Message[]; total: number; next: unknown }>;
  search(words: string, range?: { limit?: number; offset?: number }): Promise<{ messages: Message[]; total: number }>;
  presence(): Promise<{ user_id: string; name: string }[]>;
  upload(file: Blob | ArrayBuffer | Uint8Array | string, how?: { name?: string; type?: string; show?: boolean; signal?: AbortSignal }): Promise<Attachment>;
  quota(): Promise<{ used: number; limit: number; resetIn: number }>;
  ping(): Promise<number>;
  refresh(token?: string): Promise<void>;
}

/** An id nobody else has, for sessions and messages. */
export function newId(): string;
