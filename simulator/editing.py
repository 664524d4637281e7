"""The methods that change messages which are there: edit…, delete…, a reaction, an answer."""

from typing import Any

from simulator.errors import ApiError, bad_request
from simulator.fields import inside, text_field
from simulator.files import KINDS, content
from simulator.message import Json, Message
from simulator.params import read_caption
from simulator.sending import Query
from simulator.updates import DAY
from simulator.words import Words

SAME = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
TOAST = 200  # characters, core.telegram.org/bots/api#answercallbackquery


def edit_text(query: Query) -> Json | bool:
    """Another text under the same number."""
    words = query.params.words()
    message = _editable(query)
    if message.kind != "text":
        raise bad_request("there is no text in the message to edit")
    return _change(query, message, words=words)


def edit_caption(query: Query) -> Json | bool:
    """Other words under a file; none at all take them away."""
    words = query.params.caption()
    message = _editable(query)
    if message.kind not in KINDS or message.kind in ("sticker", "video_note"):
        raise bad_request("there is no caption in the message to edit")
    return _change(query, message, words=words)


def edit_markup(query: Query) -> Json | bool:
    """Other buttons, or none."""
    return _change(query, _editable(query))


def edit_media(query: Query) -> Json | bool:
    """Another file in the same message."""
    media = query.params.json("media", "input media")
    if media is None:
        raise bad_request('parameter "media" is required')
    if not isinstance(media, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = str(media.get("type"))
    if kind not in KINDS:
        raise bad_request(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    file = query.params.media(query.bot.files, kind, media)
    message = _editable(query)
    return _change(query, message, read_caption(media), kind, content(file, media))


def delete_message(query: Query) -> bool:
    """Take one away, on both sides."""
    message = query.message("message to delete")
    _check_age(query, message)
    _delete(query, [message])
    return True


def delete_messages(query: Query) -> bool:
    """Take several away; those that are not there are skipped."""
    chat = query.telegram.chat_of(query.bot, query.params.chat_id())
    found = [chat.messages.get(number) for number in query.params.message_ids()]
    messages = [message for message in found if message is not None and not message.deleted]
    for message in messages:
        _check_age(query, message)
    _delete(query, messages)
    return True


def set_reaction(query: Query) -> bool:
    """Put the bot's emoji on a message, or take it away."""
    reactions = query.params.json("reaction", "reaction types") or []
    if not isinstance(reactions, list):
        raise bad_request("expected an Array of ReactionType")
    for reaction in reactions:
        try:
            _check_reaction(reaction)
        except ApiError as error:
            raise inside("ReactionType", error) from None
    message = query.message("message to react")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    message.reactions[query.bot.id] = reactions
    query.show([message])
    return True


def _check_reaction(given: object) -> None:
    if not isinstance(given, dict):
        raise bad_request("expected an Object")
    kind = text_field(given, "type")
    if kind not in ("emoji", "custom_emoji"):
        raise bad_request("invalid reaction type specified")
    text_field(given, "emoji" if kind == "emoji" else "custom_emoji_id")


def answer_press(query: Query) -> bool:
    """Stop the waiting of a tapped button, with a word or without."""
    text = query.params.text("text")
    if len(text) > TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    query.telegram.answer_press(query.bot, query.params.text("callback_query_id"), text)
    return True


def _editable(query: Query) -> Message:
    params = query.params
    if not params.text("chat_id") and not params.number("message_id"):
        inline_id = params.text("inline_message_id")
        if not inline_id:
            raise bad_request("message identifier is not specified")
        inline = query.telegram.inline_messages.get(inline_id)
        if inline is None or inline.via is not query.bot or inline.deleted:
            raise bad_request("MESSAGE_ID_INVALID")
        return inline
    message = query.message("message to edit")
    if not message.from_bot or message.origin is not None:
        raise bad_request("message can't be edited")
    return message


def _change(
    query: Query,
    message: Message,
    words: Words | None = None,
    kind: str | None = None,
    about: Json | None = None,
) -> Json | bool:
    markup = query.params.markup()
    if markup is not None and markup and not markup.get("inline_keyboard"):
        raise bad_request("inline keyboard expected")
    new: tuple[Any, ...] = (
        message.words if words is None else words,
        kind or message.kind,
        message.content if about is None else about,
        (markup or {}).get("inline_keyboard", []),
    )
    if new == (message.words, message.kind, message.content, message.rows):
        raise bad_request(SAME)
    message.words, message.kind, message.content = new[:3]
    message.markup = markup
    message.edited = query.telegram.clock.now()
    query.show([message])
    return True if message.inline_id else message.to_json()


def _check_age(query: Query, message: Message) -> None:
    age = query.telegram.clock.now().timestamp() - message.stamp
    if age > 2 * DAY:  # core.telegram.org/bots/api#deletemessage
        raise bad_request("message can't be deleted for everyone")


def _delete(query: Query, messages: list[Message]) -> None:
    for message in messages:
        message.deleted = True
    query.show(messages)
