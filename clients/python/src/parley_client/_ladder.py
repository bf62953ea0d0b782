from __future__ import annotations

from collections.abc import Callable
from typing import cast

from ._end import End
from ._types import TransportName

RUNGS: tuple[TransportName, ...] = ("websocket", "sse", "poll")


class Ladder:
    """Which transport to try next: down one rung when one cannot work here, up again when the server was merely away."""

    def __init__(self, mode: str, patience: int) -> None:
        if mode != "auto" and mode not in RUNGS:
            raise ValueError(f"Expected auto, websocket, sse or poll as transport, found {mode!r}")
        self._rungs: tuple[TransportName, ...] = RUNGS if mode == "auto" else (cast(TransportName, mode),)
        self._at = 0
        self._failures = 0
        self._patience = patience

    @property
    def current(self) -> TransportName:
        return self._rungs[self._at]

    @property
    def lowered(self) -> bool:
        """Whether something better than the current transport exists."""
        return self._at > 0

    @property
    def only(self) -> bool:
        return len(self._rungs) == 1

    def worked(self) -> None:
        self._failures = 0

    def failed(self, ready: bool, end: End) -> None:
        """The current one ended; ``ready`` tells whether it had been of use."""
        if ready or self.only:
            return
        self._failures += 1
        if self._at > 0 and (end.unreachable or end.error):
            # The server itself is away or refuses: nothing is known about the better ones.
            self._at = 0
            self._failures = self._patience - 1
        elif self._at + 1 < len(self._rungs) and (self._at > 0 or self._failures >= self._patience):
            self._at += 1
            self._failures = 0

    def climb(self) -> Callable[[], None]:
        """Tries the best one once; what is answered undoes it."""
        before = self._at
        self._at = 0

        def back() -> None:
            self._at = before
            self._failures = 0

        return back
