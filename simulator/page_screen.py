"""What is on a phone's screen, as JSON. People's words stay text with entities, never HTML."""

import json
from dataclasses import dataclass, field
from typing import Any

from simulator.account import BotAccount
from simulator.errors import ApiError
from simulator.files import KINDS
from simulator.group import Group
from simulator.message import SERVICE, Chat, Json, Message
from simulator.page_files import playable
from simulator.page_links import Asked
from simulator.page_presses import Presses, Spin
from simulator.person import Person
from simulator.phone import has_blocked
from simulator.telegram import Telegram

KEPT = 150  # messages; older ones are above the edge of the screen
SNIPPET = 120  # characters of a message that is replied to
TOASTS = 5  # the newest; older ones have long faded


@dataclass
class Scene:
    """What all phones are drawn from, looked up once for each look."""

    telegram: Telegram
    presses: Presses
    offline: set[int]
    notes: dict[int, str]
    troubles: dict[int, str]
    asked: Asked
    turning: frozenset[Spin] = frozenset()
    unfetched: set[tuple[int, int, int]] = field(default_factory=set)  # bot, person, message

    def look(self) -> dict[str, Json]:
        """Every phone with a chat, by its person's number."""
        self.turning = self.presses.turning()
        self.unfetched = {
            (bot.id, update.body["chat"]["id"], update.body["message_id"])
            for bot in self.telegram.bots.values()
            for update in bot.updates.waiting()
            if update.kind in ("message", "channel_post")
        }
        return {
            str(person.id): self._phone(person)
            for person in self.telegram.people.values()
            if person.open is not None and not person.deactivated
        }

    def _phone(self, person: Person) -> Json:
        chat = person.chat()
        offline = person.id in self.offline
        seen = person.sees_in(chat) if offline else list(chat.messages.values())
        toasts = len(person.toasts)
        return {
            "id": person.id,
            "name": " ".join(filter(None, (person.first_name, person.last_name))),
            "note": self.notes.get(person.id, ""),
            "offline": offline,
            "trouble": self.troubles.get(person.id, ""),
            "blocked": has_blocked(chat),
            "started": isinstance(chat, Group) or chat.known or bool(seen),
            "chat": place_of(chat),
            "chats": [_place(one) for one in person.chats() if not _moved(one)],
            "about": _of_language(chat.bot.texts, "description", person),
            "messages": [self._message(message, person) for message in seen[-KEPT:]],
            "pinned": [_snippet(message, person) for message in chat.pinned],
            "keyboard": _keyboard(chat),
            "inline": self.asked.shown(person),
            "bots": [bot.username for bot in self.telegram.bots.values() if bot.inline],
            "commands": commands(chat.bot, person),
            "menu": _menu(chat),
            "actions": len(chat.actions),
            "action": chat.actions[-1] if chat.actions else "",
            "toasts": toasts,
            "toast": [
                {"text": text, "alert": self.presses.is_alert(person.id, text)}
                for text in person.toasts[-TOASTS:]
            ],
        }

    def _message(self, message: Message, person: Person) -> Json:
        mine = message.sender.id == person.id
        about: Json = {
            "key": key(message),
            "mine": mine,
            "kind": message.kind,
            "text": message.words.text,
            "entities": list(message.words.entities),
            "at": message.date.timestamp() if message.date else None,
        }
        if message.deleted:
            return about | {"deleted": True, "text": "", "entities": []}
        if mine:
            about["way"] = self._way(message)
        elif isinstance(message.chat, Group):
            about["author"] = _speaker(message)
        if message.via is not None:
            about["via"] = message.via.username
        for name in ("edited", "protected"):
            if getattr(message, name):
                about[name] = True
        if message.media_group_id:
            about["album"] = message.media_group_id
        if message.reply_to is not None:
            about["reply"] = _snippet(message.reply_to, person)
        if message.origin is not None:
            about["forwarded"] = _author(message.origin)
        if message.rows:
            about["rows"] = [
                [self._button(message, one, person) for one in row] for row in message.rows
            ]
        reactions = [
            {"emoji": one.get("emoji", "⭐"), "mine": who == person.id}
            for who, given in message.reactions.items()
            for one in given
        ]
        if reactions:
            about["reactions"] = reactions
        if "poll" in message.content:
            about["votes"] = message.votes.get(person.id, [])
        return about | _content(message)

    def _way(self, message: Message) -> str:
        """How far a person's message has come: on the phone, at Telegram, with the bot."""
        if not message.id:
            return "waiting"
        there = (message.chat.bot.id, message.chat_id, message.id)
        unheard = there in self.unfetched or not message.chat.reaches_bot(message)
        return "sent" if unheard else "fetched"

    def _button(self, message: Message, button: Json, person: Person) -> Json:
        about: Json = {"text": button["text"]}
        if "callback_data" in button:
            about["data"] = button["callback_data"]
            spin = (message.chat.bot.id, person.id, message.id, button["callback_data"])
            return about | ({"turns": True} if spin in self.turning else {})
        if "url" in button:
            return about | {"url": str(button["url"])}
        if "copy_text" in button:
            return about | {"copy": str(button["copy_text"].get("text", ""))}
        for name in ("switch_inline_query_current_chat", "switch_inline_query"):
            if name in button:
                bot = message.via or message.chat.bot
                asks = f"@{bot.username} {button[name]}"
                return about | {"asks": asks, "here": name.endswith("current_chat")}
        return about | {"foreign": True}


