from __future__ import annotations

import asyncio
from collections.abc import Callable


class Liveness:
    """Notices a path that has died without a word: after a silence it asks, and without an answer in time the peer is gone."""

    def __init__(self, deadline: float, ask: Callable[[], object], dead: Callable[[], None]) -> None:
        self._deadline = deadline
        self._ask = ask
        self._dead = dead
        self._interval = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._heard_at = 0.0
        self._asked = False

    def start(self, interval: float) -> None:
        """``interval`` is the silence after which to ask."""
        self.stop()
        self._interval = interval
        self.heard()
        self._wait_for_silence()

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def heard(self) -> None:
        """Something arrived. Cheap, since it is called for every frame: timers look at it when they fire."""
        self._heard_at = asyncio.get_running_loop().time()
        self._asked = False

    def _wait_for_silence(self) -> None:
        loop = asyncio.get_running_loop()
        left = self._heard_at + self._interval - loop.time()
        if left > 0:
            self._timer = loop.call_later(left, self._wait_for_silence)
            return
        self._asked = True
        self._timer = loop.call_later(self._deadline, self._answered)
        self._ask()

    def _answered(self) -> None:
        if self._asked:
            self._dead()
        else:
            self._wait_for_silence()
