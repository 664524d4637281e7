"""A worker comes, rests, does not answer, and goes: what becomes of offers and of who is open."""

from models.facility import Zone
from models.role import Role
from services import facility
from tests.stories.acts import (
    complains,
    hears,
    ids,
    presses,
    says,
    since,
    taken,
    taps,
    the_one,
)
from tests.town import Town


async def test_a_break_ends_by_itself_and_danger_comes_through(town: Town) -> None:
    budi = await town.worker("Budi")
    await complains(town, await town.asker("Sari"), "Saya batuk")
    assert "Istirahat sebentar?" in await says(town, budi, "/jeda")
    assert "sampai 08.10" in await taps(town, budi, "☕ Jeda 10")
    assert "Nomor 1 dilewati." in [one.text for one in budi.sees], "what was offered is let go"
    count = len(budi.heard)
    await complains(town, await town.asker("Ani"), "Saya pusing")
    assert since(budi, count) == [], "nothing is offered on a break"
    await town.wait(minutes=10)
    assert hears(budi).count("Jeda selesai") == 1
    assert "Saya pusing" in budi.heard[-1], "and who waits is offered"
    await taps(town, budi, "☕ Jeda 30")
    await complains(town, await town.asker("Wati"), "Anak saya kejang")
    assert "ada tanda bahaya" in budi.heard[-1]
    await says(town, budi, "/siap")
    await town.wait(minutes=31)
    assert hears(budi).count("Jeda selesai") == 1, "«Siap» had ended it"


async def test_three_missed_in_a_row_is_away_and_any_word_is_back(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Saya batuk")
    for _ in range(3):
        await town.wait(minutes=3)
    assert hears(budi).count("3 tawaran berturut-turut") == 1
    await town.wait(minutes=3)
    count = len(budi.heard)
    await town.wait(minutes=9)
    assert since(budi, count) == [], "said once, and nothing more is offered"
    assert "belum ada petugas" in await says(town, sari, "antri")
    await complains(town, sari, "Anak saya kejang")
    assert "ada tanda bahaya" in budi.heard[-1], "danger calls the absent, too"
    budi.taps("Lewati")
    await town.settle()
    assert "Anda siap lagi" in hears(budi)
    assert await town.read(lambda s: [r.ready_at for r in s.query(Role).all() if r.ready_at])

    await complains(town, await town.asker("Ani"), "Saya pusing")
    for _ in range(3):
        await town.wait(minutes=3)
    assert hears(budi).count("3 tawaran berturut-turut") == 2
    await says(town, budi, "/selesai")
    assert hears(budi).count("Anda siap lagi. Tawaran") == 1, "who goes does not come back by it"
    assert "tidak lagi menerima tawaran" in budi.heard[-1]


async def test_who_writes_to_a_patient_is_not_away(town: Town) -> None:
    budi = await town.worker("Budi")
    await taken(town, await town.asker("Sari"), budi, "Saya batuk")
    await complains(town, await town.asker("Ani"), "Saya pusing")
    await town.wait(minutes=3)
    await complains(town, budi, "Sudah berapa lama?")
    for _ in range(3):
        await town.wait(minutes=3)
    assert "berturut-turut" not in hears(budi)


async def test_at_the_end_of_a_shift_each_way_is_told_to_who_waits(each_town: Town) -> None:
    town = each_town
    await town.write(lambda s: setattr(facility.home(s, town.bot.id), "zone", Zone.WITA))
    budi, sari, ani = await town.worker("Budi"), await town.asker("Sari"), await town.asker("Ani")
    await taken(town, sari, budi, "Saya batuk")
    await taken(town, ani, budi, "Saya pusing")
    await complains(town, ani, "sesak napas berat bibir biru")
    told = await says(town, budi, "/selesai")
    assert "Masih ada 2 konsultasi yang terbuka: nomor 1, 2" in told
    await taps(town, budi, "Selesaikan sekarang")
    assert "selesaikan nomor 1, 2" in budi.heard[-1]

    await says(town, budi, "/selesai")
    budi.taps("Jawab besok")
    await town.settle()
    assert "Nomor 1 dijawab lagi mulai besok 08.00" in hears(sari)
    assert "dijawab lagi mulai" not in hears(ani), "danger is never put off"
    assert "kembali ke urutan semula" in hears(ani)
    sari.says("Masih batuk")
    await town.settle()
    assert "Masih batuk" in budi.heard[-1]
    heard = len(budi.heard)
    await town.wait(hours=8)
    assert "menunggu jawaban Anda" not in " ".join(since(budi, heard))
    assert (await ids(town))[0]
    await says(town, budi, "/siap")
    assert "Masih menunggu jawaban Anda: nomor 1" in hears(budi)
    await town.wait(hours=15, minutes=15)
    await town.wait(minutes=10)
    await town.wait(minutes=20)
    assert "kembali ke antrean" in hears(budi), "the next day's silence counts again"


async def test_who_would_not_wait_until_tomorrow_gets_somebody_else(town: Town) -> None:
    budi, sari = await town.worker("Budi"), await town.asker("Sari")
    await taken(town, sari, budi, "Saya batuk")
    one = await the_one(town)
    presses(sari, f"another:{one.id}")
    await town.settle()
    assert "sudah tidak berlaku" in sari.heard[-1]
    await says(town, budi, "/selesai")
    await taps(town, budi, "Jawab besok")
    citra = await town.worker("Citra")
    wayan = await town.asker("Wayan")
    presses(wayan, f"another:{one.id}")
    await town.settle()
    assert "tidak ditemukan" in wayan.heard[-1]
    await taps(town, sari, "Minta petugas lain")
    assert "memilih tidak menunggu" in budi.heard[-1]
    assert "Saya batuk" in citra.heard[-1]
    assert (await the_one(town)).resumes_at is None
    presses(budi, "leave:hand")
    await town.settle()
    assert "sudah tidak berlaku" in budi.heard[-1]


async def test_nobody_else_has_a_switch(town: Town) -> None:
    sari = await town.asker("Sari")
    for payload in ("ready", "rest:10", "off", "leave:hand"):
        presses(sari, payload)
        await town.settle()
        wanted = (
            "sudah tidak berlaku" if payload == "leave:hand" else "hanya untuk tenaga kesehatan"
        )
        assert wanted in sari.heard[-1], payload
