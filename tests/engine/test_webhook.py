"""Telegram's POSTs: stored before they are answered, and nothing else is believed."""

import asyncio
import io
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import aiohttp
import pytest
from aiohttp import web as http
from sqlalchemy import event, select

from bot import config
from bot.app import App
from bot.config import Settings
from models.mail import Ending, Incoming
from models.seal import KeyRing
from services import facility
from services.mail import Arrived
from simulator.clock import MovedClock
from simulator.server import Server
from simulator.telegram import BotAccount, Telegram
from tests.town import MORNING
from web.app import BODY_LIMIT, Away, Hooks, build

pytestmark = pytest.mark.engine

SECRET = "contoh-rahasia-webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Door:
    """A service whose web side is open and whose loops stand still."""

    def __init__(self, app: App, url: str, clock: MovedClock, bot: BotAccount) -> None:
        self.app, self.url, self.clock, self.bot = app, url, clock, bot
        self.path = f"/telegram/{bot.id}"

    async def post(
        self, body: bytes, *, secret: str | bytes = SECRET, path: str = ""
    ) -> tuple[int, str]:
        """Give status and Retry-After."""
        headers = {HEADER: secret if isinstance(secret, str) else secret.decode("latin-1")}
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                self.url + (path or self.path), data=io.BytesIO(body), headers=headers
            ) as answer,
        ):
            return answer.status, answer.headers.get("Retry-After", "")

    async def rows(self) -> list[Incoming]:
        return await self.app.database.read(
            lambda session: list(session.scalars(select(Incoming).order_by(Incoming.seq)))
        )


def settings(telegram_url: str, url: str, folder: Path, bot: BotAccount) -> Settings:
    return config.read(
        {
            "TELEGRAM_BOT_TOKEN": bot.token,
            "TELEGRAM_API_URL": telegram_url,
            "DATABASE_URL": url,
            "DATA_DIR": str(folder),
            "DATA_KEY": KeyRing.fresh_key(),
            "PUBLIC_URL": "https://telekonsul.example",
            "WEBHOOK_SECRET": SECRET,
            "HTTP_PORT": "0",
        }
    )


