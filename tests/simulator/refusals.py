"""What Telegram refuses, and in which words. Each line: method, parameters, answer.

The words are those of Client.cpp of the Bot API server and of TDLib, or of answers seen.
"""

from typing import Any

FIRST = 1  # the number of Sari's first message; the bot's answer to it has 2, its photo 3
SAME = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
ORDER = "Bad Request: message identifiers must be in a strictly increasing order"
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def inline(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Ya"} | button]]}


def entities(*places: tuple[int, int]) -> list[dict[str, Any]]:
    return [{"type": "bold", "offset": offset, "length": length} for offset, length in places]


HTML = {"parse_mode": "HTML"}
MARKDOWN = {"parse_mode": "MarkdownV2"}
PARSE = "Bad Request: can't parse entities: "
REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": ""}, "Bad Request: message text is empty"),
    ("sendMessage", {}, "Bad Request: message text is empty"),
    ("sendMessage", {"text": " \n "}, "Bad Request: text must be non-empty"),
    ("sendMessage", {"text": "<b></b>"} | HTML, "Bad Request: text must be non-empty"),
    ("sendMessage", {"text": "x" * 4097}, "Bad Request: message is too long"),
    ("sendMessage", {"text": "😀" * 4097}, "Bad Request: message is too long"),
    ("sendMessage", {"text": "x" * 40_000}, "Bad Request: text is too long"),
    ("sendMessage", {"text": "\ud83d"}, "Bad Request: strings must be encoded in UTF-8"),
    ("sendMessage", {"text": "a", "parse_mode": "BBCode"}, "Bad Request: unsupported parse_mode"),
    ("sendMessage", {"text": "a", "chat_id": ""}, "Bad Request: chat_id is empty"),
    ("sendMessage", {"text": "a", "chat_id": 1}, "Bad Request: chat not found"),
    ("sendMessage", {"text": "a", "chat_id": "@siapa"}, "Bad Request: chat not found"),
    (
        "sendMessage",
        {"text": "é <x>a</x>"} | HTML,
        f'{PARSE}Unsupported start tag "x" at byte offset 3',
    ),
    ("sendMessage", {"text": "a<b"} | HTML, f"{PARSE}Unclosed start tag at byte offset 1"),
    ("sendMessage", {"text": "3 < 4"} | HTML, f'{PARSE}Unsupported start tag "" at byte offset 2'),
    (
        "sendMessage",
        {"text": "<b>a"} | HTML,
        f'{PARSE}Can\'t find end tag corresponding to start tag "b"',
    ),
    (
        "sendMessage",
        {"text": "<b>a</i>"} | HTML,
        f'{PARSE}Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
    ),
    ("sendMessage", {"text": "a</b>"} | HTML, f"{PARSE}Unexpected end tag at byte offset 1"),
    ("sendMessage", {"text": "<b>a</b"} | HTML, f"{PARSE}Unclosed end tag at byte offset 4"),
    (
        "sendMessage",
        {"text": "<span>a</span>"} | HTML,
        f'{PARSE}Tag "span" must have class "tg-spoiler" at byte offset 0',
    ),
    (
        "sendMessage",
        {"text": "<a href=x/y>a</a>"} | HTML,
        f"{PARSE}Unexpected end of name token at byte offset 8",
    ),
    (
        "sendMessage",
        {"text": "<b/>"} | HTML,
        f'{PARSE}Unsupported start tag "b/" at byte offset 0',
    ),
    (
        "sendMessage",
        {"text": "<b /a>"} | HTML,
        f'{PARSE}Empty attribute name in the tag "b" at byte offset 0',
    ),
    (
        "sendMessage",
        {"text": "Rp1.000"} | MARKDOWN,
        f"{PARSE}Character '.' is reserved and must be escaped with the preceding '\\'",
    ),
    (
        "sendMessage",
        {"text": "é *a"} | MARKDOWN,
        f"{PARSE}Can't find end of Bold entity at byte offset 3",
    ),
    (
        "sendMessage",
        {"text": "[a](b.id"} | MARKDOWN,
        f"{PARSE}Can't find end of a URL at byte offset 4",
    ),
    (
        "sendMessage",
        {"text": "a *b", "parse_mode": "Markdown"},
        f"{PARSE}Can't find end of the entity starting at byte offset 2",
    ),
    (
        "sendMessage",
        {"text": "abc", "entities": entities((4, 1))},
        "Bad Request: entity begins after the end of the text at UTF-16 offset 4",
    ),
    (
        "sendMessage",
        {"text": "abc", "entities": entities((1, 9))},
        (
            "Bad Request: entity beginning at UTF-16 offset 1 ends after the end of the text "
            "at UTF-16 offset 10"
        ),
    ),
    (
        "sendMessage",
        {"text": "😀a", "entities": entities((1, 2))},
        "Bad Request: entity begins in a middle of a UTF-16 symbol at byte offset 4",
    ),
    (
        "sendMessage",
        {"text": "a", "reply_markup": inline(callback_data="é" * 33)},
        "Bad Request: BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"text": "a", "reply_markup": inline(callback_data="")},
        "Bad Request: BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"text": "a", "reply_markup": inline()},
        (
            "Bad Request: can't parse inline keyboard button: "
            "Text buttons are unallowed in the inline keyboard"
        ),
    ),
    (
        "sendMessage",
        {"text": "a", "reply_markup": {"inline_keyboard": [{"text": "a"}]}},
        (
            'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup '
            "must be an Array of Arrays"
        ),
    ),
    (
        "sendMessage",
        {
            "text": "a",
            "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "a"}] * 8] * 13},
        },
        "Bad Request: reply markup is too long",
    ),
    (
        "sendMessage",
        {"text": "a", "reply_markup": "{"},
        "Bad Request: can't parse reply keyboard markup JSON object",
    ),
    (
        "sendMessage",
        {"text": "a", "reply_parameters": {"message_id": 99}},
        "Bad Request: message to be replied not found",
    ),
    (
        "sendMessage",
        {"text": "a", "reply_to_message_id": 99},
        "Bad Request: message to be replied not found",
    ),
    ("sendPhoto", {}, "Bad Request: there is no photo in the request"),
    (
        "sendPhoto",
        {"photo": "AgACAgUAAxkBAAI"},
        (
            "Bad Request: wrong remote file identifier specified: "
            "can't unserialize it. Wrong last symbol"
        ),
    ),
    (
        "sendPhoto",
        {"photo": "foto.jpg"},
        "Bad Request: wrong remote file identifier specified: Wrong character in the string",
    ),
    (
        "sendVoice",
        {"voice": "suara"},
        "Bad Request: wrong remote file identifier specified: Wrong string length",
    ),
    (
        "sendMediaGroup",
        {"media": [{"type": "photo", "media": "attach://a"}]},
        "Bad Request: can't parse InputMedia: media not found",
    ),
    ("editMessageMedia", {"message_id": 3}, 'Bad Request: parameter "media" is required'),
    (
        "editMessageMedia",
        {"message_id": 3, "media": [1]},
        "Bad Request: can't parse InputMedia: expected an Object",
    ),
    (
        "editMessageMedia",
        {"message_id": 3, "media": {"type": "photo"}},
        "Bad Request: can't parse InputMedia: media not found",
    ),
    (
        "editMessageMedia",
        {"message_id": 3, "media": {"type": "poll", "media": "a"}},
        'Bad Request: can\'t parse InputMedia: type "poll" is unsupported',
    ),
    (
        "sendPhoto",
        {"photo": "attach://a"},
        "Bad Request: there is no photo in the request",
    ),
    (
        "sendPhoto",
        {"photo": "https://contoh.id/a.jpg", "caption": "x" * 1025},
        "Bad Request: message caption is too long",
    ),
    ("sendLocation", {"latitude": 1}, "Bad Request: longitude is empty"),
    (
        "sendLocation",
        {"latitude": 91, "longitude": 1},
        "Bad Request: invalid location specified",
    ),
    (
        "sendVenue",
        {"latitude": 91, "longitude": 1, "title": "a", "address": "b"},
        "Bad Request: wrong venue location specified",
    ),
    (
        "sendVenue",
        {"latitude": 1, "longitude": 1, "title": "a"},
        'Bad Request: parameter "address" is required',
    ),
    ("pinChatMessage", {"message_id": 99}, "Bad Request: message to pin not found"),
    ("unpinChatMessage", {"message_id": 99}, "Bad Request: message to unpin not found"),
    ("unpinChatMessage", {}, "Bad Request: message to unpin not found"),
    ("unpinChatMessage", {"message_id": 2}, "Bad Request: CHAT_NOT_MODIFIED"),
    ("sendPoll", {"question": "a"}, "Bad Request: poll must have at least one answer option"),
    (
        "sendPoll",
        {"question": "a", "options": ["a"] * 13},
        "Bad Request: poll can't have more than 12 options",
    ),
    (
        "sendPoll",
        {"question": "x" * 301, "options": ["a"]},
        "Bad Request: poll question length must not exceed 300",
    ),
    ("sendPoll", {"options": ["a"]}, "Bad Request: text must be non-empty"),
    (
        "sendContact",
        {"phone_number": "1"},
        'Bad Request: parameter "first_name" is required',
    ),
    (
        "sendMediaGroup",
        {"media": [{"type": "photo", "media": "https://contoh.id/a.jpg"}] * 11},
        "Bad Request: too many messages to send as an album",
    ),
    ("sendMediaGroup", {"media": []}, "Bad Request: there are no messages to send"),
    (
        "sendMediaGroup",
        {
            "media": [
                {"type": kind, "media": "https://contoh.id/a.jpg"} for kind in ("photo", "audio")
            ]
        },
        "Bad Request: audio can't be mixed with other media types",
    ),
    (
        "sendMediaGroup",
        {
            "media": [
                {"type": kind, "media": "https://contoh.id/a.jpg"} for kind in ("photo", "voice")
            ]
        },
        "Bad Request: can't parse InputMedia: type \"voice\" can't be used in sendMediaGroup",
    ),
    ("sendChatAction", {"action": "sleeping"}, "Bad Request: wrong parameter action in request"),
    ("copyMessage", {"message_id": 99}, "Bad Request: message to copy not found"),
    ("forwardMessage", {"message_id": 99}, "Bad Request: message to forward not found"),
    ("forwardMessages", {"message_ids": [4, 99]}, "Bad Request: messages can't be forwarded"),
    ("copyMessages", {}, "Bad Request: message identifiers are not specified"),
    ("copyMessages", {"message_ids": [3, 1]}, ORDER),
    ("forwardMessages", {"message_ids": [1, 1]}, ORDER),
    ("forwardMessage", {"message_id": 4}, "Bad Request: the message can't be forwarded"),
    ("editMessageText", {"message_id": 99, "text": "a"}, "Bad Request: message to edit not found"),
    ("editMessageText", {"message_id": FIRST, "text": "a"}, "Bad Request: message can't be edited"),
    ("editMessageText", {"message_id": 2, "text": "Halo"}, SAME),
    (
        "editMessageText",
        {"message_id": 3, "text": "a"},
        "Bad Request: there is no text in the message to edit",
    ),
    (
        "editMessageCaption",
        {"message_id": 2, "caption": "a"},
        "Bad Request: there is no caption in the message to edit",
    ),
    ("editMessageReplyMarkup", {"message_id": 2}, SAME),
    (
        "editMessageReplyMarkup",
        {"message_id": 2, "reply_markup": {"remove_keyboard": True}},
        "Bad Request: inline keyboard expected",
    ),
    ("deleteMessage", {"message_id": 99}, "Bad Request: message to delete not found"),
    ("setMessageReaction", {"message_id": 99}, "Bad Request: message to react not found"),
    (
        "setMessageReaction",
        {"message_id": 2, "reaction": [{"type": "heart"}]},
        "Bad Request: can't parse ReactionType: invalid reaction type specified",
    ),
    (
        "setMessageReaction",
        {"message_id": 2, "reaction": [{"type": "emoji", "emoji": one} for one in "👍🙏"]},
        "Bad Request: REACTIONS_TOO_MANY",
    ),
    (
        "editMessageText",
        {"chat_id": "", "text": "a"},
        "Bad Request: message identifier is not specified",
    ),
    ("editMessageText", {"message_id": 99, "text": ""}, "Bad Request: message text is empty"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, TOO_OLD),
    ("answerCallbackQuery", {"text": "x" * 201}, "Bad Request: MESSAGE_TOO_LONG"),
    ("getFile", {}, "Bad Request: file_id not specified"),
    ("getFile", {"file_id": "a"}, "Bad Request: invalid file_id"),
    ("getChat", {"chat_id": 7}, "Bad Request: chat not found"),
    (
        "setMyCommands",
        {"commands": [{"command": "Mulai", "description": "a"}]},
        "Bad Request: BOT_COMMAND_INVALID",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "mulai", "description": "a" * 257}]},
        "Bad Request: command description length must not exceed 256",
    ),
    (
        "setMyCommands",
        {"commands": [], "scope": {"type": "chat", "chat_id": ""}},
        "Bad Request: can't parse BotCommandScope: Empty chat_id specified",
    ),
    (
        "setMyCommands",
        {"commands": [], "scope": {"type": "chat"}},
        "Bad Request: can't parse BotCommandScope: Can't find field \"chat_id\"",
    ),
    (
        "setMyCommands",
        {"commands": [], "scope": {"type": "chat_member", "chat_id": 1, "user_id": 0}},
        "Bad Request: can't parse BotCommandScope: Invalid user_id specified",
    ),
    (
        "setMyCommands",
        {"commands": [], "scope": {"type": "everybody"}},
        "Bad Request: can't parse BotCommandScope: Unsupported type specified",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "mulai"}]},
        "Bad Request: can't parse BotCommand: Can't find field \"description\"",
    ),
    (
        "setChatMenuButton",
        {"menu_button": {"type": "other"}},
        "Bad Request: can't parse menu button: MenuButton has unsupported type",
    ),
    ("setWebhook", {"url": "contoh"}, "Bad Request: invalid webhook URL specified"),
    (
        "setWebhook",
        {"url": "https://contoh.id", "secret_token": "a b"},
        "Bad Request: secret token contains unallowed characters",
    ),
    (
        "setWebhook",
        {"url": "https://contoh.id:8080/a"},
        "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
    ),
    (
        "sendMessage",
        {"text": "abc", "entities": [{"type": "bold", "length": 1}]},
        "Bad Request: can't parse MessageEntity: Can't find field \"offset\"",
    ),
    (
        "sendPhoto",
        {"photo": "https://contoh.id/tidak-ada.jpg"},
        "Bad Request: failed to get HTTP URL content",
    ),
    (
        "sendVoice",
        {"voice": "https://contoh.id/a.jpg"},
        "Bad Request: wrong type of the web page content",
    ),
    (
        "sendMediaGroup",
        {"media": [{"type": "photo", "media": f"https://contoh.id/{one}.jpg"} for one in "ac"]},
        ('Bad Request: failed to send message #2 with the error message "WEBPAGE_CURL_FAILED"'),
    ),
    (
        "editMessageMedia",
        {"message_id": 3, "media": {"type": "photo", "media": "https://contoh.id/c.jpg"}},
        "Bad Request: failed to get HTTP URL content",
    ),
    (
        "sendMessage",
        {"text": "a", "link_preview_options": "zz"},
        "Bad Request: can't parse link preview options JSON object",
    ),
    (
        "sendMessage",
        {"link_preview_options": "[]"},
        "Bad Request: object expected as link preview options",
    ),
    (
        "editMessageText",
        {"message_id": 2, "text": "a", "link_preview_options": {"is_disabled": "true"}},
        'Bad Request: Field "is_disabled" must be of type Boolean',
    ),
    (
        "sendMessage",
        {"text": "a", "link_preview_options": {"url": True}},
        'Bad Request: Field "url" must be of type String',
    ),
    (
        "sendMessage",
        {"text": "a", "message_thread_id": 7},
        "Bad Request: message thread not found",
    ),
    (
        "copyMessage",
        {"message_id": 2, "message_thread_id": "7"},
        "Bad Request: message thread not found",
    ),
    *(
        (
            "setWebhook",
            {"url": url},
            "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        )
        for url in ("http://contoh.id/a", "http://10.0.0.7:8080/a", "http://localhost.contoh.id")
    ),
    ("sendNothing", {}, "Not Found: method not found"),
]
