"""The card of danger: what is near the village, and nothing that could keep it back."""

import pytest
from sqlalchemy import text

from services.facility.memory import Facilities
from simulator.person import Person
from tests.stories.acts import complains, since
from tests.stories.village import asked, furnish, shown
from tests.town import Town


async def in_danger(town: Town, person: Person) -> str:
    heard = len(person.heard)
    await complains(town, person, "Anak saya kejang")
    return next(one for one in since(person, heard) if "INI TANDA BAHAYA" in one)


async def test_the_card_of_danger_names_what_is_near_the_village(each_town: Town) -> None:
    town = each_town
    await furnish(town)
    card = await in_danger(town, await shown(town))
    assert "☎️ PSC contoh: 0380 555" in card
    assert (
        "🏥 RSUD Contoh Kupang (rumah sakit), kira-kira 4,5 km ke tenggara. IGD: belum dipastikan"
        in card
    )
    assert "🩺 Puskesmas Contoh Tarus, kira-kira 4,5 km ke barat laut." in card
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


@pytest.mark.engine
@pytest.mark.parametrize("damage", BROKEN)
async def test_whatever_is_wrong_with_the_directory_darurat_says_whom_to_call(
    each_town: Town, damage: str
) -> None:
    town = each_town
    await furnish(town)
    sari, ani = await shown(town), await asked(town, "Ani")
    await town.write(lambda session: session.execute(text(damage)))
    await complains(town, sari, "/darurat")
    await complains(town, ani, "Desa Oelnasi kec Kupang Tengah")
    for person in (sari, ani):
        assert "119" in person.heard[-1]
        assert "☎️ PSC contoh: 0380 555" in person.heard[-1]
    await town.write(lambda session: session.execute(text("DROP TABLE emergency_number")))
    await complains(town, sari, "/darurat")
    assert "Telepon 119 sekarang" in sari.heard[-1]
