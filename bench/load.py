"""Telegram's side of a webhook: posts texts over kept-alive connections and times the answers.

Prints one JSON object. With `--rate` updates leave at that pace, whatever the answers take, and
the time counts from when each was due.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.fake import backlog


@dataclass
class Answers:
    """What came back."""

    refused: int = 0
    waits: list[float] = field(default_factory=list)

    def record(self, seconds: float, busy: float) -> dict[str, float]:
        """Sum up, given how long the load took and how long its own process was busy."""
        waits = sorted(self.waits)
        return {
            "per_second": len(waits) / seconds,
            "p50_ms": 1000 * waits[len(waits) // 2],
            "p99_ms": 1000 * waits[int(len(waits) * 0.99)],
            "refused": self.refused,
            "busy": busy / seconds,
        }


def requests(path: str, secret: str, updates: int, chats: Sequence[int]) -> list[bytes]:
    """Write the whole load beforehand, so that sending it costs next to nothing."""
    written = []
    for update in backlog(updates, chats):
        body = json.dumps(update).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        written.append(head.encode() + body)
    return written


async def post(port: int, queue: Iterator[tuple[float, bytes]], answers: Answers) -> None:
    """Send what is next in the queue over one connection until the queue is empty."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for due, request in queue:
        if due:
            await asyncio.sleep(due - time.perf_counter())
        start = due or time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length or 0))
        answers.waits.append(time.perf_counter() - start)
        answers.refused += b" 200 " not in head[:16]
    writer.close()


async def run(port: int, load: list[bytes], connections: int, rate: float) -> dict[str, float]:
    """Post the load and return the summary."""
    answers = Answers()
    began, used = time.perf_counter(), time.process_time()
    queue = (((began + n / rate) if rate else 0.0, request) for n, request in enumerate(load))
    await asyncio.gather(*(post(port, queue, answers) for _ in range(connections)))
    return answers.record(time.perf_counter() - began, time.process_time() - used)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", required=True)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--updates", type=int, required=True)
    parser.add_argument("--chats", type=lambda ids: [int(i) for i in ids.split(",")], required=True)
    parser.add_argument("--connections", type=int, default=40)
    parser.add_argument("--rate", type=float, default=0)
    asked = parser.parse_args()
    written = requests(asked.path, asked.secret, asked.updates, asked.chats)
    print(json.dumps(asyncio.run(run(asked.port, written, asked.connections, asked.rate))))
