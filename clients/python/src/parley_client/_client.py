from __future__ import annotations

import asyncio
import json
import mimetypes
import os
import ssl
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, overload

from ._engine import Engine
from ._errors import ParleyError
from ._outbox import Sent
from ._reply import Reply
from ._rest import form
from ._storage import Storage
from ._telemetry import Measure, Totals
from ._types import Frame, Options, SendOptions, Settings, State, TokenSource, new_id

if TYPE_CHECKING:
    from typing_extensions import Unpack


#: Those whose listeners get a frame.
FrameEvent = Literal[
    "connected", "message", "edited", "deleted", "reaction", "feedback", "seen", "member", "session", "typing", "presence",
    "announcement", "attachment", "attachments", "attachment_removed", "queued", "stream_start", "stream_chunk", "stream_end", "frame",
]


class ParleyClient:
    """
    One person's place in one session of a Parley server. Everything works offline too: what can wait, waits.

    ``token`` is a token or a function (or coroutine function) that gives one; a function is asked again before the token
    expires. ``storage`` is where unsent messages survive. ``settings`` are those of the README, durations in seconds.
    Use it inside a running event loop, always the same one and on its thread, best with ``async with``.
    """

    def __init__(
        self, url: str, *, token: TokenSource = None, session_id: str | None = None, storage: Storage | None = None,
        tls: ssl.SSLContext | None = None, **settings: Unpack[Settings],
    ) -> None:
        self._engine = Engine(Options(url=url, session_id=session_id or new_id(), token=token, **settings), storage, tls)

    async def __aenter__(self) -> ParleyClient:
        await self.connect()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def info(self) -> Frame | None:
        """What the server last said in `connected`: session, user, members, limits. None before."""
        return self._engine.info

    @property
    def session_id(self) -> str:
        return self._engine.options.session_id

    @property
    def state(self) -> State:
        return self._engine.connection.state

    @property
    def cursor(self) -> str | None:
        """Where this client stands in the session's changes; ``since`` of a later client."""
        return self._engine.cursor

    @property
    def pending(self) -> list[Sent]:
        """Messages that are not acknowledged yet, oldest first."""
        return self._engine.outbox.sents

    @property
    def running(self) -> list[Reply]:
        """The replies under way in this session, whoever asked."""
        return self._engine.replies.running()

    @property
    def totals(self) -> Totals:
        """What this client has lived through so far."""
        return self._engine.telemetry.totals

    @overload
    def on(self, event: Literal["state"], listener: Callable[[State], Any]) -> Callable[[], None]: ...

    @overload
    def on(self, event: Literal["closed"], listener: Callable[[ParleyError | None], Any]) -> Callable[[], None]: ...

    @overload
    def on(self, event: Literal["error"], listener: Callable[[ParleyError], Any]) -> Callable[[], None]: ...

    @overload
    def on(self, event: Literal["reload"], listener: Callable[[None], Any]) -> Callable[[], None]: ...

    @overload
    def on(self, event: Literal["telemetry"], listener: Callable[[Measure], Any]) -> Callable[[], None]: ...

    @overload
    def on(self, event: Literal["reply"], listener: Callable[[tuple[Reply, str, str | None]], Any]) -> Callable[[], None]: ...

    @overload
    def on(self, event: Literal["outbox"], listener: Callable[[tuple[Sent, str]], Any]) -> Callable[[], None]: ...

    @overload
    def on(self, event: FrameEvent, listener: Callable[[Frame], Any]) -> Callable[[], None]: ...

    def on(self, event: str, listener: Callable[[Any], Any]) -> Callable[[], None]:
        """Calls (or awaits) ``listener`` with what happened; what is answered takes it off again."""
        return self._engine.events.on(event, listener)

    async def connect(self) -> Frame:
        """Returns at the first connection; raises when the server refuses for good. Coming back later is the client's business."""
        self._engine.here()
        if self.state.status == "connected" and self.info:
            return self.info
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()

        def connected(info: Frame) -> None:
            if not answer.done():
                answer.set_result(info)

        def closed(error: ParleyError | None) -> None:
            if not answer.done():
                answer.set_exception(error or ParleyError("CLOSED", "Closed before it was connected"))

        offs = [self.on("connected", connected), self.on("closed", closed)]
        try:
            self._engine.open()
            return await answer
        finally:
            for off in offs:
                off()

    def open(self) -> None:
        """Begins to connect, without waiting."""
        self._engine.open()

    def retry(self) -> None:
        """Tries again now instead of at the announced time."""
        self._engine.connection.retry()

    def close(self) -> None:
        """Ends the connection and whatever waits for an answer; what is unsent stays in the storage, if there is one."""
        if self.state.status != "closed":
            self._engine.connection.close()

    def send(
        self, content: str, *, id: str | None = None, parent_id: str | None = None, agent: str | None = None,
        model: str | None = None, stream: bool | None = None, reply: bool | None = None,
        overlap: Literal["queue", "reject", "interrupt", "parallel"] | None = None,
        metadata: dict[str, Any] | None = None, attachments: list[Any] | None = None, options: dict[str, Any] | None = None,
    ) -> Sent:
        """
        Sends a message, now or when there is a connection, until the server has stored or refused it. With
        ``stream=False`` the reply comes whole, with ``reply=False`` nobody answers.
        """
        more = {
            "parent_id": parent_id, "agent": agent, "model": model, "stream": stream, "reply": reply, "overlap": overlap,
            "metadata": metadata, "attachments": attachments, "options": options,
        }
        frame: Frame = {"type": "message", "content": content, "id": id or new_id(), "timestamp": self._engine.time()}
        frame.update((name, value) for name, value in more.items() if value is not None)
        self._engine.here()
        # What cannot be written is its sender's matter, now and not when it is sent.
        json.dumps(frame)
        expected = None if reply is False else self._engine.replies.expect()
        sent = Sent(frame, expected)
        if expected:
            self._engine.telemetry.asked(expected)
        self._engine.outbox.add(sent)
        return sent

    async def ask(self, content: str, **how: Unpack[SendOptions]) -> str:
        """Sends and waits for the whole answer: ``answer = await client.ask("Why?")``."""
        expected = self.send(content, **how).reply
        await expected.finished()
        if expected.status == "failed":
            raise expected.error or ParleyError("MODEL_FAILED", "The reply failed", message_id=expected.message_id)
        return expected.text

    def withdraw(self, id: str) -> bool:
        """Takes an unsent message back; False when it is already under way."""
        return self._engine.outbox.withdraw(id)

    async def stop(self, message_id: str | None = None) -> list[str]:
        """Stops a reply (named by its own or its question's id), or whatever runs or waits; the ids of what was stopped."""
        return await self._engine.stop(message_id)

    async def regenerate(self, message_id: str, *, agent: str | None = None, model: str | None = None) -> Reply:
        frame = {"type": "regenerate", "message_id": message_id, "agent": agent, "model": model}
        return self._new_reply(await self._engine.requests.ask(frame), None)

    async def edit(self, message_id: str, content: str, *, regenerate: bool = False) -> Reply | None:
        """The new reply when ``regenerate`` was asked for."""
        frame = {"type": "edit", "message_id": message_id, "content": content, "regenerate": regenerate or None}
        ack = await self._engine.requests.ask(frame, again=not regenerate)
        self._own("edited", message_id=message_id, content=content, edited_by=self._user())
        return self._new_reply(ack, message_id) if regenerate else None

    async def remove(self, message_id: str) -> None:
        await self._engine.requests.ask({"type": "delete", "message_id": message_id}, again=True)
        self._own("deleted", message_id=message_id, deleted_by=self._user())

    async def react(self, message_id: str, emoji: str) -> None:
        """Sets or takes back this user's reaction."""
        await self._engine.requests.ask({"type": "react", "message_id": message_id, "emoji": emoji})
        self._own("reaction", message_id=message_id, emoji=emoji, user_id=self._user())

    async def feedback(self, message_id: str, *, helpful: bool | None = None, rating: int | None = None) -> None:
        frame = {"type": "feedback", "message_id": message_id, "helpful": helpful, "rating": rating}
        await self._engine.requests.ask(frame, again=True)
        self._own("feedback", message_id=message_id, helpful=helpful, rating=rating, user_id=self._user())

    async def seen(self, message_id: str) -> None:
        await self._engine.requests.ask({"type": "seen", "message_id": message_id}, again=True)

    def typing(self, is_typing: bool = True) -> None:
        """Call it on every key; it is told at most every three seconds, and not at all without a connection."""
        now, engine = asyncio.get_running_loop().time(), self._engine
        if is_typing and engine.typed_at is not None and now - engine.typed_at < 3:
            return
        if not is_typing and engine.typed_at is None:
            return
        engine.typed_at = now if is_typing else None
        engine.connection.send({"type": "typing", "is_typing": is_typing})

    async def history(
        self, *, before: str | None = None, after: str | None = None, limit: int | None = None, offset: int | None = None,
    ) -> Frame:
        """``messages`` oldest first, ``total``, and ``next`` to go on with."""
        frame = {"type": "history", "before": before, "after": after, "limit": limit, "offset": offset}
        answer = await self._engine.requests.ask(frame, again=True)
        return {name: answer.get(name) for name in ("messages", "total", "next")}

    async def search(self, words: str, *, limit: int | None = None, offset: int | None = None) -> Frame:
        """``messages`` of this session with all these words, newest first, and their ``total``."""
        address = self._engine.address.of_session("search", q=words, limit=limit, offset=offset)
        answer: Frame = await self._engine.rest.ask(address)
        return {name: answer.get(name) for name in ("messages", "total")}

    async def presence(self) -> list[Frame]:
        """Who is here now, each with ``user_id`` and ``name``."""
        answer = await self._engine.rest.ask(self._engine.address.of_session("presence"))
        present: list[Frame] = answer["present"]
        return present

    async def upload(
        self, file: bytes | str | os.PathLike[str], *, name: str | None = None, type: str | None = None, show: bool = False,
    ) -> Frame:
        """
        Brings a file (its bytes, or where it is) to the server, to be named in a message by its ``attachment_id``; with
        ``show`` it appears in the session at once.
        """
        content = file if isinstance(file, bytes) else await asyncio.to_thread(Path(file).read_bytes)
        named = name or ("file" if isinstance(file, bytes) else Path(file).name)
        kind = type or mimetypes.guess_type(named)[0] or "application/octet-stream"
        body, content_type = form(content, named, kind, self.session_id if show else None)
        answer: Frame = await self._engine.rest.ask(
            self._engine.address.rest("/api/chat/uploads"), method="POST", body=body, content_type=content_type)
        return answer

    async def quota(self) -> Frame:
        """``used`` of ``limit``, and the seconds it is reset in (``reset_in``)."""
        answer = await self._engine.requests.ask({"type": "quota"}, again=True)
        return {name: answer.get(name) for name in ("used", "limit", "reset_in")}

    async def ping(self) -> float:
        """The time to the server and back, in seconds."""
        loop = asyncio.get_running_loop()
        begin = loop.time()
        await self._engine.requests.ask({"type": "ping"})
        return loop.time() - begin

    async def refresh(self, token: str | None = None) -> None:
        """Gives the open connection a new token; without one, the token source is asked."""
        await self._engine.refresh(token)

    def _user(self) -> Any:
        return (self.info or {}).get("user_id")

    def _own(self, kind: str, **detail: Any) -> None:
        """The server tells the others; the one who did it hears it from the acknowledgement."""
        self._engine.events.emit(kind, {"type": kind, **detail, "local": True})

    def _new_reply(self, ack: Frame, question: str | None) -> Reply:
        replies, name = self._engine.replies, ack.get("reply_id") or ack.get("message_id")
        reply = replies.get(name) or replies.expect()
        if not reply.message_id and isinstance(name, str):
            replies.bind(reply, name, question)
        return reply
