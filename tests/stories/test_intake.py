"""From the first words to the queue: one thing at a time, and one message is enough."""

import pytest
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.message import Message
from models.patient import Patient
from simulator.person import Person
from tests.stories.acts import (
    advised,
    answers,
    complains,
    hears,
    ids,
    presses,
    since,
    the_one,
)
from tests.stories.test_danger import CARD
from tests.town import Town

WHOLE = "Anak saya Rafa 2 th demam 3 hari"
SIGNS = "Adakah satu saja dari tanda ini"


async def new(town: Town, name: str = "Sari") -> Person:
    """Somebody who has agreed and of whom nothing is known."""
    person = await town.asker(name, agreed=False)
    person.starts()
    await town.settle()
    person.taps("Setuju")
    await town.settle()
    return person


async def says(town: Town, person: Person, text: str) -> str:
    """What somebody hears last when they wrote this."""
    person.says(text)
    await town.settle()
    return person.heard[-1]


async def taps(town: Town, person: Person, label: str) -> str:
    """What somebody hears last when they tapped this."""
    person.taps(label)
    await town.settle()
    return person.heard[-1]


async def test_one_message_that_says_everything_needs_one_tap(each_town: Town) -> None:
    town = each_town
    budi, sari = await town.worker("Budi"), await new(town)
    asked = await says(town, sari, WHOLE)
    assert "Tentang: Anak penanya, 2 tahun." in asked
    assert SIGNS in asked
    assert "Tidak bisa minum atau menyusu" in asked
    assert "Nomor 1" not in hears(budi), "no worker sees it before the signs are answered"
    told = await taps(town, sari, "Tidak ada")
    assert "Nomor Ibu/Bapak: 1" in told
    assert "tidak ada tanda bahaya" not in hears(sari).lower()
    assert "Anak penanya, 2 tahun" in budi.heard[-1]
    assert "Rafa" not in budi.heard[-1].split("«")[0]
    card = await taps(town, budi, "Terima") and hears(budi)
    assert "Pasien: Rafa, Anak penanya, 2 tahun" in card
    assert "Tanda bahaya: tidak ada, dijawab penanya" in card
    assert "Belum ditanyakan: jenis kelamin" in card


async def test_what_is_missing_is_asked_one_thing_at_a_time_and_read_leniently(
    town: Town,
) -> None:
    await town.worker("Budi")
    sari = await new(town)
    assert "Siapa yang sakit?" in await says(town, sari, "Pusing dari kemarin")
    first = sari.last
    town.clock.move(10)
    assert "Umurnya berapa?" in await says(town, sari, "saya sendiri")
    assert (first.text, first.buttons) == ("✔️ Saya sendiri", [])
    town.clock.move(10)
    assert "Umurnya berapa?" in await says(town, sari, "entah"), "asked again, nothing is refused"
    assert "Laki-laki atau perempuan?" in await says(town, sari, "27 thn")
    assert "hamil" in await says(town, sari, "wanita")
    assert SIGNS in await taps(town, sari, "Sedang hamil")
    assert "Gerakan bayi berkurang" in sari.heard[-1]
    assert "Nomor Ibu/Bapak: 1" in await says(town, sari, "tidak ada")


@pytest.mark.parametrize("answer", ["Ada", "Tidak tahu"])
async def test_a_sign_or_a_doubt_calls_everybody_at_once(town: Town, answer: str) -> None:
    budi, citra = await town.worker("Budi"), await town.worker("Citra")
    ani = await town.asker("Ani")
    await complains(town, ani, "Batuk")
    sari = await new(town)
    await says(town, sari, WHOLE)
    heard = len(sari.heard)
    await taps(town, sari, answer)
    assert CARD in since(sari, heard)[0], "before anything else"
    for one in (budi, citra):
        assert "Nomor 2: ada tanda bahaya" in one.heard[-1]
    found = await the_one(town)
    assert found.rank_at is not None
    assert found.arrived_at is not None
    assert found.rank_at < found.arrived_at
    document = await town.read(lambda s: s.get_one(Consultation, found.id).read(s))
    assert document["danger"] == ["anak"]
    heard = len(sari.heard)
    presses(sari, f"answer:{found.id}:danger:no")
    await town.settle()
    assert since(sari, heard) == [], "and nothing takes it back"
    assert (await the_one(town)).danger_at is not None


