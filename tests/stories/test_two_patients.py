"""A worker keeps several patients apart on one phone, and nothing reaches the wrong one."""

from simulator.message import Message as Shown
from simulator.person import Person
from tests.stories.acts import complains, hears, ids, presses, since, taken
from tests.town import Town


async def two(town: Town) -> tuple[Person, Person, Person]:
    budi = await town.worker("Budi")
    sari, ani = await town.asker("Sari"), await town.asker("Ani")
    await taken(town, sari, budi, "Sari batuk")
    await taken(town, ani, budi, "Ani pusing")
    return budi, sari, ani


def first_with(person: Person, label: str) -> Shown:
    return next(one for one in person.sees if any(label in button for button in one.buttons))


async def test_an_unclear_message_is_asked_about_and_sent_nowhere(each_town: Town) -> None:
    town = each_town
    budi, sari, ani = await two(town)
    counts = len(sari.heard), len(ani.heard)
    said = budi.says("Minum obatnya 3x sehari")
    await town.settle()
    assert "belum dikirim" in budi.heard[-1]
    assert budi.last.reply_to is said
    assert budi.buttons() == ["🔵 No. 1 · Sari", "🟢 No. 2 · Ani"]
    assert (len(sari.heard), len(ani.heard)) == counts

    question = budi.last
    budi.taps("Sari", question)
    budi.taps("Ani", question)  # the second tap of a trembling finger
    await town.settle()
    assert since(sari, counts[0]) == ["Perawat Budi\nMinum obatnya 3x sehari"]
    assert since(ani, counts[1]) == []
    assert "✔️ Pesan ini dikirim kepada 🔵 No. 1 · Sari." in (question.text or "")
    assert question.buttons == []


async def test_a_reply_says_for_whom_it_is(town: Town) -> None:
    budi, sari, ani = await two(town)
    counts = len(sari.heard), len(ani.heard)
    theirs = next(one for one in budi.sees if "Ani pusing" in (one.text or ""))
    budi.replies(theirs, "Sudah makan, Bu?")
    await town.settle()
    assert since(ani, counts[1]) == ["Perawat Budi\nSudah makan, Bu?"]
    assert since(sari, counts[0]) == []


async def test_a_reply_to_somebody_no_longer_there_reaches_nobody(town: Town) -> None:
    budi, sari, ani = await two(town)
    budi.taps("Tutup", first_with(budi, "Tutup"))
    await town.settle()
    await complains(town, budi, "Istirahat")
    budi.taps("cukup di rumah")
    await town.settle()
    counts = len(sari.heard), len(ani.heard)
    theirs = next(one for one in budi.sees if "Sari batuk" in (one.text or ""))
    budi.replies(theirs, "Satu lagi, Bu Sari")
    await town.settle()
    assert "Nomor 1 tidak lagi Anda tangani" in budi.heard[-1]
    assert (len(sari.heard), len(ani.heard)) == counts
    await complains(town, budi, "Bu Ani?")  # and without a reply there is only one it can be for
    assert ani.heard[-1] == "Perawat Budi\nBu Ani?"


async def test_a_reply_to_another_patient_is_no_advice(town: Town) -> None:
    budi, sari, ani = await two(town)
    budi.taps("Tutup", first_with(budi, "Tutup"))
    await town.settle()
    assert "Tulis nasihat untuk Sari" in budi.heard[-1]
    theirs = next(one for one in budi.sees if "Ani pusing" in (one.text or ""))
    budi.replies(theirs, "Sebentar ya, Bu Ani")
    await town.settle()
    assert ani.heard[-1] == "Perawat Budi\nSebentar ya, Bu Ani"
    await complains(town, budi, "Minum hangat")
    assert "Nasihat untuk Sari" in budi.heard[-1]
    assert "Minum hangat" not in hears(sari)


async def test_what_each_asker_writes_is_headed_with_their_number(town: Town) -> None:
    budi, sari, ani = await two(town)
    sari.says("Saya Sari")
    ani.says("Saya Ani")
    await town.settle()
    assert sorted(budi.heard[-2:]) == ["🔵 No. 1 · Sari\nSaya Sari", "🟢 No. 2 · Ani\nSaya Ani"]


async def test_the_choice_of_somebody_else_is_not_found(town: Town) -> None:
    budi, sari, ani = await two(town)
    citra = await town.worker("Citra")
    eka = await town.asker("Eka")
    await complains(town, eka, "Keluhan Eka")
    citra.taps("Terima")
    await town.settle()
    await complains(town, budi, "Untuk siapa ini")
    counts = len(sari.heard), len(ani.heard), len(eka.heard)
    presses(budi, f"to:{(await ids(town))[-1]}")
    await town.settle()
    assert "tidak ditemukan" in budi.heard[-1]
    assert (len(sari.heard), len(ani.heard), len(eka.heard)) == counts