def key(message: Message) -> str:
    """What the page calls a message: its number, or a mark of its own while it has none."""
    return str(message.id) if message.id else f"w{id(message):x}"


def place_of(chat: Chat) -> int:
    """What the page calls a chat of one phone: a private one by its bot."""
    return chat.id if isinstance(chat, Group) else chat.bot.id


def commands(bot: BotAccount, person: Person) -> list[Json]:
    """The commands that Telegram would offer this person: the narrowest scope that has some."""
    for scope in ({"type": "chat", "chat_id": person.id}, {"type": "all_private_chats"},
                  {"type": "default"}):  # fmt: skip
        for language in (person.language_code or "", ""):
            found = bot.commands.get(json.dumps([scope, language]))
            if found:
                return found
    return []


def _bot_name(bot: BotAccount) -> str:
    return bot.texts.get("name/") or bot.first_name


def _of_language(texts: dict[str, str], name: str, person: Person) -> str:
    return texts.get(f"{name}/{person.language_code}") or texts.get(f"{name}/", "")


def _keyboard(chat: Chat) -> Json | None:
    if not chat.keyboard:
        return None
    rows = chat.keyboard.get("keyboard", [])
    keys = [[_key({"text": one} if isinstance(one, str) else one) for one in row] for row in rows]
    return {"rows": keys, "hint": str(chat.keyboard.get("input_field_placeholder", ""))}


def _key(button: Json) -> Json:
    wants = [what for what in ("contact", "location") if button.get(f"request_{what}")]
    return {"text": button["text"]} | ({"wants": wants[0]} if wants else {})


def _menu(chat: Chat) -> str:
    button = chat.menu_button or chat.bot.menu_button
    return str(button.get("text", "")) if button.get("type") == "web_app" else ""


def _snippet(message: Message, person: Person) -> Json:
    return {
        "key": key(message),
        "mine": message.sender.id == person.id,
        "author": _speaker(message),
        "kind": message.kind,
        "text": (message.words.text or _title(message))[:SNIPPET],
    }


def _title(message: Message) -> str:
    return str(message.content.get("venue", {}).get("title", ""))


def _speaker(message: Message) -> str:
    if message.chat.posts == "channel_post":
        return message.chat.name
    return message.sender.first_name


def _place(chat: Chat) -> Json:
    about = {
        "id": place_of(chat),
        "kind": "bot",
        "name": _bot_name(chat.bot),
        "at": chat.bot.username,
    }
    if isinstance(chat, Group):
        about |= {"kind": chat.type, "name": chat.title, "with_bot": chat.has_bot}
    return about


def _moved(chat: Chat) -> bool:
    return isinstance(chat, Group) and chat.moved_to is not None


def _author(origin: Json) -> str:
    sender = origin.get("sender_user") or {}
    chat = origin.get("chat") or {}
    return str(sender.get("first_name") or chat.get("title") or origin.get("sender_user_name", ""))


def _content(message: Message) -> Json:
    content: dict[str, Any] = message.content
    if message.kind in SERVICE:
        return {"service": message.kind}
    if message.kind not in KINDS:
        return {
            name: content[name]
            for name in ("location", "venue", "contact", "dice", "poll")
            if name in content
        }
    about = content[message.kind]
    if isinstance(about, list):
        about = about[-1]
    bot = message.chat.bot
    file: Json = {"src": f"/page/file/{bot.id}/{about['file_id']}"}
    for ours, theirs in (("seconds", "duration"), ("name", "file_name"), ("size", "file_size"),
                         ("emoji", "emoji")):  # fmt: skip
        if theirs in about:
            file[ours] = about[theirs]
    try:
        file["playable"] = playable(bot.files.find(about["file_id"]))
    except ApiError:
        file["playable"] = False
    return {"file": file}
