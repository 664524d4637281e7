"""The emergency card of a village: asked for with one word, pinned, kept true, used in danger."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from models.bot import Contact
from models.facility import Facility, Fact, Has, Kind, Zone
from models.region import Region
from services import atlas, content, emergency, facility, region
from services.content import CONTENT
from services.facility.memory import Facilities
from services.region import listing
from simulator.person import Person
from tests.services.places import place
from tests.stories.acts import complains, hears, pair, presses, since
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


# ── asked for ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("said", ["/darurat", "darurat", "Kartu darurat!"])
async def test_119_stands_before_any_question(town: Town, said: str) -> None:
    await furnish(town)
    sari = await town.asker("Sari", agreed=False)
    await complains(town, sari, said)
    assert len(sari.heard) == 1, "no consent stands before it"
    first, _, question = sari.heard[0].partition("\n\n")
    assert "119" in first.splitlines()[0]
    assert "0380 555" in first
    assert "nama desa dan kecamatannya" in question


async def test_the_card_says_what_is_known_and_what_is_not(each_town: Town) -> None:
    town = each_town
    await furnish(town)
    sari = await shown(town)
    lines = sari.heard[-1].splitlines()
    assert lines[0] == f"🆘 {CARD}"
    assert lines[1].startswith("☎️ 119, gratis. Tidak di semua daerah diangkat")
    assert lines[2:10] == [
        "☎️ PSC contoh: 0380 555",
        "🏥 RSUD Contoh Kupang (rumah sakit), ±4,5 km ke tenggara.",
        "IGD: belum dipastikan",
        "🏥 RS Contoh Jauh (rumah sakit), ±14 km ke barat.",
        "IGD: ada (dipastikan 12 Mei 2026)",
        "🩺 Puskesmas Contoh Tarus, ±4,5 km ke barat laut.",
        "IGD: belum dipastikan · 24 jam: belum dipastikan",
        "Jam buka: Senin–Jumat 07.30–14.00 WITA",
    ]
    assert len(sari.heard[-1].encode()) <= 1024


async def test_a_village_once_known_is_not_asked_for_again(town: Town) -> None:
    await furnish(town)
    sari = await shown(town)
    heard = len(sari.heard)
    await complains(town, sari, "darurat")
    assert CARD in since(sari, heard)[0]
    sari.taps("Desa lain")
    await town.settle()
    await complains(town, sari, "Sikumana")
    assert "Kartu darurat Kel. Sikumana" in sari.heard[-1] or "Sikumana" in sari.heard[-1]


async def test_a_shared_place_names_the_village_and_is_not_kept(town: Town) -> None:
    await furnish(town)
    sari = await asked(town)
    sari.sends_location(-10.1701, 123.7302)
    await town.settle()
    assert CARD in sari.heard[-1]


@pytest.mark.parametrize("point", [(0, 0), (0.0, 0.0)])
async def test_a_place_that_is_none_is_asked_again(town: Town, point: tuple[float, float]) -> None:
    await furnish(town)
    sari = await asked(town)
    sari.sends_location(*point)
    await town.settle()
    assert "Lokasi itu belum terbaca" in sari.heard[-1]
    await complains(town, sari, "Oelnasi")
    assert CARD in sari.heard[-1]


async def test_a_name_of_several_places_is_asked_about(town: Town) -> None:
    await furnish(town)

    def add(session: Session) -> None:
        session.add(Region(code="53.01.12.2001", level=4, name="Oelnasi", parent_code="53.01.12",
                           latitude=-9.7, longitude=123.9))  # fmt: skip
        session.flush()
        atlas.changed(session)

    await town.write(add)
    sari = await asked(town)
    await complains(town, sari, "Desa Oelnasi")
    assert "Yang mana?" in sari.heard[-1]
    sari.taps("Amfoang Selatan")
    await town.settle()
    assert "Kartu darurat Desa Oelnasi, Kec. Amfoang Selatan" in sari.heard[-1]


async def test_a_whole_regency_is_too_wide(town: Town) -> None:
    await furnish(town)
    sari = await asked(town)
    await complains(town, sari, "Kabupaten Kupang")
    assert "luas sekali" in sari.heard[-1]


async def test_a_complaint_never_ends_as_the_name_of_a_village(town: Town) -> None:
    await furnish(town)
    budi = await town.worker("Budi")
    sari = await asked(town)
    await complains(town, sari, "Anak saya batuk pilek sudah empat hari dan rewel")
    assert "batuk pilek" in budi.heard[-1]
    ani = await asked(town, "Ani")
    await complains(town, ani, "batuk xyzzy")
    assert "tulis sekali lagi" in ani.heard[-1]
    await complains(town, ani, "batuk xyzzy")
    assert "Keluhan sudah diterima" in ani.heard[-1]


async def test_danger_is_heard_before_the_question(town: Town) -> None:
    await furnish(town)
    budi = await town.worker("Budi")
    sari = await asked(town)
    await complains(town, sari, "anak kejang")
    assert "INI TANDA BAHAYA" in hears(sari)
    assert "anak kejang" in budi.heard[-1]


async def test_in_a_consultation_the_word_reaches_the_worker_too(town: Town) -> None:
    await furnish(town)
    sari, budi = await pair(town)
    await complains(town, sari, "Darurat")
    assert "119" in sari.heard[-1]
    assert "nama desa dan kecamatannya" not in sari.heard[-1], "what they write goes to Budi"
    assert budi.heard[-1].endswith("Darurat")
    await complains(town, sari, "Oelnasi")
    assert budi.heard[-1].endswith("Oelnasi")


async def test_without_regions_nothing_is_asked(town: Town) -> None:
    sari = await town.asker("Sari")
    await complains(town, sari, "/darurat")
    assert "119" in sari.heard[-1]
    assert "nama desa" not in sari.heard[-1]


async def test_without_facilities_the_card_says_that_it_knows_none(town: Town) -> None:
    await furnish(town)
    for name in (HOSPITAL, "RS Contoh Jauh", "Puskesmas Contoh Tarus"):
        await change(town, name, lambda one: setattr(one, "ended_on", TODAY))
    sari = await shown(town)
    assert "Rumah sakit terdekat: belum ada di daftar kami." in sari.heard[-1]
    assert "Puskesmas terdekat: belum ada di daftar kami." in sari.heard[-1]


async def test_a_hospital_without_an_igd_is_no_place_to_go(town: Town) -> None:
    await furnish(town)
    none = Fact(what=Has.IGD, holds=False, checked_on=TODAY, by="admin")
    await change(town, HOSPITAL, lambda one: one.facts.append(none))
    sari = await shown(town)
    assert HOSPITAL not in sari.heard[-1]
    assert "RS Contoh Jauh" in sari.heard[-1]


async def test_numbers_of_another_district_are_not_shown(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await furnish(town)
    monkeypatch.setattr(content, "EMERGENCY", tmp_path)
    sari = await asked(town)
    await complains(town, sari, "Desa Kluwut kec Bulakamba Brebes")
    assert "Kluwut" in sari.heard[-1]
    assert "0380 555" not in sari.heard[-1]
    (tmp_path / "33.29.toml").write_text(
        '[[number]]\nlabel = "PSC Brebes contoh"\nnumber = "0283 111"\n'
        'checked_on = 2026-11-01\nchecked_by = "Contoh"\n'
    )
    await complains(town, sari, "darurat")
    assert "PSC Brebes contoh: 0283 111" in sari.heard[-1]
    (tmp_path / "33.29.toml").write_text("rusak")
    await complains(town, sari, "darurat")
    assert "Kluwut" in sari.heard[-1]


# ── pinned and kept true ────────────────────────────────────────────────────────────────────────


async def test_a_card_is_pinned_on_request(each_town: Town) -> None:
    town = each_town
    await furnish(town)
    sari = await shown(town)
    assert head(town, sari) == []
    sari.taps("Sematkan")
    await town.settle()
    (card,) = head(town, sari)
    assert CARD in card
    assert sari.heard[-1].startswith("📌 Kartu disematkan")
    assert dead(town) == 0


async def test_a_pinned_card_that_changes_is_sent_anew_and_the_old_one_is_gone(
    each_town: Town,
) -> None:
    town = each_town
    await furnish(town)
    sari, ani = await pinned(town), await shown(town, "Ani")
    await town.wait(hours=1)
    heard, seen = len(sari.heard), len(ani.heard)
    await renumber(town, "0380 777")
    await town.wait(minutes=10)
    fresh = since(sari, heard)
    assert len(fresh) == 1
    assert fresh[0].startswith("🔄 Kartu darurat berubah.")
    assert "0380 777" in fresh[0]
    (card,) = head(town, sari)
    assert "0380 777" in card
    assert hears(sari).count("0380 555") == 1, "the old card says where the new one is"
    # Who only looked at it is not disturbed, and reads what is true.
    assert since(ani, seen) == []
    assert "0380 777" in hears(ani)
    assert hears(ani).count("0380 555") == 1, "in what was said before the card"
    await town.wait(hours=2)
    assert len(since(sari, heard)) == 1
    assert dead(town) == 0


@pytest.mark.parametrize(
    ("name", "mend", "says"),
    [
        (HOSPITAL, lambda one: setattr(one, "ended_on", TODAY), "RS Contoh Jauh"),
        (
            HOSPITAL,
            lambda one: one.facts.append(
                Fact(what=Has.IGD, holds=True, checked_on=TODAY, by="admin")
            ),
            "IGD: ada (dipastikan 24 November 2026)",
        ),
        ("Puskesmas Contoh Tarus", lambda one: setattr(one, "hours", None), "belum diketahui"),
    ],
)
async def test_whatever_the_card_says_is_kept_true(
    town: Town, name: str, mend: Callable[[Facility], object], says: str
) -> None:
    await furnish(town)
    sari = await pinned(town)
    await town.wait(hours=1)
    heard = len(sari.heard)
    await change(town, name, mend)
    await town.wait(minutes=10)
    (fresh,) = since(sari, heard)
    assert says in fresh


async def test_a_new_day_of_the_same_word_is_no_change(town: Town) -> None:
    await furnish(town)
    sari = await pinned(town)
    await town.wait(hours=1)
    heard = len(sari.heard)

    def confirm_again(one: Facility) -> None:
        one.facts[0].checked_on = TODAY

    await change(town, "RS Contoh Jauh", confirm_again)
    await renumber(town, "0380 555")
    await town.wait(minutes=10)
    assert since(sari, heard) == []


async def test_cards_of_other_villages_are_left_alone(town: Town) -> None:
    await furnish(town)
    sari = await pinned(town)
    await town.wait(hours=1)
    heard = len(sari.heard)

    def far_away(session: Session) -> None:
        place(session, "RS Contoh Brebes", -6.87, 109.0, kind=Kind.HOSPITAL)

    await town.write(far_away)
    await town.wait(minutes=10)
    assert since(sari, heard) == []


async def test_at_night_nobody_is_woken(town: Town) -> None:
    await furnish(town)
    sari = await pinned(town)
    await town.wait(hours=12)  # 21.00 in Kupang
    heard = len(sari.heard)
    await renumber(town, "0380 777")
    await town.wait(hours=4)
    await town.wait(hours=4, minutes=59)  # 05.59
    assert since(sari, heard) == []
    await town.wait(minutes=1)
    assert "0380 777" in sari.heard[-1]


async def test_who_blocked_the_bot_gets_the_new_card_when_back(town: Town) -> None:
    await furnish(town)
    sari = await pinned(town)
    sari.blocks()
    await town.settle()
    await renumber(town, "0380 777")
    await town.wait(hours=2)
    assert dead(town) == 0
    sari.starts()
    await town.settle()
    heard = len(sari.heard)
    await town.wait(minutes=10)
    assert any("0380 777" in one for one in since(sari, heard))


async def test_a_block_noticed_only_by_the_send_loses_no_card(town: Town) -> None:
    await furnish(town)
    sari = await pinned(town)
    await town.wait(hours=1)
    await renumber(town, "0380 777")
    sari.blocks()
    await town.settle()
    back = update(Contact).values(unreachable_at=None)  # as if the news had been lost
    await town.write(lambda session: session.execute(back))
    await town.wait(minutes=10)
    assert dead(town) == 2, "the card, and its pin"
    sari.starts()
    await town.settle()
    await town.wait(hours=1)
    (card,) = head(town, sari)
    assert "0380 777" in card
    assert "sudah diganti" in hears(sari)
    assert dead(town) == 2


async def test_a_button_of_an_old_card_pins_the_present_one(town: Town) -> None:
    await furnish(town)
    sari = await shown(town)
    await renumber(town, "0380 777")
    sari.taps("Sematkan")
    await town.settle()
    (card,) = head(town, sari)
    assert "0380 777" in card
    assert hears(sari).count("0380 555") == 1, "in what was said before the card"
    assert dead(town) == 0


async def test_another_pin_takes_the_place_of_the_first(town: Town) -> None:
    await furnish(town)
    sari = await pinned(town)
    presses(sari, "village")
    await town.settle()
    await complains(town, sari, "Desa Noelbaki")
    (card,) = head(town, sari)
    assert CARD in card
    sari.taps("Sematkan")
    await town.settle()
    (card,) = head(town, sari)
    assert "Noelbaki" in card
    assert dead(town) == 0


@pytest.mark.parametrize(
    "payload", ["pin:99.99:0123abcd", "village:99.99.99.9999", "pin:53.01.08.2006:zz", "village:x"]
)
async def test_a_village_that_nobody_knows_is_refused(town: Town, payload: str) -> None:
    await furnish(town)
    sari = await shown(town)
    heard = len(sari.heard)
    presses(sari, payload)
    await town.settle()
    assert since(sari, heard) == ["Tombol itu sudah tidak berlaku. Silakan tulis keperluannya."]
    assert head(town, sari) == []


# ── in danger ───────────────────────────────────────────────────────────────────────────────────


async def in_danger(town: Town, person: Person) -> str:
    heard = len(person.heard)
    await complains(town, person, "Anak saya kejang")
    return next(one for one in since(person, heard) if "INI TANDA BAHAYA" in one)


async def test_the_card_of_danger_names_what_is_near_the_village(each_town: Town) -> None:
    town = each_town
    await furnish(town)
    card = await in_danger(town, await shown(town))
    assert "☎️ PSC contoh: 0380 555" in card
    assert "🏥 RSUD Contoh Kupang (rumah sakit), ±4,5 km ke tenggara. IGD: belum dipastikan" in card
    assert "🩺 Puskesmas Contoh Tarus, ±4,5 km ke barat laut." in card
    assert card.index("119") < card.index("0380 555")
    assert len(card.encode()) <= 1024


async def test_without_a_village_it_names_the_numbers_of_the_facility(town: Town) -> None:
    await furnish(town)
    card = await in_danger(town, await town.asker("Sari"))
    assert "☎️ PSC contoh: 0380 555" in card
    assert "RSUD" not in card


async def test_nobody_in_danger_waits_for_the_directory_to_be_read(town: Town) -> None:
    await furnish(town)
    sari = await shown(town)
    town.app.database.atlas._parts.pop(Facilities)
    card = await in_danger(town, sari)
    assert "☎️ PSC contoh: 0380 555" in card
    assert "RSUD" not in card
    assert Facilities not in town.app.database.atlas._parts


BROKEN = [
    "DROP TABLE facility_fact",
    "DROP TABLE region",
    "UPDATE region SET latitude = 4000, longitude = 4000",
    "DROP TABLE emergency_card",
]


@pytest.mark.engine
@pytest.mark.parametrize("damage", BROKEN)
async def test_whatever_is_wrong_with_the_directory_the_card_comes(
    each_town: Town, damage: str
) -> None:
    town = each_town
    await furnish(town)
    sari = await shown(town)
    await town.write(lambda session: session.execute(text(damage)))
    card = await in_danger(town, sari)
    assert "119" in card
    assert "☎️ PSC contoh: 0380 555" in card, "our own numbers are still there"


@pytest.mark.engine
async def test_without_its_numbers_the_plain_card_comes(each_town: Town) -> None:
    town = each_town
    await furnish(town)
    sari = await shown(town)
    await town.write(lambda session: session.execute(text("DROP TABLE emergency_number")))
    assert "119" in await in_danger(town, sari)
