from __future__ import annotations

import json
from typing import Any


class ParleyError(Exception):
    """
    What went wrong, with a stable ``code``: one of the server's, or ``OFFLINE``, ``CONNECTION_LOST``, ``TIMEOUT``,
    ``OUTBOX_FULL``, ``NO_TOKEN``, ``CLOSED`` of the client's own.
    """

    def __init__(
        self, code: str, message: str, *, retry_after: float | None = None, status: int | None = None, details: Any = None,
        message_id: str | None = None,
    ) -> None:
        super().__init__(f"{message} ({code})")
        self.code = code
        self.message = message
        #: Seconds after which it is worth trying again.
        self.retry_after = retry_after
        #: The HTTP status, where there was one.
        self.status = status
        self.details = details
        self.message_id = message_id

    @staticmethod
    def of_frame(frame: dict[str, Any]) -> ParleyError:
        return ParleyError(
            _text(frame.get("code"), "INTERNAL"), _text(frame.get("message"), "The server refused"),
            retry_after=_positive(frame.get("retry_after")), details=frame.get("details"),
            message_id=frame["message_id"] if isinstance(frame.get("message_id"), str) else None)

    @staticmethod
    def of_answer(status: int, headers: dict[str, str], body: bytes) -> ParleyError:
        """Reads a refused HTTP response: problem+json when it is one, the status otherwise."""
        try:
            problem = json.loads(body)
        except (ValueError, RecursionError):
            problem = None  # A proxy's own page; the status has to do.
        if not isinstance(problem, dict):
            problem = {}
        try:
            header = float(headers.get("retry-after", ""))
        except ValueError:
            header = 0.0
        return ParleyError(
            _text(problem.get("code"), _CODES.get(status, "INTERNAL")),
            _text(problem.get("detail"), _text(problem.get("title"), f"The server answered {status}")),
            retry_after=_positive(problem.get("retry_after")) or _positive(header), status=status)


_CODES = {
    400: "BAD_REQUEST", 401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND", 409: "CONFLICT", 410: "GONE",
    413: "MESSAGE_TOO_LONG", 429: "RATE_LIMIT", 503: "BUSY",
}


def _text(value: Any, otherwise: str) -> str:
    return value if isinstance(value, str) else otherwise


def _positive(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e9 else None
