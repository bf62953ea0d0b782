from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit


@dataclass(frozen=True)
class Place:
    """Where to resume: the cursor, and how far each running reply is known."""

    since: str | None = None
    streams: Mapping[str, int] = field(default_factory=dict)


class Address:
    """The server's addresses, from one base URL (http, https, ws or wss, with or without a path before Parley's own)."""

    def __init__(self, url: str, session: str, query: Mapping[str, str | None]) -> None:
        parts = urlsplit(url)
        scheme = parts.scheme.replace("ws", "http")
        if scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"Expected an http, https, ws or wss address, found {url!r}")
        self._base = f"{scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self._session = quote(session, safe="")
        self._query = query

    def websocket(self, place: Place) -> str:
        return f"ws{self._base[4:]}/ws/{self._session}{self._parameters(place)}"

    def events(self, place: Place) -> str:
        return self.of_session("events") + self._parameters(place)

    def poll(self, place: Place, wait: float) -> str:
        return self.of_session("poll") + self._parameters(place, wait=f"{round(wait * 1000)}ms")

    def frames(self) -> str:
        return self.of_session("frames") + self._parameters(Place())

    def rest(self, path: str, **query: Any) -> str:
        return self._base + path + _encoded(query)

    def of_session(self, what: str, **query: Any) -> str:
        return self.rest(f"/api/chat/sessions/{self._session}/{what}", **query)

    def _parameters(self, place: Place, **more: str) -> str:
        positions = ",".join(f"{name}:{seq}" for name, seq in place.streams.items())
        return _encoded({**self._query, "since": place.since, "streams": positions or None, **more})


def _encoded(query: Mapping[str, Any]) -> str:
    given = {name: value for name, value in query.items() if value is not None and value != ""}
    return f"?{urlencode(given)}" if given else ""
