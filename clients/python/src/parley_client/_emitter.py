from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

Listener = Callable[[Any], Any]


class Emitter:
    """Named events; a listener that fails does not keep the others from hearing. Listeners may be coroutine functions."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[Listener]] = {}
        self._tasks: set[asyncio.Future[Any]] = set()

    def on(self, name: str, listener: Listener) -> Callable[[], None]:
        """What is answered takes the listener off again."""
        listeners = self._listeners.setdefault(name, [])
        listeners.append(listener)

        def off() -> None:
            if listener in listeners:
                listeners.remove(listener)

        return off

    def emit(self, name: str, detail: Any) -> None:
        for listener in list(self._listeners.get(name, ())):
            try:
                result = listener(detail)
            except Exception as fault:
                self._complain(name, fault)
                continue
            if inspect.isawaitable(result):
                task = asyncio.ensure_future(result)
                self._tasks.add(task)
                task.add_done_callback(lambda done: self._over(name, done))

    def _over(self, name: str, task: asyncio.Future[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            self._complain(name, task.exception())

    @staticmethod
    def _complain(name: str, fault: BaseException | None) -> None:
        asyncio.get_running_loop().call_exception_handler({"message": f"A listener of '{name}' failed", "exception": fault})
