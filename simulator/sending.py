"""The methods that make new messages: send…"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.account import BotAccount
from simulator.errors import NotFetched, bad_request
from simulator.files import content
from simulator.message import Chat, Json, Message
from simulator.params import Params, read_caption, whole
from simulator.telegram import Telegram
from simulator.words import NOTHING, Words

ALBUM = 10  # items at most; one alone passes (check_message_group_message_contents of TDLib)
ALBUM_KINDS = frozenset({"photo", "video", "document", "audio"})
CHAT_ACTIONS = frozenset({
    "cancel", "typing", "upload_photo", "record_video", "upload_video", "record_voice",
    "upload_voice", "record_audio", "upload_audio", "upload_document", "choose_sticker",
    "pick_up_location", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip
QUESTION, OPTIONS, OPTION = 300, 12, 100  # of a poll: MessageContent.cpp, PollOption.cpp of TDLib
REQUESTS = {"request_contact": "phone number", "request_location": "location"}
DICE = {"🎲": 6, "🎯": 6, "🏀": 5, "⚽": 5, "🎳": 6, "🎰": 64}


@dataclass
class Query:
    """One call: who asks for what."""

    telegram: Telegram
    bot: BotAccount
    method: str
    params: Params

    def writable(self) -> Chat:
        """The chat to write to, unless the bot may not write there any more."""
        chat = self.telegram.chat_of(self.bot, self.params.chat_id())
        refusal = chat.refusal()
        if refusal is not None:
            raise refusal
        # check_message_topic in Client.cpp; no chat here has topics, and a group then minds none.
        if chat.id > 0 and self.params.number("message_thread_id") > 0:
            raise bad_request("message thread not found")
        return chat

    def message(self, what: str, *, chat_id: str = "chat_id") -> Message:
        """The message that the call names, refused as «<what> not found»."""
        chat = self.telegram.chat_of(self.bot, self.params.chat_id(chat_id))
        return self.telegram.find(chat, self.params.number("message_id"), what)

    def show(self, messages: list[Message]) -> None:
        """A person sees something new."""
        self.telegram.show(self.method, self.params.given, messages)


Method = Callable[[Query], Any]


def put(query: Query, kind: str, words: Words, about: Json) -> Json:
    """Write one message to the chat that the call names; its JSON."""
    chat = query.writable()
    message = Message(
        chat,
        kind,
        query.bot,
        words=words,
        content=about,
        reply=replied(query, chat),
        markup=keyboard(query, chat),
        protected=query.params.flag("protect_content"),
    )
    query.telegram.put(message)
    query.show([message])
    return message.to_json()


def send_message(query: Query) -> Json:
    """Text."""
    return put(query, "text", query.params.words(), {})


def send_file(kind: str) -> Method:
    """The method for one kind of file."""

    def send(query: Query) -> Json:
        caption = query.params.caption() if kind not in ("sticker", "video_note") else NOTHING
        query.writable()
        file = query.params.file(query.bot.files, kind)
        return put(query, kind, caption, content(file, _numbers(query.params.given)))

    return send


def send_location(query: Query) -> Json:
    """A place on the map."""
    return put(query, "location", NOTHING, {"location": _place(query, "invalid location")})


def send_venue(query: Query) -> Json:
    """A place with a name and an address."""
    venue: Json = {
        "location": _place(query, "wrong venue location"),
        "title": query.params.text("title"),
        "address": query.params.text("address"),
    }
    # Both are required (core.telegram.org/bots/api#sendvenue); how it refuses is not written.
    for name in ("title", "address"):
        if not venue[name].strip():
            raise bad_request(f'parameter "{name}" is required')
    for name in ("foursquare_id", "foursquare_type", "google_place_id", "google_place_type"):
        if query.params.text(name):
            venue[name] = query.params.text(name)
    return put(query, "venue", NOTHING, {"location": venue["location"], "venue": venue})


def send_contact(query: Query) -> Json:
    """A contact card."""
    card = {name: query.params.text(name) for name in ("phone_number", "first_name")}
    if not all(card.values()):
        missing = next(name for name, value in card.items() if not value)
        raise bad_request(f'parameter "{missing}" is required')
    if query.params.text("last_name"):
        card["last_name"] = query.params.text("last_name")
    return put(query, "contact", NOTHING, {"contact": card})


def send_dice(query: Query) -> Json:
    """A dice; it falls by the message's number, so that runs repeat."""
    emoji = query.params.text("emoji") or "🎲"
    if emoji not in DICE:
        raise bad_request("DICE_EMOJI_INVALID")
    value = (len(query.writable().messages) * 5 + 1) % DICE[emoji] + 1
    return put(query, "dice", NOTHING, {"dice": {"emoji": emoji, "value": value}})


