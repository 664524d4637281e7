"""Every screen is reached by a word, a key or a command; none of them disturbs who talks."""

from sqlalchemy import update

from models.bot import Bot, Contact
from models.mail import Outgoing
from simulator.page_screen import commands
from simulator.person import Person
from tests.routes import COMMANDS
from tests.stories.acts import advised, complains, hears, ids, licensed, pair, since
from tests.stories.test_place import BIG
from tests.town import Town


def menu_of(town: Town, person: Person) -> set[str]:
    """The commands that somebody's Telegram offers."""
    return {one["command"] for one in commands(town.bot, person)}


async def test_who_comes_sees_four_big_keys_and_each_leads_somewhere(town: Town) -> None:
    """Also without a consent, and none is a dead end."""
    sari = await town.asker("Sari", agreed=False)
    sari.starts()
    await town.settle()
    assert sari.keyboard() == BIG
    for key, text in zip(BIG, ("setuju?", "dekat mana?", "tanpa surat rujukan", "bisa dilakukan"),
                         strict=True):  # fmt: skip
        await complains(town, sari, key)  # as a tap writes it
        assert text in sari.heard[-1]
    assert sari.keyboard() == BIG
    await town.wait(hours=1)
    await complains(town, sari, "saya setuju")  # to which text, nobody knows any more
    assert "Apakah Ibu/Bapak setuju?" in sari.heard[-1]
    await complains(town, sari, "panduan")
    for button, text in (
        ("Faskes terdekat", "dekat mana?"), ("Kartu darurat", "119"), ("Bantuan", "puskesmas"),
    ):  # fmt: skip
        sari.taps(
            button, next(one for one in reversed(sari.sees) if "singkat JKN" in (one.text or ""))
        )
        await town.settle()
        assert text in sari.heard[-1]
    assert await ids(town) == []


async def test_ordinary_words_lead_to_the_queue_and_out_of_it(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, "antri")
    assert "belum punya nomor antrean" in sari.heard[-1]
    await complains(town, sari, "saya sakit")
    assert "ceritakan keluhannya" in sari.heard[-1]
    assert await ids(town) == []
    sari.says("Batuk empat hari")
    await town.settle()
    await complains(town, sari, "Batalkan")
    assert "menghapus yang tadi ditulis" in sari.heard[-1]
    await complains(town, sari, "konsultasi")  # no: the question comes again, and goes on
    assert "Nomor Ibu/Bapak: 1" in hears(sari)
    count = len(budi.heard)
    await complains(town, sari, "antrian saya sampai mana?")
    await complains(town, sari, "antrian")
    assert "Nomor 1 masih menunggu" in sari.heard[-1]
    await complains(town, sari, "bantuan")
    assert "Konsultasi nomor 1 masih terbuka" in sari.heard[-1]
    await complains(town, sari, "ga jadi")
    sari.taps("Batalkan")
    await town.settle()
    assert "nomor 1 sudah dibatalkan" in sari.heard[-1]
    assert not any("bantuan" in text for text in since(budi, count))


async def test_while_people_talk_words_belong_to_the_other_and_keys_to_nobody(town: Town) -> None:
    sari, budi = await pair(town)
    count = len(budi.heard)
    for word in ("bantuan", "batal", "antri", "sakit"):
        heard = len(sari.heard)
        await complains(town, sari, word)
        assert word in budi.heard[-1]
        assert since(sari, heard) == []
    passed = len(budi.heard)
    assert passed == count + 4
    await complains(town, sari, "❓ Bantuan")
    assert "Konsultasi nomor 1 masih terbuka" in sari.heard[-1]
    assert sari.keyboard() == []
    await complains(town, sari, "🩺 Konsultasi")
    assert "Silakan bercakap di sini" in sari.heard[-1]
    await complains(town, sari, "/panduan")
    assert "singkat JKN" in sari.heard[-1]
    assert len(budi.heard) == passed
    await complains(town, sari, "tolong")  # danger is heard, and said to the one who helps
    assert "119" in sari.heard[-1]
    assert "tolong" in budi.heard[-1]


async def test_what_says_nothing_is_answered_shortly_and_seldom(town: Town) -> None:
    sari = await town.asker("Sari")
    await town.wait(minutes=2)
    count = len(sari.heard)
    for nothing in ("?", "asdf", "😀", "12345", "wkwkwk") * 4:
        sari.says(nothing)
    sari.sends_sticker()
    await town.settle()
    assert len(since(sari, count)) == 1
    assert "belum kami pahami" in sari.heard[-1]
    assert "119" in sari.heard[-1]
    assert sari.keyboard() == BIG
    await town.wait(minutes=2)
    sari.says("?")
    await town.settle()
    assert len(since(sari, count)) == 2
    assert await ids(town) == []


async def test_each_role_has_its_commands_and_its_help_as_long_as_it_holds(town: Town) -> None:
    """Set when the role changes, in the language of its holder, and once."""
    await town.station._set_up(town.bot.username)  # what the start of the process does
    sari = await town.asker("Sari")
    budi = await town.worker("Budi")
    nyoman = await town.admin("Nyoman")
    await complains(town, nyoman, "/admin")
    of_workers = {"siap", "jeda", "selesai", "koreksi"}
    everybody = set(COMMANDS) - of_workers - {"admin", "pinbaru"}
    assert menu_of(town, sari) == everybody
    assert menu_of(town, budi) == everybody | of_workers
    assert menu_of(town, nyoman) == everybody | {"admin", "pinbaru"}
    for who, text in ((budi, "Untuk tenaga kesehatan"), (nyoman, "Untuk admin")):
        await complains(town, who, "/bantuan")
        assert text in who.heard[-1]
        assert text not in hears(sari)
    assert budi.keyboard() == []

    made = await town.read(lambda session: session.query(Outgoing).count())
    await complains(town, budi, "/siap")
    await town.station._set_up(town.bot.username)
    await town.settle()
    sent = [one.method for one in await town.read(lambda session: session.query(Outgoing).all())]
    assert sent[made:].count("setMyCommands") == 0

    # At the server's keyboard somebody becomes a worker: the next start sees to it.
    await licensed(town, sari)
    await town.station._set_up(town.bot.username)
    await town.settle()
    assert menu_of(town, sari) == everybody | of_workers
    await town.write(lambda session: session.execute(update(Contact).values(menu="of old words")))
    await town.write(lambda session: session.execute(update(Bot).values(menu="of old words")))
    town.bot.commands.clear()
    town.bot.texts.clear()
    await town.station._set_up(town.bot.username)
    await town.settle()
    assert menu_of(town, budi) == everybody | of_workers
    wati = town.telegram.add_person("Wati", bot=town.bot, language_code="jv")
    assert any("Gantos basa" in one["description"] for one in commands(town.bot, wati))
    about = town.bot.texts
    assert f"Bot yang asli bernama @{town.bot.username}" in about["description/"]
    assert "mboten nate nyuwun arta" in about["short_description/jv"]
    assert max(len(one) for name, one in about.items() if name.startswith("short")) <= 120


async def test_a_thumb_after_the_advice_is_a_thank_you_and_a_question_mark_is_none(
    town: Town,
) -> None:
    sari, budi = await pair(town)
    await advised(town, budi)
    await complains(town, sari, "👍 ok")
    assert "Sama-sama" in sari.heard[-1]
    await town.wait(minutes=2)
    await complains(town, sari, "??")
    assert "belum kami pahami" in sari.heard[-1]
    assert len(await ids(town)) == 1
