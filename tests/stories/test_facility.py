"""The five nearest in one message that changes under the finger, and one facility in full."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from models.facility import Accuracy, Facility, Has
from simulator.person import Person
from tests.stories.acts import arrives, complains, hears, presses, since
from tests.stories.map import HERE, changed, drawn, has
from tests.town import Town


async def looks(town: Town, name: str = "Sari") -> Person:
    """Somebody who has never been here shares where they are."""
    somebody = town.telegram.add_person(name, bot=town.bot)
    somebody.sends_location(*HERE)
    await town.settle()
    return somebody


async def taps(town: Town, somebody: Person, *labels: str) -> str:
    """Tap one after the other, and read what the newest message says then."""
    for label in labels:
        somebody.taps(label)
        await town.settle()
    return reads(somebody)


def reads(somebody: Person) -> str:
    """The bot's newest message as it stands now."""
    return somebody.last.text or ""


def names(text: str) -> list[str]:
    """The facilities of a list, in order."""
    return re.findall(r"^\d\. (.+)$", text, re.MULTILINE)


# ── the list ────────────────────────────────────────────────────────────────────────────────────


async def test_five_in_one_message_with_what_somebody_needs_to_go_there(town: Town) -> None:
    ids = await drawn(town)
    await changed(town, ids["Puskesmas Golo Contoh"], lambda one: one.facts.append(has(Has.PONED)))
    await changed(town, ids["RSUD Contoh"], lambda one: setattr(one, "phone", "+62380000111"))
    sari = await looks(town)
    assert len(sari.heard) == 1
    text = reads(sari)
    assert names(text) == [
        "Puskesmas Golo Contoh", "Klinik Mekar Contoh", "drg. Contoh Gigi (dokter gigi)",
        "Pustu Contoh (puskesmas pembantu)", "RSUD Contoh (rumah sakit)",
    ]  # fmt: skip
    assert "kira-kira 600 m ke selatan · buka sampai 14.00 · PONED ✔️ (12 Mei 2026)" in text
    assert "kira-kira 13 km ke barat daya · jam buka belum diketahui\n+62380000111 · peta" in text
    assert "garis lurus" in text
    assert "1 Maret 2024" in text
    assert "119" in text
    assert sari.last.buttons[:5] == ["1", "2", "3", "4", "5"]
    assert "IGD" not in text, "nobody has confirmed one"


async def test_the_message_is_small_enough_for_a_weak_signal(town: Town) -> None:
    await drawn(town)
    sari = await looks(town)
    assert len(reads(sari).encode()) <= 1024


async def test_filters_change_the_message_and_send_no_new_one(town: Town) -> None:
    ids = await drawn(town)
    sari = await looks(town)
    text = await taps(town, sari, "Rumah sakit")
    assert names(text) == ["RSUD Contoh (rumah sakit)"]
    assert "Hanya: Rumah sakit" in text
    assert names(await taps(town, sari, "✅ Rumah sakit")) != names(text)
    assert names(await taps(town, sari, "Dokter gigi")) == ["drg. Contoh Gigi (dokter gigi)"]
    assert names(await taps(town, sari, "Klinik/dokter")) == ["Klinik Mekar Contoh"]
    opened = await taps(town, sari, "✅ Klinik/dokter", "Buka sekarang")
    assert names(opened) == ["Puskesmas Golo Contoh"]
    await taps(town, sari, "✅ Buka sekarang", "Syarat lain", "IGD")
    assert "Belum ada yang sudah dipastikan" in reads(sari)
    assert "mungkin ada juga" in reads(sari)
    await changed(town, ids["RSUD Contoh"], lambda one: one.facts.append(has(Has.IGD)))
    assert names(await taps(town, sari, "Syarat lain", "✅ IGD", "Syarat lain", "IGD")) == [
        "RSUD Contoh (rumah sakit)"
    ]
    assert "IGD ✔️ (12 Mei 2026)" in reads(sari)
    assert len(sari.heard) == 1


async def test_what_was_confirmed_not_to_be_there_is_not_offered(town: Town) -> None:
    ids = await drawn(town)
    no_igd = has(Has.IGD, holds=False)
    await changed(town, ids["RSUD Contoh"], lambda one: one.facts.append(no_igd))
    sari = await looks(town)
    assert "Belum ada" in await taps(town, sari, "Syarat lain", "IGD")


