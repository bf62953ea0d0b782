"""
The scenarios that the clients of all languages pass (clients/scenarios), against the scripted server or, with its address in
PARLEY_SCENARIOS, against one that stands before a real server.
"""

from __future__ import annotations

import asyncio
import re
import traceback
import unittest
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from parley_client import Measure, MemoryStorage, ParleyClient, ParleyError, Reply, Sent, State
from scripted import Script

_AT_ONCE = 16
_PATIENCE = 120.0
_IN_MILLISECONDS = re.compile(r"(deadline|wait|base|cap|after)$")


class ScenariosTest(unittest.TestCase):
    def test_every_scenario(self) -> None:
        failures = asyncio.run(_failures())
        if failures:
            self.fail("\n".join(f"{name}\n    {faults}" for name, faults in failures.items()))


async def _failures() -> dict[str, list[str]]:
    script = await Script.start()
    try:
        tasks = await script.tasks()
        assert tasks, "Expected scenarios, found none"
        places = asyncio.Semaphore(_AT_ONCE)

        async def play(task: dict[str, Any]) -> list[str]:
            async with places:
                try:
                    return await _play(script, task)
                except Exception as fault:
                    return traceback.format_exception(fault)[-2:]

        results = await asyncio.gather(*map(play, tasks))
        return {task["name"]: faults for task, faults in zip(tasks, results) if faults}
    finally:
        await script.stop()


async def _play(script: Script, task: dict[str, Any]) -> list[str]:
    player = _Player(script, task)
    try:
        for step in task["steps"]:
            await player.step(**step)
        answer = await script.tell(task["id"], "report", player.report())
        return list(answer["differences"])
    finally:
        player.end()


class _Person:
    def __init__(self) -> None:
        self.client: ParleyClient
        self.tokens: list[str] = []
        self.states: list[dict[str, Any]] = []
        self.outbox: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.telemetry: list[dict[str, Any]] = []
        self.asked_for_token = 0

    def report(self) -> dict[str, Any]:
        return {
            "state": _state(self.client.state), "states": self.states, "events": self.events, "outbox": self.outbox,
            "telemetry": self.telemetry,
            "totals": asdict(self.client.totals), "asked_for_token": self.asked_for_token,
        }


class _Read:
    """A reply and its reader."""

    def __init__(self, reply: Reply, slowly: bool) -> None:
        self.reply = reply
        self.shown = ""
        self.pieces = 0
        self.failed: str | None = None
        self.finished: str | None = None
        self.over = False
        self.tasks = [asyncio.create_task(work) for work in (self._read(slowly), self._finish())]

    async def _read(self, slowly: bool) -> None:
        try:
            async for piece in self.reply:
                self.shown += piece
                self.pieces += 1
                if slowly:
                    await asyncio.sleep(0.05)
        except ParleyError as error:
            self.failed = error.code
        self.over = True

    async def _finish(self) -> None:
        try:
            self.finished = (await self.reply.finished()).status
        except ParleyError as error:
            self.finished = error.code

    def report(self) -> dict[str, Any]:
        return {
            "message_id": self.reply.message_id, "status": self.reply.status, "text": self.reply.text, "shown": self.shown,
            "pieces": self.pieces, "failed": self.failed, "finished": self.finished,
        }


class _Call:
    """Something asked for, and what came of it."""

    def __init__(self, act: Awaitable[Any]) -> None:
        self.over = False
        self.failed: str | None = None
        self.tasks = [asyncio.ensure_future(self._await(act))]

    async def _await(self, act: Awaitable[Any]) -> None:
        try:
            await act
        except ParleyError as error:
            self.failed = error.code
        self.over = True


class _Failing(MemoryStorage):
    """Fails whatever is asked."""

    def keys(self) -> list[str]:
        raise PermissionError("forbidden")

    def read(self, key: str) -> str | None:
        raise RuntimeError("forbidden")

    def write(self, key: str, value: str) -> None:
        raise RuntimeError("full")

    def remove(self, key: str) -> None:
        raise RuntimeError("forbidden")


