"""How many updates a bot handles, and how many a webhook takes in, per second and one CPU.

A contender is a process that finds Telegram under TELEGRAM_API_URL, its own port in HTTP_PORT and
an empty folder in DATA_DIR. An echo bot has handled what it has answered; a bot whose answers are
paced to Telegram's 30 per second counts for itself, in the Prometheus text of its /metrics.
"""

import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.fake import chat_ids
from bench.process import CONTENDERS, DISK, PATIENCE, SERVERS, Process, free_port
from bench.table import Table

CHATS = chat_ids(300)
BOT = 100_001
REPETITIONS = 5
"""Runs of which a table shows the median, interleaved, so that a slow minute hits everybody."""


@dataclass(frozen=True)
class Contender:
    """A bot under test: `python -m` what, and which counter of its /metrics says how far it is."""

    name: str
    command: Sequence[str]
    metric: str | None = None


BOTS = (
    Contender("python-telegram-bot, default", ["bench.peers.ptb_polling"]),
    Contender("aiogram, sequential", ["bench.peers.aiogram_polling", "--sequential"]),
    Contender("aiogram, default", ["bench.peers.aiogram_polling"]),
    Contender("aiohttp, no framework", ["bench.peers.aiohttp_plain"]),
    Contender("Telekonsul", ["bench.ours"], "telekonsul_updates_handled_total"),
)

WEBHOOKS = (
    Contender("aiohttp, no storage", ["bench.peers.webhook_plain"]),
    Contender("Telekonsul", ["bench.ours"]),
    Contender("Telekonsul, handling paused", ["bench.ours", "--paused"]),
)


def tables(*, full: bool) -> Iterator[Table]:
    """Compare handled updates, then durable webhook answers; the first contender is the measure."""
    yield _updates(3_000 if full else 1_000)
    yield _acknowledgements(30_000 if full else 3_000)


@dataclass(frozen=True)
class Handled:
    """One run of one bot."""

    per_second: float
    cpu_ms: float
    resident_mb: float
    reordered: int


def handle(bot: Contender, updates: int, past: str | None = None) -> Handled:
    """Let the bot work off a backlog, from its first poll to the last update handled.

    It begins in an empty folder, or in a copy of the folder `past`.
    """
    with tempfile.TemporaryDirectory(dir=DISK) as folder, far_side(updates) as telegram:
        if past is not None:
            shutil.copytree(past, folder, dirs_exist_ok=True)
        telegram.wait_for("/counters")
        with begin(bot, telegram, folder, {}) as process:
            while (began := counters(process, telegram)["polled_at"]) is None:
                time.sleep(0.02)
            used, progress, moved_at = process.cpu_seconds(), 0.0, time.monotonic()
            while progress < updates:
                time.sleep(0.1)
                before, seen = progress, counters(process, telegram)
                if bot.metric:
                    progress, ended = read_metric(process.get("/metrics") or "", bot.metric), None
                else:
                    progress, ended = seen["sent"] or 0, seen["sent_at"]
                if progress > before:
                    moved_at = time.monotonic()
                if time.monotonic() - moved_at > PATIENCE:
                    raise TimeoutError(f"{bot.name} stands still at {progress:.0f} of {updates}")
            return Handled(
                per_second=updates / ((ended or time.monotonic()) - began),
                cpu_ms=1000 * (process.cpu_seconds() - used) / updates,
                resident_mb=process.resident_mb(),
                reordered=int(seen["reordered"] or 0),
            )


def acknowledge(webhook: Contender, updates: int, rate: float = 0) -> dict[str, float]:
    """Post updates to the webhook and return what the load saw."""
    with tempfile.TemporaryDirectory(dir=DISK) as folder, far_side(0) as telegram:
        telegram.wait_for("/counters")
        settings = {
            "WEBHOOK_SECRET": "bench-secret-of-telegram",
            "PUBLIC_URL": "https://bench.invalid",
        }
        with begin(webhook, telegram, folder, settings) as process:
            process.wait_for("/healthz")
            command = ["bench.load", "--port", str(process.port), "--path", f"/telegram/{BOT}"]
            command += ["--secret", settings["WEBHOOK_SECRET"], "--updates", str(updates)]
            command += ["--chats", ",".join(map(str, CHATS)), "--rate", str(rate)]
            with Process(*command, cpu=SERVERS) as load:
                summary: dict[str, float] = json.loads(load.output())
    return summary


