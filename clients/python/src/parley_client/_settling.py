from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from ._backoff import Backoff
from ._errors import ParleyError
from ._replies import Replies
from ._reply import ENDS, Reply

#: Answers that stay what they are, however often one asks.
_DEFINITE = frozenset({400, 403, 404, 410})


class Settling:
    """
    Nothing tells how replies ended that ended before a reload, or before it was known whose they are; the stored messages do. Each
    is asked for, with growing pauses, until it has ended or is known not to be there, or the client closes.
    """

    def __init__(
        self, replies: Replies, ask: Callable[[str], Awaitable[Any]], give_up: Callable[[Reply, ParleyError], None],
        backoff: Callable[[], Backoff],
    ) -> None:
        self._replies = replies
        self._ask = ask
        self._give_up = give_up
        self._backoff = backoff
        #: Who asks, by the reply's name.
        self._open: dict[str, asyncio.Task[None]] = {}

    def begin(self) -> None:
        """Asks for all that run and are not asked for yet."""
        for reply in self._replies.running():
            if reply.message_id:
                self.settle(reply.message_id)

    def settle(self, name: str) -> None:
        """Asks for that one, unless it has ended, is unknown or asked for already."""
        reply = self._replies.get(name)
        if reply and not reply.ended and (name not in self._open or self._open[name].done()):
            self._open[name] = asyncio.get_running_loop().create_task(self._settle(name))

    def stop(self) -> None:
        """Nothing is asked any more, until it begins again."""
        for task in self._open.values():
            task.cancel()
        self._open.clear()

    async def _settle(self, name: str) -> None:
        backoff = self._backoff()
        while True:
            message, error = None, None
            try:
                message = await self._ask(name)
            except ParleyError as fault:
                error = fault
            reply = self._replies.get(name)
            if not reply or reply.ended:
                return
            status = message.get("status") if isinstance(message, dict) else None
            if isinstance(status, str) and status in ENDS:
                self._replies.settle(reply, message)
                return
            if error and error.status in _DEFINITE:
                self._give_up(reply, error)
                return
            await asyncio.sleep(max(backoff.next(), (error and error.retry_after) or 0.0))