def send_poll(query: Query) -> Json:
    """A poll; `simulator.poll` counts."""
    options = query.params.json("options", "options") or []
    if not isinstance(options, list):
        raise bad_request("expected an Array of String as options")
    texts = [
        str(option.get("text", "") if isinstance(option, dict) else option) for option in options
    ]
    question = query.params.text("question")
    if len(question) > QUESTION:
        raise bad_request(f"poll question length must not exceed {QUESTION}")
    if not texts:
        raise bad_request("poll must have at least one answer option")
    if len(texts) > OPTIONS:
        raise bad_request(f"poll can't have more than {OPTIONS} options")
    if not all(text.strip() for text in (question, *texts)):
        raise bad_request("text must be non-empty")
    if max(map(len, texts)) > OPTION:
        raise bad_request(f"poll options length must not exceed {OPTION}")
    poll = {
        "id": query.telegram.new_album(),
        "question": question,
        "options": [
            {"persistent_id": str(number), "text": text, "voter_count": 0}
            for number, text in enumerate(texts)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": query.params.text("is_anonymous").lower() not in ("false", "no", "0"),
        "type": query.params.text("type") or "regular",
        "allows_revoting": True,
        "members_only": False,
        "allows_multiple_answers": query.params.flag("allows_multiple_answers"),
    }
    return put(query, "poll", NOTHING, {"poll": poll})


def send_media_group(query: Query) -> list[Json]:
    """An album: all of it, or nothing."""
    chat = query.writable()
    media = query.params.objects("media", "InputMedia")
    if not media:
        raise bad_request("there are no messages to send")
    if len(media) > ALBUM:
        raise bad_request("too many messages to send as an album")
    kinds = {str(item.get("type")) for item in media}
    for kind in kinds - ALBUM_KINDS:
        raise bad_request(
            f"can't parse InputMedia: type \"{kind}\" can't be used in sendMediaGroup"
        )
    for kind in kinds & {"document", "audio"} if len(kinds) > 1 else ():
        raise bad_request(f"{kind} can't be mixed with other media types")
    album = query.telegram.new_album()
    reply = replied(query, chat)
    messages = [_album_item(query, chat, item, number) for number, item in enumerate(media, 1)]
    for message in messages:
        message.media_group_id, message.reply = album, reply
        query.telegram.put(message)
    query.show(messages)
    return [message.to_json() for message in messages]


def send_chat_action(query: Query) -> bool:
    """«typing…» for some seconds; the chat remembers it."""
    action = query.params.text("action").lower()
    if action not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    query.writable().actions.append(action)
    return True


def _album_item(query: Query, chat: Chat, item: Json, number: int) -> Message:
    kind = item["type"]
    try:
        file = query.params.media(query.bot.files, kind, item)
    except NotFetched as error:
        fault = f'failed to send message #{number} with the error message "{error.name}"'
        raise bad_request(fault) from None
    protected = query.params.flag("protect_content")
    about = content(file, _numbers(item))
    return Message(chat, kind, query.bot, read_caption(item), about, protected=protected)


def replied(query: Query, chat: Chat) -> Message | None:
    """The message that the new one answers."""
    parameters = query.params.json("reply_parameters", "reply parameters") or {}
    if not isinstance(parameters, dict):
        raise bad_request("object expected as reply parameters")
    number = whole(parameters.get("message_id")) or query.params.number("reply_to_message_id")
    if not number:
        return None
    lenient = parameters.get("allow_sending_without_reply") or query.params.flag(
        "allow_sending_without_reply"
    )
    message = chat.messages.get(number)
    if message is None or message.deleted:
        if lenient:
            return None
        raise bad_request("message to be replied not found")
    return message


def keyboard(query: Query, chat: Chat) -> Json | None:
    """The buttons that come with a message; the chat keeps those of a reply keyboard."""
    markup = query.params.markup()
    if markup is None:
        return None
    if "keyboard" in markup:
        _check_requests(chat, markup["keyboard"])
        chat.keyboard = markup
    if markup.get("remove_keyboard"):
        chat.keyboard = None
    return markup


def _check_requests(chat: Chat, rows: list[list[Any]]) -> None:
    if chat.id > 0:
        return
    for button in (one for row in rows for one in row if isinstance(one, dict)):
        for name, what in REQUESTS.items():
            if button.get(name):
                raise bad_request(f"{what} can be requested in private chats only")


def _place(query: Query, fault: str) -> Json:
    place = {name: query.params.decimal(name) for name in ("latitude", "longitude")}
    if not (abs(place["latitude"]) <= 90 and abs(place["longitude"]) <= 180):
        raise bad_request(f"{fault} specified")
    return place


def _numbers(given: Json) -> Json:
    return {
        name: int(value)
        if name in ("duration", "width", "height", "length") and str(value).isdigit()
        else value
        for name, value in given.items()
    }
