"""The trip card: all that somebody needs on the way, behind the advice to go or by itself."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models.emergency import EmergencyCard
from models.facility import Accuracy, Fact, Has, Zone
from models.person import Person as Account
from services import facility, hours, region
from services.content import CONTENT
from services.region import listing
from simulator.person import Person
from tests.services.places import place
from tests.stories.acts import complains, hears, pair, presses, since
from tests.town import Town

DAY = date(2026, 11, 3)
DANGER = (
    "🚨 Muncul tanda bahaya? Pergi langsung ke IGD rumah sakit terdekat atau telepon 119. "
    "Tidak perlu surat rujukan."
)
ENDED = (
    "Klinik Lama (puskesmas) tercatat tidak melayani lagi sejak 3 November 2026. "
    "Jangan ke sana dulu."
)


async def closed(town: Town, outcome: str) -> tuple[Person, Person]:
    """Sari's consultation, closed by Budi in this way."""
    sari, budi = await pair(town)
    budi.taps("Tutup dengan nasihat")
    await town.settle()
    await complains(town, budi, "Periksa ke puskesmas, ya.")
    budi.taps(outcome)
    await town.settle()
    return sari, budi


async def told(town: Town, change: Callable[[Any], object]) -> int:
    """Somebody told us more of our facility; give its id."""

    def tell(session: Session) -> int:
        home = facility.home(session, town.bot.id)
        change(home)
        return home.id

    return await town.write(tell)


def everything(home: Any) -> None:
    home.address, home.region_code = "Jalan Contoh 5", "53.01.08.2006"
    home.latitude, home.longitude = -10.17, 123.73
    home.phone, home.accuracy = "+6238000000", Accuracy.POINT
    home.facts = [Fact(what=Has.QUEUE, holds=True, checked_on=DAY, by="admin")]
    hours.enter(home, "Senin-Kamis 07.30-14.00", Zone.WITA)


async def knows_regions(town: Town) -> None:
    sample = listing.read(CONTENT / "sample" / "regions.csv")
    await town.write(lambda session: region.enter(session, sample))


async def lives_in(town: Town, person: Person, code: str) -> None:
    """Somebody asked for the emergency card of that village before."""

    def keep(session: Session) -> None:
        account = session.query(Account).filter_by(telegram_id=person.id).one()
        now = town.clock.now()
        kept = EmergencyCard(bot_id=town.bot.id, person_id=account.id, region_code=code)
        kept.digest, kept.outbox_key, kept.sent_at, kept.looked_at = b"", "", now, now
        session.add(kept)

    await town.write(keep)


async def test_who_is_sent_to_the_facility_gets_the_card_behind_the_advice(
    each_town: Town,
) -> None:
    town = each_town
    await knows_regions(town)
    await told(town, everything)
    sari, _ = await closed(town, "datang ke puskesmas")
    advice, card = sari.heard[-2:]
    assert "Periksa ke puskesmas" in advice
    assert card.splitlines() == [
        "🧭 Perjalanan ke Puskesmas Contoh",
        "📍 Jalan Contoh 5, Desa Oelnasi, Kec. Kupang Tengah, Kab. Kupang",
        "🕗 buka sampai 14.00. Jam buka: Senin–Kamis 07.30–14.00 WITA",
        "☎️ +6238000000",
        "🗺 Buka peta",
        "🎒 Bawa: KTP (NIK) atau kartu JKN/KIS.",
        "🎫 Antrean online: ada (dipastikan 3 November 2026).",
        DANGER,
    ]
    assert len(card.encode()) <= 1024


async def test_what_is_not_known_is_said_and_nothing_is_made_up(town: Town) -> None:
    sari, _ = await closed(town, "datang ke puskesmas")
    card = sari.heard[-1]
    for line in ("Alamat belum diketahui", "jam buka belum diketahui", "Nomor telepon belum",
                 "Antrean online: belum diketahui"):  # fmt: skip
        assert line in card
    assert "peta" not in card
    assert "garis lurus" not in card


async def test_who_is_referred_gets_the_letter_first_and_no_hospital_is_named(town: Town) -> None:
    await town.write(lambda session: place(session, "RSUD Sebelah", kind=None))
    sari, _ = await closed(town, "perlu rujukan")
    assert sari.heard[-1].startswith("✉️ Surat rujukan dibuat di sini dulu.")
    assert "Perjalanan ke Puskesmas Contoh" in sari.heard[-1]
    assert "RSUD" not in hears(sari)


async def test_who_can_stay_at_home_may_ask_for_the_card(town: Town) -> None:
    sari, _ = await closed(town, "cukup di rumah")
    assert "Perjalanan" not in hears(sari)
    sari.taps("Kartu perjalanan")
    await town.settle()
    assert sari.heard[-1].startswith("🧭 Perjalanan ke Puskesmas Contoh")


async def test_the_way_is_said_from_the_village_that_is_known(town: Town) -> None:
    await knows_regions(town)
    number = await told(town, everything)
    sari = await town.asker("Sari")
    presses(sari, f"trip:{number}")
    await town.settle()
    assert "garis lurus" not in sari.heard[-1]
    await lives_in(town, sari, "53.01.08.2008")
    presses(sari, f"trip:{number}")
    await town.settle()
    way = "Kira-kira 5 km garis lurus ke arah tenggara dari Desa Noelbaki, Kec. Kupang Tengah"
    assert way in sari.heard[-1]


async def test_a_point_that_is_only_the_middle_of_its_region_is_said_to_be(town: Town) -> None:
    number = await told(town, everything)
    await told(town, lambda home: setattr(home, "accuracy", Accuracy.DISTRICT))
    sari = await town.asker("Sari")
    presses(sari, f"trip:{number}")
    await town.settle()
    assert "Letak di peta hanya kira-kira" in sari.heard[-1]


async def test_nobody_is_sent_to_what_serves_no_more(town: Town) -> None:
    def end(session: Session) -> int:
        made = place(session, "Klinik Lama")
        made.ended_on = DAY
        return made.id

    number = await town.write(end)
    sari = await town.asker("Sari")
    heard = len(sari.heard)
    presses(sari, f"trip:{number}")
    await town.settle()
    assert since(sari, heard) == [ENDED]


@pytest.mark.parametrize("payload", ["trip:1", "trip:x"])
async def test_a_facility_that_nobody_knows_is_refused(town: Town, payload: str) -> None:
    sari = await town.asker("Sari")
    heard = len(sari.heard)
    presses(sari, payload)
    await town.settle()
    assert len(since(sari, heard)) == 1
    assert "Perjalanan" not in hears(sari)


async def test_a_list_s_endless_words_still_make_one_short_message(town: Town) -> None:
    def change(home: Any) -> None:
        everything(home)
        home.name, home.address = "<b>Klinik " + "Panjang " * 40, "& Jalan " * 100

    number = await told(town, change)
    sari = await town.asker("Sari")
    presses(sari, f"trip:{number}")
    await town.settle()
    assert len(sari.heard[-1].encode()) <= 1200
    assert "<b>Klinik Panjang" in sari.heard[-1]
