"""Languages: guessed, chosen, and always the receiver's own."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consent import Consent, ConsentText
from models.person import Language
from simulator.page_screen import commands
from simulator.person import Person
from tests.stories.acts import hears
from tests.town import Town

INDONESIAN = re.compile(r"\b(?:yang|tidak|dan|atau|untuk|kalau|sudah|kami|bapak|anda)\b", re.I)


def guest(town: Town, name: str, code: str | None) -> Person:
    """Somebody whose phone speaks that language."""
    return town.telegram.add_person(name, bot=town.bot, language_code=code)


def menu_of(town: Town, person: Person) -> dict[str, str]:
    """The commands that somebody's Telegram offers."""
    return {one["command"]: one["description"] for one in commands(town.bot, person)}


async def does(town: Town, person: Person, *taps: str) -> None:
    for tap in taps:
        person.taps(tap)
        await town.settle()


async def test_everybody_reads_their_own_language_and_words_stay_as_they_are(
    each_town: Town,
) -> None:
    """An English phone meets English up to the queue and in danger; its worker Indonesian."""
    town = each_town
    budi = await town.worker("Budi")
    mary = guest(town, "Mary", "en-GB")
    mary.says("My child has a cough")
    await town.settle()
    assert "This is Telekonsul" in mary.heard[0]
    assert "Do you agree?" in mary.heard[-1]
    assert "🌐 Bahasa Indonesia · Basa Jawa" in mary.buttons()
    await does(town, mary, "I agree", "2 months – 5 years")
    assert "About: The writer's child, 2 months – 5 years." in mary.heard[-1]
    assert "• Fits, fainted, very weak, or hard to wake" in mary.heard[-1]
    mary.says("none of these")  # a label is also an answer when it is written
    await town.settle()
    assert "Your number: 1" in mary.heard[-1]
    assert "You are first in line. Staff on duty: 1." in mary.heard[-1]

    # The worker reads the same request in Indonesian, and her words as she wrote them.
    assert "Anak penanya, 2 bulan – 5 tahun" in budi.heard[-1]
    assert "«My child has a cough" in budi.heard[-1]
    await does(town, budi, "Terima")
    assert "has your request and is reading it" in mary.heard[-1]
    mary.says("anak saya kejang")
    await town.settle()
    assert "THIS IS A DANGER SIGN" in hears(mary)
    assert "Anak saya kejang".lower() in hears(budi).lower()
    own = [text for text in mary.heard if INDONESIAN.search(text)]
    assert own == []
    assert not any("request" in text or "danger" in text.lower() for text in budi.heard)


async def test_javanese_is_chosen_and_what_is_open_is_asked_again(town: Town) -> None:
    """A phone in another language is Indonesian; the word «bahasa» leads to the languages, with
    what no speaker has signed; consent and question follow, and the consent holds."""
    await town.worker("Budi")
    wayan = guest(town, "Wayan", "ms")
    wayan.starts()
    await town.settle()
    assert wayan.heard[0].startswith("Halo Wayan.")
    assert "penutur" not in hears(wayan)
    wayan.says("Ganti bahasa!")
    await town.settle()
    assert "Belum ditinjau penutur: Basa Jawa, English." in wayan.heard[-1]
    await does(town, wayan, "Basa Jawa")
    assert "Punapa Panjenengan setuju?" in wayan.heard[-1]
    assert "Madosi puskesmas" in menu_of(town, wayan)["faskes"]
    await does(town, wayan, "✅ Setuju")
    wayan.says("Kula watuk sampun 4 dinten")
    await town.settle()
    assert "Umuripun pinten?" in wayan.heard[-1]
    wayan.says("/bahasa")
    await town.settle()
    await does(town, wayan, "English")
    assert "How old?" in wayan.heard[-1]  # not the consent: it holds in every reading
    await does(town, wayan, "18 – 55 years")
    wayan.says("batal")
    await town.settle()
    await does(town, wayan, "🗑")
    assert "has been deleted" in wayan.heard[-1]

    def agreed(session: Session) -> list[str]:
        texts = select(ConsentText.text).join(Consent, Consent.version == ConsentText.version)
        return list(session.scalars(texts))

    (text,) = await town.read(agreed)
    assert "Punapa Panjenengan setuju?" in text  # as it was shown


async def test_who_was_guessed_is_told_under_the_consent_that_nobody_has_signed(
    town: Town,
) -> None:
    """However they arrive; what is not ours, or no code at all, is Indonesian."""
    for words in ("/start", "My child has a cough", "napas saya sesak"):
        mary = guest(town, "Mary", "en")
        mary.says(words)
        await town.settle()
        assert "Do you agree?" in mary.heard[-1]
        assert mary.heard[-1].count("No speaker has checked") == 1
        assert hears(mary).count("No speaker has checked") == 1
    for code in (None, "zh-hans", "", "english"):
        ani = guest(town, "Ani", code)
        ani.starts()
        await town.settle()
        assert ani.heard[0].startswith("Halo Ani.")
    assert Language("jv") is Language.JAVANESE
