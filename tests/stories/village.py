"""A village with what is near it, and people who asked for its emergency card."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.facility import Facility, Has, Kind, Zone
from services import atlas, emergency, facility, region
from services.content import CONTENT
from services.region import listing
from simulator.person import Person
from tests.services.places import place
from tests.stories.acts import complains
from tests.town import Town

TODAY = date(2026, 11, 24)
OELNASI = "53.01.08.2006"
CARD = "Kartu darurat Desa Oelnasi, Kec. Kupang Tengah, Kab. Kupang"
HOSPITAL = "RSUD Contoh Kupang"


async def furnish(town: Town) -> None:
    """Regions, two hospitals and a puskesmas around Oelnasi, and our numbers."""
    sample = listing.read(CONTENT / "sample" / "regions.csv")

    def fill(session: Session) -> None:
        region.enter(session, sample)
        home = facility.home(session, town.bot.id)
        home.region_code, home.zone = "53.01.08", Zone.WITA
        emergency.set_number(session, home, "PSC contoh", "0380 555", checked_on=TODAY)
        place(session, HOSPITAL, -10.2, 123.76, kind=Kind.HOSPITAL)
        place(session, "RS Contoh Jauh", -10.15, 123.6, kind=Kind.HOSPITAL, has=(Has.IGD,))
        place(session, "Puskesmas Contoh Tarus", -10.14, 123.7, hours="Senin–Jumat 07.30–14.00")

    await town.write(fill)


async def change(town: Town, name: str, mend: Callable[[Facility], object]) -> None:
    """Something about a facility of the directory turns out otherwise."""

    def put(session: Session) -> None:
        mend(session.scalars(select(Facility).where(Facility.name == name)).one())
        atlas.changed(session)

    await town.write(put)


async def renumber(town: Town, number: str) -> None:
    await town.write(
        lambda session: emergency.set_number(
            session, facility.home(session, town.bot.id), "PSC contoh", number, checked_on=TODAY
        )
    )


async def asked(town: Town, name: str = "Sari") -> Person:
    """Somebody who is asked of which village they want the card."""
    person = await town.asker(name)
    person.says("/darurat")
    await town.settle()
    return person


async def shown(town: Town, name: str = "Sari") -> Person:
    """Somebody who has the card of Oelnasi before them."""
    person = await asked(town, name)
    await complains(town, person, "Desa Oelnasi kec Kupang Tengah")
    return person


async def pinned(town: Town, name: str = "Sari") -> Person:
    person = await shown(town, name)
    person.taps("Sematkan")
    await town.settle()
    return person


def head(town: Town, person: Person) -> list[str]:
    """What stands at the head of somebody's chat."""
    chat = person.chat()
    return [message.text or "" for message in chat.pinned]


def dead(town: Town) -> int:
    return int(town.station.outbox.counts["dead"])