@asynccontextmanager
async def served(hooks: Hooks) -> AsyncIterator[str]:
    runner = http.AppRunner(build(hooks), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await http.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def door(migrated_url: str, tmp_path: Path) -> AsyncIterator[Door]:
    clock = MovedClock(MORNING)
    bot = Telegram(clock).add_bot("telekonsul_contoh_bot")
    app = App(
        settings("http://127.0.0.1:1", migrated_url, tmp_path, bot), clock=clock, is_specimen=True
    )
    await app.stations[bot.id].own()
    async with served(Hooks(app._keep, app.problems, app._metrics, SECRET)) as url:
        yield Door(app, url, clock, bot)
    app.database.close()


def update(number: int, chat: int = 7) -> bytes:
    return json.dumps({"update_id": number, "message": {"chat": {"id": chat}}}).encode()


@pytest.mark.parametrize(
    "secret", ["", "x", SECRET + "x", SECRET[:-1], "rahasia-é", b"\xff\xfe"], ids=ascii
)
async def test_a_wrong_secret_is_refused_before_the_body_is_read(secret: str | bytes) -> None:
    async def keep(bot_id: int, body: bytes) -> None:
        raise AssertionError("the body was read")

    async with served(Hooks(keep, None, None, SECRET)) as url:  # type: ignore[arg-type]  # not asked
        host, port = url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        raw = secret if isinstance(secret, bytes) else secret.encode()
        # A body is announced and never comes: whoever waits for it does not answer.
        writer.write(
            b"POST /telegram/7 HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
            + (HEADER.encode() + b": " + raw + b"\r\n" if raw else b"")
            + b"\r\n"
        )
        async with asyncio.timeout(10):
            status = await reader.readline()
        writer.close()
    assert status.split()[1] == b"401"


async def test_without_a_secret_there_is_no_webhook() -> None:
    async with (
        served(Hooks(None, None, None, "")) as url,  # type: ignore[arg-type]  # not asked
        aiohttp.ClientSession() as session,
        session.post(f"{url}/telegram/7", headers={HEADER: ""}) as answer,
    ):
        assert answer.status == 404


NO_UPDATES = [
    b"", b"not JSON", b"\xff\xfe\x00", b"[]", b"null", b'"words"', b"NaN",
    b"[" * 10_000, b'{"a":' * 10_000,
    b'{"message":{}}', b'{"update_id":"5"}', b'{"update_id":-5}', b'{"update_id":true}',
    b'{"update_id":1.5}', b'{"update_id":null}', b'{"update_id":%d}' % 2**63,
    b'{"update_id":%d}' % 10**400, b'{"message":"\\ud800\\u0000"}', b'{"update_id":' + b"9" * 5000,
]  # fmt: skip
ODD_UPDATES = [
    b'{"update_id":1,"message":{"chat":{"id":%d}}}' % 10**30,
    b'{"update_id":2,"message":{"chat":{"id":true}}}',
    b'{"update_id":3,"message":{"chat":[]}}',
    b'{"update_id":4,"message":{"message":3,"from":{"id":"x"}}}',
    b'{"update_id":5,"new_kind":{"a":[{"b":null}]}}',
    b'{"update_id":6}',
    b'{"update_id":7,"message":"\\ud800\\u0000"}',
    *(b'{"update_id":%d,"a":' % n + b"[" * n + b"]" * n + b"}" for n in range(400, 1100, 20)),
]


async def test_what_is_no_update_is_kept_aside_once_and_answered(door: Door) -> None:
    for body in NO_UPDATES * 2:
        assert (await door.post(body))[0] == 200, body[:40]
    rows = await door.rows()
    assert len(rows) == len(NO_UPDATES)
    for row in rows:
        assert (row.ending, row.error) == (Ending.ASIDE, "not an update")
        assert row.read(door.app.database.ring)["raw"] is not None
    assert not await door.app.stations[door.bot.id].handle()


async def test_an_odd_update_is_stored_and_harms_nobody(door: Door) -> None:
    for body in ODD_UPDATES:
        assert (await door.post(body))[0] == 200, body[:40]
    assert (await door.post(update(2000)))[0] == 200
    station = door.app.stations[door.bot.id]
    while await station.handle() or await station.inbox.wait() is not None:
        door.clock.move(5)
    assert all(row.ended_at for row in await door.rows())


async def test_a_megabyte_is_too_much(door: Door) -> None:
    assert (await door.post(b" " * (BODY_LIMIT + 1)))[0] == 413
    assert (await door.post(update(5) + b" " * (BODY_LIMIT - 1000)))[0] == 200
    assert [row.update_id for row in await door.rows()] == [5]


async def test_another_bot_is_unknown(door: Door) -> None:
    assert (await door.post(update(5), path=f"/telegram/{door.bot.id + 1}"))[0] == 404
    assert (await door.post(update(5), path="/telegram/x"))[0] == 404
    assert not await door.rows()


async def test_forty_at_once_share_few_commits_and_are_answered_after_theirs(door: Door) -> None:
    stored: set[int] = set()
    commits: list[int] = []
    release = asyncio.Event()
    loop = asyncio.get_running_loop()

    def commit(connection: Any) -> None:
        if not commits:  # the first writer waits until all others have come
            asyncio.run_coroutine_threadsafe(release.wait(), loop).result(20)
        commits.append(1)
        stored.update(connection.exec_driver_sql("SELECT update_id FROM inbox").scalars())

    event.listen(door.app.database.writer, "commit", commit)
    early: list[int] = []

    async def post(number: int) -> None:
        status, _ = await door.post(update(number, chat=number))
        assert status == 200
        if number not in stored:
            early.append(number)

    intake = door.app.stations[door.bot.id].intake
    real, all_here, arrived = intake.keep_one, asyncio.Event(), []

    async def keep_one(one: Arrived) -> None:
        arrived.append(one)
        if len(arrived) == 40:
            all_here.set()
        await real(one)

    with mock.patch.object(intake, "keep_one", keep_one):
        posts = [asyncio.create_task(post(number)) for number in range(40)]
        async with asyncio.timeout(20):
            await all_here.wait()
        assert not any(one.done() for one in posts), "answered before the commit"
        release.set()
        await asyncio.gather(*posts)
    assert not early
    assert len(commits) <= 4
    assert {row.update_id for row in await door.rows()} == set(range(40))


async def test_storage_that_is_away_asks_telegram_to_come_again(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    clock = MovedClock(MORNING)
    bot = Telegram(clock).add_bot("telekonsul_contoh_bot")
    app = App(
        settings("http://127.0.0.1:1", migrated_sqlite_url, tmp_path, bot),
        clock=clock,
        is_specimen=True,
    )
    await app.stations[bot.id].own()
    await app.database.write(
        lambda session: session.connection().exec_driver_sql("PRAGMA busy_timeout=1") and None
    )
    other = sqlite3.connect(tmp_path / "town.db", isolation_level=None)
    async with served(Hooks(app._keep, app.problems, app._metrics, SECRET)) as url:
        door = Door(app, url, clock, bot)
        other.execute("BEGIN IMMEDIATE")
        assert await door.post(update(5)) == (503, "5")
        other.execute("ROLLBACK")
        assert await door.post(update(5)) == (200, "")
    other.close()
    assert [row.update_id for row in await door.rows()] == [5]
    app.database.close()


async def test_an_away_says_503_and_when_to_come_again() -> None:
    async def keep(bot_id: int, body: bytes) -> None:
        raise Away

    async with (
        served(Hooks(keep, None, None, SECRET)) as url,  # type: ignore[arg-type]  # not asked
        aiohttp.ClientSession() as session,
        session.post(f"{url}/telegram/7", headers={HEADER: SECRET}) as answer,
    ):
        assert answer.status == 503
        assert answer.headers["Retry-After"].isdigit()


async def test_telegram_delivers_twice_and_out_of_order_and_all_is_stored_once(
    migrated_url: str, tmp_path: Path
) -> None:
    telegram = Telegram()
    bot = telegram.add_bot("telekonsul_contoh_bot")
    people = [telegram.add_person(f"Warga{n}", bot=bot) for n in range(6)]
    server = Server(telegram)
    asked = settings(await server.start(), migrated_url, tmp_path, bot)
    app = App(asked, clock=telegram.clock, is_specimen=True)
    station = app.stations[bot.id]
    await station.own()
    await app.database.write(
        lambda session: (
            facility.add(session, "99990001", "Puskesmas Contoh", "dr. C", "0800") and None
        )
    )
    telegram.trouble.add("webhook", "duplicate", times=None, chance=0.5)
    telegram.trouble.add("webhook", "reorder", times=None, chance=0.5)
    for one in people:
        for n in range(5):
            one.says(f"{one.first_name} {n}")
    expected = {one.update_id: one.body["text"] for one in bot.updates.waiting()}
    async with served(Hooks(app._keep, app.problems, app._metrics, SECRET)) as url:
        await station.telegram.call(
            "setWebhook", {"url": f"{url}/telegram/{bot.id}", "secret_token": SECRET}
        )
        async with asyncio.timeout(20):
            while telegram.updates_waiting(bot):
                await bot.updates.news(None)
        await station.telegram.call("deleteWebhook", {})
    rows = await app.database.read(lambda session: list(session.scalars(select(Incoming))))
    kept = {row.update_id: row.read(app.database.ring)["update"]["message"]["text"] for row in rows}
    assert kept == expected
    assert len(rows) == len(expected)
    while await station.handle():
        pass
    await station.spinners()
    assert set(
        await app.database.read(lambda session: session.scalars(select(Incoming.ending)).all())
    ) == {Ending.DONE}
    await station.telegram.close()
    app.database.close()
    await server.stop()
