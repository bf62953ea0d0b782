from __future__ import annotations

from dataclasses import dataclass

from ._errors import ParleyError
from ._types import Frame


@dataclass(frozen=True)
class End:
    """Why a transport ended."""

    #: The close code, where there was one.
    code: int | None = None
    reason: str = ""
    #: What the server answered instead.
    error: ParleyError | None = None
    #: No HTTP answer came at all.
    unreachable: bool = False


@dataclass(frozen=True)
class Verdict:
    """Whether to come back after an end, and when at the earliest (in seconds)."""

    error: ParleyError | None = None
    after: float | None = None


#: Close codes after which coming back without a change is pointless, and what they mean.
_FINAL = {
    1008: ("RATE_LIMIT", "The server closed the connection for ignoring its limits"),
    4500: ("TOKEN_EXPIRED", "The token has expired or was revoked"),
    4501: ("FORBIDDEN", "No longer allowed in this session"),
    4502: ("GONE", "The session was closed or deleted"),
}
_FINAL_STATUS = frozenset({400, 401, 403, 404, 409, 410})


def verdict(end: End, farewell: Frame | None) -> Verdict:
    """``farewell`` is the `disconnect` frame before the end, if there was one."""
    if end.error:
        if end.error.status in _FINAL_STATUS:
            return Verdict(error=end.error)
        return Verdict(after=end.error.retry_after)
    said = farewell or {}
    code = said.get("code") if isinstance(said.get("code"), int) else end.code
    if code is not None and (code == 1008 or 4500 <= code <= 4999):
        name, text = _FINAL.get(code, ("CLOSED", f"The server closed the connection for good ({code})"))
        return Verdict(error=ParleyError(name, text, details={"code": code, "reason": said.get("reason") or end.reason}))
    after = said.get("reconnect_in")
    return Verdict(after=float(after) if isinstance(after, (int, float)) and 0 < after < 1e6 else None)
