"""The running service keeps facilities and regions in memory, and sees when they change."""

import asyncio

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.app import LOOK, NOT_READ
from services.atlas import atlas
from services.facility.memory import Facilities
from services.facility.near import nearest
from tests.services.places import BAJO, place
from tests.town import Town


async def test_a_directory_that_cannot_be_read_stops_nothing(town: Town) -> None:
    keeper = asyncio.create_task(town.app._keep_atlas())
    try:
        async with asyncio.timeout(30):
            await town.write(lambda session: place(session, "Puskesmas Baru").id)
            await town.write(lambda session: set_zone(session, "antah berantah"))
            await town.clock.sleeper()
            town.clock.move(LOOK)
            await town.clock.sleeper()
            await town.write(lambda session: set_zone(session, "WITA"))
            town.clock.move(NOT_READ)
            await town.clock.sleeper()
            town.clock.move(LOOK)
            await town.clock.sleeper()
            found = await town.read(lambda session: nearest(session, *BAJO, at=town.clock.now()))
            assert len(found) == 1
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)


def set_zone(session: Session, zone: str) -> None:
    """Write what no version of this program would."""
    session.execute(text("UPDATE facility SET zone = :zone"), {"zone": zone})


async def test_the_service_sees_a_change_after_a_second_and_nobody_waits_for_it(
    each_town: Town,
) -> None:
    town = each_town
    keeper = asyncio.create_task(town.app._keep_atlas())
    try:
        async with asyncio.timeout(30):
            await town.clock.sleeper()
            town.clock.move(LOOK)
            await town.clock.sleeper()
            first = await town.read(lambda session: atlas(session, Facilities))
            made = (await town.write(lambda session: place(session, "Puskesmas Baru").id),)
            assert await town.read(lambda session: atlas(session, Facilities)) is first
            town.clock.move(LOOK)
            await town.clock.sleeper()
            found = await town.read(lambda session: nearest(session, *BAJO, at=town.clock.now()))
            assert tuple(one.facility_id for one in found) == made
            assert not keeper.done()
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)
