from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from ._errors import ParleyError
from ._reply import ENDS, Reply
from ._text import joined, units, without_first
from ._types import Frame

#: How many ended replies are remembered, for those who ask for them after their end, and of whole ones that came early.
_REMEMBERED = 64


class Replies:
    """
    Puts the texts of replies together from their chunks. Every chunk says where it ends, so what is missing or repeated is
    known at once: repeated text is dropped, a gap is reported and nothing is appended until it is filled.
    """

    def __init__(
        self, stop: Callable[[Reply], Awaitable[list[str]]], *, change: Callable[[Reply, str, str | None], None],
        gap: Callable[[Reply], None], duplicate: Callable[[Reply], None],
        taken_over: Callable[[Reply, Reply], None] = lambda reply, other: None,
    ) -> None:
        self._stop = stop
        self._change = change
        self._gap = gap
        self._duplicate = duplicate
        self._taken_over = taken_over
        self._by_id: dict[str, Reply] = {}
        self._by_question: dict[str, Reply] = {}
        #: Whole replies nobody waited for when they came: their question's acknowledgement may still be on its way.
        self._early: dict[str, bool] = {}

    def expect(self) -> Reply:
        """A reply nobody has heard of yet."""
        return Reply(self._stop)

    def get(self, name: Any) -> Reply | None:
        return self._by_id.get(name) if isinstance(name, str) else None

    def running(self) -> list[Reply]:
        """The replies that have begun and not ended."""
        return [reply for reply in self._by_id.values() if not reply.ended]

    def open(self) -> list[Reply]:
        """Those and the ones that are waited for and not named yet."""
        awaited = [reply for reply in self._by_question.values() if not reply.ended]
        return list(dict.fromkeys([*self.running(), *awaited]))

    def positions(self) -> dict[str, int]:
        """How far each running reply is known, as the server wants to hear it."""
        return {
            reply.message_id: reply.units for reply in self.running()
            if reply.message_id and reply.status == "streaming" and reply.units > 0
        }

    def bind(self, expected: Reply, message_id: str | None, question_id: str | None) -> None:
        """Names an expected reply. One that is known under that id, or answers that question, already is the same one."""
        known = self._by_id.get(message_id) if message_id else self._answering(question_id)
        expected.question_id = question_id
        if known and known is not expected:
            self._take_over(expected, known)
        elif message_id:
            expected.message_id = message_id
            self._by_id[message_id] = expected
        if question_id:
            self._by_question[question_id] = expected

    def queued(self, frame: Frame) -> None:
        reply = self._named(frame["message_id"], frame.get("question_id"))
        if reply.ended:
            return
        reply.status = "queued"
        reply.position = frame.get("position")
        self._changed(reply, "queued")

    def start(self, frame: Frame) -> None:
        reply = self._named(frame["message_id"], frame.get("question_id"))
        if reply.ended:
            return
        reply.status = "streaming"
        reply.position = None
        reply.set_text("")
        reply.agent = frame.get("agent_used") or reply.agent
        reply.model = frame.get("model") or reply.model
        reply.versions = frame.get("versions") or reply.versions
        self._changed(reply, "start")

    def chunk(self, frame: Frame) -> None:
        name, content, seq = frame["message_id"], frame.get("content"), frame.get("seq")
        if not isinstance(content, str) or not isinstance(seq, int):
            return
        begin = seq - units(content)
        # Of what nobody has begun only the beginning is of use; its end brings the rest.
        if begin < 0 or (begin > 0 and name not in self._by_id):
            return
        reply = self._named(name)
        if reply.ended:
            return
        if seq <= reply.units:
            if content:
                self._duplicate(reply)
        elif begin > reply.units:
            self._gap(reply)
        else:
            delta = without_first(content, reply.units - begin)
            reply.text = joined(reply.text, delta)
            reply.units = seq
            reply.status = "streaming"
            self._changed(reply, "text", delta)

    def end(self, frame: Frame) -> None:
        message = frame.get("message") if isinstance(frame.get("message"), dict) else None
        reply = self._named(frame["message_id"], (message or {}).get("question_id"))
        if not reply.ended:
            # The stored message is the truth; chunks that got lost on the way are in it.
            self.settle(reply, message, frame.get("status"), frame.get("metadata"))

    def settle(self, reply: Reply, message: Frame | None, status: Any = None, metadata: Any = None) -> None:
        """Ends a reply with what is stored."""
        stored = message or {}
        if isinstance(stored.get("content"), str):
            reply.set_text(stored["content"])
        told = metadata if isinstance(metadata, dict) else stored.get("metadata")
        reply.metadata = told if isinstance(told, dict) else {}
        reply.status = next((each for each in (status, stored.get("status")) if isinstance(each, str) and each in ENDS), "completed")
        reply.position = None
        reply.message = message
        reply.agent = reply.metadata.get("agent_used") or reply.agent
        reply.model = reply.metadata.get("model") or reply.model
        reply.versions = stored.get("versions") or reply.versions
        self._changed(reply, "end")
        self._forget_old()

    def whole(self, message: Frame) -> None:
        """A whole reply in one message (asked with ``stream=False``)."""
        name, question = message.get("message_id"), message.get("question_id")
        if not isinstance(name, str):
            return
        if name in self._by_id or (isinstance(question, str) and question in self._by_question):
            reply = self._named(name, question)
            if not reply.ended and message.get("status") != "streaming":
                self.settle(reply, message)
        else:
            self._early[name] = True
            if len(self._early) > _REMEMBERED:
                del self._early[next(iter(self._early))]

    def came_early(self, name: str) -> bool:
        """Whether it came whole before anybody waited for it."""
        return self._early.pop(name, False)

    def fault(self, name: str, error: ParleyError) -> None:
        """Keeps what went wrong for the reply it is about."""
        reply = self._by_id.get(name)
        if reply:
            reply.error = error

    def forget(self, reply: Reply) -> None:
        """One of which nothing more will come."""
        if reply.message_id:
            self._by_id.pop(reply.message_id, None)
        if reply.question_id and self._by_question.get(reply.question_id) is reply:
            del self._by_question[reply.question_id]

    def _named(self, name: str, question: Any = None) -> Reply:
        reply = self._by_id.get(name)
        if not reply:
            waiting = self._by_question.get(question) if isinstance(question, str) else None
            # A question's first reply is the one its sender waits for; later ones (regenerated) are replies of their own.
            reply = waiting if waiting and not waiting.message_id else self.expect()
            reply.message_id = name
            reply.question_id = question if isinstance(question, str) else reply.question_id
            self._by_id[name] = reply
        return reply

    def _answering(self, question: str | None) -> Reply | None:
        return next((each for each in reversed(self._by_id.values()) if question and each.question_id == question), None)

    def _take_over(self, expected: Reply, known: Reply) -> None:
        """The sender's own object goes on in place of the one made when the frames overtook the acknowledgement."""
        if known.message_id:
            self._by_id[known.message_id] = expected
        self._taken_over(expected, known)
        expected.take_over(known)

    def _changed(self, reply: Reply, change: str, delta: str | None = None) -> None:
        reply.refused = False
        reply.changed()
        self._change(reply, change, delta)

    def _forget_old(self) -> None:
        ended = [reply for reply in self._by_id.values() if reply.ended]
        for reply in ended[:max(0, len(ended) - _REMEMBERED)]:
            self.forget(reply)
