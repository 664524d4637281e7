"""Consent: the words first, then the question; a No leaves nothing behind."""

import asyncio
import re
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consent import Consent, ConsentText
from models.consultation import Status
from models.patient import Patient
from models.person import Person
from services import facility
from tests.stories.acts import (
    answers,
    complains,
    hears,
    ids,
    presses,
    readable,
    since,
    taken,
    the_one,
)
from tests.town import Town

SECRET = "Benjolan di payudara kiri"


async def test_the_words_wait_for_the_consent_and_are_read_by_nobody(each_town: Town) -> None:
    town = each_town
    budi = await town.worker("Budi")
    sari = await town.asker("Sari", agreed=False)
    await complains(town, sari, SECRET)
    assert "bukan layanan darurat" in sari.heard[0]
    assert "Apakah Ibu/Bapak setuju?" in sari.heard[1]
    assert SECRET not in hears(budi)
    await complains(town, sari, "Sudah dua bulan")
    assert "Sudah kami simpan juga" in sari.heard[-1]

    sari.taps("Setuju")
    await town.settle()
    await answers(town, sari)
    assert "Nomor Ibu/Bapak: 1" in sari.heard[-1]
    assert f"{SECRET} Sudah dua bulan" in budi.heard[-1]


async def test_a_typed_yes_or_no_answers_the_text_that_was_just_put(town: Town) -> None:
    sari, ani = [await town.asker(name, agreed=False) for name in ("Sari", "Ani")]
    for person in (sari, ani):
        await complains(town, person, SECRET)
    await complains(town, sari, "Ya, saya setuju bu")
    assert "Apakah Ibu/Bapak setuju?" not in sari.heard[-1]
    await answers(town, sari)
    assert "Nomor Ibu/Bapak: 1" in sari.heard[-1]
    given = await town.read(lambda s: s.scalars(select(Consent)).one())
    text = await town.read(lambda s: s.get_one(ConsentText, given.version).text)
    assert "Apakah Ibu/Bapak setuju?" in text, "it is known to which words"
    await complains(town, ani, "tidak setuju")
    assert "sudah kami hapus" in ani.heard[-1]
    await complains(town, sari, "tidak setuju")
    assert await town.read(lambda s: s.scalars(select(Consent)).one().withdrawn_at) is None


async def test_a_no_destroys_the_words(town: Town, tmp_path: Path) -> None:
    files = [tmp_path / "town.db", tmp_path / "town.db-wal"]
    budi = await town.worker("Budi")
    sari = await town.asker("Sari", agreed=False)
    await complains(town, sari, SECRET)
    sari.sends_photo("Fotonya: " + SECRET)
    await town.settle()
    assert SECRET in await readable(town)

    sari.taps("Tidak setuju")
    await town.settle()
    assert "sudah kami hapus" in sari.heard[-1]
    assert SECRET not in await readable(town)
    written = [await asyncio.to_thread(file.read_bytes) for file in files]
    assert all(written)
    assert not any(SECRET.encode() in content for content in written)
    assert (await the_one(town)).status is Status.WITHDRAWN
    keys = await town.read(lambda session: list(session.scalars(select(Patient.wrapped_key))))
    assert keys == [None]
    assert SECRET not in hears(budi)

    await complains(town, sari, "Saya mau tanya lagi")
    assert "Setuju" in sari.buttons()[0]


async def test_after_a_day_without_an_answer_the_words_are_gone(town: Town) -> None:
    await town.worker("Budi")
    sari = await town.asker("Sari", agreed=False)
    await complains(town, sari, SECRET)
    question = sari.last
    await town.wait(hours=23, minutes=50)
    assert SECRET in await readable(town)
    await town.wait(minutes=10)
    assert SECRET not in await readable(town)
    assert "sudah kami hapus" in sari.heard[-1]
    assert (await the_one(town)).status is Status.EXPIRED
    heard = len(sari.heard)
    await town.wait(hours=1)
    assert since(sari, heard) == []

    sari.taps("Setuju", question)  # the yes counts, for what comes
    await town.settle()
    assert "ceritakan keluhannya" in sari.heard[-1]


async def test_a_yes_to_an_older_text_is_asked_again(town: Town) -> None:
    sari = await town.asker("Sari", agreed=False)
    await complains(town, sari, "Batuk")
    presses(sari, "agree:0123456789ab")
    await town.settle()
    assert "Apakah Ibu/Bapak setuju?" in sari.heard[-1]
    assert (await the_one(town)).status is Status.DRAFT
    sari.taps("Setuju")
    await town.settle()
    await answers(town, sari)
    assert "Nomor Ibu/Bapak: 1" in sari.heard[-1]


async def test_a_yes_pressed_twice_counts_once(town: Town) -> None:
    sari = await town.asker("Sari", agreed=False)
    await complains(town, sari, "Batuk")
    sari.taps("Setuju")
    sari.taps("Setuju")
    await town.settle()
    await answers(town, sari)
    given = await town.read(lambda session: len(session.scalars(select(Consent)).all()))
    assert given == 1
    assert hears(sari).count("Nomor Ibu/Bapak: 1") == 1


