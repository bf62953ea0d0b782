"""The stock Python client of Socket.IO against the echo server of these tests: python3 socketio_client.py http://127.0.0.1:port"""
import asyncio
import sys

import socketio

SERVER = sys.argv[1]


async def talk(transports):
    client = socketio.AsyncClient()
    heard = asyncio.Queue()
    for event in ("auth", "message-back", "answered"):
        client.on(event, lambda *args, name=event: heard.put_nowait((name, *args)))
        client.on(event, lambda *args, name=event: heard.put_nowait((name, *args)), namespace="/custom")
    client.on("asked", lambda *args: ("yes", b"\x05"))
    await client.connect(SERVER, transports=transports, auth={"userId": "ann"}, namespaces=["/", "/custom"])
    assert await heard.get() == ("auth", {"userId": "ann"})
    assert await heard.get() == ("auth", {"userId": "ann"})
    await client.emit("message", ("one", {"two": [3, None]}, b"\x01\x02"))
    assert await heard.get() == ("message-back", "one", {"two": [3, None]}, b"\x01\x02")
    await client.emit("message", "custom", namespace="/custom")
    assert await heard.get() == ("message-back", "custom")
    assert await client.call("message-with-ack", "again") == "again"
    assert await client.call("message-with-ack", b"\x09") == b"\x09"
    await client.emit("message-and-ask", "why")
    assert await heard.get() == ("answered", "yes", b"\x05")
    for i in range(200):
        await client.emit("message", i)
    got = [await heard.get() for _ in range(200)]
    assert got == [("message-back", i) for i in range(200)], got
    await asyncio.sleep(1)
    assert await client.call("message-with-ack", "still here") == "still here"
    await client.disconnect()


async def refused():
    client = socketio.AsyncClient()
    try:
        await client.connect(SERVER, namespaces=["/nowhere"], wait_timeout=60)
    except socketio.exceptions.ConnectionError as error:
        assert "namespaces failed to connect" in str(error), error
    else:
        raise AssertionError("Expected nobody to be let in nowhere")
    finally:
        await client.disconnect()


async def main():
    for transports in (["websocket"], ["polling"], None):
        await talk(transports)
    await refused()
    print("passed")


asyncio.run(asyncio.wait_for(main(), 300))
