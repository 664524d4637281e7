"""What people can do on the page. Each act is one call of a script's own verbs."""

import copy
from collections.abc import Callable

from simulator.api import FREE, LIMITED, METHODS
from simulator.errors import ApiError
from simulator.files import Json
from simulator.message import Chat, Message
from simulator.page_files import SAMPLES, drawn
from simulator.page_screen import commands, key
from simulator.params import Params
from simulator.person import NoSuchButton, Person
from simulator.phone import keyboard_of
from simulator.telegram import Telegram
from simulator.trouble import Trouble
from simulator.words import CAPTION_LENGTH, TEXT_LENGTH, clean

LONGEST_ALBUM = 10
LONGEST_VOICE = 600
LONGEST_MOVE = 31 * 86_400
NAME_LENGTH = 64  # core.telegram.org/constructor: first names
PEOPLE = 40  # on one page; more cannot be overseen
SLOW = 3.0
SENDING = [name for name in METHODS if name.startswith(LIMITED) and name not in FREE]


class Refused(Exception):
    """The act cannot be done; the words are for the person who plays."""


class Acts:
    """The acts of all people, and those on the whole stage."""

    def __init__(
        self, telegram: Telegram, notes: dict[int, str], moved: Callable[[float], object] | None
    ) -> None:
        self.telegram, self.notes, self._moved = telegram, notes, moved
        self.offline: set[int] = set()
        self.trouble = ""

    def do(self, given: Json) -> None:
        """Do what the page asks for; raises `Refused` when it makes no sense."""
        params, name = Params(given), str(given.get("act"))
        try:
            if name in STAGE:
                STAGE[name](self, params)
            elif name in ACTS:
                ACTS[name](self, self._person(params), params)
            else:
                raise Refused("Halaman ini tidak mengenal tindakan itu.")
        except ApiError as error:
            raise Refused(f"Telegram menolak: {error.description}") from error
        except (ValueError, NoSuchButton) as error:
            raise Refused(f"Tidak bisa dilakukan: {error}") from error

    def _person(self, params: Params) -> Person:
        person = self.telegram.people.get(params.number("person"))
        if person is None or person.bot is None:
            raise Refused("Orang itu tidak ada lagi. Muat ulang halaman ini.")
        return person

    # What people send.

    def start(self, person: Person, params: Params) -> None:
        person.starts(params.text("payload"))

    def say(self, person: Person, params: Params) -> None:
        text = _words(params, TEXT_LENGTH)
        self._check_open(person)
        person.says(text, self._message(person, params) if params.text("message") else None)

    def photo(self, person: Person, params: Params) -> None:
        sample = params.text("sample")
        if sample not in SAMPLES:
            raise Refused("Contoh foto itu tidak ada.")
        self._check_open(person)
        person.sends_photo(_words(params, CAPTION_LENGTH) or None, data=drawn(sample))

    def album(self, person: Person, params: Params) -> None:
        self._check_open(person)
        count = min(max(params.number("count", 3), 2), LONGEST_ALBUM)
        person.sends_album(count, _words(params, CAPTION_LENGTH) or None)

    def voice(self, person: Person, params: Params) -> None:
        self._check_open(person)
        person.sends_voice(min(max(params.number("seconds", 5), 1), LONGEST_VOICE))

    def document(self, person: Person, params: Params) -> None:
        self._check_open(person)
        person.sends_document("surat-contoh.pdf", _words(params, CAPTION_LENGTH) or None)

    def location(self, person: Person, params: Params) -> None:
        self._check_open(person)
        person.sends_location(*person.place)

    def contact(self, person: Person, params: Params) -> None:
        self._check_open(person)
        person.sends_contact()

    def sticker(self, person: Person, params: Params) -> None:
        self._check_open(person)
        person.sends_sticker()

    # What they do with what is on the screen.

    def tap(self, person: Person, params: Params) -> None:
        """Tap exactly that inline button, also where another one has the same label."""
        message = self._message(person, params)
        row, column = params.number("row"), params.number("column")
        if not (0 <= row < len(message.rows) and 0 <= column < len(message.rows[row])):
            raise Refused("Tombol itu sudah berganti.")
        button = message.rows[row][column]
        only = copy.copy(message)
        only.markup = {"inline_keyboard": [[button]]}
        person.taps(button["text"], only)

    def key(self, person: Person, params: Params) -> None:
        """Tap a button of the reply keyboard, by its place."""
        self._check_open(person)
        buttons, number = keyboard_of(person.chat()), params.number("number", -1)
        if not 0 <= number < len(buttons):
            raise Refused("Tombol itu sudah berganti.")
        # `taps` would look for that label on the whole screen first.
        person._say_button(person.chat(), buttons[number])

    def edit(self, person: Person, params: Params) -> None:
        message = self._own(person, params)
        limit = TEXT_LENGTH if message.kind == "text" else CAPTION_LENGTH
        text = _words(params, limit)
        if not text.strip() and message.kind == "text":
            raise Refused("Pesan tanpa isi tidak bisa dikirim. Hapus saja pesannya.")
        person.edits(message, text)

    def delete(self, person: Person, params: Params) -> None:
        person.deletes(self._message(person, params))

    def react(self, person: Person, params: Params) -> None:
        person.reacts(self._message(person, params), params.text("emoji") or None)

    # What they do with the phone.

    def signal(self, person: Person, params: Params) -> None:
        """Lose the signal, or find it again: then everything kept leaves the phone in order."""
        if params.flag("on"):
            self.offline.discard(person.id)
            person.finds_signal()
        else:
            self.offline.add(person.id)
            person.loses_signal()

    def block(self, person: Person, params: Params) -> None:
        person.blocks()

    def unblock(self, person: Person, params: Params) -> None:
        person.unblocks()

    def open(self, person: Person, params: Params) -> None:
        """Turn to the chat with another bot."""
        for bot in self.telegram.bots.values():
            if bot.id == params.number("bot"):
                person.opens(bot)

    # What happens to all.

    def add(self, params: Params) -> None:
        """Give one more person a phone."""
        name = clean(params.text("name")).strip()[:NAME_LENGTH]
        if not name:
            raise Refused("Siapa namanya?")
        if len(self.telegram.people) >= PEOPLE:
            raise Refused(f"Sudah ada {PEOPLE} orang di halaman ini.")
        bot = next(iter(self.telegram.bots.values()), None)
        person = self.telegram.add_person(name, bot=bot)
        note = clean(params.text("note")).strip()[:NAME_LENGTH]
        self.notes[person.id] = note or "Orang tambahan"

    def clock(self, params: Params) -> None:
        """Move the clock forward."""
        seconds = params.number("seconds")
        if self._moved is None or not 0 < seconds <= LONGEST_MOVE:
            raise Refused("Jam ini tidak bisa digeser sejauh itu.")
        self._moved(float(seconds))

    def go_wrong(self, params: Params) -> None:
        """From now on one kind of trouble, instead of any before; none when it has no name."""
        name = params.text("trouble")
        if name and name not in TROUBLES:
            raise Refused("Gangguan itu tidak ada.")
        self.telegram.trouble.clear()
        self.trouble = name
        if name:
            TROUBLES[name](self.telegram.trouble)

    def _message(self, person: Person, params: Params) -> Message:
        wanted = params.text("message")
        for message in person.sees_in():
            if key(message) == wanted:
                return message
        raise Refused("Pesan itu sudah tidak ada di layar.")

    def _own(self, person: Person, params: Params) -> Message:
        message = self._message(person, params)
        if message.from_bot or message.kind in ("sticker", "location", "contact", "dice"):
            raise Refused("Hanya kata-kata dalam pesan sendiri yang bisa diubah.")
        return message

    def _check_open(self, person: Person) -> None:
        chat: Chat = person.chat()
        if chat.blocked and person.id not in self.offline:
            raise Refused("Bot ini diblokir. Buka blokirnya dulu untuk menulis.")


