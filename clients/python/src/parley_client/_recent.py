from __future__ import annotations

from ._types import Frame

_REMEMBERED = 1_000

#: What may come again and means something each time, or is known by other means.
_AGAIN = frozenset({"connected", "resumed", "ack", "error", "queued", "stream_start", "stream_chunk", "stream_end"})


class Recent:
    """Knows what was told lately, so that nothing is told twice: after a break a server may say once more what it was not sure of."""

    def __init__(self) -> None:
        self._known: dict[str, None] = {}

    def repeated(self, frame: Frame) -> bool:
        """Whether this frame was here before."""
        kind = frame["type"]
        if not isinstance(frame.get("cursor"), str) or kind in _AGAIN:
            return False
        names = ("message_id",) if kind == "message" else ("cursor", "message_id", "user_id", "attachment_id", "action")
        key = repr((kind, *(frame.get(name) for name in names)))
        if key in self._known:
            return True
        self._known[key] = None
        if len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]
        return False
