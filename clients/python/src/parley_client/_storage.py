from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Protocol


class Storage(Protocol):
    """Where unsent messages survive their writer, each under a key of its own. One that fails costs the survival, not the message."""

    def keys(self) -> list[str]: ...

    def read(self, key: str) -> str | None: ...

    def write(self, key: str, value: str) -> None: ...

    def remove(self, key: str) -> None: ...


class MemoryStorage:
    """Survives the client, not the program."""

    def __init__(self) -> None:
        self._items: dict[str, str] = {}

    def keys(self) -> list[str]:
        return list(self._items)

    def read(self, key: str) -> str | None:
        return self._items.get(key)

    def write(self, key: str, value: str) -> None:
        self._items[key] = value

    def remove(self, key: str) -> None:
        self._items.pop(key, None)


class FileStorage:
    """A folder with a file per message; each is there whole or not at all."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._folder = Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)

    def keys(self) -> list[str]:
        return [key for file in sorted(self._folder.glob("*.json")) if (key := self._entry(file, "key"))]

    def read(self, key: str) -> str | None:
        return self._entry(self._file(key), "value")

    def write(self, key: str, value: str) -> None:
        file = self._file(key)
        draft = file.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as out:
            json.dump({"key": key, "value": value}, out)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)

    def remove(self, key: str) -> None:
        self._file(key).unlink(missing_ok=True)

    def _file(self, key: str) -> Path:
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json"

    @staticmethod
    def _entry(file: Path, name: str) -> str | None:
        """What cannot be read is as good as not there."""
        try:
            entry = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return None
        found = entry.get(name) if isinstance(entry, dict) else None
        return found if isinstance(found, str) else None
