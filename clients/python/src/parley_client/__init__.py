"""Client for Parley chat servers: streaming replies, exact resume, offline queue, fallback transports."""

from ._client import ParleyClient
from ._errors import ParleyError
from ._outbox import Receipt, Sent
from ._reply import Reply
from ._storage import FileStorage, MemoryStorage, Storage
from ._telemetry import Measure, Totals
from ._types import Frame, State

__all__ = [
    "FileStorage", "Frame", "Measure", "MemoryStorage", "ParleyClient", "ParleyError", "Receipt", "Reply", "Sent", "State",
    "Storage", "Totals",
]
