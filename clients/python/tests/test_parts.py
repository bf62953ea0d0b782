from __future__ import annotations

import asyncio
import random
import tempfile
import unittest
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock, patch

from parley_client import FileStorage, MemoryStorage, ParleyClient, ParleyError, Sent
from parley_client._address import Address, Place
from parley_client._backoff import Backoff
from parley_client._credentials import Credentials
from parley_client._end import End, verdict
from parley_client._http import FAULTS, request
from parley_client._ladder import Ladder
from parley_client._outbox import Outbox
from parley_client._replies import Replies
from parley_client._text import joined, units, without_first
from parley_client._transports import EventParser


class TextTest(unittest.TestCase):
    def test_text_is_counted_as_the_server_counts(self) -> None:
        self.assertEqual([0, 2, 2, 1], [units(text) for text in ("", "ab", "😀", "é")])
        self.assertEqual("b😀", without_first("😀b😀", 2))
        self.assertEqual("a😀b", joined("a\ud83d", "\ude00b"))

    def test_text_is_put_together_by_positions(self) -> None:
        told: list[str] = []
        replies = Replies(
            _no_stop, change=lambda reply, change, delta: told.append(delta or change), gap=lambda reply: told.append("gap"),
            duplicate=lambda reply: told.append("duplicate"))
        replies.start({"message_id": "r"})
        for content, seq in (("Hé😀", 4), ("Hé😀", 4), ("😀 you", 8), ("lost", 20)):
            replies.chunk({"message_id": "r", "content": content, "seq": seq})
        self.assertEqual(["start", "Hé😀", "duplicate", " you", "gap"], told)
        self.assertEqual({"r": 8}, replies.positions())
        replies.end({"message_id": "r", "status": "completed", "message": {"content": "all of it"}})
        reply = replies.get("r")
        assert reply
        self.assertEqual("all of it", reply.text)


class PartsTest(unittest.TestCase):
    def test_waiting_times_double_up_to_their_bound(self) -> None:
        class Most(random.Random):
            def random(self) -> float:
                return 1.0

        backoff = Backoff(0.5, 2.0, Most())
        self.assertEqual([0.5, 1.0, 2.0, 2.0], [backoff.next() for _ in range(4)])

    def test_close_codes_say_whether_to_come_back(self) -> None:
        for code in (1000, 1001, 1006, 1011, 4000, 4499):
            self.assertIsNone(verdict(End(code=code), None).error, code)
        for code in (1008, 4500, 4999):
            self.assertIsNotNone(verdict(End(code=code), None).error, code)
        self.assertEqual(7.0, verdict(End(code=1001), {"reconnect_in": 7}).after)
        for nonsense in ("soon", -1, None, [], 1e300):
            self.assertIsNone(verdict(End(code=1001), {"reconnect_in": nonsense}).after)

    def test_a_blocked_websocket_leads_to_events_and_polls_and_an_absent_server_back(self) -> None:
        ladder = Ladder("auto", 2)
        seen = []
        for ready, end in ((False, End(code=1006)), (False, End(code=1006)), (True, End()), (False, End()), (False, End(unreachable=True))):
            ladder.failed(ready, end)
            seen.append(ladder.current)
        self.assertEqual(["websocket", "sse", "sse", "poll", "websocket"], seen)
        with self.assertRaises(ValueError):
            Ladder("carrier pigeon", 2)

    def test_an_event_stream_is_read_whatever_its_pieces(self) -> None:
        whole = ': hi\r\n\r\nid: 4\r\ndata: {"a":\ndata: "é"}\n\ndata:x\n\n'.encode()
        for size in range(1, len(whole)):
            found: list[str] = []
            parser = EventParser(found.append)
            for at in range(0, len(whole), size):
                parser.push(whole[at:at + size])
            self.assertEqual(['{"a":\n"é"}', "x"], found)

    def test_addresses_keep_the_path_before_the_server_and_quote_what_they_carry(self) -> None:
        address = Address("wss://example.org/chat/", "a b", {"language": "pt-BR", "visibility": None})
        self.assertEqual(
            "wss://example.org/chat/ws/a%20b?language=pt-BR&since=4&streams=m%3A3", address.websocket(Place("4", {"m": 3})))
        with self.assertRaises(ValueError):
            Address("ftp://example.org", "s", {})


