"""The methods that bring a message to another chat: copy… and forward…"""

from collections.abc import Callable
from itertools import pairwise

from simulator.errors import bad_request
from simulator.files import KINDS
from simulator.message import Chat, Json, Message, origin_of
from simulator.sending import Query, keyboard, replied
from simulator.words import NOTHING


def copy_message(query: Query) -> Json:
    """The same content as a new message of the bot; answers with its number only.

    Bots may copy even protected messages (TDLib, can_forward_message), but not forward them.
    """
    chat = query.writable()
    message = _copy(query, chat, query.message("message to copy", chat_id="from_chat_id"))
    if "caption" in query.params.given and message.kind in KINDS:
        message.words = query.params.caption()
    message.markup = keyboard(query, chat)
    message.reply = replied(query, chat)
    query.telegram.put(message)
    query.show([message])
    return {"message_id": message.id}


def copy_messages(query: Query) -> list[Json]:
    """Several at once; what cannot be found is left out, albums stay together."""
    return _carry_all(query, _originals(query), _copy)


def forward_message(query: Query) -> Json:
    """Pass a message on, with its author's name."""
    chat = query.writable()
    original = query.message("message to forward", chat_id="from_chat_id")
    if original.protected:
        raise bad_request("the message can't be forwarded")
    message = _forward(query, chat, original)
    query.telegram.put(message)
    query.show([message])
    return message.to_json()


def forward_messages(query: Query) -> list[Json]:
    """Several at once; what cannot be found or is protected is left out."""
    originals = [message for message in _originals(query) if not message.protected]
    return _carry_all(query, originals, _forward)


def _originals(query: Query) -> list[Message]:
    source = query.telegram.chat_of(query.bot, query.params.chat_id("from_chat_id"))
    numbers = query.params.message_ids()
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    found = [source.messages.get(number) for number in numbers]
    return [message for message in found if message is not None and not message.deleted]


def _carry_all(
    query: Query, originals: list[Message], carry: Callable[[Query, Chat, Message], Message]
) -> list[Json]:
    chat = query.writable()
    albums: dict[str, str] = {}
    messages = []
    for original in originals:
        message = carry(query, chat, original)
        if original.media_group_id:
            old = original.media_group_id
            message.media_group_id = albums.setdefault(old, query.telegram.new_album())
        messages.append(message)
    if not messages:
        raise bad_request("messages can't be forwarded")
    for message in messages:
        query.telegram.put(message)
    query.show(messages)
    return [{"message_id": message.id} for message in messages]


def _copy(query: Query, chat: Chat, original: Message) -> Message:
    return Message(
        chat,
        original.kind,
        query.bot,
        words=NOTHING
        if query.params.flag("remove_caption") and original.kind in KINDS
        else original.words,
        content=original.content,
        protected=query.params.flag("protect_content"),
    )


def _forward(query: Query, chat: Chat, original: Message) -> Message:
    message = _copy(query, chat, original)
    message.origin = origin_of(original)
    return message