async def test_more_and_back_to_the_first(town: Town) -> None:
    await drawn(town)
    sari = await looks(town)
    assert names(await taps(town, sari, "Lagi")) == ["Puskesmas Timur Contoh"]
    assert not any("Lagi" in label for label in sari.last.buttons)
    assert len(names(await taps(town, sari, "Dari awal"))) == 5


async def test_who_has_nobody_near_is_told_what_else_there_is(town: Town) -> None:
    ids = await drawn(town)
    for name in ids:
        if name != "RSUD Contoh":
            await changed(town, ids[name], lambda one: setattr(one, "latitude", None))
    sari = town.telegram.add_person("Sari", bot=town.bot)
    sari.sends_location(-10.0, 124.3)
    await town.settle()
    assert "Dalam 25 km tidak ada" in reads(sari)
    assert names(reads(sari)) == ["RSUD Contoh (rumah sakit)"]
    assert "terdaftar" in reads(sari)
    assert "119" in reads(sari)


async def test_with_an_empty_directory_there_is_still_something_to_do(town: Town) -> None:
    sari = await looks(town)
    assert "daftar kami belum berisi" in reads(sari)
    assert "119" in reads(sari)


async def test_a_pharmacy_and_what_has_ended_are_no_places_to_be_treated(town: Town) -> None:
    ids = await drawn(town)
    await changed(town, ids["Klinik Mekar Contoh"],
                  lambda one: setattr(one, "ended_on", one.day(town.clock.now())))  # fmt: skip
    sari = await looks(town)
    await taps(town, sari, "Lagi") if "Lagi ➡️" in sari.last.buttons else ""
    assert "Apotek" not in hears(sari)
    assert "Mekar" not in hears(sari)


async def test_what_memory_does_not_know_to_have_ended_is_not_shown(town: Town) -> None:
    """Behind the back of who keeps the directory: its change was not told yet."""
    ids = await drawn(town)
    sari = await looks(town)
    today = town.clock.now().date()
    await town.write(
        lambda session: setattr(session.get_one(Facility, ids["Pustu Contoh"]), "ended_on", today)
    )
    text = await taps(town, sari, "Puskesmas", "✅ Puskesmas")
    assert "Pustu" not in text
    assert names(text)[-1] == "RSUD Contoh (rumah sakit)"


@pytest.mark.parametrize(
    "payload",
    [
        "near:0,0:---0", "near:999999,9999999:---0", "near:f1:---0", "near:r99.99:---0",
        "near:-101000,1237000:pib995", "facility:1:-101000,1237000:---0", "venue:1", "report:1",
        "place:f1:---0", "near:-101000,1237000:zzz0", "remember:f1:---0",
    ],
)  # fmt: skip
async def test_a_button_that_we_never_made_is_answered_kindly(town: Town, payload: str) -> None:
    await drawn(town)
    sari = await looks(town)
    presses(sari, payload)
    await town.settle()
    assert town.station.inbox.counts["failed"] == 0
    assert reads(sari)


# ── one facility ────────────────────────────────────────────────────────────────────────────────


async def test_a_page_says_what_is_known_since_when_and_what_is_not(town: Town) -> None:
    await drawn(town)
    sari = await looks(town)
    page = await taps(town, sari, "1")
    assert len(sari.heard) == 1, "it took the list's place"
    for line in (
        "🏥 Puskesmas Golo Contoh",
        "kerja sama BPJS: belum diketahui",
        "Desa Golo Contoh, Kec. Contoh Barat",
        "🕗 Senin–Sabtu 08.00–14.00 WITA (buka sampai 14.00)",
        "☎️ belum diketahui",
        "❔ IGD: belum diketahui",
        "Sumber: daftar contoh, keadaan 1 Maret 2024",
    ):
        assert line in page
    assert len(names(await taps(town, sari, "Kembali"))) == 5


async def test_what_was_denied_is_said_as_such(town: Town) -> None:
    ids = await drawn(town)
    no_igd = has(Has.IGD, holds=False)
    await changed(town, ids["Puskesmas Golo Contoh"], lambda one: one.facts.append(no_igd))
    assert "✖️ IGD: tidak ada (dipastikan 12 Mei 2026)" in await taps(town, await looks(town), "1")


async def test_the_point_is_sent_as_a_native_place(town: Town) -> None:
    await drawn(town)
    sari = await looks(town)
    await taps(town, sari, "1", "Kirim titiknya")
    venue = sari.last.content["venue"]
    assert venue["title"] == "Puskesmas Golo Contoh"
    assert venue["location"] == {"latitude": -10.105, "longitude": 123.702}
    assert "Desa Golo Contoh" in venue["address"]


