from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ._errors import ParleyError
from ._reply import Reply
from ._storage import Storage
from ._types import Frame

#: Refusals that pass: the same message is sent again, with the same id.
_PASSING = frozenset({"RATE_LIMIT", "STORE_UNAVAILABLE", "INTERNAL"})
_MAX_FAULTS = 8


@dataclass(frozen=True)
class Receipt:
    """The server's word that it has stored a message."""

    message_id: str
    reply_id: str | None
    #: It had it already: this was a repetition.
    duplicate: bool


class Sent:
    """A message on its way out."""

    def __init__(self, frame: Frame, reply: Reply | None) -> None:
        self.id: str = frame["id"]
        self.frame = frame
        self.expected = reply
        #: ``waiting``, ``sending``, ``accepted`` or ``refused``.
        self.status = "waiting"
        self.receipt: Receipt | None = None
        self.error: ParleyError | None = None
        self.not_before = 0.0
        self.faults = 0
        self._left: ParleyError | None = None
        self._waiters: list[asyncio.Future[None]] = []

    @property
    def reply(self) -> Reply:
        """The answer to come."""
        if self.expected is None:
            raise LookupError("Expected a message that is to be answered, found one sent with reply=False")
        return self.expected

    @property
    def content(self) -> str:
        return str(self.frame["content"])

    @property
    def message_id(self) -> str | None:
        return self.receipt.message_id if self.receipt else None

    async def accepted(self) -> Receipt:
        """
        The receipt, once the server has stored it; raises when it was refused, or when the client is closed before: it stays
        in the outbox then.
        """
        while not self.receipt:
            if self.status == "refused" and self.error:
                raise self.error
            if self._left:
                raise self._left
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter
        return self.receipt

    def accept(self, ack: Frame) -> None:
        self.status = "accepted"
        self.error = None
        reply = ack.get("reply_id")
        self.receipt = Receipt(str(ack.get("message_id")), reply if isinstance(reply, str) else None, ack.get("duplicate") is True)
        self._settled()

    def refuse(self, error: ParleyError) -> None:
        self.status = "refused"
        self.error = error
        self._settled()
        if self.expected:
            self.expected.refuse(error)

    def leave(self, error: ParleyError) -> None:
        """The client is closed: nobody need wait for it any longer, though it stays in the outbox."""
        self._left = error
        self._settled()
        if self.expected:
            self.expected.refuse(error)

    def revive(self) -> None:
        """The client is open again."""
        self._left = None
        if self.expected:
            self.expected.revive()

    def _settled(self) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)


