"""Ways into a bot other than writing to it: a tapped link, and a question asked inline."""

import re
from urllib.parse import parse_qs, urlsplit

from simulator.account import BotAccount
from simulator.errors import Refused
from simulator.files import Json
from simulator.message import Message
from simulator.person import Person
from simulator.question import PAYLOAD, QUESTION_LENGTH, Question, choose
from simulator.telegram import Telegram

HOSTS = ("t.me", "telegram.me", "telegram.dog")  # core.telegram.org/api/links
NO_LINK = "Itu bukan tautan Telegram. Bentuknya https://t.me/nama_bot?start=…"
NAME = re.compile(r"\w{4,32}")


def follow(telegram: Telegram, person: Person, address: str) -> None:
    """Open the bot that a link names; with a payload also tap its «Start». Raises `Refused`."""
    name, payload = _read(address.strip())
    bot = _named(telegram, name)
    if bot is None:
        raise Refused("Tautan itu di luar Telegram tiruan ini.")
    if payload is not None and not PAYLOAD.fullmatch(payload):
        raise Refused("Tautan itu rusak: isinya tidak bisa dibawa ke bot.")
    person.opens(bot)
    if payload:
        person.starts(payload)


def _read(address: str) -> tuple[str, str | None]:
    """The name and the payload in `https://t.me/name?start=payload` and its other spellings."""
    try:
        url = urlsplit(address if "://" in address else f"https://{address}")
    except ValueError:
        raise Refused(NO_LINK) from None
    given = {name: values[0] for name, values in parse_qs(url.query).items()}
    if url.scheme == "tg" and url.netloc == "resolve":
        return given.get("domain", ""), given.get("start")
    if url.scheme not in ("http", "https") or url.hostname not in HOSTS:
        raise Refused(NO_LINK)
    return url.path.strip("/"), given.get("start")


def _named(telegram: Telegram, name: str) -> BotAccount | None:
    found = (bot for bot in telegram.bots.values() if bot.username.lower() == name.lower())
    return next(found, None) if NAME.fullmatch(name) else None


class Asked:
    """What people ask inline now; a phone shows the results of its newest question."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._newest: dict[int, Question] = {}

    def ask(self, person: Person, name: str, text: str) -> None:
        """Ask the bot of that name; raises `Refused` where none answers inline."""
        bot = _named(self._telegram, name)
        if bot is None or not bot.inline:
            raise Refused("Bot itu tidak melayani pencarian.")
        self._newest[person.id] = person.asks_inline(text[:QUESTION_LENGTH], via=bot)

    def leave(self, person: Person) -> None:
        """The question was wiped from the field, or its chat closed."""
        self._newest.pop(person.id, None)

    def choose(self, person: Person, result_id: str) -> Message:
        """Send the result of that id."""
        asked = self._newest.get(person.id)
        for result in (asked.results if asked else None) or []:
            if asked and result.id == result_id:
                self.leave(person)
                return choose(self._telegram, asked, result)
        raise Refused("Hasil itu sudah tidak ada. Cari lagi.")

    def shown(self, person: Person) -> Json | None:
        """The newest question with its results, as the phone draws it."""
        asked = self._newest.get(person.id)
        if asked is None:
            return None
        about: Json = {"bot": asked.bot.username, "text": asked.text}
        if asked.results is None:
            return about
        about["results"] = [
            {"id": one.id, "title": one.title or one.words.text, "about": one.about}
            for one in asked.results
        ]
        if asked.button and "start_parameter" in asked.button:
            start = asked.button["start_parameter"]
            link = f"https://t.me/{asked.bot.username}?start={start}"
            about["button"] = {"text": asked.button["text"], "url": link}
        return about
