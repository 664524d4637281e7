"""What people can do on the page. Each act is one call of a script's own verbs."""

import copy
from collections.abc import Callable

from simulator.api import FREE, LIMITED, METHODS
from simulator.errors import ApiError
from simulator.files import KINDS, Json
from simulator.message import Message
from simulator.page_files import SAMPLES, drawn
from simulator.page_screen import key
from simulator.params import Params
from simulator.person import NoSuchButton, Person
from simulator.phone import has_blocked, keyboard_of
from simulator.telegram import Telegram
from simulator.trouble import Trouble
from simulator.words import CAPTION_LENGTH, TEXT_LENGTH, clean

LONGEST_ALBUM = 10
LONGEST_VOICE = 600
LONGEST_MOVE = 31 * 86_400
NAME_LENGTH = 64  # core.telegram.org/constructor: first names
PEOPLE = 40  # on one page; more cannot be overseen
SLOW = 3.0
DOCUMENT = "surat-contoh.pdf"
WORDED = {"text", *KINDS} - {"sticker", "video_note"}
SENDING = [name for name in METHODS if name.startswith(LIMITED) and name not in FREE]


Act = Callable[["Acts", Person, Params], object]


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
            elif name in SENDS:
                person = self._person(params)
                self._check_open(person)
                SENDS[name](self, person, params)
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
        if person is None or person.open is None:
            raise Refused("Orang itu tidak ada lagi. Muat ulang halaman ini.")
        return person

    # What people send.

    def _say(self, person: Person, params: Params) -> None:
        reply_to = self._message(person, params) if params.text("message") else None
        person.says(_words(params, TEXT_LENGTH), reply_to)

    def _photo(self, person: Person, params: Params) -> None:
        sample = params.text("sample")
        if sample not in SAMPLES:
            raise Refused("Contoh foto itu tidak ada.")
        person.sends_photo(_caption(params), data=drawn(sample))

    def _album(self, person: Person, params: Params) -> None:
        count = min(max(params.number("count", 3), 2), LONGEST_ALBUM)
        person.sends_album(count, _caption(params))

    def _voice(self, person: Person, params: Params) -> None:
        person.sends_voice(min(max(params.number("seconds", 5), 1), LONGEST_VOICE))

    def _key(self, person: Person, params: Params) -> None:
        buttons, number = keyboard_of(person.chat()), params.number("number", -1)
        if not 0 <= number < len(buttons):
            raise Refused("Tombol itu sudah berganti.")
        # `taps` would look for that label on the whole screen first.
        person._say_button(person.chat(), buttons[number])

    # What they do with what is on the screen.

    def _tap(self, person: Person, params: Params) -> None:
        message = self._message(person, params)
        row, column = params.number("row"), params.number("column")
        if not (0 <= row < len(message.rows) and 0 <= column < len(message.rows[row])):
            raise Refused("Tombol itu sudah berganti.")
        button = message.rows[row][column]
        only = copy.copy(message)  # another button may have the same label
        only.markup = {"inline_keyboard": [[button]]}
        person.taps(button["text"], only)

    def _edit(self, person: Person, params: Params) -> None:
        message = self._message(person, params)
        if message.from_bot or message.kind not in WORDED:
            raise Refused("Hanya kata-kata dalam pesan sendiri yang bisa diubah.")
        text = _words(params, TEXT_LENGTH if message.kind == "text" else CAPTION_LENGTH)
        if message.kind == "text" and not text.strip():
            raise Refused("Pesan tanpa isi tidak bisa dikirim. Hapus saja pesannya.")
        person.edits(message, text)

    # What they do with the phone.

    def _signal(self, person: Person, params: Params) -> None:
        if params.flag("on"):
            self.offline.discard(person.id)
            person.finds_signal()
        else:
            self.offline.add(person.id)
            person.loses_signal()

    def _open(self, person: Person, params: Params) -> None:
        for bot in self.telegram.bots.values():
            if bot.id == params.number("bot"):
                person.opens(bot)

    # What happens to all.

    def _add(self, params: Params) -> None:
        name = clean(params.text("name")).strip()[:NAME_LENGTH]
        if not name:
            raise Refused("Siapa namanya?")
        if len(self.telegram.people) >= PEOPLE:
            raise Refused(f"Sudah ada {PEOPLE} orang di halaman ini.")
        bot = next(iter(self.telegram.bots.values()), None)
        person = self.telegram.add_person(name, bot=bot)
        note = clean(params.text("note")).strip()[:NAME_LENGTH]
        self.notes[person.id] = note or "Orang tambahan"

    def _clock(self, params: Params) -> None:
        seconds = params.number("seconds")
        if self._moved is None or not 0 < seconds <= LONGEST_MOVE:
            raise Refused("Jam ini tidak bisa digeser sejauh itu.")
        self._moved(float(seconds))

    def _trouble(self, params: Params) -> None:
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

    def _check_open(self, person: Person) -> None:
        if has_blocked(person.chat()) and person.id not in self.offline:
            raise Refused("Bot ini diblokir. Buka blokirnya dulu untuk menulis.")


def _words(params: Params, limit: int) -> str:
    text = clean(params.text("text"))
    if len(text) > limit:
        raise Refused(f"Terlalu panjang: paling banyak {limit} huruf.")
    return text


def _caption(params: Params) -> str | None:
    return _words(params, CAPTION_LENGTH) or None


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
    "add": Acts._add,
    "clock": Acts._clock,
    "trouble": Acts._trouble,
}
SENDS: dict[str, Act] = {  # what a blocked bot cannot get
    "say": Acts._say,
    "photo": Acts._photo,
    "album": Acts._album,
    "voice": Acts._voice,
    "document": lambda _, person, params: person.sends_document(DOCUMENT, _caption(params)),
    "location": lambda _, person, __: person.sends_location(*person.place),
    "contact": lambda _, person, __: person.sends_contact(),
    "sticker": lambda _, person, __: person.sends_sticker(),
    "key": Acts._key,
}
ACTS: dict[str, Act] = {
    "start": lambda _, person, params: person.starts(params.text("payload")),
    "tap": Acts._tap,
    "edit": Acts._edit,
    "delete": lambda acts, person, params: person.deletes(acts._message(person, params)),
    "react": lambda acts, person, params: person.reacts(
        acts._message(person, params), params.text("emoji") or None
    ),
    "signal": Acts._signal,
    "block": lambda _, person, __: person.blocks(),
    "unblock": lambda _, person, __: person.unblocks(),
    "open": Acts._open,
}
