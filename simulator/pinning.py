"""pinChatMessage and its like: what stands at the head of a chat until it is taken down."""

from simulator.errors import bad_request
from simulator.group import Group
from simulator.message import SERVICE, Chat, Message
from simulator.sending import Query

UNCHANGED = "CHAT_NOT_MODIFIED"


def pin(query: Query) -> bool:
    """Put a message at the head of the chat; the chat tells of it in a line of its own."""
    chat, message = _pinnable(query, "message to pin")
    if message.kind in SERVICE:
        raise bad_request("a service message can't be pinned")
    if message.id in chat.pins:
        raise bad_request(UNCHANGED)
    chat.pins.append(message.id)
    about = {"pinned_message": message.to_json(nested=True)}
    told = query.telegram.put(Message(chat, "pinned_message", query.bot, content=about))
    # A bot hears of its own pins: need_skip_update_message in Client.cpp.
    chat.bot.updates.add(chat.posts, told.to_json(), queue=chat.id)
    query.show([told])
    return True


def unpin(query: Query) -> bool:
    """Take one down; without a number the newest."""
    chat = _writable(query)
    if not query.params.number("message_id"):
        if not chat.pinned:
            raise bad_request("message to unpin not found")
        chat.pins.remove(chat.pinned[-1].id)
        return True
    message = query.message("message to unpin")
    if message.id not in chat.pins:
        raise bad_request(UNCHANGED)
    chat.pins.remove(message.id)
    return True


def unpin_all(query: Query) -> bool:
    """Take all down."""
    _writable(query).pins.clear()
    return True


def _pinnable(query: Query, what: str) -> tuple[Chat, Message]:
    return _writable(query), query.message(what)


def _writable(query: Query) -> Chat:
    chat = query.writable()
    if isinstance(chat, Group):  # no group here gives its bot that right
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat
