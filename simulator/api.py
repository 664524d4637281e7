"""Every method of the Bot API that is simulated, and what happens around each call."""

from dataclasses import dataclass

from simulator import carrying, editing, inline, pinning, sending, settings
from simulator.errors import ApiError, too_many_requests
from simulator.files import Json, Upload
from simulator.params import Params
from simulator.sending import Method, Query
from simulator.telegram import BotAccount, Call, Telegram
from simulator.trouble import Rule
from simulator.updates import POLL_LIMIT

LONGEST_POLL = 50  # seconds, LONG_POLL_MAX_TIMEOUT in Client.h
ERRORS = {500: "Internal Server Error", 502: "Bad Gateway", 504: "Gateway Timeout"}

METHODS: dict[str, Method] = {
    "getMe": settings.get_me,
    "getChat": settings.get_chat,
    "getFile": settings.get_file,
    "getUserProfilePhotos": settings.get_photos,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_file("photo"),
    "sendVoice": sending.send_file("voice"),
    "sendAudio": sending.send_file("audio"),
    "sendDocument": sending.send_file("document"),
    "sendVideo": sending.send_file("video"),
    "sendVideoNote": sending.send_file("video_note"),
    "sendAnimation": sending.send_file("animation"),
    "sendSticker": sending.send_file("sticker"),
    "sendLocation": sending.send_location,
    "sendVenue": sending.send_venue,
    "sendContact": sending.send_contact,
    "sendDice": sending.send_dice,
    "sendPoll": sending.send_poll,
    "sendMediaGroup": sending.send_media_group,
    "sendChatAction": sending.send_chat_action,
    "copyMessage": carrying.copy_message,
    "copyMessages": carrying.copy_messages,
    "forwardMessage": carrying.forward_message,
    "forwardMessages": carrying.forward_messages,
    "editMessageText": editing.edit_text,
    "editMessageCaption": editing.edit_caption,
    "editMessageReplyMarkup": editing.edit_markup,
    "editMessageMedia": editing.edit_media,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "setMessageReaction": editing.set_reaction,
    "pinChatMessage": pinning.pin,
    "unpinChatMessage": pinning.unpin,
    "unpinAllChatMessages": pinning.unpin_all,
    "answerCallbackQuery": editing.answer_press,
    "answerInlineQuery": inline.answer,
    "setMyCommands": settings.set_commands,
    "getMyCommands": settings.get_commands,
    "deleteMyCommands": settings.delete_commands,
    "setChatMenuButton": settings.set_menu_button,
    "getChatMenuButton": settings.get_menu_button,
    "setMyName": settings.set_text("name"),
    "getMyName": settings.get_text("name"),
    "setMyDescription": settings.set_text("description"),
    "getMyDescription": settings.get_text("description"),
    "setMyShortDescription": settings.set_text("short_description"),
    "getMyShortDescription": settings.get_text("short_description"),
    "setWebhook": settings.set_webhook,
    "deleteWebhook": settings.delete_webhook,
    "getWebhookInfo": settings.get_webhook_info,
    "close": settings.leave,
    "logOut": settings.leave,
}
BY_NAME = {name.lower(): (name, method) for name, method in METHODS.items()}
LIMITED = ("send", "copy", "forward", "edit")  # what counts against the sending limits
FREE = frozenset({"sendChatAction"})


class CutError(ConnectionError):
    """The connection ends here, without an answer."""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: its status and its JSON."""

    status: int
    body: Json

    @property
    def retry_after(self) -> int | None:
        """The seconds that a 429 names."""
        seconds = self.body.get("parameters", {}).get("retry_after")
        return seconds if isinstance(seconds, int) else None


async def call(
    telegram: Telegram,
    token: str,
    method: str,
    given: Json,
    files: dict[str, Upload] | None = None,
) -> Answer:
    """Answer one call as Telegram would; raises `CutError` when trouble cuts the connection."""
    bot = telegram.bots.get(token)
    if bot is None:
        return _refusal(ApiError(401, "Unauthorized"))
    if method.lower() == "getupdates":
        name, act = "getUpdates", None
    elif method.lower() in BY_NAME:
        name, act = BY_NAME[method.lower()]
    else:
        return _refusal(ApiError(404, "Not Found: method not found"))
    query = Query(telegram, bot, name, Params(given, files))
    rule = telegram.trouble.take(name, query.params.number("chat_id"))
    try:
        if rule is not None:
            await _before(telegram, rule)
        _check_limits(query)
        result = await get_updates(query) if act is None else act(query)
        if rule is not None:
            await _after(telegram, rule)
    except ApiError as error:
        _record(query, error.code)
        return _refusal(error)
    except CutError:
        _record(query, 0)
        raise
    _record(query, None)
    return Answer(200, {"ok": True, "result": result})


async def get_updates(query: Query) -> list[Json]:
    """What waits, at once; or the first that comes within `timeout` real seconds."""
    bot, params = query.bot, query.params
    if bot.webhook is not None:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    settings.allow_updates(query)
    offset = params.number("offset")
    limit = min(max(params.number("limit", POLL_LIMIT), 1), POLL_LIMIT)
    timeout = min(max(params.number("timeout"), 0), LONGEST_POLL)
    updates = bot.updates.get(offset, limit)
    if not updates and timeout:
        bot.poll = query
        bot.updates.wake()  # an earlier call that still waits finds itself replaced
        await bot.updates.news(timeout)
        if bot.poll is not query:
            raise _conflict(bot)
        bot.poll = None
        updates = bot.updates.get(max(offset, 0), limit)
    return [update.to_json() for update in updates]


def _conflict(bot: BotAccount) -> ApiError:
    if bot.webhook is not None:
        return ApiError(409, "Conflict: terminated by setWebhook request")
    return ApiError(
        409,
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    )


def _check_limits(query: Query) -> None:
    if not query.telegram.limits.on or query.method in FREE:
        return
    if query.method.startswith(LIMITED):
        wait = query.telegram.limits.judge(query.bot.id, query.params.number("chat_id"))
        if wait is not None:
            raise too_many_requests(wait)


async def _before(telegram: Telegram, rule: Rule) -> None:
    match rule.kind:
        case "delay":
            await telegram.clock.sleep(rule.seconds)
        case "error":
            raise _server_error(rule)
        case "flood":
            raise too_many_requests(rule.retry_after)
        case "cut_before":
            raise CutError


async def _after(telegram: Telegram, rule: Rule) -> None:
    match rule.kind:
        case "delay_after":
            await telegram.clock.sleep(rule.seconds)
        case "error_after":
            raise _server_error(rule)
        case "cut_after":
            raise CutError


def _server_error(rule: Rule) -> ApiError:
    return ApiError(rule.code, ERRORS.get(rule.code, "Internal Server Error"))


def _refusal(error: ApiError) -> Answer:
    return Answer(error.code, error.to_json())


def _record(query: Query, error_code: int | None) -> None:
    at = query.telegram.clock.now()
    query.telegram.calls.append(Call(query.bot, query.method, query.params.given, at, error_code))
