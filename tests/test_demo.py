"""The demo's stage: somebody to practise each part with, and nobody real."""

import re
from collections.abc import AsyncIterator

import pytest

from bot import demo
from bot.demo import MORNING, NUMBERS, Stage, settle
from models.bot import Bot
from services import specimen
from simulator.clock import MovedClock
from simulator.person import Person
from simulator.server import Server
from simulator.telegram import Telegram


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(MORNING)


@pytest.fixture
async def here(clock: MovedClock) -> AsyncIterator[Stage]:
    async with demo.stage(clock) as stage:
        for station in stage.app.stations.values():
            await station.own()
        bot = stage.bot  # a running service asks Telegram for the name
        await stage.app.database.write(
            lambda session: setattr(session.get_one(Bot, bot.id), "username", bot.username)
        )
        yield stage
        for station in stage.app.stations.values():
            await station.telegram.close()
        stage.app.database.close()


async def test_the_admin_sees_hours_and_numbers_and_invites_a_worker(
    here: Stage, clock: MovedClock
) -> None:
    nyoman, sari = here.people["Nyoman"], here.people["Sari"]
    ketut = here.telegram.add_person("Ketut", bot=here.bot)

    async def after(who: Person, said: str) -> str:
        who.says(said)
        await settle(here.app, clock)
        return who.heard[-1]

    nyoman.starts()
    home = await after(nyoman, "/admin")
    assert "Senin–Kamis 07.30–14.00" in home
    for label, number in NUMBERS.items():
        assert f"{label}: {number}" in home

    nyoman.taps("Undang tenaga kesehatan")
    await settle(here.app, clock)
    (token,) = re.findall(
        r"https://t\.me/telekonsul_contoh_bot\?start=([\w-]{32})", nyoman.heard[-1]
    )
    ketut.starts(token)
    await settle(here.app, clock)
    ketut.taps("Bidan")
    await settle(here.app, clock)
    for answer in ("Ketut Contoh", "STR-12345", "SIP-12345", "31 Desember 2031"):
        await after(ketut, answer)
    ketut.taps("kirim ke admin")
    await settle(here.app, clock)
    nyoman.taps("Terima")
    await settle(here.app, clock)
    assert "Bidan Ketut Contoh" in ketut.heard[-1]

    await after(sari, "Anak saya kejang")
    card = next(text for text in sari.heard if "TANDA BAHAYA" in text)
    assert all(f"{label}: {number}" in card for label, number in NUMBERS.items())


async def test_who_asks_where_to_go_is_answered_from_the_sample(
    here: Stage, clock: MovedClock
) -> None:
    sari = here.people["Sari"]
    sari.says("/faskes wanasari brebes")
    await settle(here.app, clock)
    assert "RSUD Mawar (contoh)" in sari.heard[-1]
    asked = sari.asks_inline("rsud mawar", via=here.bot)
    await settle(here.app, clock)
    assert any("(contoh)" in found.title for found in asked.results or [])


def test_nobody_has_the_numbers_of_the_demo() -> None:
    for label, number in NUMBERS.items():
        assert specimen.is_marked(label)
        assert number.startswith("000"), "no code in Indonesia, nor one for calls abroad"


async def test_a_page_for_the_network_shows_an_address_that_others_can_open() -> None:
    alone, open_ = Server(Telegram()), Server(Telegram(), "0.0.0.0")  # noqa: S104 - the option
    assert (alone.is_private, open_.is_private) == (True, False)
    assert await alone.start() == alone.shown_at
    try:
        assert (await open_.start()).startswith("http://127.0.0.1:"), "for the service itself"
        assert re.fullmatch(r"http://[1-9][\d.]+:\d+", open_.shown_at)
    finally:
        await alone.stop()
        await open_.stop()
