from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ._types import TokenSource


class Credentials:
    """The token: where it comes from, and when the next one is due."""

    def __init__(self, source: TokenSource) -> None:
        self._source = source
        self._timer: asyncio.TimerHandle | None = None
        #: The token last given out.
        self.used: str | None = None

    @property
    def renewable(self) -> bool:
        """Whether asking again can give another token."""
        return callable(self._source)

    async def token(self) -> str | None:
        """The token to use now."""
        given: Any = self._source() if callable(self._source) else self._source
        if inspect.isawaitable(given):
            given = await given
        self.used = given
        return self.used

    def replace(self, token: str | None) -> None:
        """From now on this one."""
        if not self.renewable:
            self._source = token
        self.used = token

    def watch(self, expires_at: Any, server_time: Any, due: Callable[[], None]) -> None:
        """
        Calls ``due`` a minute, or the last fifth of its life, before the token expires. Both times are the server's, so
        that a wrong clock here does no harm.
        """
        self.stop()
        left = _seconds(expires_at, server_time)
        if left is not None and left > 0:
            self._timer = asyncio.get_running_loop().call_later(min(max(left - 60, left * 0.8), 86_400), due)

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None


def _seconds(to: Any, since: Any) -> float | None:
    try:
        return (_instant(to) - _instant(since)).total_seconds()
    except (TypeError, ValueError, AttributeError):
        return None


def _instant(text: str) -> datetime:
    # Python 3.10 reads neither the Z nor fractions of any length.
    head, _, fraction = text.rstrip("Zz").partition(".")
    return datetime.fromisoformat(f"{head}.{(fraction + '000000')[:6]}+00:00")
