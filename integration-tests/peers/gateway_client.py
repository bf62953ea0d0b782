"""The chat gateway through the stock Python clients of Socket.IO: python3 gateway_client.py http://127.0.0.1:port
A token is its user's name. A question that contains "endless" must be answered until it is stopped."""
import asyncio
import sys
import time

import socketio

SERVER = sys.argv[1]
RUN = format(int(time.time() * 1000), "x")
EVENTS = (
    "connection:success session:joined session:left user:joined user:left message:new message:edited message:deleted"
    " message:delivered message:seen:update message:reaction:update typing:start typing:stop presence:update"
    " stream:chunk stream:complete stream:error stream:stopped error"
).split()


class Person:
    """Handlers take exactly one argument, as everybody writes them."""

    def __init__(self, user):
        self.user = user
        self.client = socketio.AsyncClient(reconnection=False)
        self.told = []
        self.news = asyncio.Event()
        for event in EVENTS:
            self.client.on(event, lambda data, name=event: self.hear(name, data), namespace="/chat")

    def hear(self, event, data):
        self.told.append((event, data))
        self.news.set()

    async def connect(self, transports, auth=None):
        await self.client.connect(
            SERVER,
            transports=transports,
            auth=auth or {"userId": self.user, "token": self.user},
            namespaces=["/chat"],
            wait_timeout=60,
        )

    async def ask(self, event, data):
        return await self.client.call(event, data, namespace="/chat", timeout=60)

    async def next(self, event, **fields):
        while True:
            for i, (name, data) in enumerate(self.told):
                if name == event and all(data.get(key) == value for key, value in fields.items()):
                    return self.told.pop(i)[1]
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), 60)


async def talk(name, transports):
    ann, bob = Person(f"ann-py-{name}-{RUN}"), Person(f"bob-py-{name}-{RUN}")
    session = f"hall-py-{name}-{RUN}"
    await ann.connect(transports)
    hello = await ann.next("connection:success")
    assert hello["userId"] == ann.user and hello["recovered"] is False, hello
    await bob.connect(transports)
    assert (await ann.ask("session:join", {"sessionId": session}))["complete"] is True
    await ann.next("session:joined", sessionId=session)
    assert ann.user in (await bob.ask("session:join", {"sessionId": session}))["members"]
    await ann.next("user:joined", userId=bob.user)
    await ann.next("presence:update", userId=bob.user, status="online")
    await ann.client.emit("typing:start", {"sessionId": session, "userName": "Ann"}, namespace="/chat")
    await bob.next("typing:start", userId=ann.user)
    await ann.client.emit("typing:stop", {"sessionId": session}, namespace="/chat")
    await bob.next("typing:stop", userId=ann.user)

    sent = await ann.ask("message:send", {"sessionId": session, "content": "Hello 😀", "clientId": "one"})
    message = sent["messageId"]
    assert (await bob.next("message:new", id=message))["content"] == "Hello 😀"
    await ann.next("message:new", id=message)
    await ann.next("message:delivered", messageId=message, clientId="one")
    assert (await ann.ask("message:send", {"sessionId": session, "content": "Hello 😀", "clientId": "one"}))["duplicate"]
    assert (await ann.ask("message:edit", {"messageId": message, "content": "Hello all"}))["success"]
    assert (await bob.next("message:edited", messageId=message))["content"] == "Hello all"
    assert (await bob.ask("message:reaction", {"messageId": message, "emoji": "👍"}))["added"]
    assert (await ann.next("message:reaction:update", messageId=message))["userId"] == bob.user
    assert (await bob.ask("message:delivered", {"messageId": message}))["success"]
    await ann.next("message:delivered", messageId=message, userId=bob.user)
    assert (await bob.ask("message:seen", {"messageId": message}))["success"]
    assert (await ann.next("message:seen:update", messageId=message))["userId"] == bob.user
    assert len((await ann.ask("presence:update", {"sessionId": session}))["users"]) == 2

    stream = await ann.ask("stream:request", {"sessionId": session, "prompt": "Hi", "config": {"temperature": 0.5}})
    for person in (ann, bob):
        text, last = "", False
        while not last:
            chunk = await person.next("stream:chunk", id=stream["streamId"])
            text += chunk["delta"]
            assert chunk["offset"] == len(text), chunk
            last = chunk["isComplete"]
        assert chunk["content"] == text and text, chunk
        assert (await person.next("stream:complete", streamId=stream["streamId"]))["content"] == text
    stream = await bob.ask("stream:request", {"sessionId": session, "prompt": "An endless one"})
    await ann.next("stream:chunk", id=stream["streamId"])
    assert (await ann.ask("stream:stop", {"streamId": stream["streamId"]}))["stopped"]
    await bob.next("stream:stopped", streamId=stream["streamId"])
    await ann.client.emit("stream:request", {"sessionId": session, "prompt": "Hi", "agentId": "nobody"}, namespace="/chat")
    assert (await ann.next("stream:error"))["code"] == "NOT_FOUND"
    await ann.client.emit("message:send", {"sessionId": session}, namespace="/chat")
    assert (await ann.next("error"))["code"] == "BAD_REQUEST"

    assert (await ann.ask("message:delete", {"messageId": message}))["success"]
    await bob.next("message:deleted", messageId=message)
    assert (await bob.ask("session:leave", {"sessionId": session}))["success"]
    await bob.next("session:left", sessionId=session)
    await ann.next("user:left", userId=bob.user)
    await ann.client.disconnect()
    await bob.client.disconnect()


async def refused():
    person = Person("mallory")
    try:
        await person.connect(["websocket"], {"userId": "ann", "token": "mallory"})
    except socketio.exceptions.ConnectionError:
        pass
    else:
        raise AssertionError("Expected a userId that is not the token's to be refused")
    finally:
        await person.client.disconnect()


async def main():
    await asyncio.gather(
        talk("websocket", ["websocket"]), talk("polling", ["polling"]), talk("upgrade", None), refused()
    )
    print("passed")


asyncio.run(asyncio.wait_for(main(), 300))
