from __future__ import annotations

import asyncio
import codecs
import json
import re
import ssl
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from . import _http
from ._address import Address, Place
from ._end import End
from ._errors import ParleyError
from ._types import Frame, Options, TransportName

_LARGEST_FRAME = 32 * 1024 * 1024


@dataclass(frozen=True)
class Means:
    """What a transport is made with."""

    address: Address
    options: Options
    tls: ssl.SSLContext | None
    #: Where to resume, asked whenever something is opened.
    place: Callable[[], Place]
    token: str | None
    #: Whether it is the only one there is.
    only: bool


@dataclass(frozen=True)
class Sink:
    """What a transport tells its connection."""

    frame: Callable[[Any], None]
    #: Something arrived that is no frame.
    heard: Callable[[], None]
    #: Once, after which nothing follows.
    ended: Callable[[End], None]


class Transport:
    """One way to the server, from its opening to its end."""

    kind: TransportName

    def __init__(self, means: Means, sink: Sink) -> None:
        self.means = means
        self.sink = sink
        self.token = means.token
        self.done = False
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, frame: Frame) -> bool:
        raise NotImplementedError

    def renew(self, token: str | None) -> None:
        """A new token for the requests to come."""
        self.token = token

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Ends it now; a peer that no longer answers is not waited for."""
        self.done = True
        for task in list(self._tasks):
            task.cancel()

    def run(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)
        return task

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()):
            # Whatever it was: a way that nobody goes any more has to be given up.
            self.end(End(reason=repr(fault)))

    def end(self, end: End) -> None:
        if not self.done:
            self.close()
            self.sink.ended(end)

    def headers(self, **more: str) -> dict[str, str]:
        return {**more, **({"Authorization": f"Bearer {self.token}"} if self.token else {})}


class WebSocketTransport(Transport):
    """One WebSocket; the token travels in a header so that it stays out of addresses and logs."""

    kind: TransportName = "websocket"

    def __init__(self, means: Means, sink: Sink) -> None:
        super().__init__(means, sink)
        self._socket: ClientConnection | None = None
        self._closing: asyncio.Task[None] | None = None
        self._waiting: asyncio.Queue[str] = asyncio.Queue()
        self.run(self._run())

    def send(self, frame: Frame) -> bool:
        if self.done or not self._socket:
            return False
        self._waiting.put_nowait(json.dumps(frame))
        return True

    def close(self, code: int = 1000, reason: str = "") -> None:
        socket, self._socket = self._socket, None
        super().close()
        if socket and not socket.loop.is_closed():
            # On its own, since whoever closes does not wait; the library bounds it.
            self._closing = socket.loop.create_task(_closed(socket, code, reason))

    async def _run(self) -> None:
        address = self.means.address.websocket(self.means.place())
        secure: dict[str, Any] = {"ssl": self.means.tls} if self.means.tls and address.startswith("wss:") else {}
        try:
            socket = await connect(
                address, additional_headers=self.headers(), open_timeout=None, close_timeout=1, ping_interval=None,
                max_size=_LARGEST_FRAME, **secure)
        except InvalidStatus as refused:
            # Who blocks WebSockets on the way says 403 too: only where there is nothing else to try is it the last word.
            answer = refused.response
            error = ParleyError.of_answer(answer.status_code, {name.lower(): value for name, value in answer.headers.raw_items()}, answer.body or b"")
            self.end(End(error=error) if self.means.only else End(reason=str(refused)))
            return
        except (OSError, EOFError, ValueError, InvalidHandshake, InvalidURI) as fault:
            self.end(End(reason=str(fault) or type(fault).__name__))
            return
        self._socket = socket
        self.run(self._write(socket))
        await self._read(socket)

    async def _read(self, socket: ClientConnection) -> None:
        try:
            while True:
                text = await socket.recv()
                frame = _parsed(text) if isinstance(text, str) else None
                self.sink.heard() if frame is None else self.sink.frame(frame)
        except ConnectionClosed as closed:
            received = closed.rcvd
            self.end(End(code=received.code if received else 1006, reason=received.reason if received else str(closed)))

    async def _write(self, socket: ClientConnection) -> None:
        try:
            while True:
                await socket.send(await self._waiting.get())
        except ConnectionClosed:
            return  # The reader tells why.


class HttpTransport(Transport):
    """What the two fallbacks share: frames go out as POST requests, one after the other, and their answers come back as frames."""

    def __init__(self, means: Means, sink: Sink) -> None:
        super().__init__(means, sink)
        self._waiting: asyncio.Queue[Frame] = asyncio.Queue()
        self.run(self._post())

    def send(self, frame: Frame) -> bool:
        if self.done:
            return False
        self._waiting.put_nowait(frame)
        return True

    async def ask(self, method: str, url: str, body: bytes | None = None, **headers: str) -> _http.Response:
        return await _http.request(method, url, self.headers(**headers), body, self.means.tls)

    async def _post(self) -> None:
        # Asked each time: until Python 3.12 a wait with a limit may swallow a cancellation.
        while not self.done:
            frame = await self._waiting.get()
            try:
                answer = await asyncio.wait_for(self._posted(frame), 60)
            except (*_http.FAULTS, asyncio.TimeoutError):
                self.end(End(unreachable=True, reason="a frame could not be delivered"))
                return
            for each in _frames(answer):
                self.sink.frame(each)

    async def _posted(self, frame: Frame) -> Any:
        response = await self.ask("POST", self.means.address.frames(), json.dumps(frame).encode(), **{"Content-Type": "application/json"})
        body = await response.read()
        if response.ok:
            return _answer(body)
        error = ParleyError.of_answer(response.status, response.headers, body)
        if error.status == 401:
            # The token is the reason, so it is the connection's matter and not the frame's.
            self.end(End(error=error))
        told = {"type": "error", "id": frame.get("id"), "code": error.code, "message": error.message, "retry_after": error.retry_after}
        return {"frames": [told] if frame.get("id") else []}


class EventsTransport(HttpTransport):
    """Server-sent events."""

    kind: TransportName = "sse"

    def __init__(self, means: Means, sink: Sink) -> None:
        super().__init__(means, sink)
        self._reading = self.run(self._run(first=True))

    def renew(self, token: str | None) -> None:
        """Reads on in a new stream, which the new token opens; requests under way are left alone."""
        super().renew(token)
        self._reading.cancel()
        self._reading = self.run(self._run(first=False))

    async def _run(self, *, first: bool) -> None:
        try:
            response = await self.ask("GET", self.means.address.events(self.means.place()), Accept="text/event-stream")
            if not response.ok:
                self.end(End(error=ParleyError.of_answer(response.status, response.headers, await response.read())))
                return
        except _http.FAULTS as fault:
            self.end(End(unreachable=True, reason=str(fault)))
            return
        reading = asyncio.current_task()
        try:
            # What a frame brings about may be that another stream is read from then on.
            parser = EventParser(lambda data: self._told(data, first) if self._reading is reading else None)
            async for piece in response.pieces():
                self.sink.heard()
                parser.push(piece)
                if self.done:
                    return
            self.end(End(reason="the stream ended"))
        except _http.FAULTS:
            self.end(End(reason="the stream broke"))
        finally:
            response.close()

    def _told(self, data: str, first: bool) -> None:
        frame = _parsed(data)
        if not first and isinstance(frame, dict) and frame.get("type") == "connected":
            # To whom the stream is not the first, it is the same connection with another token.
            frame = {"type": "refreshed", "expires_at": frame.get("expires_at"), "server_time": frame.get("server_time")}
        self.sink.frame(frame)


class EventParser:
    """Takes an event stream apart; only ``data`` matters here, positions are kept by the client itself."""

    _LINE = re.compile(r"\r\n|\n|\r(?!$)")

    def __init__(self, on_data: Callable[[str], None]) -> None:
        self._on_data = on_data
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._data: list[str] = []

    def push(self, piece: bytes) -> None:
        *lines, self._rest = self._LINE.split(self._rest + self._decoder.decode(piece))
        for line in lines:
            if not line:
                data, self._data = self._data, []
                if data:
                    self._on_data("\n".join(data))
            elif line.startswith("data:"):
                self._data.append(line[6:] if line[5:6] == " " else line[5:])


class PollTransport(HttpTransport):
    """Long polls: the last resort, where even an open response is held back on the way."""

    kind: TransportName = "poll"

    def __init__(self, means: Means, sink: Sink) -> None:
        super().__init__(means, sink)
        self.run(self._run())

    async def _run(self) -> None:
        place = self.means.place()
        # Only a poll without a cursor is greeted; whoever resumes asks without waiting, and the answer is the greeting.
        greeted = place.since is None
        wait = 0.0 if place.since is not None else self.means.options.poll_wait
        while not self.done:
            answer = await self._poll(place, wait)
            if answer is None:
                return
            frames = _frames(answer)
            if not greeted and not any(isinstance(each, dict) and each.get("type") == "connected" for each in frames):
                self.sink.frame({"type": "connected", "cursor": place.since, "polled": True})
            greeted = True
            wait = self.means.options.poll_wait
            for frame in frames:
                if self.done:
                    return
                self.sink.frame(frame)
            self.sink.heard()
            if any(isinstance(each, dict) and each.get("type") == "disconnect" for each in frames):
                # There is no closing to be seen here: the server's last word is the end.
                self.end(End(reason="the server said goodbye"))
            cursor = answer.get("cursor")
            place = Place(since=cursor if isinstance(cursor, str) else place.since)

    async def _poll(self, place: Place, wait: float) -> Any:
        try:
            # The server answers within the wait; well past it the request is lost.
            return await asyncio.wait_for(self._polled(place, wait), wait + 15)
        except (*_http.FAULTS, asyncio.TimeoutError) as fault:
            self.end(End(unreachable=True, reason=str(fault)))
            return None

    async def _polled(self, place: Place, wait: float) -> Any:
        response = await self.ask("GET", self.means.address.poll(place, wait))
        body = await response.read()
        if response.ok:
            answer = _answer(body)
            if not isinstance(answer.get("frames"), list):
                raise ValueError("Expected frames")
            return answer
        self.end(End(error=ParleyError.of_answer(response.status, response.headers, body)))
        return None


TRANSPORTS: dict[TransportName, type[Transport]] = {"websocket": WebSocketTransport, "sse": EventsTransport, "poll": PollTransport}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _answer(body: bytes) -> Any:
    """Raises one of the faults when it is no answer of a server of ours."""
    try:
        answer = json.loads(body)
    except RecursionError as deep:
        raise ValueError("Expected an answer that is not nested without end") from deep
    if not isinstance(answer, dict):
        raise ValueError("Expected an object")
    return answer


def _frames(answer: Any) -> list[Any]:
    frames = answer.get("frames") if isinstance(answer, dict) else None
    return frames if isinstance(frames, list) else []


async def _closed(socket: ClientConnection, code: int, reason: str) -> None:
    try:
        await socket.close(code, reason)
    except (OSError, ConnectionClosed):
        pass  # Gone either way.
