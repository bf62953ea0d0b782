"""What a type checker is to see: run by mypy only (see test_package.py)."""

from __future__ import annotations

from typing import Any

from parley_client import Frame, Measure, ParleyClient, ParleyError, Receipt, Reply, Sent, State


def told(client: ParleyClient) -> None:
    def state(now: State) -> None:
        print(now.retry_in, now.error.code if now.error else None)

    async def closed(error: ParleyError | None) -> None:
        print(error)

    def reply(what: tuple[Reply, str, str | None]) -> None:
        print(what[0].text)

    def outbox(what: tuple[Sent, str]) -> None:
        print(what[0].content)

    def measured(measure: Measure) -> None:
        print(measure.longest_gap)

    def frame(frame: Frame) -> None:
        print(frame["type"])

    client.on("state", state)()
    client.on("closed", closed)
    client.on("reply", reply)
    client.on("outbox", outbox)
    client.on("telemetry", measured)
    client.on("message", frame)
    client.on("message", state)  # type: ignore[call-overload]
    client.on("no such event", frame)  # type: ignore[call-overload]


async def example() -> str:
    async with ParleyClient("https://example.org", token=lambda: "token", session_id="s", transport="auto", ask_deadline=5) as client:
        receipt: Receipt = await client.send("Hello", overlap="queue").accepted()
        again: Reply = await client.regenerate(receipt.message_id, agent="other")
        found: dict[str, Any] = await client.search("hello", limit=5, offset=5)
        ParleyClient("https://example.org", transport="pigeon")  # type: ignore[arg-type]
        ParleyClient("https://example.org", deadline=5)  # type: ignore[call-arg]
        await client.ask("Why?", agents="all")  # type: ignore[call-arg]
        return await client.ask("Why?", agent="other", stream=False) + again.text + str(found)
