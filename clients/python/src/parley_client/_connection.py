from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ._address import Address, Place
from ._backoff import Backoff
from ._credentials import Credentials
from ._end import End, verdict
from ._errors import ParleyError
from ._ladder import Ladder
from ._liveness import Liveness
from ._transports import TRANSPORTS, Means, Sink, Transport
from ._types import Frame, Options, State


@dataclass(frozen=True)
class Tell:
    """Whom a connection tells what."""

    frame: Callable[[Frame], None]
    lost: Callable[[End], None]
    state: Callable[[State], None]
    #: Where to resume.
    place: Callable[[], Place]
    #: Whether nothing is under way.
    idle: Callable[[], bool]


class Connection:
    """
    Keeps one connection to one session: opens it, notices when it is gone, comes back at the right time over the right
    transport. It knows nothing of messages.
    """

    def __init__(
        self, options: Options, address: Address, credentials: Credentials, tls: ssl.SSLContext | None, tell: Tell,
    ) -> None:
        self._options = options
        self._address = address
        self._credentials = credentials
        self._tls = tls
        self._tell = tell
        self._ladder = Ladder(options.transport, options.patience)
        self._backoff = Backoff(options.backoff_base, options.backoff_cap)
        self._liveness = Liveness(
            options.pong_deadline, lambda: self._transport and self._transport.send({"type": "ping"}),
            lambda: self._drop(End(reason="no answer")))
        self._transport: Transport | None = None
        self._opening: asyncio.Task[None] | None = None
        self._attempt = 0
        self._token: str | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._stable_timer: asyncio.TimerHandle | None = None
        self._climb_timer: asyncio.TimerHandle | None = None
        self._climb_after = options.climb_after
        self._climbing: Callable[[], None] | None = None
        self._farewell: Frame | None = None
        #: The token that was refused last, and why; whatever is opened with it would be refused again.
        self._refused: tuple[str | None, ParleyError] | None = None
        #: Whether a token was replaced lately because it was refused.
        self._renewed = False
        #: Whether frames can be sent.
        self.ready = False
        self.state = State("idle")

    def open(self) -> None:
        if self.state.status in ("idle", "closed"):
            self._refused = None
            self._renewed = False
            self._connect()

    def retry(self) -> None:
        """Comes back now instead of waiting."""
        if self.state.status == "waiting":
            self._connect()

    def reopen(self, reason: str) -> None:
        """Gives up what is there and resumes on a new connection."""
        if self._transport:
            self._drop(End(reason=reason), delay=0)

    def send(self, frame: Frame) -> bool:
        return self.ready and self._transport is not None and self._transport.send(frame)

    def close(self, error: ParleyError | None = None) -> None:
        self._leave()
        self._cancel()
        self._show(State("closed", error=error))

    def renew(self, token: str | None) -> bool:
        """
        Uses another token from now on: polls carry it, a stream of events goes on in a new one. Answers whether the server has
        to be told by a frame.
        """
        if not self._transport or not self.ready:
            return False
        self._token = token
        self._transport.renew(token)
        if self._transport.kind == "sse":
            self._expect_frame()
        return self._transport.kind == "websocket"

    def _connect(self) -> None:
        self._cancel()
        self._leave()
        self._attempt += 1
        if not self._climbing:
            self._show(State("connecting", self._ladder.current, self._backoff.failures))
        self._opening = asyncio.get_running_loop().create_task(self._open(self._attempt))

    async def _open(self, attempt: int) -> None:
        try:
            token = await self._credentials.token()
        except ParleyError as fault:
            if attempt == self._attempt:
                self._tokenless(fault)
            return
        if attempt != self._attempt:
            return
        if self._refused and (not token or token == self._refused[0]):
            self.close(self._refused[1])
            return
        self._token = token
        self._expect_frame()

        def mine(act: Callable[..., None]) -> Callable[..., None]:
            return lambda *detail: act(*detail) if attempt == self._attempt else None

        means = Means(self._address, self._options, self._tls, self._tell.place, token, self._ladder.only)
        self._transport = TRANSPORTS[self._ladder.current](means, Sink(
            frame=mine(self._frame), heard=mine(self._liveness.heard), ended=mine(lambda end: self._ended(end, self.ready))))

    def _expect_frame(self) -> None:
        self._cancel()
        self._timer = asyncio.get_running_loop().call_later(
            self._options.open_deadline, lambda: self._drop(End(reason="no first frame in time")))

    def _frame(self, frame: Any) -> None:
        self._liveness.heard()
        if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
            return
        if frame["type"] == "connected":
            if self.ready:
                return
            self._became_ready(frame)
        if frame["type"] == "refreshed":
            self._cancel()
        if frame["type"] == "disconnect":
            self._farewell = frame
        self._tell.frame(frame)

    def _became_ready(self, frame: Frame) -> None:
        assert self._transport
        self.ready = True
        self._refused = None
        self._cancel()
        self._ladder.worked()
        self._climbing = None
        # Not at once: a server that accepts and closes again must not be asked in a tight loop.
        self._stable_timer = asyncio.get_running_loop().call_later(self._options.stable_after, self._stable)
        told = frame.get("heartbeat_interval")
        interval = float(told) if isinstance(told, (int, float)) and 0 < told < 86_400 else 30.0
        # Events are kept alive by the server's comments, polls by their own answers.
        if self._transport.kind != "poll":
            self._liveness.start(interval * 2 if self._transport.kind == "sse" else interval)
        if self._ladder.lowered:
            self._climb_later()
        else:
            self._climb_after = self._options.climb_after
        self._show(State("connected", self._transport.kind))

    def _stable(self) -> None:
        self._backoff.reset()
        self._renewed = False

    def _drop(self, end: End, delay: float | None = None) -> None:
        """Ends the transport from this side."""
        ready = self.ready
        self._leave(4001, end.reason)
        self._ended(end, ready, delay)

    def _leave(self, code: int = 1000, reason: str = "") -> None:
        """Lets go of the transport; whatever it still says is not heard."""
        self._attempt += 1
        self.ready = False
        self._liveness.stop()
        for timer in (self._stable_timer, self._climb_timer):
            if timer:
                timer.cancel()
        transport, self._transport = self._transport, None
        if transport:
            transport.close(code, reason)

    def _ended(self, end: End, ready: bool, delay: float | None = None) -> None:
        farewell, self._farewell = self._farewell, None
        self._leave()
        self._cancel()
        if ready:
            self._tell.lost(end)
        if self._climbing:
            self._climbing()
            self._climbing = None
            self._connect()
            return
        judged = verdict(end, farewell)
        if judged.error:
            self._give_up(judged.error)
            return
        self._ladder.failed(ready, end)
        wait = delay if delay is not None else judged.after if judged.after is not None else self._backoff.next()
        said = (farewell or {}).get("reason")
        self._wait(wait, said if isinstance(said, str) else str(end.error.message if end.error else end.reason))

    def _wait(self, delay: float, reason: str) -> None:
        self._show(State("waiting", self._ladder.current, self._backoff.failures, delay, reason))
        self._timer = asyncio.get_running_loop().call_later(delay, self._connect)

    def _tokenless(self, fault: ParleyError) -> None:
        """Whoever gives out tokens is away: that says nothing about the server or the transports."""
        if self._climbing:
            self._climbing()
            self._climbing = None
        self._wait(self._backoff.next(), fault.message)

    def _give_up(self, error: ParleyError) -> None:
        """A token that can be asked for anew deserves one more try with another one, however long that takes to be had."""
        if error.code not in ("TOKEN_EXPIRED", "UNAUTHORIZED") or not self._credentials.renewable or self._refused:
            self.close(error)
            return
        self._refused = (self._token, error)
        # At once, but not again and again.
        if self._renewed:
            self._wait(self._backoff.next(), error.message)
        else:
            self._connect()
        self._renewed = True

    def _climb_later(self) -> None:
        self._climb_timer = asyncio.get_running_loop().call_later(self._climb_after, self._climb)

    def _climb(self) -> None:
        if not self._tell.idle():
            self._climb_later()
            return
        self._climb_after = min(self._climb_after * 2, 600.0)
        self._tell.lost(End(reason="trying a better transport"))
        self._climbing = self._ladder.climb()
        self._connect()

    def _cancel(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _show(self, state: State) -> None:
        self.state = state
        self._tell.state(state)