async def test_who_takes_the_consent_back_is_asked_before_the_next_complaint(
    each_town: Town,
) -> None:
    town = each_town
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, SECRET)
    offered = budi.last
    sari.says("/batalsetuju")
    await town.settle()
    assert "sudah dicabut" in sari.heard[-1]
    assert offered.text == "Nomor 1 dibatalkan oleh penanya."
    sari.says("/batalsetuju")
    await town.settle()
    assert "Tidak ada persetujuan" in sari.heard[-1]

    await complains(town, sari, "Pusing")
    assert "Apakah Ibu/Bapak setuju?" in sari.heard[-1]
    assert "Pusing" not in hears(budi)


async def test_an_old_no_button_takes_a_later_yes_back(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    presses(sari, "disagree")
    await town.settle()
    assert "sudah dicabut" in sari.heard[-1]
    assert "dihapus" not in sari.heard[-1]
    assert (await the_one(town)).status is Status.WITHDRAWN
    assert "Batuk" not in hears(budi)


async def test_a_consent_taken_back_destroys_what_nobody_may_read(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await taken(town, sari, budi)
    presses(budi, f"close:{(await the_one(town)).id}")
    await town.settle()
    await complains(town, budi, "Istirahat")
    budi.taps("cukup di rumah")
    await town.settle()
    await complains(town, sari, SECRET)
    assert "keluhan baru" in sari.heard[-1]
    sari.says("/batalsetuju")
    await town.settle()
    assert SECRET not in await readable(town)
    assert "Anak batuk 4 hari" in await readable(town)  # the record of what was answered stays


async def test_hello_is_no_complaint(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    count = len(budi.heard)
    for hello in ("Halo", "selamat pagi!", "P"):
        town.clock.move(90)
        await complains(town, sari, hello)
    assert await ids(town) == []
    assert since(budi, count) == []
    assert "ceritakan keluhannya" in sari.heard[-1]


async def change_contact(town: Town, contact: str) -> None:
    await town.write(
        lambda session: setattr(facility.home(session, town.bot.id), "contact", contact)
    )


async def test_what_each_agreed_to_is_found_word_for_word_however_it_changed(
    each_town: Town,
) -> None:
    town = each_town
    sari = await town.asker("Sari")
    await change_contact(town, "nomor contoh yang baru")
    wati = await town.asker("Wati")

    def agreed(session: Session) -> dict[int, str]:
        rows = session.execute(
            select(Person.telegram_id, ConsentText.text)
            .join(Consent, Consent.person_id == Person.id)
            .join(ConsentText, ConsentText.version == Consent.version)
        )
        return {telegram_id: text for telegram_id, text in rows}  # noqa: C416 - rows are no pairs to mypy

    texts = await town.read(agreed)
    for person, contact in ((sari, "080000000000"), (wati, "nomor contoh yang baru")):
        (shown,) = [text for text in person.heard if "Apakah Ibu/Bapak setuju?" in text]
        assert contact in shown
        assert re.sub(r"<[^>]+>", "", texts[person.id]) == shown


async def test_another_responsible_or_contact_is_another_text_to_agree_to(town: Town) -> None:
    sari = await town.asker("Sari")
    await change_contact(town, "nomor contoh yang baru")
    await complains(town, sari, "Batuk")
    assert "nomor contoh yang baru" in sari.heard[-1]
    assert (await the_one(town)).status is Status.DRAFT
    sari.taps("Setuju")
    await town.settle()
    await answers(town, sari)
    assert "Nomor Ibu/Bapak: 1" in sari.heard[-1]


async def test_a_changed_text_silences_no_alarm_of_who_already_waits(town: Town) -> None:
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    budi = await town.worker("Budi")
    await change_contact(town, "nomor contoh yang baru")
    await complains(town, sari, "Anak saya kejang")
    assert "ada tanda bahaya" in budi.heard[-1]


async def test_a_no_counts_also_where_the_text_has_changed_since(town: Town) -> None:
    sari = await town.asker("Sari")
    await complains(town, sari, "Batuk")
    await change_contact(town, "nomor contoh yang baru")
    presses(sari, "disagree")
    await town.settle()
    assert "sudah dicabut" in sari.heard[-1]
    assert (await the_one(town)).status is Status.WITHDRAWN


async def test_words_right_behind_a_tap_are_read_after_it(town: Town) -> None:
    sari = await town.asker("Sari", agreed=False)
    sari.starts()
    await town.settle()
    sari.taps("Setuju")
    sari.says(
        "Anak saya 3 tahun batuk 4 hari"
    )  # both wait when the bot asks: a slow line, a backlog
    await town.settle()
    assert hears(sari).count("Sebelum mulai, mohon dibaca") == 1, "what was agreed to is not asked"
    assert "Adakah satu saja" in sari.heard[-1]