class CredentialsTest(unittest.IsolatedAsyncioTestCase):
    async def test_a_token_that_lasts_longer_than_any_timer_is_renewed_all_the_same(self) -> None:
        loop, timers = asyncio.get_running_loop(), list[tuple[float, Callable[[], None]]]()

        def later(delay: float, act: Callable[[], None]) -> Mock:
            timers.append((delay, act))
            return Mock()

        due: list[tuple[int, int]] = []
        credentials = Credentials(lambda: "t")
        with patch.object(loop, "call_later", later):
            credentials.watch("2030-01-31T00:00:00Z", "2030-01-01T00:00:00.123456Z", lambda left, life: due.append((round(left), round(life))))
            waited = 0.0
            while not due:
                delay, act = timers.pop()
                self.assertLessEqual(delay, 86_400)
                waited += delay
                act()
        self.assertEqual([(60, 30 * 86_400)], due)
        self.assertAlmostEqual(30 * 86_400 - 60, waited, delta=1)

    async def test_nonsense_is_no_time_and_who_has_no_token_says_so(self) -> None:
        def fail() -> str:
            raise OSError("away")

        credentials = Credentials(fail)
        for nonsense in ("soon", None, 7, {}, "2030-13-01T00:00:00Z"):
            credentials.watch(nonsense, "2030-01-01T00:00:00Z", lambda left, life: self.fail("due"))
        with self.assertRaises(ParleyError) as refused:
            await credentials.token()
        self.assertEqual("NO_TOKEN", refused.exception.code)
        self.assertIsInstance(refused.exception.__cause__, OSError)