def _words(params: Params, limit: int) -> str:
    text = clean(params.text("text"))
    if len(text) > limit:
        raise Refused(f"Terlalu panjang: paling banyak {limit} huruf.")
    return text


def _flood(trouble: Trouble) -> None:
    for method in SENDING:
        trouble.add(method, "flood", times=None, retry_after=5)


def _lose_answers(trouble: Trouble) -> None:
    for method in SENDING:
        trouble.add(method, "cut_after", times=None, chance=0.5)


TROUBLES: dict[str, Callable[[Trouble], None]] = {
    "slow": lambda trouble: trouble.add("*", "delay", times=None, seconds=SLOW),
    "flood": _flood,
    "broken": lambda trouble: trouble.add("*", "error", times=None, code=502),
    "cut": lambda trouble: trouble.add("*", "cut_before", times=None),
    "lost": _lose_answers,
}
STAGE: dict[str, Callable[[Acts, Params], None]] = {
    "add": Acts.add,
    "clock": Acts.clock,
    "trouble": Acts.go_wrong,
}
ACTS: dict[str, Callable[[Acts, Person, Params], None]] = {
    act.__name__: act
    for act in (
        Acts.start, Acts.say, Acts.photo, Acts.album, Acts.voice, Acts.document, Acts.location,
        Acts.contact, Acts.sticker, Acts.tap, Acts.key, Acts.edit, Acts.delete, Acts.react,
        Acts.signal, Acts.block, Acts.unblock, Acts.open,
    )
}  # fmt: skip