def read_metric(page: str, name: str) -> float:
    """Add up a counter over all its labels; 0 while the page does not have it."""
    return sum(
        float(line.rsplit(" ", 1)[1])
        for line in page.splitlines()
        if line.startswith((f"{name} ", f"{name}{{"))
    )


def far_side(updates: int) -> Process:
    """Start a Telegram that has so many texts waiting."""
    port = free_port()
    command = ["bench.fake", "--port", str(port), "--updates", str(updates)]
    return Process(*command, "--chats", ",".join(map(str, CHATS)), cpu=SERVERS, port=port)


def begin(
    contender: Contender, telegram: Process, folder: str, settings: Mapping[str, str]
) -> Process:
    """Start a bot on that folder, towards that Telegram."""
    port = free_port()
    env = {
        "TELEGRAM_API_URL": f"http://127.0.0.1:{telegram.port}",
        "TELEGRAM_BOT_TOKEN": f"{BOT}:bench_token",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_PORT": str(port),
        "DATA_DIR": folder,
        **settings,
    }
    return Process(*contender.command, cpu=CONTENDERS, env=env, port=port)


def counters(process: Process, telegram: Process) -> dict[str, float | None]:
    """Ask Telegram what it saw, as long as the process lives."""
    process.check()
    seen: dict[str, float | None] = json.loads(telegram.wait_for("/counters"))
    return seen


def _updates(updates: int) -> Table:
    runs: dict[str, list[Handled]] = {bot.name: [] for bot in BOTS}
    for repetition in range(REPETITIONS):
        for bot in BOTS:
            runs[bot.name].append(handle(bot, updates))
            _progress(f"{bot.name}: {runs[bot.name][-1].per_second:.0f} updates/s", repetition)
    measure = statistics.median(run.per_second for run in runs[BOTS[0].name])
    return Table(
        title=f"Updates handled, {updates} waiting in {len(CHATS)} chats, one CPU",
        columns=("bot", "updates/s", "ratio", "CPU ms/update", "RSS MB", "reordered"),
        rows=[
            (
                name,
                rate := statistics.median(run.per_second for run in each),
                rate / measure,
                statistics.median(run.cpu_ms for run in each),
                statistics.median(run.resident_mb for run in each),
                max(run.reordered for run in each),
            )
            for name, each in runs.items()
        ],
        notes=(f"medians of {REPETITIONS} interleaved runs; reordered: the worst run",),
    )


def _acknowledgements(updates: int) -> Table:
    flood: dict[str, list[dict[str, float]]] = {webhook.name: [] for webhook in WEBHOOKS}
    calm: dict[str, list[dict[str, float]]] = {webhook.name: [] for webhook in WEBHOOKS}
    for repetition in range(REPETITIONS):
        for webhook in WEBHOOKS:
            flood[webhook.name].append(acknowledge(webhook, updates))
            calm[webhook.name].append(acknowledge(webhook, 300, rate=100))
            rate = flood[webhook.name][-1]["per_second"]
            _progress(f"{webhook.name}: {rate:.0f} answers/s", repetition)
    measure = _median(flood[WEBHOOKS[0].name], "per_second")
    busy = max(run["busy"] for runs in flood.values() for run in runs)
    return Table(
        title=f"Webhook answers, {updates} updates over 40 connections, one CPU",
        columns=("webhook", "answers/s", "ratio", "p50 ms", "p99 ms", "p99 ms at 100/s", "refused"),
        rows=[
            (
                name,
                _median(flood[name], "per_second"),
                _median(flood[name], "per_second") / measure,
                _median(flood[name], "p50_ms"),
                _median(flood[name], "p99_ms"),
                _median(calm[name], "p99_ms"),
                int(sum(run["refused"] for run in flood[name] + calm[name])),
            )
            for name in flood
        ],
        notes=(
            f"medians of {REPETITIONS} interleaved runs",
            f"the load's own CPU was busy for at most {busy:.0%}: near 100% it would be the limit",
        ),
    )


def _median(runs: list[dict[str, float]], figure: str) -> float:
    return statistics.median(run[figure] for run in runs)


def _progress(line: str, repetition: int) -> None:
    print(f"  {repetition + 1}: {line}", file=sys.stderr, flush=True)
