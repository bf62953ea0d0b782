from __future__ import annotations

import asyncio
import hashlib
import json
import ssl
from collections.abc import Callable
from typing import Any

from . import _http
from ._backoff import Backoff
from ._credentials import Credentials
from ._errors import ParleyError
from ._types import new_id

_TRIES = 4
#: A file may take that many times as long as a question.
_UPLOAD = 10


class Rest:
    """
    What is asked outside the connection: plain requests with the token, asked once more with a new one when it has run out. Each
    ends in time, and with the client at the latest.
    """

    def __init__(self, credentials: Credentials, backoff: Callable[[], Backoff], deadline: float, tls: ssl.SSLContext | None) -> None:
        self._credentials = credentials
        self._backoff = backoff
        self._deadline = deadline
        self._tls = tls
        self._open: set[asyncio.Future[Any]] = set()
        self._closed: ParleyError | None = None

    async def ask(self, url: str, *, method: str = "GET", body: bytes | None = None, content_type: str | None = None) -> Any:
        """The answer, tried for again while the server cannot be reached or is full."""
        if self._closed:
            raise self._closed
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        work = loop.create_task(self._settle(answer, url, method, body, content_type))
        self._open.add(answer)
        try:
            return await asyncio.wait_for(answer, self._deadline * (_UPLOAD if body else 1))
        except asyncio.TimeoutError:
            raise ParleyError("TIMEOUT", "No answer in time") from None
        finally:
            self._open.discard(answer)
            work.cancel()

    def closed(self, error: ParleyError) -> None:
        """Nothing can be asked any more, until ``reopened``."""
        self._closed = error
        for answer in self._open:
            if not answer.done():
                answer.set_exception(error)

    def reopened(self) -> None:
        self._closed = None

    async def _settle(self, answer: asyncio.Future[Any], *request: Any) -> None:
        try:
            found = await self._answer(*request)
        except Exception as fault:
            if not answer.done():
                answer.set_exception(fault)
        else:
            if not answer.done():
                answer.set_result(found)

    async def _answer(self, url: str, method: str, body: bytes | None, content_type: str | None) -> Any:
        backoff, renewed = self._backoff(), False
        while True:
            token = self._credentials.used or await self._credentials.token()
            try:
                return await self._once(url, method, body, content_type, token)
            except ParleyError as error:
                if error.status == 401 and self._credentials.renewable and not renewed:
                    renewed = True
                    if self._credentials.used == token:
                        await self._credentials.token()
                elif (error.code == "OFFLINE" or error.status == 503) and backoff.failures < _TRIES - 1:
                    await asyncio.sleep(max(backoff.next(), error.retry_after or 0.0))
                else:
                    raise

    async def _once(self, url: str, method: str, body: bytes | None, content_type: str | None, token: str | None) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if content_type:
            headers["Content-Type"] = content_type
        try:
            response = await _http.request(method, url, headers, body, self._tls)
            answer = await response.read()
            if response.ok:
                return json.loads(answer)
        except (*_http.FAULTS, RecursionError) as fault:
            raise ParleyError("OFFLINE", f"The server cannot be reached: {fault}") from fault
        raise ParleyError.of_answer(response.status, response.headers, answer)


def form(content: bytes, name: str, kind: str, session_id: str | None) -> tuple[bytes, str]:
    """A file as a form the server takes, with its checksum, and the form's content type."""
    boundary = new_id()
    fields = {"sha256": hashlib.sha256(content).hexdigest(), **({"session_id": session_id} if session_id else {})}
    quoted = name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
    head = "".join(f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items())
    head += f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\nContent-Type: {kind}\r\n\r\n'
    return head.encode() + content + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
