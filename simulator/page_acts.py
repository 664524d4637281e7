"""What people can do on the page. Each act is one call of a script's own verbs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from simulator.errors import ApiError, Refused
from simulator.files import KINDS, Json
from simulator.group import Group
from simulator.message import Chat, Message
from simulator.page_files import SAMPLES, drawn
from simulator.page_links import Asked, follow
from simulator.page_presses import Presses
from simulator.page_screen import key, place_of
from simulator.page_troubles import TROUBLES
from simulator.params import Params
from simulator.person import NoSuchButton, Person
from simulator.phone import has_blocked, keyboard_of, original
from simulator.telegram import Telegram
from simulator.words import CAPTION_LENGTH, TEXT_LENGTH, clean

LONGEST_ALBUM = 10
LONGEST_VOICE = 600
LONGEST_MOVE = 31 * 86_400
NAME_LENGTH = 64  # core.telegram.org/constructor: first names
PEOPLE = 40  # on one page; more cannot be overseen
DOCUMENT = "surat-contoh.pdf"
CHANGED = "Tombol itu sudah berganti."
WORDED = {"text", *KINDS} - {"sticker", "video_note"}


Act = Callable[["Acts", Person, Params], object]


class Acts:
    """The acts of all people, and those on the whole stage."""

    def __init__(
        self,
        telegram: Telegram,
        presses: Presses,
        notes: dict[int, str],
        moved: Callable[[float], object] | None,
    ) -> None:
        self.telegram, self._presses, self.notes, self._moved = telegram, presses, notes, moved
        self.asked = Asked(telegram)
        self.offline: set[int] = set()
        self.troubles: dict[int, str] = {}  # by person; 0 stands for everybody

    def do(self, given: Json) -> None:
        """Do what the page asks for; raises `Refused` when it makes no sense."""
        params, name = Params(given), str(given.get("act"))
        try:
            if name in STAGE:
                STAGE[name](self, params)
            elif name in SENDS or name in ACTS:
                person = self._person(params)
                with self._where_shown(person, params):
                    self._check_open(person, name)
                    (SENDS | ACTS)[name](self, person, params)
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

    @contextmanager
    def _where_shown(self, person: Person, params: Params) -> Iterator[None]:
        """It is done in the chat that the page showed, also when another was opened since."""
        before, shown = person.open, params.number("here")
        if not shown or shown == place_of(person.chat()):
            yield
            return
        there = next((one for one in person.chats() if place_of(one) == shown), None)
        if there is None:
            raise Refused("Obrolan itu tidak ada lagi.")
        person.open = there
        try:
            yield
        finally:
            if person.open is there:  # what was done opened none itself
                person.open = before

    # What people send.

    def _say(self, person: Person, params: Params) -> None:
        person.says(_words(params, TEXT_LENGTH), self._answered(person, params))

    def _photo(self, person: Person, params: Params) -> None:
        sample = params.text("sample")
        if sample not in SAMPLES:
            raise Refused("Contoh foto itu tidak ada.")
        reply_to = self._answered(person, params)
        person.sends_photo(_caption(params), data=drawn(sample), reply_to=reply_to)

    def _album(self, person: Person, params: Params) -> None:
        count = min(max(params.number("count", 3), 2), LONGEST_ALBUM)
        person.sends_album(count, _caption(params), reply_to=self._answered(person, params))

    def _voice(self, person: Person, params: Params) -> None:
        seconds = min(max(params.number("seconds", 5), 1), LONGEST_VOICE)
        person.sends_voice(seconds, reply_to=self._answered(person, params))

    def _document(self, person: Person, params: Params) -> None:
        reply_to = self._answered(person, params)
        person.sends_document(DOCUMENT, _caption(params), reply_to=reply_to)

    def _location(self, person: Person, params: Params) -> None:
        self._stand(person, params)
        person.sends_location(*person.place, reply_to=self._answered(person, params))

    def _stand(self, person: Person, params: Params) -> None:
        """From now on the person is where the page says, if it says so."""
        if not params.text("latitude"):
            return
        place = params.decimal("latitude"), params.decimal("longitude")
        if not (abs(place[0]) <= 90 and abs(place[1]) <= 180):
            raise Refused("Tempat itu tidak ada. Lintang -90 sampai 90, bujur -180 sampai 180.")
        person.place = place

    def _key(self, person: Person, params: Params) -> None:
        buttons, number = keyboard_of(person.chat()), params.number("number", -1)
        if not 0 <= number < len(buttons) or buttons[number]["text"] != params.text("label"):
            raise Refused(CHANGED)
        self._stand(person, params)
        # `taps` would look for that label on the whole screen first.
        person._say_button(person.chat(), buttons[number])

    # What they do with what is on the screen.

    def _tap(self, person: Person, params: Params) -> None:
        message, data = self._message(person, params), params.text("data")
        same = [one for one in message.inline_buttons if one.get("callback_data") == data]
        if not same:  # what the finger was on is gone: no other is pressed in its place
            raise Refused(CHANGED)
        spin = (message.chat.bot.id, person.id, message.id, data)
        if spin in self._presses.turning():
            return  # a phone asks once, and waits for the answer
        if person.id in self.offline:
            self._presses.kept.add(spin)
        person._press(original(message), same[0])

    def _edit(self, person: Person, params: Params) -> None:
        message = self._message(person, params)
        if message.sender.id != person.id or message.kind not in WORDED:
            raise Refused("Hanya kata-kata dalam pesan sendiri yang bisa diubah.")
        text = _words(params, TEXT_LENGTH if message.kind == "text" else CAPTION_LENGTH)
        if message.kind == "text" and not text.strip():
            raise Refused("Pesan tanpa isi tidak bisa dikirim. Hapus saja pesannya.")
        person.edits(message, text)

    # What they do with the phone.

    def _signal(self, person: Person, params: Params) -> None:
        if params.flag("on"):
            self.offline.discard(person.id)
            self._presses.let_go(person.id)
            person.finds_signal()
        else:
            self.offline.add(person.id)
            person.loses_signal()

    def _open(self, person: Person, params: Params) -> None:
        self.asked.leave(person)
        person.opens(self._chat(person, params))

    def _pass_on(self, person: Person, params: Params) -> None:
        message, chat = self._message(person, params), self._chat(person, params)
        if message.protected:
            raise Refused("Pesan ini terlindungi: tidak bisa diteruskan.")
        if has_blocked(chat):
            raise Refused("Bot itu diblokir. Buka blokirnya dulu.")
        person.passes_on(message, to=chat)

    def _vote(self, person: Person, params: Params) -> None:
        message = self._message(person, params)
        options = message.content.get("poll", {}).get("options", [])
        number = params.number("number", -1)
        if not 0 <= number < len(options):
            raise Refused("Jawaban itu tidak ada.")
        mine = {options[one]["text"] for one in message.votes.get(person.id, [])}
        several = message.content["poll"]["allows_multiple_answers"]
        label = options[number]["text"]
        person.votes(message, *((mine ^ {label}) if several else {label} - mine))

    # Links, and questions asked inline.

    def _link(self, person: Person, params: Params) -> None:
        follow(self.telegram, person, params.text("url"))

    def _ask(self, person: Person, params: Params) -> None:
        if person.id in self.offline:
            raise Refused("Mencari lewat bot memerlukan sinyal.")
        self.asked.ask(person, params.text("bot"), clean(params.text("text")))

    # What they do with a group.

    def _group(self, person: Person, params: Params) -> None:
        group = person.chat()
        if not isinstance(group, Group):
            raise Refused("Ini bukan grup.")
        match params.text("what"):
            case "add":
                person.adds_bot(group)
            case "remove":
                person.removes_bot(group)
            case "upgrade":
                new = person.upgrades(group)
                for member in group.members:
                    if member.chat() is group:
                        member.opens(new)

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
        """From now on one kind of trouble for everybody or one person; none without a name."""
        name, whose = params.text("trouble"), params.number("person")
        if name and name not in TROUBLES:
            raise Refused("Gangguan itu tidak ada.")
        self.troubles.pop(whose, None)
        if name:
            self.troubles[whose] = name
        self.telegram.trouble.clear()
        for number, kind in sorted(self.troubles.items(), reverse=True):  # a person's own first
            TROUBLES[kind](self.telegram.trouble, number or None)

    def _message(self, person: Person, params: Params) -> Message:
        wanted = params.text("message")
        for message in person.sees_in():
            if key(message) == wanted:
                return message
        raise Refused("Pesan itu sudah tidak ada di layar.")

    def _answered(self, person: Person, params: Params) -> Message | None:
        return self._message(person, params) if params.text("message") else None

    def _chat(self, person: Person, params: Params) -> Chat:
        for chat in person.chats():
            if place_of(chat) == params.number("chat"):
                return chat
        raise Refused("Obrolan itu tidak ada.")

    def _check_open(self, person: Person, name: str) -> None:
        if name in SENDS and has_blocked(person.chat()) and person.id not in self.offline:
            raise Refused("Bot ini diblokir. Buka blokirnya dulu untuk menulis.")


def _words(params: Params, limit: int) -> str:
    text = clean(params.text("text"))
    if len(text) > limit:
        raise Refused(f"Terlalu panjang: paling banyak {limit} huruf.")
    return text


def _caption(params: Params) -> str | None:
    return _words(params, CAPTION_LENGTH) or None


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
    "document": Acts._document,
    "location": Acts._location,
    "contact": lambda acts, person, params: person.sends_contact(
        reply_to=acts._answered(person, params)
    ),
    "sticker": lambda acts, person, params: person.sends_sticker(
        reply_to=acts._answered(person, params)
    ),
    "key": Acts._key,
    "choose": lambda acts, person, params: acts.asked.choose(person, params.text("result")),
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
    "link": Acts._link,
    "ask": Acts._ask,
    "unask": lambda acts, person, _: acts.asked.leave(person),
    "block": lambda _, person, __: person.blocks(),
    "unblock": lambda _, person, __: person.unblocks(),
    "open": Acts._open,
    "forward": Acts._pass_on,
    "vote": Acts._vote,
    "group": Acts._group,
}
