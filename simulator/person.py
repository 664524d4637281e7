"""People and what they do: a script for tests, benches and the demo."""

import re
from typing import TYPE_CHECKING

from simulator.files import POINT, Upload, content
from simulator.message import Chat, Json, Message
from simulator.phone import Phone, keyboard_of, original
from simulator.words import finish

if TYPE_CHECKING:
    from simulator.telegram import BotAccount


PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")  # core.telegram.org/bots/features#deep-linking


class NoSuchButton(AssertionError):
    """Nothing on the screen carries that label."""


class Person(Phone):
    """Someone with a phone. Whatever they do is one call; `bot` names the chat they do it in."""

    # What they write.

    def says(
        self, text: str, reply_to: Message | None = None, *, bot: "BotAccount | None" = None
    ) -> Message:
        """Write a text; the client cuts nothing and adds nothing but the links it finds."""
        return self._send("text", text, reply_to=reply_to, bot=bot)

    def starts(self, payload: str = "", *, bot: "BotAccount | None" = None) -> Message:
        """Tap «Start», also after having blocked the bot; a deep link brings a payload."""
        if not PAYLOAD.fullmatch(payload):
            raise ValueError(f"no deep link can carry {payload!r}")
        self.unblocks(bot=bot)
        return self.says(f"/start {payload}".strip(), bot=bot)

    def replies(self, message: Message, text: str) -> Message:
        """Answer one message."""
        return self.says(text, message, bot=message.chat.bot)

    def sends_photo(
        self,
        caption: str | None = None,
        *,
        data: bytes = POINT,
        bot: "BotAccount | None" = None,
    ) -> Message:
        """Send a picture."""
        return self._send_file("photo", Upload(data), caption, bot=bot)

    def sends_album(
        self, count: int, caption: str | None = None, *, bot: "BotAccount | None" = None
    ) -> list[Message]:
        """Send several pictures at once: one message each, the caption under the first."""
        album = self.telegram.new_album()
        captions = [caption] + [None] * (count - 1)
        return [
            self._send_file("photo", Upload(POINT), words, album=album, bot=bot)
            for words in captions
        ]

    def sends_voice(
        self, seconds: int = 5, caption: str | None = None, *, bot: "BotAccount | None" = None
    ) -> Message:
        """Speak."""
        return self._send_file("voice", Upload(b"OggS"), caption, {"duration": seconds}, bot=bot)

    def sends_document(
        self,
        name: str = "surat.pdf",
        caption: str | None = None,
        *,
        data: bytes = b"%PDF-1.4\n",
        mime: str = "application/pdf",
        bot: "BotAccount | None" = None,
    ) -> Message:
        """Send a file."""
        return self._send_file("document", Upload(data, name, mime), caption, bot=bot)

    def sends_video(
        self, seconds: int = 5, caption: str | None = None, *, bot: "BotAccount | None" = None
    ) -> Message:
        """Send a film."""
        return self._send_file("video", Upload(b"film"), caption, {"duration": seconds}, bot=bot)

    def sends_video_note(self, seconds: int = 5, *, bot: "BotAccount | None" = None) -> Message:
        """Send a round film."""
        return self._send_file("video_note", Upload(b"film"), None, {"duration": seconds}, bot=bot)

    def sends_sticker(self, emoji: str = "🙂", *, bot: "BotAccount | None" = None) -> Message:
        """Send a sticker."""
        return self._send_file("sticker", Upload(b"RIFF"), None, {"emoji": emoji}, bot=bot)

    def sends_location(self, lat: float, lon: float, *, bot: "BotAccount | None" = None) -> Message:
        """Send a place."""
        place = {"latitude": lat, "longitude": lon}
        return self._send("location", about={"location": place}, bot=bot)

    def sends_contact(
        self,
        phone: str | None = None,
        first_name: str | None = None,
        *,
        bot: "BotAccount | None" = None,
    ) -> Message:
        """Send a contact card; without a number their own, which carries their user id."""
        card: Json = {
            "phone_number": phone or self.phone,
            "first_name": first_name or self.first_name,
        }
        if phone in (None, self.phone):
            card["user_id"] = self.id
        return self._send("contact", about={"contact": card}, bot=bot)

    def sends_dice(self, value: int = 4, *, bot: "BotAccount | None" = None) -> Message:
        """Throw a dice, which falls as told."""
        return self._send("dice", about={"dice": {"emoji": "🎲", "value": value}}, bot=bot)

    def forwards(self, text: str, from_name: str, *, bot: "BotAccount | None" = None) -> Message:
        """Pass on a text of someone whose account stays hidden."""
        date = int(self.telegram.clock.now().timestamp())
        origin = {"type": "hidden_user", "date": date, "sender_user_name": from_name}
        return self._send("text", text, origin=origin, bot=bot)

    # What they do with messages that are there.

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
        self, label: str, message: Message | None = None, *, bot: "BotAccount | None" = None
    ) -> Message:
        """Tap the button of that label, or of a label containing it.

        The newest message that has one is meant, however old; else the reply keyboard, whose
        button is said, or shares contact or place. A link is only opened.
        """
        chat = message.chat if message else self.chat(bot)
        for seen in [message] if message else reversed(self.sees_in(chat.bot)):
            button = _choose(seen.inline_buttons, label) if seen.from_bot else None
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
        self._act(lambda: self.telegram.person_reacted(known, emoji))

    # What becomes of them.

    def blocks(self, *, bot: "BotAccount | None" = None) -> None:
        """Stop the bot from writing."""
        chat = self.chat(bot)
        self._act(lambda: self.telegram.block(chat, blocked=True))

    def unblocks(self, *, bot: "BotAccount | None" = None) -> None:
        """Let the bot write again."""
        chat = self.chat(bot)
        self._act(lambda: self.telegram.block(chat, blocked=False))

    def deactivates(self) -> None:
        """Delete the account."""
        self.deactivated = True

    def opens(self, bot: "BotAccount") -> "Person":
        """Turn to another bot, which from now on is the default one."""
        self.bot = bot
        return self

    def _send_file(
        self,
        kind: str,
        upload: Upload,
        caption: str | None,
        given: Json | None = None,
        *,
        album: str | None = None,
        bot: "BotAccount | None" = None,
    ) -> Message:
        file = self.chat(bot).bot.files.add(kind, upload)
        about = content(file, given or {})
        return self._send(kind, caption or "", about=about, album=album, bot=bot)

    def _press(self, message: Message, button: Json) -> None:
        if "callback_data" in button:
            self._act(lambda: self.telegram.pressed(message, button))

    def _say_button(self, chat: Chat, button: Json) -> Message:
        if (chat.keyboard or {}).get("one_time_keyboard"):
            chat.keyboard = None
        if button.get("request_contact"):
            return self.sends_contact(bot=chat.bot)
        if button.get("request_location"):
            return self.sends_location(*self.place, bot=chat.bot)
        return self.says(button["text"], bot=chat.bot)


def _choose(buttons: list[Json], label: str) -> Json | None:
    exact = [button for button in buttons if button["text"] == label]
    near = [button for button in buttons if label in button["text"]]
    return next(iter(exact + near), None)