class _Torn(MemoryStorage):
    """Has what nobody can read, and what is another session's, beside what is put there."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._refused = f"{prefix}0"
        for i, entry in enumerate(('{"frame":', "null", "7", '{"at":1,"n":1}', '{"at":1,"n":1,"frame":{"id":4}}')):
            self.write(f"{prefix}{i}", entry)
        self.write(f"{prefix[:-1]}:b/1", '{"at":1,"n":1,"frame":{"type":"message","id":"n","content":"of another session"}}')

    def read(self, key: str) -> str | None:
        if key == self._refused:
            raise RuntimeError("unreadable")
        return super().read(key)


class _Player:
    """Plays one scenario's steps with the client, and writes down what came about."""

    def __init__(self, script: Script, task: dict[str, Any]) -> None:
        self._script = script
        self._task = task
        self._people: dict[str, _Person] = {}
        self._storages: dict[str, MemoryStorage] = {}
        self._sents: dict[str, Sent] = {}
        self._replies: dict[str, _Read] = {}
        self._results: dict[str, Any] = {}
        self._calls: dict[str, _Call] = {}
        self._accepted: dict[str, _Call] = {}

    async def step(self, **step: Any) -> None:
        what, name = step["do"], step.get("client", "one")
        keep, fails = step.get("as"), step.get("fails")
        client = self._person(name).client
        if what == "connect":
            await self._outcome(keep, fails, client.connect)
        elif what == "open":
            client.open()
        elif what == "close":
            client.close()
        elif what == "fresh":
            client.close()
            self._people[name] = self._made(name, since=client.cursor)
        elif what == "send":
            options = {key: [self._resolved(each) for each in value] if key == "attachments" else value for key, value in step.get("with", {}).items()}
            sent = self._sents[step["as"]] = client.send(step["content"], **options)
            self._accepted[step["as"]] = _Call(sent.accepted())
            if sent.expected:
                self._replies[step["as"]] = _Read(sent.reply, step.get("read") == "slowly")
        elif what == "overhear":
            self._overhear(client, step["as"])
        elif what == "begin":
            self._calls[step["as"]] = _Call(self._call(client, step["method"], self._arguments(step)))
        elif what == "regenerate":
            again = await client.regenerate(self._resolved(step["message"]), **step.get("with", {}))
            self._replies[step["as"]] = _Read(again, False)
        elif what == "stop":
            reply = step.get("reply")
            stopped = self._replies[reply].reply.stop if reply else client.stop
            await self._outcome(keep, fails, lambda: _named("stopped", stopped()))
        elif what == "call":
            await self._outcome(keep, fails, lambda: self._call(client, step["method"], self._arguments(step)))
        elif what == "await":
            await self._met(name, step)
        else:
            await self._script.tell(self._task["id"], what, step)

    def report(self) -> dict[str, Any]:
        return {
            **{name: person.report() for name, person in self._people.items()},
            "results": self._results,
            "calls": {name: {"failed": call.failed} for name, call in self._calls.items()},
            "sents": {name: {
                "status": sent.status, "message_id": sent.message_id, "code": sent.error.code if sent.error else None,
                "duplicate": sent.receipt.duplicate if sent.receipt else None, "failed": self._accepted[name].failed,
            } for name, sent in self._sents.items()},
            "replies": {name: read.report() for name, read in self._replies.items()},
        }

    def end(self) -> None:
        for person in self._people.values():
            person.client.close()
        for each in (*self._replies.values(), *self._calls.values(), *self._accepted.values()):
            for task in each.tasks:
                task.cancel()

    def _overhear(self, client: ParleyClient, name: str) -> None:
        """Reads the first reply that is told of, with the object that is told."""
        def hear(told: tuple[Reply, str, str | None]) -> None:
            if name not in self._replies:
                self._replies[name] = _Read(told[0], False)

        client.on("reply", hear)

    def _arguments(self, step: dict[str, Any]) -> list[Any]:
        return [self._resolved(each) for each in step.get("args", [])]

    def _person(self, name: str) -> _Person:
        if name not in self._people:
            self._people[name] = self._made(name)
        return self._people[name]

    def _made(self, name: str, **more: Any) -> _Person:
        options = {**self._task["options"], **({} if name == "one" else self._task["clients"][name])}
        token, tokens, storage = options.pop("token", "first"), options.pop("tokens", None), options.pop("storage", "good")
        person = _Person()
        person.tokens = tokens or []
        if name not in self._storages:
            prefix = f"parley:outbox:{self._task['session_id']}/"
            self._storages[name] = {"failing": _Failing, "torn": lambda: _Torn(prefix)}.get(storage, MemoryStorage)()

        async def source() -> str:
            wanted = tokens[min(person.asked_for_token, len(tokens) - 1)]
            person.asked_for_token += 1
            if wanted == "fail":
                raise LookupError("no token to be had")
            return str(self._task["tokens"][wanted])

        client = person.client = ParleyClient(
            self._script.address, session_id=self._task["session_id"], token=source if tokens else self._task["tokens"][token],
            storage=self._storages[name],
            **{key: value / 1000 if _IN_MILLISECONDS.search(key) else value for key, value in options.items()}, **more)
        client.on("state", lambda state: person.states.append(_state(state)))
        client.on("frame", lambda frame: None if frame["type"].startswith("stream_") else person.events.append(frame))
        client.on("reload", lambda _: person.events.append({"type": "reload"}))
        client.on("outbox", lambda told: person.outbox.append({"content": told[0].content, "change": told[1]}))
        client.on("telemetry", lambda measure: person.telemetry.append(_measure(measure)))
        return person

    async def _call(self, client: ParleyClient, method: str, arguments: list[Any]) -> Any:
        if method == "upload":
            [file] = arguments
            return await client.upload(file["text"].encode(), name=file["name"], type=file["type"])
        if method == "presence":
            return {"present": await client.presence()}
        if method == "typing":
            client.typing(*arguments)
            return {}
        if method == "withdraw":
            return {"withdrawn": client.withdraw(*arguments)}
        options = arguments.pop() if arguments and isinstance(arguments[-1], dict) else {}
        result = await getattr(client, method)(*arguments, **options)
        if method == "ask":
            return {"text": result}
        return result if isinstance(result, dict) else {}

    async def _outcome(self, keep: str | None, fails: str | None, act: Callable[[], Any]) -> None:
        try:
            result = await asyncio.wait_for(act(), _PATIENCE)
        except ParleyError as error:
            if error.code != fails:
                raise
            return
        assert fails is None, f"Expected {fails}, but it went well"
        if keep:
            self._results[keep] = result

    async def _met(self, name: str, step: dict[str, Any]) -> None:
        end = asyncio.get_running_loop().time() + _PATIENCE
        while not self._is_met(self._person(name), step):
            assert asyncio.get_running_loop().time() < end, f"waited in vain for {step}, with {self.report()}"
            await asyncio.sleep(0.005)

    def _is_met(self, person: _Person, step: dict[str, Any]) -> bool:
        state = person.client.state
        if "reply" in step:
            read = self._replies.get(step["reply"])
            return read is not None and read.over and read.finished is not None
        if "call" in step:
            return self._calls[step["call"]].over
        if "was" in step:
            return any(each["status"] == step["was"] for each in person.states)
        if "token" in step:
            return person.asked_for_token > person.tokens.index(step["token"])
        if "text" in step:
            return len(self._replies[step["text"][0]].shown) >= step["text"][1]
        if "sent" in step:
            return self._sents[step["sent"]].status in ("accepted", "refused")
        if "state" in step:
            return state.status == step["state"]
        if "transport" in step:
            return state.status == "connected" and state.transport == step["transport"]
        if "event" in step:
            return sum(frame["type"] == step["event"][0] for frame in person.events) >= step["event"][1]
        return len(person.client.pending) == step["pending"]

    def _resolved(self, value: Any) -> Any:
        found = re.fullmatch(r"\$(\w+)\.(\w+)", value) if isinstance(value, str) else None
        if not found:
            return value
        name, field = found.groups()
        if field == "reply_id":
            return self._replies[name].reply.message_id
        return self._sents[name].message_id if field == "message_id" else self._results[name][field]


async def _named(name: str, value: Any) -> dict[str, Any]:
    return {name: await value}


def _state(state: State) -> dict[str, Any]:
    return {
        "status": state.status, "transport": state.transport, "reason": state.reason, "code": state.error.code if state.error else None,
        "details": state.error.details if state.error else None,
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return asdict(measure)


if __name__ == "__main__":
    unittest.main()
