"""The methods about the bot itself: who it is, its commands and menu, its files, its webhook."""

import json
import re
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from simulator.account import Webhook
from simulator.errors import ApiError, bad_request
from simulator.fields import inside, number_field, text_field
from simulator.files import DOWNLOAD_LIMIT, is_file_id
from simulator.message import Chat, Json
from simulator.params import whole
from simulator.sending import Method, Query

COMMANDS = 100  # core.telegram.org/bots/api#setmycommands
COMMAND = re.compile(r"[a-z0-9_]+")
SECRET = re.compile(r"[A-Za-z0-9_-]*")
PORTS = (80, 88, 443, 8443)
SCOPES = {  # and which numbers each needs
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


def get_me(query: Query) -> Json:
    """The bot, with what it may do."""
    return query.bot.to_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not query.bot.privacy,
        "supports_inline_queries": query.bot.inline,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(query: Query) -> Json:
    """A chat in full."""
    chat = query.telegram.chat_of(query.bot, query.params.chat_id())
    pinned = {"pinned_message": chat.pinned[-1].to_json(nested=True)} if chat.pinned else {}
    return (
        chat.to_json()
        | pinned
        | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": {
                "unlimited_gifts": False,
                "limited_gifts": False,
                "unique_gifts": False,
                "premium_subscription": False,
                "gifts_from_channels": False,
            },
        }
    )


def get_photos(query: Query) -> Json:
    """Nobody here has a profile photo."""
    if query.params.number("user_id") not in query.telegram.people:
        raise bad_request("invalid user_id specified")
    return {"total_count": 0, "photos": []}


def get_file(query: Query) -> Json:
    """Where a file can be downloaded."""
    file_id = query.params.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    try:
        file = query.bot.files.find(file_id)
    except ApiError:
        if is_file_id(file_id):
            fault = "wrong file_id or the file is temporarily unavailable"
        else:
            fault = "invalid file_id"
        raise bad_request(fault) from None
    if len(file.data) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return file.to_json() | {"file_path": file.path}


def set_commands(query: Query) -> bool:
    """Replace the commands of one scope and language."""
    commands = query.params.objects("commands", "BotCommand")
    if len(commands) > COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    kept = []
    for command in commands:
        try:
            name, about = (text_field(command, key) for key in ("command", "description"))
        except ApiError as error:
            raise inside("BotCommand", error) from None
        name, about = name.strip().removeprefix("/"), about.strip()
        for what, value, limit in (("", name, 32), (" description", about, 256)):
            if not value:
                raise bad_request(f"command{what} must be non-empty")
            if len(value) > limit:
                raise bad_request(f"command{what} length must not exceed {limit}")
        if not COMMAND.fullmatch(name):
            raise bad_request("BOT_COMMAND_INVALID")
        kept.append({"command": name, "description": about})
    query.bot.commands[_scope(query)] = kept
    return True


def get_commands(query: Query) -> list[Json]:
    """The commands of exactly that scope and language."""
    return query.bot.commands.get(_scope(query), [])


def delete_commands(query: Query) -> bool:
    """Forget the commands of one scope and language."""
    query.bot.commands.pop(_scope(query), None)
    return True


