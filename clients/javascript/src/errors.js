/**
 * What went wrong, with a stable code: one of the server's, or `OFFLINE`, `CONNECTION_LOST`, `TIMEOUT`, `OUTBOX_FULL`,
 * `NO_TOKEN`, `CLOSED` of the client's own.
 */
export class ParleyError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{retryAfter?: number, status?: number, details?: unknown, messageId?: string, cause?: unknown}} [more]
   */
  constructor(code, message, more = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'ParleyError';
    this.code = code;
    /** Seconds after which it is worth trying again. */
    this.retryAfter = more.retryAfter;
    /** The HTTP status, where there was one. */
    this.status = more.status;
    this.details = more.details;
    this.messageId = more.messageId;
  }

  static ofFrame(frame) {
    const { code, message, retry_after: retryAfter } = frame;
    return new ParleyError(typeof code === 'string' ? code : 'INTERNAL', typeof message === 'string' ? message : 'The server refused', {
      retryAfter: retryAfter > 0 ? retryAfter : undefined,
      details: frame.details,
      messageId: frame.message_id,
    });
  }

  /** Reads a refused HTTP response: problem+json when it is one, the status otherwise. */
  static async ofResponse(response) {
    let problem = null;
    try {
      problem = await response.json();
    } catch {
      // A proxy's own page; the status has to do.
    }
    const { code, detail, title, retry_after: retryAfter } = problem ?? {};
    const header = Number(response.headers.get('retry-after'));
    return new ParleyError(typeof code === 'string' ? code : CODES[response.status] ?? 'INTERNAL',
      detail ?? title ?? `The server answered ${response.status}`, {
        retryAfter: retryAfter > 0 ? retryAfter : header > 0 ? header : undefined,
        status: response.status,
      });
  }
}

const CODES = {
  400: 'BAD_REQUEST', 401: 'UNAUTHORIZED', 403: 'FORBIDDEN', 404: 'NOT_FOUND', 409: 'CONFLICT', 410: 'GONE',
  413: 'MESSAGE_TOO_LONG', 429: 'RATE_LIMIT', 503: 'BUSY',
};