class OutboxTest(unittest.IsolatedAsyncioTestCase):
    def _outbox(self, storage: object = None, wire: list[str] | None = None) -> Outbox:
        sent = wire if wire is not None else []
        return Outbox(
            storage=storage, prefix="p:", bound=3, deadline=15.0, send=lambda frame: sent.append(frame["id"]) is None,  # type: ignore[arg-type]
            tell=lambda sent, change: None)

    async def test_messages_go_one_after_the_other_and_again_with_the_same_id(self) -> None:
        wire: list[str] = []
        box = self._outbox(wire=wire)
        first, second = Sent({"id": "a", "content": "a"}, None), Sent({"id": "b", "content": "b"}, None)
        box.opened()
        box.add(first)
        box.add(second)
        box.lost()
        box.opened()
        self.assertEqual(["a", "a"], wire)
        box.accept({"id": "a", "message_id": "m1", "duplicate": True})
        self.assertTrue((await first.accepted()).duplicate)
        self.assertEqual(["a", "a", "b"], wire)
        box.refuse({"type": "error", "id": "b", "code": "CONTENT_REJECTED"})
        with self.assertRaises(ParleyError):
            await second.accepted()
        box.lost()

    async def test_it_is_bounded_and_survives_its_writer_in_order(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for storage in (MemoryStorage(), FileStorage(folder)):
                box = self._outbox(storage)
                for name in ("c", "b", "a", "too many"):
                    box.add(Sent({"id": name, "content": name}, None))
                self.assertTrue(box.withdraw("b"))
                later = self._outbox(storage)
                later.restore(lambda: None)  # type: ignore[arg-type,return-value]
                self.assertEqual(["c", "a"], [sent.id for sent in later.sents])

    async def test_a_file_that_cannot_be_read_keeps_no_other_from_being_sent(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            storage = FileStorage(folder)
            storage.write("p:a", '{"at":1,"n":1,"frame":{"id":"a","content":"a"}}')
            Path(folder, "0.json").write_bytes(b"\xff\xfe")
            Path(folder, "1.json").write_text("[" * 100_000)
            Path(folder, "2.json").write_text('{"key": 7, "value": {}}')
            Path(folder, "3.json").mkdir()
            box = self._outbox(storage)
            box.restore(lambda: None)  # type: ignore[arg-type,return-value]
            self.assertEqual(["a"], [sent.id for sent in box.sents])

    async def test_a_storage_that_fails_costs_no_message(self) -> None:
        class Full(MemoryStorage):
            def write(self, key: str, value: str) -> None:
                raise OSError("full")

        wire: list[str] = []
        box = self._outbox(Full(), wire)
        box.opened()
        box.add(Sent({"id": "a", "content": "a"}, None))
        self.assertEqual(["a"], wire)
        box.lost()


class HttpTest(unittest.IsolatedAsyncioTestCase):
    async def _answer(self, answer: bytes) -> object:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        try:
            host, port = server.sockets[0].getsockname()[:2]
            response = await asyncio.wait_for(request("GET", f"http://{host}:{port}/", {}), 60)
            return response.status, await asyncio.wait_for(response.read(), 60)
        finally:
            server.close()

    async def test_answers_are_read_whatever_their_form(self) -> None:
        for answer in (
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", b"HTTP/1.1 200 OK\r\n\r\nhi",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\nh\r\n1\r\ni\r\n0\r\n\r\n",
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        ):
            self.assertEqual((200, b"hi"), await self._answer(answer))

    async def test_hostile_answers_are_faults_and_nothing_worse(self) -> None:
        for answer in (
            b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500, b"x" * 200_000,
        ):
            with self.assertRaises(FAULTS, msg=repr(answer[:60])):
                await self._answer(answer)

    async def test_a_token_with_a_line_break_never_leaves(self) -> None:
        with self.assertRaises(FAULTS):
            await request("GET", "http://127.0.0.1:9/", {"Authorization": "Bearer x\r\nX-Evil: 1"})


class ClientTest(unittest.IsolatedAsyncioTestCase):
    async def test_a_listener_that_fails_does_not_keep_the_others_from_hearing(self) -> None:
        client = ParleyClient("http://127.0.0.1:9", transport="sse", backoff_base=0.001, backoff_cap=0.001)
        complaints: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context))
        heard = asyncio.Event()

        def fail(state: object) -> None:
            raise RuntimeError("mine")

        async def hear(state: object) -> None:
            heard.set()

        client.on("state", fail)
        client.on("state", hear)
        client.open()
        await asyncio.wait_for(heard.wait(), 60)
        client.close()
        self.assertTrue(complaints)

    async def test_what_is_closed_answers_nothing(self) -> None:
        client = ParleyClient("http://127.0.0.1:9")
        closed: list[object] = []
        client.on("closed", closed.append)
        client.close()
        client.close()
        self.assertEqual([None], closed)
        sent = client.send("Kept")
        for act in (client.quota, lambda: client.search("x"), client.presence, sent.accepted, sent.reply.finished):
            with self.assertRaises(ParleyError) as refused:
                await act()
            self.assertEqual("CLOSED", refused.exception.code)
        self.assertEqual(["waiting"], [each.status for each in client.pending])
        with self.assertRaises(LookupError):
            client.send("Nobody answers", reply=False).reply  # noqa: B018


class LoopsTest(unittest.TestCase):
    def test_a_client_belongs_to_one_loop_until_it_is_closed(self) -> None:
        client = ParleyClient("http://127.0.0.1:9", backoff_base=60, backoff_cap=60)
        client.send("written before there is a loop")

        async def begin() -> str:
            client.open()
            return client.state.status

        async def misuse() -> None:
            with self.assertRaisesRegex(RuntimeError, "event loop"):
                await client.connect()
            with self.assertRaisesRegex(RuntimeError, "event loop"):
                client.send("from elsewhere")
            client.close()

        self.assertEqual("connecting", asyncio.run(begin()))
        asyncio.run(misuse())
        self.assertEqual("connecting", asyncio.run(begin()))
        client.close()
        self.assertEqual(["written before there is a loop"], [sent.content for sent in client.pending])

    def test_what_cannot_be_written_is_refused_to_its_sender(self) -> None:
        client = ParleyClient("http://127.0.0.1:9")
        with self.assertRaises(TypeError):
            client.send("odd", metadata={"when": object()})
        self.assertEqual([], client.pending)


async def _no_stop(reply: object) -> list[str]:
    return []


if __name__ == "__main__":
    unittest.main()
