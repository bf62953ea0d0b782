from __future__ import annotations

import asyncio
import ssl
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

from ._address import Address, Place
from ._backoff import Backoff
from ._connection import Connection, Tell
from ._credentials import Credentials
from ._emitter import Emitter
from ._end import End
from ._errors import ParleyError
from ._outbox import Outbox, Sent
from ._recent import Recent
from ._replies import Replies
from ._reply import Reply
from ._requests import Requests
from ._rest import Rest
from ._settling import Settling
from ._storage import Storage
from ._telemetry import Measure, Telemetry
from ._types import Frame, Options, State

#: Events of the client's own; a frame of that name is none of them.
_OWN = frozenset({"state", "connected", "closed", "reload", "telemetry", "outbox", "reply", "frame", "ack", "error"})
#: Frames about a reply, of no use without its name.
_OF_REPLIES = frozenset({"queued", "stream_start", "stream_chunk", "stream_end"})


class Engine:
    """The client's insides: reads what the server sends and keeps connection, outbox, requests and replies in step."""

    def __init__(self, options: Options, storage: Storage | None, tls: ssl.SSLContext | None) -> None:
        self.options = options
        self.events = Emitter()
        self.cursor = options.since
        self.info: Frame | None = None
        #: When typing was last told, on this connection.
        self.typed_at: float | None = None
        self.credentials = Credentials(options.token)
        self.address = Address(options.url, options.session_id, {
            "visibility": options.visibility, "client_id": options.client_id, "client_version": options.client_version,
            "project_id": options.project_id, "language": options.language,
        })
        self.rest = Rest(self.credentials, self._backoff, options.ask_deadline, tls)
        self.telemetry = Telemetry(lambda measure: self.events.emit("telemetry", measure))
        self.replies = Replies(
            self.stop_reply, change=self._reply_changed, gap=self._fill_gap,
            duplicate=lambda reply: self.telemetry.count(reply, "duplicates"), taken_over=self.telemetry.taken_over)
        self._settling = Settling(
            self.replies, lambda name: self.rest.ask(self.address.rest(f"/api/chat/messages/{quote(name, safe='')}")), self._give_up, self._backoff)
        self.connection = Connection(options, self.address, self.credentials, tls, Tell(
            frame=self._frame, lost=self._lost, state=self._changed, place=self._place,
            idle=lambda: not (self.replies.running() or self.requests.waiting or self.outbox.sents)))
        self.requests = Requests(self._send, options.ask_deadline)
        self.outbox = Outbox(
            storage=storage, prefix=f"parley:outbox:{options.session_id}/", bound=options.outbox_limit, deadline=options.ack_deadline,
            send=self._send, tell=lambda sent, change: self.events.emit("outbox", (sent, change)))
        #: The one in which it was opened.
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked_since: str | None = None
        #: The message under way when a reload came: what became of it may be told nowhere but in its acknowledgement.
        self._unsure: str | None = None
        self._resuming = False
        self._recent = Recent()
        self._resume_timer: asyncio.TimerHandle | None = None
        self._gap_timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self.outbox.restore(self.replies.expect)

    def open(self) -> None:
        self.here()
        self._loop = asyncio.get_running_loop()
        if self.connection.state.status == "closed":
            self.requests.reopened()
            self.rest.reopened()
            self.outbox.reopened()
            for reply in self.replies.open():
                reply.revive()
        self.connection.open()

    def here(self) -> None:
        """Raises where an open client is used from another event loop than its own."""
        opened = self.connection.state.status not in ("idle", "closed")
        if opened and self._loop is not asyncio.get_running_loop():
            raise RuntimeError("Expected the event loop in which the client was opened; close it before it is used in another one")

    async def stop(self, message_id: str | None = None) -> list[str]:
        answer = await self.requests.ask({"type": "stop", "message_id": message_id}, again=True)
        stopped = answer.get("stopped")
        return stopped if isinstance(stopped, list) else []

    async def stop_reply(self, reply: Reply) -> list[str]:
        if reply.message_id:
            return await self.stop(reply.message_id)
        sent = next((each for each in self.outbox.sents if each.expected is reply), None)
        if sent:
            if self.outbox.withdraw(sent.id):
                return []
            await sent.accepted()
        return await self.stop(reply.message_id or reply.question_id)

    async def refresh(self, token: str | None = None) -> None:
        fresh = token if token is not None else await self.credentials.token()
        self.credentials.replace(fresh)
        if self.connection.renew(fresh):
            await self.requests.ask({"type": "refresh", "token": fresh})

    def time(self) -> str:
        return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _send(self, frame: Frame) -> bool:
        return not self._resuming and self.connection.send(frame)

    def _place(self) -> Place:
        self._asked_since = self.cursor
        return Place(self.cursor, self.replies.positions())

    def _frame(self, frame: Frame) -> None:
        kind = frame["type"]
        if kind in _OF_REPLIES and not isinstance(frame.get("message_id"), str):
            return
        if self._recent.repeated(frame):
            self.telemetry.count(None, "duplicates")
            return
        if kind == "connected":
            self._connected(frame)
        elif kind == "ack":
            self._acknowledged(frame)
        elif kind == "error":
            self._refused(frame)
        else:
            self._news(kind, frame)
            if isinstance(frame.get("cursor"), str):
                self.cursor = frame["cursor"]
            if kind not in _OWN:
                self.events.emit(kind, frame)
            self.events.emit("frame", frame)

    def _news(self, kind: str, frame: Frame) -> None:
        if kind == "stream_chunk":
            self.replies.chunk(frame)
        elif kind == "stream_start":
            self.replies.start(frame)
        elif kind == "stream_end":
            self.replies.end(frame)
        elif kind == "queued":
            self.replies.queued(frame)
        elif kind == "message" and frame.get("role") == "assistant":
            self.replies.whole(frame)
        elif kind == "resumed":
            self._resumed(frame)
        elif kind in ("history", "quota", "pong"):
            self.requests.answer(frame)
        elif kind == "refreshed":
            self.requests.answer(frame)
            self._watch_token(frame)

    def _connected(self, frame: Frame) -> None:
        resumes = self._asked_since is not None and not frame.get("polled")
        # When resuming, its cursor is ahead of what has arrived here; `resumed` says when that is made up for.
        if self._asked_since is None and isinstance(frame.get("cursor"), str):
            self.cursor = frame["cursor"]
        self.telemetry.connected()
        self.info = {**(self.info or {}), **frame}
        self._watch_token(frame)
        self._resuming = resumes
        if resumes:
            self._resume_timer = asyncio.get_running_loop().call_later(5, self._live)
        else:
            self._live()
        self.events.emit("connected", self.info)

    def _resumed(self, frame: Frame) -> None:
        if not frame.get("recovered"):
            self.events.emit("reload", None)
            self._unsure = next((sent.id for sent in self.outbox.sents), None)
            self._settling.begin()
        if self._resuming:
            self._live()

    def _live(self) -> None:
        """What was missed is here; now what waited may go."""
        self._resume_timer = _cancel(self._resume_timer)
        self._resuming = False
        self.requests.connected()
        self.outbox.opened()

    def _acknowledged(self, frame: Frame) -> None:
        # Its cursor is not taken: what others did before may still be on its way here.
        sent = self.outbox.accept(frame)
        if sent and sent.expected:
            self._named(sent.expected, frame)
        elif not sent:
            self.requests.answer(frame)

    def _named(self, expected: Reply, frame: Frame) -> None:
        """Its end may have come before anybody knew whose it was, or to a connection that is no more."""
        reply, message = (name if isinstance(name, str) else None for name in (frame.get("reply_id"), frame.get("message_id")))
        self.replies.bind(expected, reply, message)
        if reply and (self.replies.came_early(reply) or frame.get("duplicate") is True or frame["id"] == self._unsure):
            self._settling.settle(reply)

    def _refused(self, frame: Frame) -> None:
        if self.outbox.refuse(frame) or self.requests.answer(frame):
            return
        error = ParleyError.of_frame(frame)
        if error.message_id:
            self.replies.fault(error.message_id, error)
        self.events.emit("error", error)

    def _lost(self, end: End) -> None:
        self._resuming = False
        self._resume_timer = _cancel(self._resume_timer)
        self._gap_timer = _cancel(self._gap_timer)
        self.typed_at = None
        self.telemetry.lost()
        if end.code == 1009:
            self.outbox.refuse_flying("MESSAGE_TOO_LONG", "The message is larger than the server takes")
        if end.code == 1007:
            self.outbox.refuse_flying("BAD_REQUEST", "The server could not read the message")
        self.outbox.lost()
        self.requests.lost()

    def _changed(self, state: State) -> None:
        if state.status == "closed":
            self._closed(state.error or ParleyError("CLOSED", "The client was closed"))
        self.events.emit("state", state)
        if state.status == "closed":
            self.events.emit("closed", state.error)

    def _closed(self, why: ParleyError) -> None:
        self.credentials.stop()
        self._settling.stop()
        self.requests.closed(why)
        self.rest.closed(why)
        self.outbox.closed(why)
        for reply in self.replies.open():
            reply.refuse(why)
        self._lost(End())

    def _reply_changed(self, reply: Reply, change: str, delta: str | None) -> None:
        self.telemetry.change(reply, change, delta, self.connection.state.transport)
        self.events.emit("reply", (reply, change, delta))

    def _fill_gap(self, reply: Reply) -> None:
        """Asks for what is missing; a server that does not fill it on this connection does so on the next."""
        if self._gap_timer:
            return
        known = reply.units
        self.telemetry.count(reply, "gaps")
        self.connection.send({"type": "resume", "since": self.cursor, "streams": {reply.message_id: known}})

        def late() -> None:
            self._gap_timer = None
            if not reply.ended and reply.units <= known:
                self.connection.reopen("text is missing")

        self._gap_timer = asyncio.get_running_loop().call_later(self.options.gap_deadline, late)

    def _give_up(self, reply: Reply, why: ParleyError) -> None:
        """Nothing more will come of a reply."""
        self.replies.forget(reply)
        self.telemetry.forget(reply)
        reply.refuse(why)

    def _watch_token(self, frame: Frame) -> None:
        if frame.get("expires_at") and self.credentials.renewable:
            self.credentials.watch(frame["expires_at"], frame.get("server_time"), self._due)

    def _due(self, left: float, life: float) -> None:
        until = asyncio.get_running_loop().time() + left
        self._later(self._renew(until, life, self._backoff(), self.telemetry.totals.connections))

    async def _renew(self, until: float, life: float, backoff: Backoff, connection: int) -> None:
        """Tries until there is a newer token, or this one has expired; then the server says so."""
        used = self.credentials.used

        def over() -> bool:
            # A later connection has a token and a watch of its own.
            return self.connection.state.status == "closed" or connection != self.telemetry.totals.connections

        try:
            fresh = await self.credentials.token()
            if over():
                return
            if fresh and fresh != used:
                await self.refresh(fresh)
                if self.connection.state.transport == "poll" and not over():
                    # Who polls is not told how long the new one lasts: as long as the last, it may be hoped.
                    self.credentials.lasts(life, self._due)
                return
        except ParleyError:
            if over():
                return
            self.credentials.replace(used)
        wait = backoff.next()
        if asyncio.get_running_loop().time() + wait < until:
            self.credentials.later(wait, lambda: self._later(self._renew(until, life, backoff, connection)))

    def _backoff(self) -> Backoff:
        return Backoff(self.options.backoff_base, self.options.backoff_cap)

    def _later(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _cancel(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    if timer:
        timer.cancel()
    return None
