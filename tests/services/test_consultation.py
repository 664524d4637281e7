"""What `services/consultation.py` promises beyond the stories."""

from datetime import timedelta

from sqlalchemy import select

from models.bot import Bot
from models.consultation import Consultation
from services import consultation
from services.person import whoever
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
