from __future__ import annotations

import asyncio
from collections.abc import Callable

from ._errors import ParleyError
from ._types import Frame, new_id


class _Request:
    def __init__(self, frame: Frame, again: bool) -> None:
        self.frame = frame
        self.again = again
        self.sent = False
        self.answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()


class Requests:
    """Frames that want an answer: matched by id, waiting while there is no connection, never twice unless that is harmless."""

    def __init__(self, send: Callable[[Frame], bool], deadline: float) -> None:
        self._send = send
        self._deadline = deadline
        self._open: dict[str, _Request] = {}
        self._closed: ParleyError | None = None

    @property
    def waiting(self) -> int:
        return len(self._open)

    async def ask(self, frame: Frame, *, again: bool = False) -> Frame:
        """The answering frame; with ``again`` it is sent once more when the connection is lost before the answer."""
        if self._closed:
            raise self._closed
        name = new_id()
        request = _Request({**{key: value for key, value in frame.items() if value is not None}, "id": name}, again)
        self._open[name] = request
        request.sent = self._send(request.frame)
        try:
            return await asyncio.wait_for(request.answer, self._deadline)
        except asyncio.TimeoutError:
            raise ParleyError("TIMEOUT", f"No answer to '{frame['type']}' in time") from None
        finally:
            self._open.pop(name, None)

    def answer(self, frame: Frame) -> bool:
        """Whether the frame answered one."""
        name = frame.get("id")
        request = self._open.pop(name, None) if isinstance(name, str) else None
        if not request:
            return False
        if frame["type"] == "error":
            self._fail(request, ParleyError.of_frame(frame))
        elif not request.answer.done():
            request.answer.set_result(frame)
        return True

    def connected(self) -> None:
        """A connection is there: sends what waits."""
        for request in list(self._open.values()):
            if not request.sent:
                request.sent = self._send(request.frame)

    def lost(self) -> None:
        """The connection is gone, and with it the answers under way."""
        for name, request in list(self._open.items()):
            if not request.sent:
                continue
            if request.again:
                request.sent = False
            else:
                del self._open[name]
                kind = request.frame["type"]
                self._fail(request, ParleyError("CONNECTION_LOST", f"The connection was lost before '{kind}' was answered"))

    def closed(self, error: ParleyError) -> None:
        """Nothing can be asked any more, until ``reopened``."""
        self._closed = error
        waiting, self._open = self._open, {}
        for request in waiting.values():
            self._fail(request, error)

    def reopened(self) -> None:
        self._closed = None

    @staticmethod
    def _fail(request: _Request, error: ParleyError) -> None:
        if not request.answer.done():
            request.answer.set_exception(error)
            request.answer.exception()  # Whoever waited may be gone.
