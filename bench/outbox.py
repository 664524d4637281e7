"""How much of Telegram's 30 messages a second a sender uses, and what its haste costs.

500 chats; two broadcasts to all of them and 18 answers a second, some in runs of three to one chat.
Nobody can send it all in time. Everything runs on virtual time with fixed seeds: a sender's code is
real (ours with its rows in SQLite), the network and Telegram's limits are a model.
"""

import asyncio
import logging
import random
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from bench import virtual
from bench.limits import OVERALL, WINDOW, Limited, Message
from bench.senders import Sender, library, ours, pacer
from bench.table import Cell, Table

JITTERS = (0.020, 0.100, 0.300)

CHATS = 500
ANSWERS_PER_SECOND = 18
RUN, RUNS = 3, 0.10  # one arrival in ten is a run of three

SENDERS: dict[str, Sender] = {
    "AIORateLimiter, default": partial(library, max_retries=0),
    "AIORateLimiter, max_retries=5": partial(library, max_retries=5),
    "fixed pace, 29/s": partial(pacer, rate=29),
    "Telekonsul": ours,
}


def tables(*, full: bool) -> Iterator[Table]:
    """Compare the senders at each jitter; the full profile lasts 60 s and takes three seeds."""
    # The library reports each of its hundreds of give-ups with a traceback.
    logging.getLogger("telegram.ext").setLevel(logging.CRITICAL)
    seconds, seeds = (60.0, (1, 2, 3)) if full else (20.0, (1,))
    rows: list[list[Cell]] = []
    for jitter in JITTERS:
        for name, sender in SENDERS.items():
            runs = [virtual.run(rush(sender, jitter, seconds, seed)) for seed in seeds]
            rows.append([f"{name} · {jitter * 1000:.0f} ms", *_middle(runs)])
            print(f"  {rows[-1][0]}: {runs[0].share:.3f}", file=sys.stderr, flush=True)
    yield Table(
        title=f"Two broadcasts and answers against the strict window, {seconds:.0f} s",
        columns=(
            "sender · jitter",
            "share of 30/s",
            "429",
            "dropped",
            "order broken",
            "answer p50 s",
            "answer p95 s",
        ),
        rows=rows,
        notes=(
            f"virtual time; medians over {len(seeds)} seed(s); order: within a chat and lane",
            "an answer that was dropped or still waits counts as if it arrived at the end",
        ),
    )


@dataclass(frozen=True)
class Rush:
    """One run of one sender."""

    share: float
    refusals: int
    dropped: int
    disorder: int
    p50: float
    p95: float


async def rush(sender: Sender, jitter: float, seconds: float, seed: int) -> Rush:
    """Offer the whole load as it arises and judge by what arrived at the far side in time."""
    load = arising(seconds, seed)
    telegram = Limited(jitter, seed)
    dropped: list[Message] = []
    time = asyncio.get_running_loop().time
    async with sender(telegram, dropped.append) as offer:
        await asyncio.sleep(WINDOW)  # our own sender begins as if it had just sent a full burst
        start = time()
        for together in load:
            await asyncio.sleep(start + together[0].offered_at - time())
            await offer(together)
        await asyncio.sleep(start + seconds - time())
        arrived = {number: at - start for number, at in telegram.arrivals}
        refusals, given_up = telegram.refusals, len(dropped)
    messages = [message for together in load for message in together]
    waits = [
        arrived.get(message.number, seconds) - message.offered_at
        for message in messages
        if message.interactive
    ]
    return Rush(
        share=len(arrived) / (OVERALL * seconds),
        refusals=refusals,
        dropped=given_up,
        disorder=_disorder(messages, list(arrived)),
        p50=statistics.median(waits),
        p95=statistics.quantiles(waits, n=20)[-1],
    )


def arising(seconds: float, seed: int) -> list[list[Message]]:
    """Write down the load beforehand, the same for every sender: what arises together, in time."""
    chance = random.Random(seed)
    size = round(CHATS * seconds / 60)
    broadcasts = (0.0, seconds / 4)
    moments = [(at, chance.sample(range(1, CHATS + 1), size), False) for at in broadcasts]
    at = 0.0
    while True:
        at += chance.expovariate(ANSWERS_PER_SECOND / (1 + RUNS * (RUN - 1)))
        if at >= seconds:
            break
        chat_id = 1 + int(CHATS * chance.random() ** 1.5)  # some write more than others
        moments.append((at, [chat_id] * (RUN if chance.random() < RUNS else 1), True))
    load: list[list[Message]] = []
    number = 0
    for at, chat_ids, interactive in sorted(moments, key=lambda moment: moment[0]):
        load.append([Message(number + i, c, interactive, at) for i, c in enumerate(chat_ids)])
        number += len(chat_ids)
    return load


def _disorder(messages: list[Message], arrived: list[int]) -> int:
    """Count the messages that an earlier one of their chat and lane came after."""
    latest: dict[tuple[int, bool], int] = {}
    broken = 0
    for number in arrived:
        queue = messages[number].chat_id, messages[number].interactive
        broken += number < latest.get(queue, -1)
        latest[queue] = max(number, latest.get(queue, -1))
    return broken


def _middle(runs: list[Rush]) -> list[Cell]:
    fields = ("share", "refusals", "dropped", "disorder", "p50", "p95")
    return [statistics.median(getattr(run, field) for run in runs) for field in fields]
