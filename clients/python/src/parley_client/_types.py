from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, Union

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


class Settings(TypedDict, total=False):
    """What a client may be told beside its server, person and session; durations in seconds."""

    #: ``private``, ``shared`` or ``group``, for a session that does not exist yet.
    visibility: str | None
    #: Who an anonymous user is, where the server allows them.
    client_id: str | None
    client_version: str | None
    project_id: str | None
    language: str | None
    #: Where to resume: the ``cursor`` of an earlier client.
    since: str | None
    #: ``auto`` (the default) begins with the WebSocket and changes over by itself.
    transport: Literal["auto", "websocket", "sse", "poll"]
    #: Messages that may wait; 100.
    outbox_limit: int
    #: How long an acknowledgement may take before the message is sent again; 15.
    ack_deadline: float
    #: How long an answer to anything else may take before it is given up; 30, for uploads ten times that.
    ask_deadline: float
    #: First and last bound of the waiting time between attempts; 0.5 and 30.
    backoff_base: float
    backoff_cap: float
    #: How long a connection may take until its first frame; 10.
    open_deadline: float
    #: How long an answer to a ping may take; 10.
    pong_deadline: float
    #: How long a connection has to last for the waiting times to begin anew; 5.
    stable_after: float
    #: WebSockets that fail to open in a row before changing over (a number); 2.
    patience: int
    #: After which time on a fallback the WebSocket is tried again; 30, doubling.
    climb_after: float
    #: How long missing text may take before the connection is opened anew; 2.
    gap_deadline: float
    #: How long a poll may wait; 30.
    poll_wait: float


class SendOptions(TypedDict, total=False):
    """What a message may say beside its text."""

    #: A name of its own; one is made otherwise.
    id: str | None
    #: The message this answers in a thread.
    parent_id: str | None
    #: Who is to answer.
    agent: str | None
    model: str | None
    #: False: the reply comes whole.
    stream: bool | None
    #: False: nobody answers.
    reply: bool | None
    #: What if a reply is running.
    overlap: Literal["queue", "reject", "interrupt", "parallel"] | None
    metadata: dict[str, Any] | None
    #: Ids of files that were brought to the server before, or objects that name files elsewhere.
    attachments: list[Any] | None
    #: ``temperature``, ``max_tokens``, ``system_prompt``, ``seed``.
    options: dict[str, Any] | None


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
    ask_deadline: float = 30.0
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
