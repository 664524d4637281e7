"""The emergency card of a village, asked for with one word."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.facility import Facility, Fact, Has
from models.region import Region
from services import atlas, content
from tests.stories.acts import complains, hears, pair, presses, since
from tests.stories.village import CARD, HOSPITAL, TODAY, asked, change, furnish, shown
from tests.town import Town


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
        "🏥 RSUD Contoh Kupang (rumah sakit), kira-kira 4,5 km ke tenggara.",
        "IGD: belum dipastikan",
        "🏥 RS Contoh Jauh (rumah sakit), kira-kira 14 km ke barat.",
        "IGD: ada (dipastikan 12 Mei 2026)",
        "🩺 Puskesmas Contoh Tarus, kira-kira 4,5 km ke barat laut.",
        "IGD: belum dipastikan · 24 jam: belum dipastikan",
        "Jam buka: Senin–Jumat 07.30–14.00 WITA",
    ]
    assert len(sari.heard[-1].encode()) <= 1024


async def test_the_cards_say_where_the_sea_lies_between(town: Town) -> None:
    await furnish(town)
    await change(town, HOSPITAL, lambda one: setattr(one, "region_code", "53.10"))
    sari = await shown(town)
    assert "ke tenggara. 🚢 di pulau lain: tanyakan kapal atau feri\n" in sari.heard[-1]
    assert sari.heard[-1].count("🚢") == 1
    number = await town.read(
        lambda session: session.scalar(select(Facility.id).where(Facility.name == HOSPITAL))
    )
    presses(sari, f"trip:{number}")
    await town.settle()
    assert "\n🚢 di pulau lain: tanyakan kapal atau feri\n" in sari.heard[-1]


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
