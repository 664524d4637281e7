"""The calendar jumps; nobody waits longer for it, and nothing goes out too fast."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.mail import Incoming
from models.offer import ROUND, Offer
from tests.engine.conftest import handled_by
from tests.stories.acts import complains
from tests.town import Town

pytestmark = pytest.mark.engine

JUMPS = pytest.mark.parametrize(
    "jump", [timedelta(hours=26), timedelta(hours=-2)], ids=["forward", "back"]
)


async def rest(town: Town, *, within: float) -> None:
    """Settle, which must not take longer than so many seconds that really pass."""
    before = town.clock.time()
    await town.settle()
    assert town.clock.time() - before <= within


@JUMPS
async def test_a_failed_update_is_tried_again_as_soon(each_town: Town, jump: timedelta) -> None:
    town = each_town
    town.expects_faults = True
    sari = await town.asker("Sari")
    sari.says("Batuk")
    tries: list[float] = []

    def fail_once(real: Any, *args: Any, **at: Any) -> None:
        tries.append(town.clock.time())
        if len(tries) == 1:
            raise ZeroDivisionError
        real(*args, **at)

    with handled_by(fail_once):
        await town.station.intake.poll(town.station.telegram, seconds=0)
        await town.station.handle()
        town.clock.jump(jump)
        await rest(town, within=10)
    assert len(tries) == 2
    assert tries[1] - tries[0] <= 5
    assert "Siapa yang sakit?" in sari.heard[-1]


@JUMPS
async def test_what_is_owed_leaves_as_soon_and_no_faster(each_town: Town, jump: timedelta) -> None:
    town = each_town
    sari = await town.asker("Sari")
    town.telegram.limits.on = True
    town.telegram.trouble.add("sendMessage", "error", chat_id=sari.id)  # an unknown outcome
    for n in range(3):
        sari.says(f"/tidak_ada{n}")
    await town.station.intake.poll(town.station.telegram, seconds=0)
    town.clock.move(2)
    while await town.station.handle():
        pass
    step: Any = await town.station.outbox.next()
    await town.station.outbox.send(step)
    town.clock.jump(jump)
    await rest(town, within=12)
    assert town.telegram.limits.breaches == 0
    assert sum("belum kami kenal" in text for text in sari.heard) == 3


@JUMPS
async def test_a_claim_is_taken_again_after_an_unclean_stop(
    each_town: Town, jump: timedelta
) -> None:
    town = each_town
    sari = await town.asker("Sari")
    sari.says("Batuk")
    await town.station.intake.poll(town.station.telegram, seconds=0)

    def claim(session: Any) -> None:
        town.station.inbox._claim(session)

    await town.write(claim)
    town.clock.jump(jump)
    await town.station.recover()
    last = await town.read(lambda s: s.scalars(select(Incoming).order_by(Incoming.seq)).all()[-1])
    assert last.ended_at is not None


@JUMPS
async def test_an_offer_does_not_outlive_its_round(each_town: Town, jump: timedelta) -> None:
    town = each_town
    budi, wawan = await town.worker("Budi"), await town.worker("Wawan", ready=False)
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    assert "Nomor 1" in budi.heard[-1]
    wawan.says("/siap")
    await town.settle()
    town.clock.jump(jump)
    await town.wait(seconds=ROUND.total_seconds() + 1)

    def standing(session: Any) -> list[Offer]:
        return list(session.scalars(select(Offer).where(Offer.ended_at.is_(None))))

    now = town.clock.now()
    for one in await town.read(standing):
        assert now <= one.ends_at <= now + ROUND
    ended = await town.read(
        lambda s: s.scalars(select(Offer).where(Offer.ended_at.is_not(None))).all()
    )
    assert ended, "the old round still stands"
