"""People and what they do: a script for tests, benches and the demo."""

from typing import TYPE_CHECKING, Unpack

from simulator import membership, poll, question
from simulator.files import POINT, Upload, content
from simulator.group import Group
from simulator.message import Chat, Json, Message, origin_of
from simulator.phone import Phone, Place, Where, keyboard_of, original
from simulator.question import PAYLOAD, Question
from simulator.words import finish

if TYPE_CHECKING:
    from simulator.account import BotAccount


class NoSuchButton(AssertionError):
    """Nothing on the screen carries that label."""


class Person(Phone):
    """Someone with a phone. Whatever they do is one call; `to` names the place they do it in."""

    # What they write.

    def says(
        self, text: str, reply_to: Message | None = None, *, to: "Place | None" = None
    ) -> Message:
        """Write a text; the client cuts nothing and adds nothing but the links it finds."""
        return self._send("text", text, reply_to=reply_to, to=to)

    def starts(self, payload: str = "", *, to: "Place | None" = None) -> Message:
        """Tap «Start», also after having blocked the bot; a deep link brings a payload."""
        if not PAYLOAD.fullmatch(payload):
            raise ValueError(f"no deep link can carry {payload!r}")
        self.unblocks(to=to)
        return self.says(f"/start {payload}".strip(), to=to)

    def replies(self, message: Message, text: str) -> Message:
        """Answer one message."""
        return self.says(text, message, to=message.chat)

    def sends_photo(
        self,
        caption: str | None = None,
        *,
        data: bytes = POINT,
        **where: Unpack[Where],
    ) -> Message:
        """Send a picture."""
        return self._send_file("photo", Upload(data), caption, **where)

    def sends_album(
        self, count: int, caption: str | None = None, **where: Unpack[Where]
    ) -> list[Message]:
        """Send several pictures at once: one message each, the caption under the first."""
        album = self.telegram.new_album()
        captions = [caption] + [None] * (count - 1)
        return [
            self._send_file("photo", Upload(POINT), words, album=album, **where)
            for words in captions
        ]

    def sends_voice(
        self, seconds: int = 5, caption: str | None = None, **where: Unpack[Where]
    ) -> Message:
        """Speak."""
        return self._send_file("voice", Upload(b"OggS"), caption, {"duration": seconds}, **where)

    def sends_document(
        self,
        name: str = "surat.pdf",
        caption: str | None = None,
        *,
        data: bytes = b"%PDF-1.4\n",
        mime: str = "application/pdf",
        **where: Unpack[Where],
    ) -> Message:
        """Send a file."""
        return self._send_file("document", Upload(data, name, mime), caption, **where)

    def sends_video(
        self, seconds: int = 5, caption: str | None = None, **where: Unpack[Where]
    ) -> Message:
        """Send a film."""
        return self._send_file("video", Upload(b"film"), caption, {"duration": seconds}, **where)

    def sends_video_note(self, seconds: int = 5, **where: Unpack[Where]) -> Message:
        """Send a round film."""
        return self._send_file("video_note", Upload(b"film"), None, {"duration": seconds}, **where)

    def sends_sticker(self, emoji: str = "🙂", **where: Unpack[Where]) -> Message:
        """Send a sticker."""
        return self._send_file("sticker", Upload(b"RIFF"), None, {"emoji": emoji}, **where)

    def sends_location(self, lat: float, lon: float, **where: Unpack[Where]) -> Message:
        """Send a place."""
        place = {"latitude": lat, "longitude": lon}
        return self._send("location", about={"location": place}, **where)

    def sends_contact(
        self,
        phone: str | None = None,
        first_name: str | None = None,
        **where: Unpack[Where],
    ) -> Message:
        """Send a contact card; without a number their own, which carries their user id."""
        card: Json = {
            "phone_number": phone or self.phone,
            "first_name": first_name or self.first_name,
        }
        if phone in (None, self.phone):
            card["user_id"] = self.id
        return self._send("contact", about={"contact": card}, **where)

    def sends_dice(self, value: int = 4, **where: Unpack[Where]) -> Message:
        """Throw a dice, which falls as told."""
        return self._send("dice", about={"dice": {"emoji": "🎲", "value": value}}, **where)

    def forwards(self, text: str, from_name: str, **where: Unpack[Where]) -> Message:
        """Pass on a text of someone whose account stays hidden."""
        date = int(self.telegram.clock.now().timestamp())
        origin = {"type": "hidden_user", "date": date, "sender_user_name": from_name}
        return self._send("text", text, origin=origin, **where)

    def passes_on(self, message: Message, *, to: "Place | None" = None) -> list[Message]:
        """Forward a message, of an album all, to another chat; a protected one cannot be."""
        known = original(message)
        if known.protected or known.deleted or not known.id:
            raise ValueError("that message cannot be forwarded")
        group = known.media_group_id
        every = [one for one in known.chat.messages.values() if one.media_group_id == group]
        album = self.telegram.new_album() if group else None
        return [
            self._send(
                one.kind,
                one.words,
                about=self._carried(one, to),
                origin=origin_of(one),
                album=album,
                to=to,
            )
            for one in (every if group else [known])
            if not one.deleted
        ]

    def _carried(self, message: Message, to: "Place | None") -> Json:
        here, there = message.chat.bot, self.chat(to).bot
        if message.file_id is None or here is there:
            return message.content
        file = here.files.find(message.file_id)
        upload = Upload(file.data, file.name, file.mime)
        return content(there.files.add(file.kind, upload), {})

    # What they do with messages that are there.

    def votes(self, message: Message, *labels: str) -> None:
        """Choose these answers of a poll; none takes the vote back."""
        known = original(message)
        self._act(lambda: poll.vote(self.telegram, known, self._me, labels))

    def edits(self, message: Message, text: str) -> Message:
        """Change the text or caption of their own message."""

        mine = original(message)

        def arrive() -> None:
            mine.words = finish(text, [])
            self.telegram.person_edited(mine)

        self._act(arrive)
        return mine

    def deletes(self, message: Message) -> None:
        """Delete a message for both sides; bots hear nothing of it."""
        known = original(message)
        self._act(lambda: setattr(known, "deleted", True))

    def taps(
        self, label: str, message: Message | None = None, *, to: "Place | None" = None
    ) -> Message:
        """Tap the button of that label, or of a label containing it.

        The newest message that has one is meant, however old; else the reply keyboard, whose
        button is said, or shares contact or place. A link is only opened.
        """
        chat = message.chat if message else self.chat(to)
        for seen in [message] if message else reversed(self.sees_in(chat)):
            button = _choose(seen.inline_buttons, label) if seen.from_bot or seen.via else None
            if button is not None:
                self._press(original(seen), button)
                return seen
        button = None if message else _choose(keyboard_of(chat), label)
        if button is None:
            shown = message.buttons if message else self._labels(chat)
            raise NoSuchButton(f"{self.first_name} sees no button «{label}», only {shown}")
        return self._say_button(chat, button)

    def reacts(self, message: Message, emoji: str | None = "👍") -> None:
        """Put an emoji on a message; None takes it away."""
        known = original(message)
        self._act(lambda: self.telegram.person_reacted(known, emoji, self._me))

    # What becomes of them.

    def blocks(self, *, to: "Place | None" = None) -> None:
        """Stop the bot from writing."""
        chat = self.private(self.chat(to).bot)
        self._act(lambda: membership.block(self.telegram, chat, blocked=True))

    def unblocks(self, *, to: "Place | None" = None) -> None:
        """Let the bot write again."""
        chat = self.private(self.chat(to).bot)
        self._act(lambda: membership.block(self.telegram, chat, blocked=False))

    def deactivates(self) -> None:
        """Delete the account."""
        self.deactivated = True

    def opens(self, place: "Place") -> "Person":
        """Turn to another bot or a group, where from now on they write by default."""
        self.open = place
        return self

    # What they do with a group.

    def adds_bot(self, group: Group, *, admin: bool = False) -> None:
        """Bring the group's bot into it; into a channel always as administrator."""
        membership.add_bot(self.telegram, group, self._me, admin=admin)

    def removes_bot(self, group: Group) -> None:
        """Put it out."""
        membership.remove_bot(self.telegram, group, self._me)

    def upgrades(self, group: Group) -> Group:
        """Make a supergroup of a group; from now on only the new one is written in."""
        return membership.upgrade(self.telegram, group, self._me)

    # What they ask inline.

    def asks_inline(
        self, text: str, *, to: "Place | None" = None, via: "BotAccount | None" = None
    ) -> Question:
        """Write «@bot text» in a chat, of that chat's bot or another; answered when it answers."""
        chat = self.chat(to)
        return question.ask(self.telegram, self._me, via or chat.bot, chat, text)

    def chooses(self, asked: Question, label: str) -> Message:
        """Send the result of that title or id."""
        for result in asked.results or []:
            if label in (result.title, result.id):
                return question.choose(self.telegram, asked, result)
        shown = [result.title or result.id for result in asked.results or []]
        raise NoSuchButton(f"{self.first_name} is not offered «{label}», only {shown}")

    @property
    def _me(self) -> "Person":
        return self.telegram.people[self.id]

    def _send_file(
        self,
        kind: str,
        upload: Upload,
        caption: str | None,
        given: Json | None = None,
        *,
        album: str | None = None,
        **where: Unpack[Where],
    ) -> Message:
        file = self.chat(where.get("to")).bot.files.add(kind, upload)
        about = content(file, given or {})
        return self._send(kind, caption or "", about=about, album=album, **where)

    def _press(self, message: Message, button: Json) -> None:
        if "callback_data" in button:
            self._act(lambda: self.telegram.pressed(message, button, self._me))

    def _say_button(self, chat: Chat, button: Json) -> Message:
        if (chat.keyboard or {}).get("one_time_keyboard"):
            chat.keyboard = None
        if button.get("request_contact"):
            return self.sends_contact(to=chat)
        if button.get("request_location"):
            return self.sends_location(*self.place, to=chat)
        return self.says(button["text"], to=chat)


def _choose(buttons: list[Json], label: str) -> Json | None:
    exact = [button for button in buttons if button["text"] == label]
    near = [button for button in buttons if label in button["text"]]
    return next(iter(exact + near), None)
