"""What `services/consultation.py` promises beyond the stories."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bot import Bot
from models.consultation import Consultation, Status
from models.errors import NotFound
from services import consultation, step
from services.person import whoever
from tests.stories.acts import complains, ids, the_one
from tests.town import MORNING, Town


async def test_somebody_asks_two_bots_of_one_installation_at_once(each_town: Town) -> None:
    town = each_town
    sari = await town.asker("Sari")
    sari.says("Batuk sudah 4 hari")
    await town.settle()

    def ask_elsewhere(session):  # type: ignore[no-untyped-def]  # runs in the database thread
        session.add(Bot(id=7, username="bot_lain"))
        session.flush()
        caller = whoever(session, 7, sari.id, "Sari", at=MORNING + timedelta(minutes=1))
        consultation.draft(session, caller, at=MORNING + timedelta(minutes=1))

    await town.write(ask_elsewhere)
    found = await town.read(lambda session: session.scalars(select(Consultation)).all())
    assert len({one.patient_id for one in found}) == 2


async def test_a_button_pressed_in_another_bot_opens_nothing(town: Town) -> None:
    """A changed client can send any number in any bot; answers would leave by the wrong one."""
    sari, budi = await town.asker("Sari"), await town.worker("Budi")
    await complains(town, sari, "Batuk sudah 4 hari")
    (number,) = await ids(town)

    def press(session: Session) -> None:
        session.add(Bot(id=7, username="bot_lain"))
        session.flush()
        worker = whoever(session, 7, budi.id, "Budi", at=MORNING)
        asker = whoever(session, 7, sari.id, "Sari", at=MORNING)
        with pytest.raises(NotFound):
            step.accept(session, worker, number, at=MORNING)
        with pytest.raises(NotFound):
            step.withdraw(session, asker, number, at=MORNING)

    await town.write(press)
    assert (await the_one(town)).status is Status.WAITING
