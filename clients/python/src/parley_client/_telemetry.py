from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from ._reply import Reply
from ._text import units
from ._types import TransportName


@dataclass(frozen=True)
class Measure:
    """How a reply reached its reader; times in seconds, seen from here."""

    message_id: str | None
    status: str
    transport: TransportName | None
    duration: float
    #: None when no text came piece by piece.
    time_to_first_token: float | None
    #: The longest silence between two pieces.
    longest_gap: float
    #: In UTF-16 code units.
    characters: int
    chunks: int
    gaps: int
    duplicates: int
    #: Connections lost while it ran.
    reconnects: int


@dataclass(frozen=True)
class Totals:
    """What a client has lived through so far; ``duplicates`` counts whatever came twice."""

    connections: int = 0
    reconnects: int = 0
    replies: int = 0
    gaps: int = 0
    duplicates: int = 0


class _Running:
    def __init__(self, since: float) -> None:
        self.since = since
        self.last = since
        self.first: float | None = None
        self.longest = 0.0
        self.chunks = 0
        self.counts = {"gaps": 0, "duplicates": 0, "reconnects": 0}


class Telemetry:
    """Measures replies where it matters, at the reader: time to the first text, and the longest silence after it."""

    def __init__(self, tell: Callable[[Measure], None], now: Callable[[], float] = time.monotonic) -> None:
        self._tell = tell
        self._now = now
        self._running: dict[Reply, _Running] = {}
        self._asked: WeakKeyDictionary[Reply, float] = WeakKeyDictionary()
        self.totals = Totals()

    def asked(self, reply: Reply) -> None:
        self._asked[reply] = self._now()

    def change(self, reply: Reply, change: str, delta: str | None, transport: TransportName | None) -> None:
        now = self._now()
        measure = self._of(reply, now)
        if change == "text" and delta:
            if measure.first is None:
                measure.first = now - measure.since
            else:
                measure.longest = max(measure.longest, now - measure.last)
            measure.chunks += 1
            measure.last = now
        elif change == "end":
            del self._running[reply]
            self.totals = replace(self.totals, replies=self.totals.replies + 1)
            self._tell(Measure(
                reply.message_id, reply.status, transport, now - measure.since, measure.first, measure.longest, units(reply.text),
                measure.chunks, **measure.counts))

    def count(self, reply: Reply | None, what: str) -> None:
        """``reply`` is what it happened to, if to one."""
        self.totals = replace(self.totals, **{what: getattr(self.totals, what) + 1})
        if reply:
            self._of(reply, self._now()).counts[what] += 1

    def taken_over(self, reply: Reply, other: Reply) -> None:
        """What was measured of ``other``, which turns out to be ``reply``; the asking was earlier."""
        measure = self._running.pop(other, None)
        if measure:
            since = self._asked.get(reply, measure.since)
            if measure.first is not None:
                measure.first += measure.since - since
            measure.since = since
            self._running[reply] = measure

    def forget(self, reply: Reply) -> None:
        """Nothing more will come of it."""
        self._running.pop(reply, None)

    def connected(self) -> None:
        before = self.totals.connections
        self.totals = replace(self.totals, connections=before + 1, reconnects=self.totals.reconnects + (before > 0))

    def lost(self) -> None:
        for measure in self._running.values():
            measure.counts["reconnects"] += 1

    def _of(self, reply: Reply, now: float) -> _Running:
        return self._running.setdefault(reply, _Running(self._asked.get(reply, now)))