@pytest.mark.parametrize(
    ("button", "shown"), [("Hati terasa berat", "healing119.id"), ("Merasa tidak aman", "129")]
)
async def test_what_is_told_in_private_has_a_discreet_card_of_its_own(
    town: Town, button: str, shown: str
) -> None:
    budi, sari = await town.worker("Budi"), await new(town)
    await says(town, sari, "Saya laki-laki 30 tahun, susah tidur")
    question = sari.last
    heard = len(sari.heard)
    await taps(town, sari, button)
    (card, number) = since(sari, heard)
    assert shown in card
    assert "sudah dipanggil" in card
    assert CARD not in card
    assert "Nomor Ibu/Bapak: 1" in number
    assert question.text == "✔️ Sudah dijawab."
    for text in (*since(sari, heard), budi.heard[-1]):
        assert not any(word in text.lower() for word in ("bunuh", "kekerasan", "pukul"))
    assert "Nomor 1: ada tanda bahaya" in budi.heard[-1]


async def test_what_the_words_of_a_danger_say_of_the_patient_is_in_the_alert(town: Town) -> None:
    budi, sari = await town.worker("Budi"), await new(town)
    await says(town, sari, "Anak saya 2 th kejang")
    assert "ada tanda bahaya. Anak penanya, 2 tahun" in budi.heard[-1]


async def test_words_of_that_kind_have_the_same_card(town: Town) -> None:
    await town.worker("Budi")
    sari = await new(town)
    heard = len(sari.heard)
    await says(town, sari, "rasanya pengen udahan aja hidup ini")
    assert "healing119.id" in since(sari, heard)[0]
    assert CARD not in "".join(since(sari, heard))


async def test_an_album_a_voice_note_and_quick_texts_before_the_consent_are_one_request(
    town: Town,
) -> None:
    budi, sari = await town.worker("Budi"), await town.asker("Sari", agreed=False)
    sari.sends_album(3)
    sari.sends_voice(4)
    for text in ("Anak saya", "umur 3 th", "ruam sejak kemarin"):
        sari.says(text)
    await town.settle()
    assert hears(sari).count("Apakah Ibu/Bapak setuju?") == 1
    heard = len(sari.heard)
    await taps(town, sari, "Setuju")
    assert len(since(sari, heard)) == 1
    assert SIGNS in sari.heard[-1]
    await taps(town, sari, "Tidak ada")
    assert len(await ids(town)) == 1
    budi.taps("Terima")
    await town.settle()
    kinds = [one.kind for one in budi.sees if one.kind in ("photo", "voice")]
    assert kinds == ["photo", "photo", "photo", "voice"]
    assert all(text in hears(budi) for text in ("Anak saya", "umur 3 th", "ruam sejak kemarin"))


async def test_a_burst_while_a_question_is_open_does_not_repeat_it(town: Town) -> None:
    budi, sari = await town.worker("Budi"), await new(town)
    await says(town, sari, "Batuk")
    sari.sends_album(3)
    sari.sends_voice(4)
    sari.says("Dahaknya kuning dan sudah lama sekali tidak sembuh sembuh juga")
    await town.settle()
    assert hears(sari).count("Siapa yang sakit?") == 1
    await answers(town, sari)
    budi.taps("Terima")
    await town.settle()
    assert "Dahaknya kuning" in hears(budi)
    assert len([one for one in budi.sees if one.kind == "photo"]) == 3


async def test_a_question_can_be_answered_the_next_day(town: Town) -> None:
    await town.worker("Budi")
    sari = await new(town)
    await says(town, sari, "Anak saya batuk")
    await town.wait(hours=30)
    assert (await the_one(town)).status is Status.DRAFT
    assert "Umurnya berapa?" in await says(town, sari, "/start")
    assert SIGNS in await says(town, sari, "3 thn")
    await town.wait(hours=73)
    assert (await the_one(town)).status is Status.EXPIRED, "but nobody's words are kept for ever"


