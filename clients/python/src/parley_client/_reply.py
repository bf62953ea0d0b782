from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

from ._errors import ParleyError
from ._text import units

if TYPE_CHECKING:
    from ._types import Frame

#: Statuses after which a reply does not change any more.
ENDS = frozenset({"completed", "stopped", "failed", "interrupted"})

#: What two objects for the same reply have in common.
_STATE = (
    "message_id", "status", "text", "units", "position", "agent", "model", "versions", "metadata", "message", "error", "refused",
)


class Reply:
    """
    One answer of the model. Iterate over it to get its text piece by piece, from its beginning even when iteration starts
    late; ``text`` is what there is so far. The server may begin a reply anew (its text is then emptied); an iterator goes
    on where it was.
    """

    def __init__(self, stop: Callable[[Reply], Awaitable[list[str]]]) -> None:
        self._stop = stop
        self._wakers: list[asyncio.Future[None]] = []
        self.units = 0
        #: The id of the message it becomes; None until the server has named it.
        self.message_id: str | None = None
        self.question_id: str | None = None
        #: ``pending``, ``queued``, ``streaming``, then one of ``completed``, ``stopped``, ``failed``, ``interrupted``.
        self.status = "pending"
        self.text = ""
        #: Place in the model's queue while queued, 1 being next.
        self.position: int | None = None
        self.agent: str | None = None
        self.model: str | None = None
        self.versions: list[str] = []
        self.metadata: dict[str, Any] = {}
        #: The message object, once it has ended.
        self.message: Frame | None = None
        self.error: ParleyError | None = None
        self.refused = False
        #: Other objects for the same reply, which their readers hold.
        self._twins: list[Reply] = []

    @property
    def ended(self) -> bool:
        return self.status in ENDS

    async def stop(self) -> list[str]:
        """Stops it, also while it waits; returns when the server has confirmed, with the ids of what was stopped."""
        return await self._stop(self)

    async def finished(self) -> Reply:
        """This reply at its end, however it ended; raises when it never began or the client was closed before."""
        while not self.ended:
            self._check()
            await self._change()
        return self

    async def __aiter__(self) -> AsyncIterator[str]:
        shown = 0
        while True:
            # What is not the whole of a character yet stays here until it is.
            ready = len(self.text) - bool(self.text and not self.ended and "\ud800" <= self.text[-1] <= "\udbff")
            if ready > shown:
                piece = self.text[shown:ready]
                shown = ready
                yield piece
            elif self.ended:
                return
            else:
                self._check()
                await self._change()

    def changed(self) -> None:
        """The client has changed something."""
        wakers, self._wakers = self._wakers, []
        for waker in wakers:
            if not waker.done():
                waker.set_result(None)
        for twin in self._twins:
            twin._become(self)
            twin.changed()

    def refuse(self, error: ParleyError) -> None:
        """It will never begin, or does not go on as long as the client is closed."""
        if not self.ended:
            self.error = error
            self.refused = True
            self.changed()

    def revive(self) -> None:
        """The client is open again: what was given up goes on."""
        if self.refused:
            self.error = None
            self.refused = False
            self.changed()

    def take_over(self, other: Reply) -> None:
        """Goes on in place of that one, which was made when the frames overtook the acknowledgement; whoever holds it reads on there."""
        self._become(other)
        self._twins.append(other)
        self.changed()

    def set_text(self, text: str) -> None:
        self.text = text
        self.units = units(text)

    def _become(self, other: Reply) -> None:
        for name in _STATE:
            setattr(self, name, getattr(other, name))

    def _check(self) -> None:
        if self.refused and self.error:
            raise self.error

    async def _change(self) -> None:
        waker: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._wakers.append(waker)
        await waker
