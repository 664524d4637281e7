"""Help from others: a patient handed over, a second opinion, a question that comes first."""

from sqlalchemy import select

from models.audit import Audit
from models.consultation import Status, Step
from models.opinion import Opinion
from models.role import Profession
from simulator.person import Person
from tests.stories.acts import (
    advised,
    complains,
    hears,
    neighbour,
    pair,
    presses,
    says,
    since,
    taken,
    taps,
    the_one,
)
from tests.stories.test_desk import keys
from tests.town import Town


async def with_citra(town: Town) -> tuple[Person, Person, Person]:
    """Budi has Sari; Citra, a doctor, came on duty later."""
    sari, budi = await pair(town)
    return sari, budi, await town.worker("Citra", Profession.DOCTOR)


async def steps(town: Town) -> list[str | None]:
    return await town.read(
        lambda session: list(session.scalars(select(Step.why).order_by(Step.id)))
    )


# ── handed over ─────────────────────────────────────────────────────────────────────────────────


async def test_a_patient_is_handed_over_with_the_thread_and_a_reason(town: Town) -> None:
    sari, budi, citra = await with_citra(town)
    dewi, one = await neighbour(town), await the_one(town)
    await says(town, budi, "Ada demam, Bu?")
    await taps(town, budi, "🤝 Bantuan rekan")
    await taps(town, budi, "➡️ Serahkan ke rekan")
    assert budi.last.buttons == ["dr. Citra (0 dari 3 pasien)"], "nobody of elsewhere, not himself"
    await taps(town, budi, "dr. Citra")
    count, others = len(sari.heard), len(dewi.heard)
    await says(town, budi, "Napasnya cepat, curiga pneumonia")
    assert "ditawarkan kepada dr. Citra" in budi.heard[-1]
    (told,) = since(sari, count)
    assert "sedang diserahkan kepada dr. Citra" in told
    assert "Perawat Budi ingin menyerahkan nomor 1 kepada Anda: alasannya ada di catatan" in hears(
        citra
    )
    assert "pneumonia" not in hears(citra), "before she has taken it"
    await taps(town, citra, "Terima")
    assert "📝 Catatan untuk petugas, tidak dikirim kepada pasien:\nNapasnya cepat" in hears(citra)
    assert "Perawat Budi\nAda demam, Bu?" in citra.heard
    assert "dr. Citra sudah menerima" in sari.heard[-1]
    assert since(dewi, others) == []
    now = await the_one(town)
    assert (now.status, now.rank_at) == (Status.ACTIVE, one.rank_at), "its place was not lost"
    assert "transfer" in await steps(town)
    assert "pneumonia" not in hears(sari)
    assert "tidak dikirim kepada pasien" in await says(town, budi, "Semoga lekas sembuh")


async def test_who_does_not_take_it_leaves_it_to_the_queue(town: Town) -> None:
    sari, budi, citra = await with_citra(town)
    eka = await town.worker("Eka")
    await taps(town, budi, "🤝 Bantuan rekan")
    await taps(town, budi, "➡️ Serahkan ke rekan")
    await taps(town, budi, "dr. Citra")
    citra.says("/selesai")
    await town.settle()
    assert "baru saja selesai bertugas" in await taps(town, budi, "Perlu dokter")
    assert (await the_one(town)).status is Status.ACTIVE, "nobody is left without anybody"
    await says(town, citra, "/siap")
    await taps(town, budi, "Perlu dokter")
    assert "nomor 1 kepada Anda: Perlu dokter" in hears(citra)
    assert "transfer:doctor" in await steps(town)
    assert "Nomor 1 menunggu" not in hears(eka), "she is asked first"
    await town.wait(minutes=3, seconds=1)
    assert "Nomor 1 menunggu jawaban" in eka.heard[-1]
    await taps(town, eka, "Terima")
    assert "Perawat Eka sudah menerima" in sari.heard[-1]


# ── a second opinion ────────────────────────────────────────────────────────────────────────────


