"""«Panduan JKN»: reading, passing on, and asking a person for what an article left open."""

import pytest

from services import danger
from services.guidance import matching
from simulator.person import Person
from tests.stories.acts import complains, hears, ids, presses, since
from tests.town import Town


@pytest.fixture(autouse=True, scope="module")
def _learned() -> None:
    matching.learn()


async def taps(town: Town, person: Person, label: str) -> None:
    person.taps(label)
    await town.settle()


async def test_somebody_reads_an_article_page_by_page_and_passes_it_on(town: Town) -> None:
    sari = await town.asker("Sari", agreed=False)
    await complains(town, sari, "/panduan")
    await taps(town, sari, "Kartu, iuran")
    await taps(town, sari, "Mengaktifkan lagi PBI")
    assert "(1/3)" in sari.heard[-1]
    assert "Dinas Sosial" in sari.heard[-1]
    count = len(sari.heard)
    await taps(town, sari, "Lanjut")
    await taps(town, sari, "Lanjut")
    assert "(3/3)" in (sari.last.text or "" if sari.last else "")
    assert "\n\nTerakhir diperiksa: 31 Maret 2026" in (sari.last.text or "" if sari.last else "")
    assert since(sari, count) == [], "its pages stand in one message"
    shared = next(one for one in sari.buttons() if "Bagikan" in one)
    assert shared
    await taps(town, sari, "Kembali")
    assert "(2/3)" in (sari.last.text or "" if sari.last else "")
    tuti = await town.asker("Tuti", agreed=False)
    await complains(town, tuti, "/start g_reaktivasi_pbi")
    assert "Mengaktifkan lagi PBI" in tuti.heard[-1]
    await complains(town, tuti, "/start g_tidak_ada")
    assert "Panduan" in tuti.heard[-1]
    town.clock.move(40 * 86400)
    await complains(town, tuti, "/start g_reaktivasi_pbi")
    await taps(town, tuti, "Lanjut")
    await taps(town, tuti, "Lanjut")
    assert "sudah waktunya diperiksa lagi" in (tuti.last.text or "" if tuti.last else "")
    presses(tuti, "leaf:antrean_tanpa_hp:1")
    await town.settle()
    await taps(town, tuti, "Belajar antrean online")
    for payload in ("shelf:x", "article:x", "leaf:x:1", "assist:x", "inquire:x"):
        presses(tuti, payload)
        await town.settle()
    presses(tuti, "leaf:rujukan:9")
    await town.settle()
    assert await ids(town) == []


async def test_what_an_article_left_open_is_answered_by_a_person(town: Town) -> None:
    ayu, sari = await town.admin("Ayu"), await town.asker("Sari")
    presses(sari, "article:tunggakan")
    await town.settle()
    await taps(town, sari, "Minta bantuan")
    assert "165" in sari.heard[-1]
    await taps(town, sari, "Tanya petugas")
    await complains(town, sari, "Kalau 3171234567890123 nunggak 2 tahun bisa dicicil?")
    assert "nomor 1" in sari.heard[-1]
    assert "3171••••••••0123" in ayu.heard[-1]
    assert "dicicil?" in ayu.heard[-1]
    await complains(town, ayu, "/admin")
    await taps(town, ayu, "Tugas")
    await taps(town, ayu, "Selesai: Jawab pertanyaan JKN, nomor 1")
    await complains(town, ayu, "Bisa ditanyakan di 165, Bu.")
    assert "Bisa ditanyakan di 165" in sari.heard[-1]
    presses(sari, "inquire:tunggakan")
    await town.settle()
    await complains(town, sari, "Batal")
    assert "Tidak ada yang perlu dibatalkan" in sari.heard[-1]
    assert await ids(town) == []


async def test_danger_in_a_question_is_heard_as_danger(town: Town) -> None:
    sari = await town.asker("Sari")
    presses(sari, "inquire:rujukan")
    await town.settle()
    await complains(town, sari, "Anak saya kejang sekarang, perlu rujukan?")
    assert "119" in hears(sari)
    assert len(await ids(town)) == 1
    presses(sari, "inquire:rujukan")
    await town.settle()
    assert "Konsultasi masih terbuka" in sari.heard[-1]


async def test_a_question_in_own_words_finds_its_article_or_a_person(town: Town) -> None:
    ayu, sari = await town.admin("Ayu"), await town.asker("Sari")
    await complains(town, sari, "/panduan")
    await taps(town, sari, "Tanya dengan kata sendiri")
    await complains(town, sari, "kis ku mati, ngurip ngurip kepriwe")
    assert "Mengaktifkan lagi PBI" in sari.heard[-1]
    await taps(town, sari, "Bukan ini")
    assert "Maksudnya yang mana?" in sari.heard[-1] or "tidak tahu" in sari.heard[-1]
    presses(sari, "ask")
    await town.settle()
    await complains(town, sari, "jadwal kapal pelni ke larantuka")
    assert "tidak mau menebak" in sari.heard[-1] or "Maksudnya yang mana?" in sari.heard[-1]
    count = len(ayu.heard)
    await taps(town, sari, "Teruskan ke petugas")
    assert "jadwal kapal" in since(ayu, count)[-1]
    presses(sari, "ask")
    await town.settle()
    await complains(town, sari, "Batal")
    assert "Tidak ada yang perlu dibatalkan" in sari.heard[-1]
    for payload in ("forward", "notthat"):
        presses(sari, payload)
        await town.settle()
    assert await ids(town) == []


async def test_a_complaint_in_a_question_leads_to_a_consultation(town: Town) -> None:
    ayu, sari = await town.admin("Ayu"), await town.asker("Sari")
    for begins in ("ask", "inquire:rujukan"):
        presses(sari, begins)
        await town.settle()
        await complains(town, sari, "perut saya mulas dan mencret sejak kemarin")
        assert "sepertinya tentang sakit" in sari.heard[-1]
        assert "mulas" not in hears(ayu), "an illness is for a health worker"
    await taps(town, sari, "Konsultasi")
    assert len(await ids(town)) == 1
    presses(sari, "ask")
    await town.settle()
    assert "Konsultasi masih terbuka" in sari.heard[-1]


async def test_what_may_be_danger_is_no_question(town: Town) -> None:
    """No word of the net is in it, but a closed question has to be put."""
    ayu, doubtful = await town.admin("Ayu"), "sesak, rujukan gimana"
    assert danger.doubts(doubtful)
    assert not danger.find(doubtful)
    for name, begins in (("Sari", "ask"), ("Tuti", "inquire:rujukan"), ("Dewi", "screen:guide")):
        person, before = await town.asker(name), len(await ids(town))
        presses(person, begins)
        await town.settle()
        await complains(town, person, doubtful)
        assert len(await ids(town)) == before + 1
    assert "sesak" not in hears(ayu)


async def test_a_question_that_nobody_announced_is_answered_and_a_complaint_is_not(
    town: Town,
) -> None:
    sari, tuti = await town.asker("Sari", agreed=False), await town.asker("Tuti")
    await complains(town, sari, "bpjs saya kok mati ya, siapa yang matiin")
    assert "Kementerian Sosial" in hears(sari) or "Kartu nonaktif" in sari.heard[-1]
    assert await ids(town) == []
    await taps(town, sari, "Ini keluhan")
    assert len(await ids(town)) == 1, "whoever wrote it decides what it was"
    await complains(town, tuti, "kartu kis mati, anak saya panas")
    assert len(await ids(town)) == 2, "an illness begins a consultation, whatever else is named"