async def test_a_point_that_is_only_a_guess_is_called_so_everywhere(town: Town) -> None:
    ids = await drawn(town)

    def guess(one: Facility) -> None:
        one.accuracy, one.region_code, one.address = Accuracy.DISTRICT, None, None

    await changed(town, ids["Puskesmas Golo Contoh"], guess)
    sari = await looks(town)
    assert "ke selatan (letak kira-kira)" in reads(sari)
    assert "Letaknya di peta hanya kira-kira" in await taps(town, sari, "1")
    await taps(town, sari, "Kirim titiknya")
    assert "Titik di bawah ini hanya kira-kira" in hears(sari)
    assert sari.last.content["venue"]["address"] == "alamat belum diketahui"


# ── passing one on ──────────────────────────────────────────────────────────────────────────────


def shared(somebody: Person) -> tuple[str, str]:
    """What the button to pass a facility on would send: the payload of its link, and its words."""
    button = next(one for one in somebody.last.inline_buttons if "Bagikan" in one["text"])
    parts = parse_qs(urlsplit(button["url"]).query)
    return parse_qs(urlsplit(parts["url"][0]).query)["start"][0], parts["text"][0]


async def test_a_volunteer_passes_a_facility_on(town: Town) -> None:
    await drawn(town)
    wayan = await looks(town, "Wayan")
    await taps(town, wayan, "1")
    payload, text = shared(wayan)
    assert len(payload) <= 64
    assert "Puskesmas Golo Contoh. Desa Golo Contoh" in text
    ani = town.telegram.add_person("Ani", bot=town.bot)
    ani.starts(payload)
    await town.settle()
    assert ani.heard[-1].startswith("🏥 Puskesmas Golo Contoh")
    assert "Setuju" not in ani.buttons()
    await taps(town, ani, "Yang lain di dekatnya")
    assert names(reads(ani))[0] == "Puskesmas Golo Contoh"


@pytest.mark.parametrize("payload", ["f_", "f_1", "f_9999999999999999999999", "f_-1", "f_x"])
async def test_a_link_that_leads_nowhere_is_answered_with_the_way_on(
    town: Town, payload: str
) -> None:
    await drawn(town)
    ani = town.telegram.add_person("Ani", bot=town.bot)
    ani.starts(payload)
    await town.settle()
    assert "tidak ada di daftar kami" in ani.heard[-1]
    ani.taps("Cari dari tempat lain")
    await town.settle()
    assert "di dekat mana?" in ani.heard[-1]


async def test_a_link_to_what_has_ended_says_so_and_what_is_near(town: Town) -> None:
    ids = await drawn(town)
    await changed(town, ids["Pustu Contoh"],
                  lambda one: setattr(one, "ended_on", one.day(town.clock.now())))  # fmt: skip
    ani = town.telegram.add_person("Ani", bot=town.bot)
    ani.starts(f"f_{ids['Pustu Contoh']}")
    await town.settle()
    assert "tidak melayani lagi sejak 24 November 2026" in ani.heard[-1]
    await taps(town, ani, "Yang lain di dekatnya")
    assert names(reads(ani))
    assert "Pustu Contoh (" not in "".join(names(reads(ani)))


async def test_a_link_in_the_middle_of_a_consultation_disturbs_nothing(town: Town) -> None:
    ids = await drawn(town)
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Anak batuk")
    budi.taps("Terima")
    await town.settle()
    count = len(budi.heard)
    sari.starts(f"f_{ids['RSUD Contoh']}")
    await town.settle()
    assert sari.heard[-1].startswith("🏥 RSUD Contoh")
    assert since(budi, count) == []


async def test_a_live_place_that_moves_is_answered_once(town: Town) -> None:
    await drawn(town)
    sari = await looks(town)
    place = {"latitude": HERE[0], "longitude": HERE[1], "live_period": 900}
    arrives(town, sari, "edited_message", location=place, edit_date=1)
    await town.settle()
    assert len(sari.heard) == 1


async def test_a_menu_with_its_buttons_stays_small(town: Town) -> None:
    await drawn(town)
    sari = await looks(town)
    await taps(town, sari, "Buka sekarang", "✅ Buka sekarang")
    rows = sari.last.inline_buttons
    assert all(len(row["callback_data"].encode()) <= 64 for row in rows)
    assert len(json.dumps(rows, separators=(",", ":")).encode()) <= 1400
