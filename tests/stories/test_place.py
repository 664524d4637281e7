"""Near which place? Shared, typed, misspelt, or that of the facility where somebody is registered;
and what is no place at all."""

import pytest
from sqlalchemy import func, select

from models.consultation import Consultation
from models.facility import Facility
from models.form import Form
from models.person import Person as Account
from services import person
from simulator.person import Person
from tests.stories.acts import answers, arrives, complains, hears, pair, presses, readable, since
from tests.stories.map import HERE, changed, drawn, repeated
from tests.town import Town

QUESTION = "Mau cari tempat berobat di dekat mana?"

BIG = ["🩺 Konsultasi", "🏥 Faskes terdekat", "📘 Panduan JKN", "❓ Bantuan"]
"""The keys of who is not being helped."""


async def consultations(town: Town) -> int:
    counted = select(func.count()).select_from(Consultation)
    return await town.read(lambda session: session.scalar(counted) or 0)


async def comes_new(town: Town) -> Person:
    """Sari, who has never used a bot and agreed to nothing."""
    await drawn(town)
    return town.telegram.add_person("Sari", bot=town.bot)


async def shares(town: Town, somebody: Person, latitude: float, longitude: float) -> None:
    somebody.sends_location(latitude, longitude)
    await town.settle()


# ── arrival ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        "/faskes", "puskesmas", "Puskesmas terdekat di mana ya?", "faskes", "rumah sakit",
        "cari klinik dekat sini", "dokter gigi terdekat", "RS terdekat", "mau ke puskesmas",
    ],
)  # fmt: skip
async def test_who_asks_for_a_facility_and_nothing_else_is_asked_where(
    town: Town, words: str
) -> None:
    sari = await comes_new(town)
    await complains(town, sari, words)
    assert sari.heard[-1].startswith(QUESTION)
    assert sari.keyboard() == ["📍 Kirim lokasi saya", "🏥 Dekat faskes terdaftar saya", "Batal"]
    assert "Setuju" not in sari.buttons()
    assert await consultations(town) == 0


@pytest.mark.parametrize(
    "words",
    [
        "Kemarin dari puskesmas, obatnya habis dan anak masih demam",
        "puskesmas tutup terus, anak saya batuk",
        "sakit gigi",
        "dokter, anak saya panas",
        "klinik bilang saya hipertensi",
    ],
)
async def test_a_complaint_that_names_a_facility_is_a_complaint(town: Town, words: str) -> None:
    sari = await comes_new(town)
    await complains(town, sari, words)
    assert QUESTION not in hears(sari)
    assert await consultations(town) == 1


async def test_a_place_that_is_shared_needs_no_question_and_no_consent(town: Town) -> None:
    sari = await comes_new(town)
    await shares(town, sari, *HERE)
    assert len(sari.heard) == 1
    assert sari.heard[0].startswith("🏥 Terdekat dari lokasi yang dikirim:")
    assert await consultations(town) == 0


async def test_in_a_consultation_words_and_places_go_to_the_worker(town: Town) -> None:
    await drawn(town)
    sari, budi = await pair(town)
    await complains(town, sari, "puskesmas")
    assert "puskesmas" in budi.heard[-1]
    await shares(town, sari, *HERE)
    assert budi.last.kind == "location"
    assert "Terdekat" not in hears(sari)


async def test_in_a_consultation_the_command_asks_nothing_and_still_finds(town: Town) -> None:
    await drawn(town)
    sari, budi = await pair(town)
    count = len(budi.heard)
    await complains(town, sari, "/faskes")
    assert "ketik /faskes lalu nama desa" in sari.heard[-1]
    assert not sari.keyboard()
    await complains(town, sari, "/faskes desa golo contoh")
    assert "1. Puskesmas Golo Contoh" in sari.heard[-1]
    assert since(budi, count) == []
    await complains(town, sari, "Sudah minum obat")
    assert "Sudah minum obat" in budi.heard[-1]


async def test_a_sign_of_danger_goes_before_the_question(town: Town) -> None:
    sari = await comes_new(town)
    await complains(town, sari, "/faskes")
    await complains(town, sari, "anak saya kejang")
    assert "INI TANDA BAHAYA" in hears(sari)
    assert await consultations(town) == 1


# ── the answer ──────────────────────────────────────────────────────────────────────────────────


async def test_the_key_shares_the_place_and_goes(town: Town) -> None:
    sari = await comes_new(town)
    sari.place = HERE
    await complains(town, sari, "/faskes")
    sari.taps("Kirim lokasi saya")
    await town.settle()
    assert "1. Puskesmas Golo Contoh" in sari.heard[-1]
    assert sari.keyboard() == BIG


@pytest.mark.parametrize(
    "typed",
    ["Desa Golo Contoh", "desa gollo contoh", "GOLO CONTOH KEC. CONTOH BARAT",
     "/faskes golo contoh", "puskesmas di golo contoh", "53.01.01.2001"],
)  # fmt: skip
async def test_a_place_is_found_as_it_is_typed(town: Town, typed: str) -> None:
    sari = await comes_new(town)
    await complains(town, sari, "/faskes")
    await complains(town, sari, typed)
    assert "Desa Golo Contoh, Kec. Contoh Barat" in sari.heard[-2]
    assert "1. Puskesmas Golo Contoh" in sari.heard[-1]