async def test_the_last_answer_can_be_taken_back(town: Town) -> None:
    await town.worker("Budi")
    sari = await new(town)
    await says(town, sari, "Batuk")
    assert "↩️ Kembali" not in sari.buttons()
    await taps(town, sari, "Saya sendiri")
    assert "Siapa yang sakit?" in await taps(town, sari, "Kembali")
    await taps(town, sari, "Anak saya")
    assert "Tentang: Anak penanya, 6 – 11 tahun." in await taps(town, sari, "6 – 11 tahun")


async def test_an_earlier_patient_is_chosen_by_a_masked_name_and_keeps_one_record(
    each_town: Town,
) -> None:
    town = each_town
    budi, sari = await town.worker("Budi"), await new(town)
    await says(town, sari, WHOLE)
    await taps(town, sari, "Tidak ada")
    await taps(town, budi, "Terima")
    await advised(town, budi)
    first = await the_one(town)
    await town.wait(hours=25)
    assert "Siapa yang sakit?" in await says(town, sari, "Anak saya pilek"), (
        "which of the children?"
    )
    assert "Anak: Ra•••" in sari.buttons()
    assert "Tentang: Anak penanya, 2 tahun." in await taps(town, sari, "Ra•••")
    await taps(town, sari, "Tidak ada")
    second = await the_one(town)
    assert second.patient_id == first.patient_id

    def read(session: Session) -> list[str]:
        return [one.newest(session) for one in session.query(Message).order_by(Message.id)]

    assert "Anak saya pilek" in await town.read(read)


async def test_somebody_else_s_patient_or_draft_opens_to_nobody(town: Town) -> None:
    sari, wati = await new(town), await new(town, "Wati")
    await complains(town, sari, WHOLE)
    theirs = await town.read(lambda s: s.query(Patient).filter(Patient.sealed.is_not(None)).one())
    await says(town, wati, "Pusing")
    mine = await the_one(town)
    presses(wati, f"answer:{mine.id}:who:{theirs.id}")
    await town.settle()
    assert "tidak ditemukan" in wati.heard[-1]
    presses(sari, f"answer:{mine.id}:who:me")
    await town.settle()
    assert "tidak ditemukan" in sari.heard[-1]
    assert (await the_one(town)).patient_id == mine.patient_id


async def test_who_is_not_grown_up_is_helped_with_an_adult_except_in_danger(town: Town) -> None:
    budi = await town.worker("Budi")
    sari, wati, ani = await new(town), await new(town, "Wati"), await new(town, "Ani")
    young = "Saya laki-laki umur 15 tahun, jerawat"
    await says(town, sari, young)
    assert "siapa orang dewasa" in await taps(town, sari, "Tidak ada")
    assert "Panggil dulu orang dewasa" in await taps(town, sari, "Belum ada")
    assert "Saya sendiri, sudah dewasa" not in sari.buttons()
    town.clock.move(10)
    assert "Panggil dulu orang dewasa" in await says(town, sari, "tidak ada")
    assert "Nomor Ibu/Bapak: 1" in await says(town, sari, "bu guru")
    await taps(town, budi, "Terima")
    assert "Pendamping: Guru atau kader" in hears(budi)
    await says(town, wati, young)
    assert "Nomor Ibu/Bapak: 2" in await taps(town, wati, "Merasa tidak aman")
    assert "siapa orang dewasa" not in hears(wati)
    await says(town, ani, "Keponakan saya laki-laki 7 tahun, batuk")
    assert "siapa orang dewasa" in await taps(town, ani, "Tidak ada")
    assert "Nomor Ibu/Bapak: 3" in await taps(town, ani, "Saya sendiri, sudah dewasa")


async def test_a_text_with_a_number_of_somebody_leaves_the_chat(each_town: Town) -> None:
    town = each_town
    budi, sari = await town.worker("Budi"), await new(town)
    said = sari.says("Anak saya 3 th batuk, NIK 9971 0912 3456 7890")
    await town.settle()
    assert said not in sari.sees
    assert "kami hapus dari chat ini" in hears(sari)
    assert SIGNS in sari.heard[-1]
    await taps(town, sari, "Tidak ada")
    await taps(town, budi, "Terima")
    assert "NIK 9971••••••••7890" in budi.heard[-1]
