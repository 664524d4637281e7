"""Who is in a chat: the bot is blocked, added or put out, a group becomes a supergroup."""

from typing import TYPE_CHECKING

from simulator.group import Group
from simulator.message import Chat, Json, Message, Private
from simulator.updates import MEMBER_QUEUE

if TYPE_CHECKING:
    from simulator.account import BotAccount
    from simulator.person import Person
    from simulator.telegram import Telegram


def block(telegram: "Telegram", chat: Private, *, blocked: bool) -> None:
    """A person stops the bot from writing, or lets it again; the bot is told."""
    if chat.blocked is blocked:
        return
    chat.blocked = blocked
    was, now = ("member", "kicked") if blocked else ("kicked", "member")
    _tell(telegram, chat, chat.person, was, now)


def add_bot(telegram: "Telegram", group: Group, by: "Person", *, admin: bool = False) -> None:
    """Put the group's bot into it; in a channel a bot can only be an administrator."""
    if group.moved_to is not None:
        raise ValueError("the group became a supergroup")
    was, group.status = group.status or "left", "member"
    if admin or group.type == "channel":
        group.status = "administrator"
    _tell(telegram, group, by, was, group.status)
    if group.type != "channel" and was in ("left", "kicked"):
        user = group.bot.to_json()
        _announce(telegram, group, by, "new_chat_members", [user])


def remove_bot(telegram: "Telegram", group: Group, by: "Person") -> None:
    """Put it out again."""
    if not group.has_bot:
        raise ValueError("the bot is not in that group")
    if group.type != "channel":
        _announce(telegram, group, by, "left_chat_member", group.bot.to_json())
    was, group.status = group.status, "kicked"
    _tell(telegram, group, by, was, "kicked")


def upgrade(telegram: "Telegram", group: Group, by: "Person") -> Group:
    """Turn a group into a supergroup of another number; the old one refuses from now on."""
    if group.type != "group" or group.moved_to is not None:
        raise ValueError("only a group that is one can become a supergroup")
    new = telegram.add_group(group.title, *group.members, bot=group.bot, kind="supergroup")
    new.status = group.status
    _announce(telegram, group, by, "migrate_to_chat_id", new.id)
    group.moved_to = new
    _announce(telegram, new, by, "migrate_from_chat_id", group.id)
    return new


def _announce(
    telegram: "Telegram", group: Group, by: "Person", kind: str, about: object
) -> Message:
    return telegram.put(Message(group, kind, by, content={kind: about}))


def _tell(telegram: "Telegram", chat: Chat, by: "Person", was: str, now: str) -> None:
    update = {
        "chat": chat.to_json(),
        "from": by.to_json(),
        "date": int(telegram.clock.now().timestamp()),
        "old_chat_member": _member(chat.bot, was),
        "new_chat_member": _member(chat.bot, now),
    }
    chat.bot.updates.add("my_chat_member", update, queue=chat.id + MEMBER_QUEUE)


def _member(bot: "BotAccount", status: str) -> Json:
    member: Json = {"user": bot.to_json(), "status": status}
    if status == "administrator":
        return member | dict.fromkeys(RIGHTS, False) | {"can_manage_chat": True}
    return member | {"until_date": 0} if status == "kicked" else member


RIGHTS = (  # of an administrator: core.telegram.org/bots/api#chatmemberadministrator
    "can_be_edited", "is_anonymous", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
    "can_post_stories", "can_edit_stories", "can_delete_stories", "can_send_welcome_messages",
)  # fmt: skip