async def test_a_name_that_is_only_likely_is_offered_by_a_button(town: Town) -> None:
    sari = await comes_new(town)
    await complains(town, sari, "/faskes")
    await complains(town, sari, "golo conto")
    assert "Mana yang dimaksud dengan «golo conto»?" in sari.heard[-1]
    sari.taps("Desa Golo Contoh")
    await town.settle()
    assert "1. Puskesmas Golo Contoh" in sari.heard[-1]


async def test_a_name_of_two_villages_is_asked_about(town: Town) -> None:
    sari = await comes_new(town)
    await complains(town, sari, "/faskes Sidomulyo")
    assert "Mana yang dimaksud dengan «Sidomulyo»?" in sari.heard[-1]
    sari.taps("Kec. Contoh Timur")
    await town.settle()
    assert "1. Puskesmas Timur Contoh" in sari.heard[-1]


async def test_of_many_villages_with_one_name_the_district_is_asked_first(town: Town) -> None:
    sari = await comes_new(town)
    await repeated(town, "Mekarsari")
    await complains(town, sari, "/faskes")
    await complains(town, sari, "mekarsari")
    assert "Di kecamatan apa?" in sari.heard[-1]
    await complains(town, sari, "banyak tiga")
    assert "Desa Mekarsari, Kec. Banyak Tiga" in sari.heard[-1]


async def test_a_village_whose_middle_nobody_knows_is_looked_for_in_its_district(
    town: Town,
) -> None:
    sari = await comes_new(town)
    await complains(town, sari, "/faskes desa tanpa titik")
    assert "Kec. Contoh Timur, Kab. Kupang (titik tengahnya)" in sari.heard[-1]


async def test_a_province_is_too_wide(town: Town) -> None:
    sari = await comes_new(town)
    await complains(town, sari, "/faskes Nusa Tenggara Timur")
    assert "luas sekali" in sari.heard[-1]


@pytest.mark.parametrize("typed", ["xyzzy", "??", "12345", "<b>desa", "{name}", "😀😀"])
async def test_what_is_no_place_gets_a_short_kind_answer(town: Town, typed: str) -> None:
    sari = await comes_new(town)
    await complains(town, sari, "/faskes")
    await complains(town, sari, typed)
    assert "belum kami kenal" in sari.heard[-1]
    assert "kec. Bulakamba" in sari.heard[-1]
    await complains(town, sari, "golo contoh")
    assert "1. Puskesmas Golo Contoh" in sari.heard[-1]


async def test_a_complaint_instead_of_a_place_is_taken_as_one(town: Town) -> None:
    sari = await comes_new(town)
    await complains(town, sari, "/faskes")
    await complains(town, sari, "anak saya sudah tiga hari demam dan tidak mau makan")
    assert "kami terima sebagai keluhan" in hears(sari)
    assert not sari.keyboard()
    assert await consultations(town) == 1


async def test_a_short_complaint_is_taken_as_one_by_a_button(town: Town) -> None:
    sari = await comes_new(town)
    budi = await town.worker("Budi")
    await complains(town, sari, "/faskes")
    await complains(town, sari, "sakit perut")
    sari.taps("Ini keluhan")
    await town.settle()
    sari.taps("Setuju")
    await town.settle()
    await answers(town, sari)
    assert "sakit perut" in hears(budi)
    presses(sari, "complaint")
    await town.settle()
    assert await consultations(town) == 1


async def test_after_an_answer_only_a_name_that_is_known_is_a_place(town: Town) -> None:
    sari = await town.asker("Sari")
    await drawn(town)
    await complains(town, sari, "/faskes golo contoh")
    await complains(town, sari, "mekar contoh")
    assert "1. Puskesmas Timur Contoh" in sari.heard[-1]
    await complains(town, sari, "batuk pilek")
    assert await consultations(town) == 1


async def test_an_old_question_takes_nothing(town: Town) -> None:
    sari = await town.asker("Sari")
    await drawn(town)
    await complains(town, sari, "/faskes")
    await town.wait(hours=2)
    await complains(town, sari, "pusing")
    assert await consultations(town) == 1


async def test_who_leaves_is_asked_no_more(town: Town) -> None:
    sari = await comes_new(town)
    await complains(town, sari, "/faskes")
    sari.taps("Batal")
    await town.settle()
    assert sari.heard[-1].startswith("Baik.")
    assert sari.keyboard() == BIG
    assert await town.read(lambda session: session.scalar(select(func.count(Form.person_id)))) == 0


# ── places that are none ────────────────────────────────────────────────────────────────────────


async def test_the_middle_of_nowhere_is_refused_kindly(town: Town) -> None:
    sari = await comes_new(town)
    for place in ((0.0, 0.0), (0.00004, -0.00004)):
        await shares(town, sari, *place)
        assert "belum terbaca" in sari.heard[-1]


