from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ._errors import ParleyError
from ._types import TokenSource

_LONGEST = 86_400.0


class Credentials:
    """The token: where it comes from, and when the next one is due."""

    def __init__(self, source: TokenSource) -> None:
        self._source = source
        self._timer: asyncio.TimerHandle | None = None
        #: How far the server's clock is ahead of the loop's.
        self._ahead: float | None = None
        #: The token last given out.
        self.used: str | None = None

    @property
    def renewable(self) -> bool:
        """Whether asking again can give another token."""
        return callable(self._source)

    async def token(self) -> str | None:
        """The token to use now; raises ``NO_TOKEN`` when there is none to be had."""
        try:
            given: Any = self._source() if callable(self._source) else self._source
            if inspect.isawaitable(given):
                given = await given
        except Exception as fault:
            raise ParleyError("NO_TOKEN", f"no token: {fault}") from fault
        self.used = given
        return self.used

    def replace(self, token: str | None) -> None:
        """From now on this one."""
        if not self.renewable:
            self._source = token
        self.used = token

    def watch(self, expires_at: Any, server_time: Any, due: Callable[[float, float], None]) -> None:
        """
        Calls ``due`` a minute, or the last fifth of its life, before the token expires, with the seconds that are left and
        those that there were. It goes by the server's clock, so that a wrong one here does no harm.
        """
        now, told, end = asyncio.get_running_loop().time(), _seconds(server_time), _seconds(expires_at)
        if told is not None:
            self._ahead = told - now
        self.lasts(end - now - self._ahead if end is not None and self._ahead is not None else 0.0, due)

    def lasts(self, life: float, due: Callable[[float, float], None]) -> None:
        """The same, where it is known how long the token lasts from now on."""
        self.stop()
        if life > 0:
            early = max(life - 60, life * 0.8)
            self._after(early, lambda: due(life - early, life))

    def later(self, delay: float, act: Callable[[], None]) -> None:
        """Calls back then instead."""
        self.stop()
        self._after(delay, act)

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _after(self, delay: float, act: Callable[[], None]) -> None:
        """Loops promise nothing for timers of more than a day; what is later takes several of them."""
        rest = delay - _LONGEST
        self._timer = asyncio.get_running_loop().call_later(
            min(delay, _LONGEST), (lambda: self._after(rest, act)) if rest > 0 else act)


def _seconds(text: Any) -> float | None:
    """Since the epoch."""
    try:
        # Python 3.10 reads neither the Z nor fractions of any length.
        head, _, fraction = text.rstrip("Zz").partition(".")
        return datetime.fromisoformat(f"{head}.{(fraction + '000000')[:6]}+00:00").timestamp()
    except (TypeError, ValueError, AttributeError, OverflowError):
        return None