def set_menu_button(query: Query) -> bool:
    """The button beside the text field, for everyone or for one chat."""
    button = query.params.json("menu_button", "menu button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in ("commands", "default", "web_app"):
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    if button["type"] == "web_app":
        if not button.get("text"):
            raise bad_request("menu button text must be non-empty")
        web_app = button.get("web_app")
        url = web_app.get("url") if isinstance(web_app, dict) else None
        if not str(url).startswith("https://"):
            raise bad_request("web App URL is invalid: Only HTTPS links are allowed")
    chat = _menu_chat(query)
    default = button["type"] == "default"
    if chat is None:
        query.bot.menu_button = {"type": "commands"} if default else button
    else:
        chat.menu_button = None if default else button
    return True


def get_menu_button(query: Query) -> Json:
    """The button of that chat, or everyone's."""
    chat = _menu_chat(query)
    own = chat.menu_button if chat is not None else None
    return own or query.bot.menu_button


def set_text(name: str) -> Method:
    """The method that keeps the bot's name or a description."""

    def keep(query: Query) -> bool:
        language = query.params.text("language_code")
        query.bot.texts[f"{name}/{language}"] = query.params.text(name)
        return True

    return keep


def get_text(name: str) -> Method:
    """The method that tells the bot's name or a description."""

    def tell(query: Query) -> Json:
        texts, language = query.bot.texts, query.params.text("language_code")
        usual = query.bot.first_name if name == "name" else ""
        return {name: texts.get(f"{name}/{language}") or texts.get(f"{name}/") or usual}

    return tell


def set_webhook(query: Query) -> bool:
    """Deliver by POST from now on; an empty address ends it.

    http is taken for this very computer, at any port: so does a Bot API server that runs with
    `--local`, and so tests and the demo need no certificate. Anywhere else it must be https.
    """
    params, bot = query.params, query.bot
    url = params.text("url")
    if not url:
        return delete_webhook(query)
    if urlsplit(url).scheme not in ("https", "http") or not urlsplit(url).hostname:
        raise bad_request("invalid webhook URL specified")
    if urlsplit(url).scheme == "http" and not _is_here(urlsplit(url).hostname or ""):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if urlsplit(url).scheme == "https" and (urlsplit(url).port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    secret = params.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    allow_updates(query)
    if params.flag("drop_pending_updates"):
        bot.updates.clear()
    connections = min(max(params.number("max_connections", 40), 1), 100)
    bot.webhook = Webhook(url, secret, connections)
    bot.poll = None
    bot.updates.wake()
    for changed in query.telegram.webhook_set:
        changed(bot)
    return True


def delete_webhook(query: Query) -> bool:
    """Keep the updates for getUpdates again."""
    if query.params.flag("drop_pending_updates"):
        query.bot.updates.clear()
    query.bot.webhook = None
    for changed in query.telegram.webhook_set:
        changed(query.bot)
    return True


def get_webhook_info(query: Query) -> Json:
    """Where updates go, how many wait, and what went wrong last."""
    webhook, updates = query.bot.webhook, query.bot.updates
    info: Json = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(updates.waiting()),
    }
    if webhook:
        info["max_connections"] = webhook.max_connections
        if webhook.last_error_at:
            info["last_error_date"] = int(webhook.last_error_at.timestamp())
            info["last_error_message"] = webhook.last_error
    if updates.allowed:
        info["allowed_updates"] = updates.allowed
    return info


def allow_updates(query: Query) -> None:
    """Remember which kinds the bot wants; without the parameter nothing changes."""
    kinds = query.params.json("allowed_updates", "allowed updates")
    if isinstance(kinds, list):
        query.bot.updates.allow([str(kind) for kind in kinds])


def leave(query: Query) -> bool:
    """`close` and `logOut`: nothing to do here."""
    return True


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _scope(query: Query) -> str:
    scope = query.params.json("scope", "BotCommandScope") or {"type": "default"}
    try:
        needed = _read_scope(scope)
    except ApiError as error:
        raise inside("BotCommandScope", error) from None
    if "chat_id" in needed:
        query.telegram.chat_of(query.bot, needed["chat_id"])
    return json.dumps([needed, query.params.text("language_code")])


def _read_scope(scope: object) -> dict[str, Any]:
    if not isinstance(scope, dict):
        raise bad_request("BotCommandScope must be an Object")
    kind = text_field(scope, "type")
    if kind not in SCOPES:
        raise bad_request("Unsupported type specified")
    needed: dict[str, Any] = {"type": kind}
    if "chat_id" in SCOPES[kind]:
        if not text_field(scope, "chat_id"):
            raise bad_request("Empty chat_id specified")
        needed["chat_id"] = whole(scope["chat_id"])
    if "user_id" in SCOPES[kind]:
        needed["user_id"] = number_field(scope, "user_id")
        if needed["user_id"] <= 0:
            raise bad_request("Invalid user_id specified")
    return needed


def _menu_chat(query: Query) -> Chat | None:
    if not query.params.text("chat_id"):
        return None
    return query.telegram.chat_of(query.bot, query.params.chat_id())
