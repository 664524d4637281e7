"""The running service keeps facilities and regions in memory, and sees when they change."""

import asyncio

from bot.app import LOOK
from services.atlas import atlas
from services.facility.memory import Facilities
from services.facility.near import nearest
from tests.services.places import BAJO, place
from tests.town import Town


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