class Outbox:
    """
    Messages that the server has not acknowledged, oldest first, one under way at a time so that their order is kept. Each
    lies under a key of its own in the storage, so that several programs do not overwrite each other.
    """

    def __init__(
        self, *, storage: Storage | None, prefix: str, bound: int, deadline: float, send: Callable[[Frame], bool],
        tell: Callable[[Sent, str], None],
    ) -> None:
        self._storage = storage
        self._prefix = prefix
        self._bound = bound
        self._deadline = deadline
        self._send = send
        self._tell = tell
        self._sents: list[Sent] = []
        self._flying: Sent | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._open = False
        self._closed: ParleyError | None = None
        self._count = 0

    @property
    def sents(self) -> list[Sent]:
        return list(self._sents)

    def restore(self, reply_for: Callable[[], Reply]) -> None:
        """Takes up what an earlier program left behind."""
        for frame in self._stored():
            self._sents.append(Sent(frame, None if frame.get("reply") is False else reply_for()))

    def add(self, sent: Sent) -> None:
        if len(self._sents) >= self._bound:
            sent.refuse(ParleyError("OUTBOX_FULL", f"More than {self._bound} messages wait to be sent"))
            self._tell(sent, "refused")
            return
        self._sents.append(sent)
        self._store(sent)
        if self._closed:
            sent.leave(self._closed)
        self._tell(sent, "waiting")
        self._next()

    def withdraw(self, name: str) -> bool:
        """Takes a message back that is not under way."""
        sent = self._named(name)
        if not sent or sent is self._flying:
            return False
        self._take(sent)
        sent.refuse(ParleyError("CLOSED", "Withdrawn before it was sent"))
        self._tell(sent, "refused")
        return True

    def opened(self) -> None:
        """Frames can be sent from now on."""
        self._open = True
        self._next()

    def lost(self) -> None:
        """They cannot any more; what was under way is sent again with the same id."""
        self._open = False
        self._cancel()
        if self._flying:
            self._back(self._flying)

    def closed(self, error: ParleyError) -> None:
        """Whoever waits is told why in vain; the messages stay."""
        self._closed = error
        for sent in self._sents:
            sent.leave(error)

    def reopened(self) -> None:
        self._closed = None
        for sent in self._sents:
            sent.revive()

    def accept(self, ack: Frame) -> Sent | None:
        """The one an acknowledgement belongs to."""
        sent = self._named(ack.get("id"))
        if not sent:
            return None
        self._take(sent)
        sent.accept(ack)
        self._tell(sent, "accepted")
        self._next()
        return sent

    def refuse(self, frame: Frame) -> bool:
        """The server said no, for now or for good; whether it was about a message here."""
        sent = self._named(frame.get("id"))
        if not sent:
            return False
        error = ParleyError.of_frame(frame)
        busy = error.code == "BUSY" and error.retry_after is not None and sent.frame.get("overlap") != "reject"
        if error.code != "RATE_LIMIT":
            sent.faults += 1
        if (error.code in _PASSING or busy) and sent.faults < _MAX_FAULTS:
            sent.error = error
            wait = error.retry_after if error.retry_after is not None else float(min(30, 2 ** sent.faults))
            sent.not_before = time.monotonic() + wait
            self._back(sent)
            self._tell(sent, "retrying")
        else:
            self._take(sent)
            sent.refuse(error)
            self._tell(sent, "refused")
        self._next()
        return True

    def refuse_flying(self, code: str, message: str) -> None:
        """What is under way broke the connection itself and would do so again."""
        if self._flying:
            self.refuse({"type": "error", "id": self._flying.id, "code": code, "message": message})

    def _next(self) -> None:
        self._cancel()
        if not self._open or not self._sents:
            return
        sent, loop = self._sents[0], asyncio.get_running_loop()
        wait = sent.not_before - time.monotonic()
        if self._flying:
            # An acknowledgement that does not come is asked for again; the id makes that harmless.
            self._timer = loop.call_later(self._deadline, self._overdue, self._flying)
        elif wait > 0:
            self._timer = loop.call_later(wait, self._next)
        elif self._send(sent.frame):
            self._flying = sent
            sent.status = "sending"
            self._tell(sent, "sending")
            self._next()

    def _overdue(self, sent: Sent) -> None:
        self._back(sent)
        self._next()

    def _back(self, sent: Sent) -> None:
        sent.status = "waiting"
        if self._flying is sent:
            self._flying = None

    def _take(self, sent: Sent) -> None:
        if self._flying is sent:
            self._flying = None
        self._sents.remove(sent)
        if self._storage:
            self._try(self._storage.remove, self._prefix + sent.id)

    def _cancel(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _named(self, name: Any) -> Sent | None:
        return next((each for each in self._sents if each.id == name), None)

    def _store(self, sent: Sent) -> None:
        if self._storage:
            self._count += 1
            entry = json.dumps({"frame": sent.frame, "at": time.time(), "n": self._count})
            self._try(self._storage.write, self._prefix + sent.id, entry)

    def _stored(self) -> list[Frame]:
        found = []
        for key in self._try(self._storage.keys) or [] if self._storage else []:
            mine = self._storage and isinstance(key, str) and key.startswith(self._prefix)
            try:
                entry = json.loads((self._try(self._storage.read, key) if self._storage and mine else None) or "")
                found.append((float(entry["at"]), int(entry["n"]), entry["frame"]))
            except (ValueError, KeyError, TypeError, RecursionError):
                continue  # Not of this client's making.
        found.sort(key=lambda each: each[:2])
        return [frame for _, _, frame in found if isinstance(frame, dict) and isinstance(frame.get("id"), str)][:self._bound]

    @staticmethod
    def _try(act: Callable[..., Any], *arguments: Any) -> Any:
        """A full or forbidden storage costs the persistence, not the message."""
        try:
            return act(*arguments)
        except Exception:
            return None
