"""What `telekonsul check` finds, and that it only looks."""

import dataclasses
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import config
from bot.check import LOOKED_AT, Finding, examine
from bot.config import Settings
from models.bot import Bot
from models.facility import Facility, Zone
from models.role import Role
from services import content, credential, emergency, facility, hours, specimen
from services.content import plain
from services.facility import holiday
from simulator.clock import MovedClock
from simulator.server import Server
from simulator.telegram import Telegram
from tests.town import MORNING, Town

USUAL = "Senin–Jumat 08.00–14.00"
HOOK = {"PUBLIC_URL": "http://contoh.invalid", "WEBHOOK_SECRET": "rahasia-contoh-123"}


async def found(settings: Settings) -> dict[str, Finding]:
    return {one.what: one for one in await examine(settings)}


def test_every_finding_has_a_name_and_a_line_for_people() -> None:
    for what in LOOKED_AT:
        assert plain(f"check_what.{what}", bot=7) in Finding(what, True, "baik", bot=7).line
    assert Finding("bot", False, "diam", "tunggu", bot=7).line == "❗ Bot 7: diam\n → tunggu"


def held_by(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.fixture
async def given(tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    """The settings of an installation that nobody has started yet."""
    telegram = Telegram(MovedClock(MORNING))
    server = Server(telegram)
    yield {
        "TELEGRAM_BOT_TOKEN": telegram.add_bot("telekonsul_contoh_bot").token,
        "TELEGRAM_API_URL": await server.start(),
        "DATA_DIR": str(tmp_path / "new" / "data"),
    }
    await server.stop()


async def test_a_fresh_installation_is_looked_at_and_left_as_it_is(
    given: dict[str, str], tmp_path: Path
) -> None:
    findings = await found(config.read(given | HOOK, make_key=False))
    assert held_by(tmp_path) == []
    assert findings["database"].ok
    assert findings["database"].says == plain("check.absent")
    bad = [one.what for one in findings.values() if not one.ok]
    assert bad == ["facility", "workers", "backup"]
    assert "telekonsul setup" in findings["facility"].mend


async def test_a_place_that_no_start_would_find_is_named(
    given: dict[str, str], tmp_path: Path
) -> None:
    elsewhere = {"DATABASE_URL": f"sqlite:///{tmp_path}/nowhere/x.db", "DATA_KEY": "k" * 43 + "="}
    findings = await found(config.read(given | elsewhere))
    assert not findings["database"].ok
    assert f"folder {tmp_path}/nowhere" in findings["database"].says


@pytest.mark.engine
@pytest.mark.parametrize(
    ("version", "ok", "says"),
    [
        ("0001", True, plain("check.older")),
        ("9999", False, plain("check.newer")),
    ],
)
async def test_another_version_s_database_is_told_in_its_own_words(
    each_town: Town, version: str, ok: bool, says: str
) -> None:
    database = each_town.app.database
    with database.writer.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")  # noqa: S608 - our own
    findings = await found(each_town.app.settings)
    assert (findings["database"].ok, findings["database"].says) == (ok, says)
    assert "workers" not in findings
    with database.reader.connect() as connection:
        left = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    assert left == version


@pytest.mark.engine
async def test_a_database_without_a_schema_is_as_good_as_none(
    given: dict[str, str], engine_url: str
) -> None:
    settings = config.read(given | {"DATABASE_URL": engine_url, "DATA_KEY": "k" * 43 + "="})
    for _ in range(2):  # the first look has made nothing
        assert (await found(settings))["database"].says == plain("check.absent")


async def test_ended_and_ending_licences_are_told_apart(each_town: Town) -> None:
    town = each_town
    today = credential.today(datetime.now(UTC))
    ends = {"Budi": -1, "Citra": 0, "Dewi": 30, "Eka": 31}
    for name in ends:
        await town.worker(name)

    def end(session: Session) -> None:
        roles = session.scalars(select(Role).where(Role.sip_ends_on.is_not(None)).order_by(Role.id))
        for role, days in zip(roles, ends.values(), strict=True):
            role.sip_ends_on = today + timedelta(days=days)

    await town.write(end)
    findings = await found(town.app.settings)
    assert findings["licences"].says == "1 sudah berakhir, 2 berakhir dalam 30 hari"
    assert not findings["licences"].ok
    assert findings["workers"].says == "3 boleh menjawab"


async def test_it_reminds_of_the_holidays_that_move(town: Town) -> None:
    async def holidays() -> Finding:
        return (await found(town.app.settings))["holidays"]

    assert (await holidays()).ok  # nobody's hours are known yet
    await town.write(
        lambda session: hours.enter(session.scalars(select(Facility)).one(), USUAL, Zone.WIB)
    )
    assert not (await holidays()).ok
    today = credential.today(datetime.now(UTC))
    await town.write(
        lambda session: holiday.enter(
            session, today, "Banjir", session.scalars(select(Facility)).one()
        )
    )
    for days, is_enough in ((-1, False), (184, False), (100, True)):
        on = today + timedelta(days=days)
        await town.write(partial(holiday.enter, on=on, name="Hari Contoh"))
        assert (await holidays()).ok is is_enough


async def test_a_webhook_is_missed_only_where_the_service_has_run(town: Town) -> None:
    settings = dataclasses.replace(
        town.app.settings, public_url=HOOK["PUBLIC_URL"], webhook_secret=HOOK["WEBHOOK_SECRET"]
    )
    missed = (await found(settings))["webhook"]
    assert (missed.ok, missed.says) == (False, plain("check.hook_none"))

    await town.write(lambda session: session.execute(delete(Bot)))
    new = (await found(settings))["webhook"]
    assert (new.ok, new.says) == (True, plain("check.hook_later"))


async def test_a_folder_of_made_up_data_is_named_as_at_the_start(town: Town) -> None:
    settings = town.app.settings
    specimen.mark(settings.data_dir)
    assert "bertanda contoh" in (await found(settings))["specimen"].says


async def test_numbers_that_nobody_tried_for_a_month_are_told(town: Town) -> None:
    name, today = "numbers", datetime.now(UTC).date()
    assert not (await found(town.app.settings))[name].ok

    def tried(on: date) -> Callable[[Session], object]:
        def enter(session: Session) -> object:
            home = facility.home(session, town.bot.id)
            return emergency.set_number(session, home, "PSC contoh", "0380 555", checked_on=on)

        return enter

    await town.write(tried(today - timedelta(days=40)))
    assert "1 dari 1 fasilitas" in (await found(town.app.settings))[name].says
    await town.write(tried(today))
    assert (await found(town.app.settings))[name].ok


async def test_a_district_s_file_that_cannot_be_read_is_named(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "EMERGENCY", tmp_path)
    (tmp_path / "53.01.toml").write_text("[[number]]\nlabel = 7")
    assert "53.01.toml" in (await found(town.app.settings))["numbers"].says