async def test_a_second_opinion_sees_this_case_answers_staff_and_leaves(each_town: Town) -> None:
    town = each_town
    sari, budi, citra = await with_citra(town)
    dewi, ani = await neighbour(town), await town.asker("Ani")
    await taken(town, ani, budi, "Rahasia Ani")
    await says(town, budi, "🔵 1 · Sari")
    await taps(town, budi, "🤝 Bantuan rekan")
    await taps(town, budi, "👥 Minta pendapat")
    await taps(town, budi, "dr. Citra")
    await says(town, budi, "Perlu antibiotik? NIK 9901014501900001")
    invited = "\n".join(citra.heard)
    assert "Perawat Budi minta pendapat Anda tentang nomor 1 (Anak penanya" in invited
    assert "«Perlu antibiotik?" in invited
    assert "Anak batuk" not in invited, "nothing of the story before she looks"
    asked = await town.read(lambda session: session.scalars(select(Opinion)).one())
    for verb in ("see_case", "opine", "leave_case"):
        for stranger in (dewi, sari, budi):
            presses(stranger, f"{verb}:{asked.id}")
            await town.settle()
            assert "tidak ditemukan" in stranger.heard[-1]

    count = len(sari.heard)
    await taps(town, citra, "👁 Lihat kasusnya")
    assert "No. 1 · Sari\nAnak batuk 4 hari" in citra.heard, "the colour is of Budi's desk"
    assert "Ani" not in hears(citra)
    seen = select(Audit.record).where(Audit.act == "open").order_by(Audit.seq.desc())
    records = await town.read(lambda session: session.scalars(seen).all())
    assert f"consultation:{asked.consultation_id}" in records
    assert "disampaikan" in await says(town, citra, "Belum perlu. Hitung napasnya dulu.")
    note = "dr. Citra\n📝 Catatan untuk petugas, tidak dikirim kepada pasien:\nBelum perlu."
    assert note in hears(budi)
    assert "tidak dikirim ke siapa pun" in await says(town, citra, "Halo Bu Sari")
    assert since(sari, count) == [], "she never hears of it"

    await taps(town, citra, "🚪 Keluar")
    assert "Anda sudah keluar" in citra.heard[-1]
    still = "\n".join(one.text or "" for one in citra.sees)
    assert not [
        one for one in ("Anak batuk 4 hari", "Anak penanya", "Perlu antibiotik") if one in still
    ]
    assert "Anda sudah keluar" in still
    assert "dr. Citra sudah keluar dari 🔵 No. 1 · Sari" in budi.heard[-1]
    presses(citra, f"see_case:{asked.id}")
    await town.settle()
    assert "sudah berakhir" in citra.heard[-1]


async def test_who_was_asked_is_out_when_the_worker_is(town: Town) -> None:
    sari, budi, citra = await with_citra(town)
    await taps(town, budi, "🤝 Bantuan rekan")
    await taps(town, budi, "👥 Minta pendapat")
    await taps(town, budi, "dr. Citra")
    await says(town, budi, "Perlu rujuk?")
    await taps(town, citra, "👁 Lihat kasusnya")
    await says(town, budi, "Sebentar ya, Bu")
    assert sari.heard[-1] == "Perawat Budi\nSebentar ya, Bu", "asking turns nobody away"
    await advised(town, budi, "Minum hangat")
    assert "Percakapannya kami hapus dari sini" in hears(citra)
    assert "Anak batuk 4 hari" not in "\n".join(one.text or "" for one in citra.sees)
    before = len(budi.heard)
    assert "sudah berakhir" in await says(town, citra, "Rujuk saja")
    assert since(budi, before) == []


# ── a question that comes first ─────────────────────────────────────────────────────────────────


async def test_a_question_that_comes_first_frees_the_place_until_it_is_answered(
    each_town: Town,
) -> None:
    town = each_town
    budi = await town.worker("Budi")
    people = [await town.asker(name) for name in ("Sari", "Ani", "Eka", "Tuti")]
    sari, _, _, tuti = people
    for person in people[:3]:
        await taken(town, person, budi, f"{person.first_name} batuk")
    await complains(town, tuti, "Tuti batuk")
    assert "Nomor 4" not in hears(budi), "he has his three"
    await says(town, budi, "🔵 1 · Sari")
    await taps(town, budi, "🤝 Bantuan rekan")
    await taps(town, budi, "❓ Tanya penanya dulu")
    assert "Tuliskan" not in await says(town, budi, "Berapa suhu badannya sekarang?")
    assert sari.heard[-1] == (
        "Perawat Budi\n❓ Ini perlu dijawab dulu, di sini. Nomor Ibu/Bapak tidak hilang:\n"
        "Berapa suhu badannya sekarang?"
    )
    assert keys(budi) == ["🟢 2 · Ani", "🟠 3 · Eka"]
    await taps(town, budi, "Terima")
    assert "Nomor 4 sekarang Anda tangani: Tuti" in hears(budi)
    assert keys(budi) == ["🔵 4 · Tuti", "🟢 2 · Ani", "🟠 3 · Eka"]
    await town.wait(hours=3)
    await town.wait(minutes=1)
    assert hears(sari).count("untuk nomor 1 belum dijawab") == 1
    sari.says("38,5")
    await town.settle()
    assert budi.heard[-1] == "🟣 No. 1 · Sari\n38,5", "a fourth: it is hers again"
    await says(town, budi, "/pasien")
    assert "🟣 No. 1 · Sari" in (budi.last.text or "")


async def test_in_danger_nobody_is_sent_back_with_a_question(town: Town) -> None:
    budi, sari = await town.worker("Budi"), await town.asker("Sari")
    await taken(town, sari, budi, "Anak saya kejang")
    await taps(town, budi, "🤝 Bantuan rekan")
    assert "jangan dilepas" in await taps(town, budi, "❓ Tanya penanya dulu")
    assert (await the_one(town)).place == 1
