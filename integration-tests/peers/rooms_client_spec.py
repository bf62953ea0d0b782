"""The Python client that the protocol of rooms was specified with, unchanged, against a running server:

    python3 rooms_client_spec.py ws://127.0.0.1:8080 TOKEN ROOM

What it calls and does not print, a subclass has; its fixed address is led to the server below it. Prints the answers that it
was shown, one a line, and exits with 1 when something is not as it should be.
"""
# >>> as published
import asyncio
import json
import websockets
import logging

class WebSocketChatClient:
    def __init__(self, token, room_id=None):
        self.token = token
        self.room_id = room_id
        self.websocket = None
        self.running = False

    async def connect(self):
        uri = f"ws://localhost:8000/api/v1/ws/ws?token={self.token}"
        if self.room_id:
            uri += f"&room_id={self.room_id}"
        
        try:
            self.websocket = await websockets.connect(uri)
            self.running = True
            logging.info("Connected to WebSocket")
            
            # Start message handler
            await self.handle_messages()
            
        except Exception as e:
            logging.error(f"Connection error: {e}")

    async def handle_messages(self):
        try:
            async for message in self.websocket:
                data = json.loads(message)
                await self.process_message(data)
        except websockets.exceptions.ConnectionClosed:
            logging.info("WebSocket connection closed")
        except Exception as e:
            logging.error(f"Message handling error: {e}")

    async def process_message(self, message):
        msg_type = message.get('type')
        
        if msg_type == 'chat':
            await self.handle_chat_message(message)
        elif msg_type == 'typing':
            await self.handle_typing_indicator(message)
        elif msg_type == 'error':
            logging.error(f"WebSocket error: {message['data']}")

    async def send_chat_message(self, text, conversation_id=None):
        message = {
            'type': 'chat',
            'data': {
                'message': text,
                'conversation_id': conversation_id,
                'model_preference': 'gpt-4'
            },
            'room_id': self.room_id,
            'message_id': f'msg-{asyncio.get_event_loop().time()}'
        }
        await self.send(message)

    async def send(self, message):
        if self.websocket and not self.websocket.closed:
            await self.websocket.send(json.dumps(message))

    async def close(self):
        self.running = False
        if self.websocket:
            await self.websocket.close()
# <<< as published

import sys

PRINTED = "ws://localhost:8000"
SERVER, TOKEN, ROOM = sys.argv[1:4]
real_connect = websockets.connect


def connect(uri):
    assert uri.startswith(PRINTED), uri
    return real_connect(uri.replace(PRINTED, SERVER))


websockets.connect = connect


class Reader(WebSocketChatClient):
    def __init__(self, token, room_id=None):
        super().__init__(token, room_id)
        self.shown = {}
        self.ended = asyncio.Queue()
        self.typing = []

    async def handle_chat_message(self, message):
        data = message["data"]
        if data["role"] != "assistant":
            return
        if data.get("done"):
            await self.ended.put(data)
        else:
            self.shown[data["message_id"]] = self.shown.get(data["message_id"], "") + data["content"]

    async def handle_typing_indicator(self, message):
        self.typing.append(message["data"])


async def answer(client, text, conversation=None):
    await client.send_chat_message(text, conversation)
    end = await client.ended.get()
    assert end["status"] == "completed", end
    assert end["model_fallback"] is True, end
    print(client.shown[end["message_id"]].rstrip())
    return end


async def session(client):
    running = asyncio.ensure_future(client.connect())
    while client.websocket is None:
        assert not running.done(), "the connection came to nothing"
        await asyncio.sleep(0.01)
    return running


async def test():
    client = Reader(TOKEN, ROOM)
    running = await session(client)
    assert (await answer(client, "Hi"))["conversation_id"] == ROOM
    assert any(each["is_typing"] for each in client.typing), client.typing
    await client.close()
    await running
    alone = Reader(TOKEN)
    running = await session(alone)
    first = await answer(alone, "Alone")
    second = await answer(alone, "Still alone", first["conversation_id"])
    assert first["conversation_id"] == second["conversation_id"]
    await alone.close()
    await running


asyncio.run(asyncio.wait_for(test(), 240))
