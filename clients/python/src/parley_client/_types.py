from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, Union

from ._errors import ParleyError

Frame = dict[str, Any]
"""A frame as the server sent it."""

TransportName = Literal["websocket", "sse", "poll"]
TokenSource = Union[str, None, Callable[[], Union[str, None, Awaitable[Union[str, None]]]]]


@dataclass(frozen=True)
class State:
    """Where the connection is."""

    status: Literal["idle", "connecting", "connected", "waiting", "closed"]
    transport: TransportName | None = None
    #: How often it has failed in a row.
    attempt: int = 0
    #: While waiting: seconds until the next attempt, counted from when it was told.
    retry_in: float | None = None
    reason: str | None = None
    #: When closed by the server: why.
    error: ParleyError | None = None


@dataclass(frozen=True)
class Options:
    """What a client does; durations in seconds."""

    url: str
    session_id: str
    token: TokenSource = None
    visibility: str | None = None
    client_id: str | None = None
    client_version: str | None = None
    project_id: str | None = None
    language: str | None = None
    since: str | None = None
    transport: str = "auto"
    outbox_limit: int = 100
    ack_deadline: float = 15.0
    backoff_base: float = 0.5
    backoff_cap: float = 30.0
    open_deadline: float = 10.0
    pong_deadline: float = 10.0
    stable_after: float = 5.0
    patience: int = 2
    climb_after: float = 30.0
    gap_deadline: float = 2.0
    poll_wait: float = 30.0


def new_id() -> str:
    """An id nobody else has."""
    return str(uuid.uuid4())
