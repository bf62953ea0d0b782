"""As much of HTTP/1.1 as the fallbacks need: one request per connection, answers read as they arrive."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlsplit

_LONGEST_HEAD = 200
_LARGEST_BODY = 64 * 1024 * 1024

#: What may go wrong on the way to an answer and in the middle of one.
FAULTS = (OSError, EOFError, ValueError, asyncio.LimitOverrunError)


class Response:
    """An answer whose body has not been read yet."""

    def __init__(self, status: int, headers: dict[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.status = status
        self.headers = headers
        self._reader = reader
        self._writer = writer

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body as it arrives."""
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            while size := int((await self._reader.readline()).split(b";")[0].strip() or b"x", 16):
                async for piece in self._exactly(size):
                    yield piece
                await self._reader.readexactly(2)
        elif "content-length" in self.headers:
            async for piece in self._exactly(int(self.headers["content-length"])):
                yield piece
        else:
            while piece := await self._reader.read(65_536):
                yield piece

    async def read(self) -> bytes:
        """The whole body; closes."""
        try:
            whole = bytearray()
            async for piece in self.pieces():
                whole += piece
                if len(whole) > _LARGEST_BODY:
                    raise ValueError("Expected an answer of a bearable size")
            return bytes(whole)
        finally:
            self.close()

    def close(self) -> None:
        self._writer.transport.abort()

    async def _exactly(self, size: int) -> AsyncIterator[bytes]:
        while size > 0:
            piece = await self._reader.read(min(size, 65_536))
            if not piece:
                raise EOFError("the answer broke off")
            size -= len(piece)
            yield piece


async def request(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None = None, tls: ssl.SSLContext | None = None,
) -> Response:
    """The answer's head; raises one of ``FAULTS`` when there is none."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    reader, writer = await asyncio.open_connection(
        parts.hostname, port, ssl=(tls or ssl.create_default_context()) if secure else None,
        server_hostname=parts.hostname if secure else None)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        all_headers = {"Host": parts.netloc.rpartition("@")[2], "Connection": "close", **headers}
        if body is not None:
            all_headers["Content-Length"] = str(len(body))
        writer.write(b"".join([
            _line(f"{method} {path} HTTP/1.1"), *(_line(f"{name}: {value}") for name, value in all_headers.items()), b"\r\n", body or b"",
        ]))
        await writer.drain()
        status = 100
        while status in (100, 103):
            status, answered = await _head(reader)
        return Response(status, answered, reader, writer)
    except BaseException:
        writer.transport.abort()
        raise


def _line(text: str) -> bytes:
    if any(letter < " " for letter in text):
        raise ValueError("Expected no control characters in a request")
    return text.encode("latin-1") + b"\r\n"


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    version, _, rest = (await reader.readline()).decode("latin-1").partition(" ")
    if not version.startswith("HTTP/1."):
        raise ValueError("Expected an HTTP/1.1 answer")
    headers: dict[str, str] = {}
    for _ in range(_LONGEST_HEAD):
        line = (await reader.readline()).decode("latin-1").strip()
        if not line:
            return int(rest[:3]), headers
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    raise ValueError("Expected fewer headers")