@pytest.mark.parametrize("place", [{}, {"latitude": 91, "longitude": 500}])
async def test_what_no_phone_sends_harms_nobody(town: Town, place: dict[str, float]) -> None:
    sari = await comes_new(town)
    town.expects_faults = True
    arrives(town, sari, location=place)
    await town.settle()
    await shares(town, sari, *HERE)
    assert "1. Puskesmas Golo Contoh" in sari.heard[-1]


@pytest.mark.parametrize("place", [(-14.0, 118.0), (3.1, 101.7), (52.5, 13.4)])
async def test_at_sea_and_abroad_the_nearest_is_given_with_a_warning(
    town: Town, place: tuple[float, float]
) -> None:
    sari = await comes_new(town)
    await shares(town, sari, *place)
    assert "di laut, atau di luar Indonesia" in sari.heard[-1]
    assert "km ke " in sari.heard[-1]


# ── the registered facility ─────────────────────────────────────────────────────────────────────


async def test_it_looks_near_the_registered_facility_and_keeps_it_only_if_told(
    each_town: Town,
) -> None:
    town = each_town
    ids = await drawn(town)
    sari = town.telegram.add_person("Sari", bot=town.bot)
    await complains(town, sari, "/faskes")
    sari.taps("faskes terdaftar saya")
    await town.settle()
    assert "tempat Ibu/Bapak terdaftar?" in sari.heard[-1]
    await complains(town, sari, "puskesmas golo conto")
    sari.taps("Puskesmas Golo Contoh")
    await town.settle()
    assert "Terdekat dari Puskesmas Golo Contoh" in sari.heard[-1]
    assert await registered(town, sari) is None
    sari.taps("Ingat sebagai faskes saya")
    await town.settle()
    assert await registered(town, sari) == ids["Puskesmas Golo Contoh"]
    await complains(town, sari, "/faskes")
    sari.taps("faskes terdaftar saya")
    await town.settle()
    assert "Terdekat dari Puskesmas Golo Contoh" in sari.heard[-1]
    sari.taps("Lupakan faskes saya")
    await town.settle()
    assert await registered(town, sari) is None
    assert "Ingat sebagai faskes saya" in "".join(sari.last.buttons)


async def registered(town: Town, somebody: Person) -> object:
    """What is kept as somebody's facility."""
    account = select(Account).where(Account.telegram_id == somebody.id)
    return await town.read(
        lambda session: person.document(session, session.scalars(account).one()).get("registered")
    )


async def test_a_code_is_enough_and_an_unknown_name_is_asked_again(town: Town) -> None:
    sari = await comes_new(town)
    await complains(town, sari, "/faskes")
    sari.taps("faskes terdaftar saya")
    await town.settle()
    await complains(town, sari, "qqqq wwww")
    assert "belum ada di daftar kami" in sari.heard[-1]
    await complains(town, sari, "99990100")
    assert "Terdekat dari Puskesmas Golo Contoh" in sari.heard[-1]


async def test_a_new_name_of_the_account_keeps_what_is_remembered(town: Town) -> None:
    ids = await drawn(town)
    sari = await town.asker("Sari")
    presses(sari, f"remember:f{ids['RSUD Contoh']}:---0")
    await town.settle()
    sari.first_name = "Sari Dewi"
    await complains(town, sari, "/faskes")
    assert await registered(town, sari) == ids["RSUD Contoh"]


async def test_nothing_of_a_place_is_kept(town: Town) -> None:
    sari = await comes_new(town)
    await shares(town, sari, -10.12345, 123.71234)
    await town.wait(days=4)
    assert "10.123" not in await readable(town)
    assert "-101235" not in await readable(town)


async def test_a_registered_facility_without_a_point_is_looked_for_in_its_region(
    town: Town,
) -> None:
    ids = await drawn(town)
    sari = town.telegram.add_person("Sari", bot=town.bot)

    def pointless(one: Facility) -> None:
        one.latitude = one.longitude = None

    await changed(town, ids["RSUD Contoh"], pointless)
    await complains(town, sari, "/faskes")
    sari.taps("faskes terdaftar saya")
    await town.settle()
    await complains(town, sari, "99990101")
    assert "Terdekat dari RSUD Contoh" in sari.heard[-1]


async def test_where_the_sea_lies_between_the_list_says_so_and_only_there(town: Town) -> None:
    ids = await drawn(town)
    await changed(
        town, ids["Puskesmas Timur Contoh"], lambda one: setattr(one, "region_code", "53.10")
    )
    await changed(
        town, ids["RSUD Contoh"], lambda one: setattr(one, "region_code", None)
    )  # where it lies nobody knows
    sari = town.telegram.add_person("Sari", bot=town.bot)
    await shares(town, sari, *HERE)
    assert "Daerah ini banyak pulau. Tanyakan dulu" in sari.heard[-1]
    assert "di pulau lain" not in sari.heard[-1]
    await complains(town, sari, "/faskes kec Contoh Timur")
    one, two = sari.heard[-1].split("\n1. ")[1].split("\n2. ")
    assert one.startswith("Puskesmas Timur Contoh")
    assert "🚢 di pulau lain: tanyakan kapal atau feri" in one
    assert "di pulau lain" not in two
