"""A doctor with three patients on one phone: one tap turns to each, and nothing goes astray."""

from sqlalchemy import select

from models.audit import Audit
from simulator.message import Message as Shown
from simulator.person import Person
from simulator.phone import keyboard_of
from tests.stories.acts import (
    TAPS,
    advised,
    answers,
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

SARI, ANI, EKA = "🔵 1 · Sari", "🟢 2 · Ani", "🟠 3 · Eka"


def keys(person: Person) -> list[str]:
    """What stands below somebody's writing line."""
    return [key["text"] for key in keyboard_of(person.chat())]


async def several(town: Town, *names: str) -> tuple[Person, ...]:
    """Budi, who has taken what ails each of these."""
    budi = await town.worker("Budi")
    people = [await town.asker(name) for name in names]
    for person in people:
        await taken(town, person, budi, f"{person.first_name} batuk")
    return budi, *people


def last_of(person: Person, text: str) -> Shown:
    return next(one for one in reversed(person.sees) if text in (one.text or ""))


async def test_one_tap_turns_to_a_patient_until_somebody_else_speaks(each_town: Town) -> None:
    town = each_town
    budi, sari, ani = await several(town, "Sari", "Ani")
    assert keys(budi) == [SARI, ANI]
    panel = await taps(town, budi, SARI)
    assert panel.startswith(
        "💬 🔵 No. 1 · Sari\nPenanya sendiri, 34 tahun, Laki-laki\nBelum dijawab ("
    )
    assert "«Sari batuk»" in panel
    counts = len(sari.heard), len(ani.heard), len(budi.heard)
    await says(town, budi, "Sudah berapa hari, Bu?")
    budi.sends_voice(3)
    await town.settle()
    assert since(sari, counts[0]) == ["Perawat Budi\nSudah berapa hari, Bu?", "Perawat Budi"]
    assert since(ani, counts[1]) == since(budi, counts[2]) == []
    assert "sudah Anda jawab" in await taps(town, budi, SARI)

    await says(town, sari, "Empat hari")
    await says(town, budi, "Ada demam?")
    assert sari.heard[-1] == "Perawat Budi\nAda demam?", "their own words change nothing"
    await says(town, ani, "Saya juga pusing")
    unclear = await says(town, budi, "Minum hangat ya")
    assert "belum dikirim" in unclear
    assert "Minum hangat" not in hears(sari) + hears(ani)
    await taps(town, budi, "🟢 No. 2 · Ani")
    assert ani.heard[-1] == "Perawat Budi\nMinum hangat ya"
    await says(town, budi, "Dan istirahat")
    assert ani.heard[-1] == "Perawat Budi\nDan istirahat", "whom they chose they have opened"

    budi.replies(last_of(budi, "Empat hari"), "Terima kasih, Bu Sari")
    await town.settle()
    assert sari.heard[-1] == "Perawat Budi\nTerima kasih, Bu Sari"
    assert "belum dikirim" in await says(town, budi, "Besok kabari"), "who answers has turned away"
    await taps(town, budi, ANI)
    town.clock.move(601)
    assert "belum dikirim" in await says(town, budi, "Sudah membaik?")
    await taps(town, budi, ANI)
    await town.wait(minutes=10, seconds=1)
    assert "menunggu jawaban" not in hears(budi)


async def test_words_that_were_on_their_way_at_the_tap_are_somebody_s_too(town: Town) -> None:
    budi, sari, ani = await several(town, "Sari", "Ani")
    ani.says("Saya sesak sedikit")
    for _ in range(2):  # both are handled before anything is sent to Budi
        await town.station.intake.poll(town.station.telegram, seconds=0)
        await town.station.handle()
        budi.says(SARI)
    await town.settle()
    assert "sesak sedikit" in hears(budi)
    assert "belum dikirim" in await says(town, budi, "Duduk tegak dulu")
    assert "Duduk tegak" not in hears(sari) + hears(ani)


async def test_the_keys_follow_who_is_there(town: Town) -> None:
    budi, sari, ani, _ = await several(town, "Sari", "Ani", "Eka")
    assert keys(budi) == [SARI, ANI, EKA]
    await taps(town, budi, SARI)
    budi.taps("Kembalikan ke antrean")
    await town.settle()
    assert keys(budi) == [ANI, EKA]
    budi.says(SARI)
    await town.settle()
    assert "tidak lagi Anda tangani. Tidak ada yang dikirim" in budi.heard[-1]
    budi.says("🔵 2 · Ani, tolong")  # hers is another colour: an old key of another day
    await town.settle()
    assert "tidak lagi Anda tangani" in budi.heard[-1]
    assert "tolong" not in hears(ani)
    await taps(town, budi, EKA)
    await advised(town, budi, "Istirahat")
    assert "👤 Pasien Anda sekarang: 🟢 No. 2 · Ani" in budi.heard
    assert keys(budi) == []
    await complains(town, budi, "Bagaimana sekarang?")
    assert ani.heard[-1] == "Perawat Budi\nBagaimana sekarang?"
    await says(town, sari, SARI)
    assert "Tidak ada yang dikirim" not in sari.heard[-1], "an asker writes what they like"


async def test_card_and_history_are_one_tap_away_audited_and_nobody_else_s(town: Town) -> None:
    budi, sari = await several(town, "Sari")
    await advised(town, budi, "Minum hangat. NIK 9901014501900001")
    await complains(town, sari, "Batuk lagi")
    await answers(town, sari, "Ya, keluhan baru", *TAPS)
    budi.taps("Terima")
    await town.settle()
    citra, two = await town.worker("Citra"), (await ids(town))[-1]
    seen = len(citra.heard)
    for verb in ("desk", "card", "before", "jot", "bundle", "send_bundle", "drop_bundle"):
        for stranger in (citra, sari):
            presses(stranger, f"{verb}:{two}")
            await town.settle()
            assert "tidak ditemukan" in stranger.heard[-1], verb
    assert "Sari" not in "".join(since(citra, seen))

    card = await taps(town, budi, "Kartu pasien")
    assert "🪪 🔵 No. 2 · Sari\nKeluhan: Batuk lagi" in card
    assert "Alergi" in card
    before = await taps(town, budi, "🕘 Riwayat")
    assert "24 November 2026, no. 1: dirawat di rumah (Perawat Budi)\nMinum hangat." in before
    assert "9901014501900001" not in before
    trail = select(Audit.act, Audit.record).order_by(Audit.seq)
    acts = await town.read(lambda session: session.execute(trail).all())
    one = await the_one(town)
    assert ("open", f"patient:{one.patient_id}") in acts
    assert ("read", f"consultation:{(await ids(town))[0]}") in acts


async def test_a_note_looks_different_and_no_asker_ever_reads_it(town: Town) -> None:
    budi, sari, ani = await several(town, "Sari", "Ani")
    citra = await town.worker("Citra")
    await taps(town, budi, SARI)
    assert "Tidak pernah dikirim kepada pasien" in await taps(town, budi, "📝 Catatan")
    kept = await says(town, budi, "Curiga TBC, sarankan cek dahak")
    assert kept == "📝 Dicatat untuk 🔵 No. 1 · Sari. Tidak dikirim kepada pasien."
    note = budi.last.reply_to
    assert note is not None
    budi.edits(note, "Curiga TBC, minta cek dahak")
    await town.settle()
    card = await taps(town, budi, "Kartu pasien")
    assert "📝 Perawat Budi, 1 menit yang lalu: «Curiga TBC, minta cek dahak»" in card

    budi.replies(note, "Sudah diminta")
    await town.settle()
    assert "belum dikirim" in budi.heard[-1], "an answer to a note may be another one"
    await taps(town, budi, "Catatan untuk no. 1")
    await taps(town, budi, SARI)
    await taps(town, budi, "📝 Catatan")
    budi.replies(last_of(budi, "Ani batuk"), "Sebentar ya, Bu Ani")
    await town.settle()
    assert ani.heard[-1] == "Perawat Budi\nSebentar ya, Bu Ani", "an answer says for whom it is"
    town.clock.move(601)
    assert "belum dikirim" in await says(town, budi, "Rujuk ke TCM"), "who forgot is asked"
    assert "Catatan untuk no. 1" in "".join(budi.last.buttons)
    await taps(town, budi, "Catatan untuk no. 1")
    assert "Tidak dikirim kepada pasien" in (budi.last.text or "")

    await taps(town, budi, SARI)
    budi.taps("Kembalikan ke antrean")
    await town.settle()
    citra.taps("Terima")
    await town.settle()
    head = "Perawat Budi\n📝 Catatan untuk petugas, tidak dikirim kepada pasien:\n"
    assert head + "Curiga TBC, sarankan cek dahak" in hears(citra)
    assert "Rujuk ke TCM" in hears(citra)
    for word in ("TBC", "Sudah diminta", "TCM"):
        assert word not in hears(sari) + hears(ani)


async def test_what_is_collected_leaves_as_one_message_and_not_before(town: Town) -> None:
    budi, sari, ani = await several(town, "Sari", "Ani")
    await taps(town, budi, SARI)
    assert "jadi satu" in await taps(town, budi, "🧺 Kirim sekaligus")
    count, others = len(sari.heard), len(ani.heard)
    first = budi.says("Minum hangat")
    await town.settle()
    assert "1 tulisan terkumpul, belum dikirim" in budi.heard[-1]
    await says(town, budi, "Kalau sesak, ke IGD")
    budi.sends_photo("Begini bentuknya")
    await town.settle()
    assert "hanya tulisan" in budi.heard[-1]
    assert since(sari, count) == []
    assert "Sudah dikirim jadi satu kepada 🔵 No. 1 · Sari" in await taps(town, budi, "📨 Kirim 2")
    assert since(sari, count) == ["Perawat Budi\nMinum hangat\n\nKalau sesak, ke IGD"]
    sari.replies(sari.last, "Baik, Pak")
    await town.settle()
    assert budi.last.reply_to is first
    budi.edits(first, "Minum air hangat")
    await town.settle()
    assert "Diperbaiki menjadi:\nMinum air hangat" in sari.heard[-1]

    await taps(town, budi, ANI)
    await taps(town, budi, "🧺 Kirim sekaligus")
    await says(town, budi, "Rahasia yang dibatalkan")
    await taps(town, budi, "🗑 Tidak jadi dikirim")
    await says(town, budi, "Halo Bu Ani")
    assert since(ani, others) == ["Perawat Budi\nHalo Bu Ani"]
    await taps(town, budi, "🧺 Kirim sekaligus")
    await says(town, budi, "Belum sempat dikirim")
    budi.taps("Kembalikan ke antrean", last_of(budi, "Belum dijawab"))
    await town.settle()
    assert "Belum sempat" not in hears(ani) + hears(sari)
