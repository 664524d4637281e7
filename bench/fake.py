"""A Bot API that has a backlog of texts waiting and says yes to everything, as fast as it can.

`python -m bench.fake --port 8081 --updates 3000 --chats 1,2,3`; what it saw is under /counters.
"""

import argparse
import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import Sequence
from urllib.parse import parse_qsl

from aiohttp import web

BATCH = 100  # https://core.telegram.org/bots/api#getupdates: at most 100
BEGAN = 1_700_000_000
MESSAGES = ("send", "edit", "forward")  # methods whose answer is a message

SERIAL = re.compile(r"#(\d+)")


def chat_ids(count: int) -> list[int]:
    """Name so many chats; who needs pairs takes neighbours: 0 and 1, 2 and 3, …"""
    return [700_000_001 + number for number in range(count)]


def backlog(count: int, chats: Sequence[int]) -> list[dict[str, object]]:
    """Make texts from those chats in turn; `#n` in a text is its place within its chat."""
    updates: list[dict[str, object]] = []
    for number in range(count):
        chat_id = chats[number % len(chats)]
        person = {"id": chat_id, "first_name": f"Warga {chat_id % 1000}"}
        message = {
            "message_id": number + 1,
            "date": BEGAN + number,
            "chat": {**person, "type": "private"},
            "from": {**person, "is_bot": False, "language_code": "id"},
            "text": f"Batuk sejak kemarin, belum membaik #{number // len(chats) + 1}",
        }
        updates.append({"update_id": number + 1, "message": message})
    return updates


class Fake:
    """The answers, and the count of what was asked."""

    def __init__(self, updates: list[dict[str, object]]) -> None:
        self._updates = updates
        self._confirmed = 0
        self._message_ids = len(updates)
        self._serials: Counter[int] = Counter()
        self.polled_at: float | None = None
        self.sent_at: float | None = None
        self.sent = 0
        self.reordered = 0

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Serve /bot<token>/<method> and /counters."""
        method = request.path.rpartition("/")[2]
        if method == "counters":
            return _json(self.counters())
        return _json({"ok": True, "result": await self.result(method, await _parameters(request))})

    def counters(self) -> dict[str, float | None]:
        """Tell the times by the machine's monotonic clock, which all its processes share."""
        return {
            "polled_at": self.polled_at,
            "sent_at": self.sent_at,
            "sent": self.sent,
            "reordered": self.reordered,
        }

    async def result(self, method: str, asked: dict[str, str]) -> object:
        """Do one method of the Bot API."""
        if method == "getUpdates":
            return await self.poll(int(asked.get("offset", 0)), float(asked.get("timeout", 0)))
        if method == "getMe":
            return {"id": 1, "is_bot": True, "first_name": "Telekonsul", "username": "bench_bot"}
        if method == "getWebhookInfo":
            return {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        if method.startswith("copyMessage"):
            return {"message_id": self.count(asked)}
        if method.startswith(MESSAGES):
            chat = {"id": int(asked["chat_id"]), "type": "private", "first_name": "Warga"}
            text = asked.get("text", "")
            return {"message_id": self.count(asked), "date": BEGAN, "chat": chat, "text": text}
        return True

    async def poll(self, offset: int, patience: float) -> list[dict[str, object]]:
        """Forget what lies before the offset and give what follows, as Telegram does."""
        if self.polled_at is None:
            self.polled_at = time.monotonic()
        self._confirmed = max(self._confirmed, offset - 1)
        waiting = self._updates[self._confirmed : self._confirmed + BATCH]
        if not waiting:
            await asyncio.sleep(patience)
        return waiting

    def count(self, asked: dict[str, str]) -> int:
        """Note a sent message and whether an earlier one of its chat came after it."""
        self.sent += 1
        self.sent_at = time.monotonic()
        self._message_ids += 1
        if found := SERIAL.search(asked.get("text", "")):
            chat_id, serial = int(asked["chat_id"]), int(found[1])
            self.reordered += serial < self._serials[chat_id]
            self._serials[chat_id] = max(serial, self._serials[chat_id])
        return self._message_ids


async def _parameters(request: web.BaseRequest) -> dict[str, str]:
    if request.content_type == "application/json":
        return {name: str(value) for name, value in json.loads(await request.read()).items()}
    if request.content_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl((await request.read()).decode()))
    form = await request.post()
    return {**request.query, **{n: v for n, v in form.items() if isinstance(v, str)}}


def _json(value: object) -> web.Response:
    return web.Response(body=json.dumps(value).encode(), content_type="application/json")


async def serve(port: int, fake: Fake) -> None:
    """Answer on that loopback port until the process ends."""
    # The bare server, without router and middlewares: this process must not be the bottleneck.
    server = web.Server(fake.answer)
    await asyncio.get_running_loop().create_server(server, "127.0.0.1", port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--updates", type=int, default=0)
    parser.add_argument("--chats", type=lambda ids: [int(i) for i in ids.split(",")], default=[1])
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.port, Fake(backlog(arguments.updates, arguments.chats))))
