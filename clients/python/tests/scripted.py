"""Starts the scripted server of clients/scenarios, or finds the one that PARLEY_SCENARIOS names."""

from __future__ import annotations

import asyncio
import json
import os
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


class Script:
    def __init__(self, address: str, process: asyncio.subprocess.Process | None) -> None:
        self.address = address
        self._process = process

    @staticmethod
    async def start() -> Script:
        given = os.environ.get("PARLEY_SCENARIOS")
        if given:
            return Script(given, None)
        process = await asyncio.create_subprocess_exec(
            "node", "server.mjs", cwd=SCENARIOS, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
        assert process.stdout
        line = (await process.stdout.readline()).decode()
        assert line.startswith("READY "), f"Expected the scripted server to get ready, found {line!r}"
        return Script(line.split()[1], process)

    async def stop(self) -> None:
        if self._process:
            self._process.kill()
            await self._process.wait()

    async def tasks(self) -> list[dict[str, Any]]:
        only = urllib.parse.quote(os.environ.get("PARLEY_SCENARIO", ""))
        return await self._ask(f"/runs?only={only}")

    async def tell(self, run: str, what: str, body: Any = None) -> Any:
        return await self._ask(f"/runs/{run}/{what}", json.dumps({} if body is None else body).encode())

    async def _ask(self, path: str, body: bytes | None = None) -> Any:
        def ask() -> Any:
            with urllib.request.urlopen(urllib.request.Request(self.address + path, body), timeout=120) as answer:
                return json.load(answer)

        return await asyncio.to_thread(ask)
