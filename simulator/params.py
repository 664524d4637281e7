"""The parameters of a call, however they came: JSON, a form, or a form with files."""

import json
from typing import Any

from simulator.errors import bad_request
from simulator.fields import text_field
from simulator.files import PHOTO_LIMIT, UPLOAD_LIMIT, File, Files, Upload
from simulator.html_markup import parse_html
from simulator.markdown_markup import parse_markdown, parse_markdown_v2
from simulator.words import (
    CAPTION_LENGTH,
    NOTHING,
    RAW_BYTES,
    TEXT_LENGTH,
    Entity,
    Words,
    check_entities,
    clean,
    finish,
)

Json = dict[str, Any]

PARSERS = {
    "html": parse_html,
    "markdownv2": parse_markdown_v2,
    "markdown": parse_markdown,
}
BUTTON_BYTES = 64
BUTTONS = 100
PREVIEW = {"is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text"}
ACTIONS = frozenset({
    "url", "callback_data", "web_app", "login_url", "switch_inline_query",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "copy_text",
    "callback_game", "pay",
})  # fmt: skip


class Params:
    """What a bot sent with a call. Reading what is wrong raises Telegram's answer."""

    def __init__(self, given: Json, files: dict[str, Upload] | None = None) -> None:
        self.given = given
        self.files = files or {}

    def text(self, name: str) -> str:
        """A string, empty when it is missing."""
        value = self.given.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, default: int = 0) -> int:
        """A whole number; what is none counts as the default, as at Telegram."""
        return whole(self.given.get(name), default)

    def decimal(self, name: str) -> float:
        """A number that must be there."""
        try:
            return float(self.given[name])
        except (KeyError, TypeError, ValueError):
            raise bad_request(f"{name} is empty") from None

    def flag(self, name: str) -> bool:
        """Telegram takes true, yes and 1 for true."""
        return str(self.given.get(name, "")).lower() in ("true", "yes", "1")

    def json(self, name: str, what: str) -> Any:
        """A value that may be JSON in a string; None when it is missing."""
        value = self.given.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None

    def chat_id(self, name: str = "chat_id") -> int:
        """The number of a chat."""
        value = self.text(name)
        if not value:
            raise bad_request(f"{name} is empty")
        try:
            return int(value)
        except ValueError:
            raise bad_request("chat not found") from None

    def objects(self, name: str, what: str) -> list[Json]:
        """An array of objects that must be there."""
        items = self.json(name, name.replace("_", " "))
        if not isinstance(items, list):
            raise bad_request(f"expected an Array of {what}")
        if not all(isinstance(item, dict) for item in items):
            raise bad_request(f"can't parse {what}: expected an Object")
        return items

    def message_ids(self) -> list[int]:
        """1 to 100 numbers of messages."""
        ids = self.json("message_ids", "message_ids")
        if ids is None:
            raise bad_request("message identifiers are not specified")
        if not isinstance(ids, list):
            raise bad_request("expected an Array of message identifiers")
        if len(ids) > 100:
            raise bad_request("too many message identifiers specified")
        try:
            return [int(number) for number in ids]
        except (TypeError, ValueError):
            raise bad_request("message identifier must be a Number") from None

    def words(self) -> Words:
        """The text of a message, which must say something and fit."""
        check_preview(self.json("link_preview_options", "link preview options"))
        raw = self.text("text")
        if not raw:
            raise bad_request("message text is empty")
        words = read_words(raw, self.text("parse_mode"), self.json("entities", "entities"))
        if not words.text:
            raise bad_request("text must be non-empty")
        if len(words.text) > TEXT_LENGTH:
            raise bad_request("message is too long")
        return words

    def caption(self) -> Words:
        """The words under a file, if any."""
        return read_caption(self.given | {
            "caption": self.text("caption"),
            "caption_entities": self.json("caption_entities", "caption entities"),
        })  # fmt: skip

    def markup(self) -> Json | None:
        """The keyboard, checked as strictly as Telegram checks it."""
        markup = self.json("reply_markup", "reply keyboard markup")
        return None if markup is None else check_markup(markup)

    def file(self, files: Files, kind: str, value: object = None) -> File:
        """The file that a parameter means: an id, an address, or an upload."""
        named = self.given.get(kind) if value is None else value
        upload = self.files.get(kind) if value is None else None
        if upload is None and isinstance(named, str) and named.startswith("attach://"):
            upload = self.files.get(named.removeprefix("attach://"))
            if upload is None:
                raise bad_request(f"there is no {kind} in the request")
        if upload is not None:
            return files.add(kind, _check_upload(kind, upload))
        if not isinstance(named, str) or not named:
            raise bad_request(f"there is no {kind} in the request")
        if is_address(named):
            return files.fetch(kind, named)
        return files.find(named, kind=kind)

    def media(self, files: Files, kind: str, item: Json) -> File:
        """The file that an InputMedia means."""
        named = str(item.get("media") or "")
        if not named or (
            named.startswith("attach://") and named.removeprefix("attach://") not in self.files
        ):
            raise bad_request("can't parse InputMedia: media not found")
        return self.file(files, kind, named)


def is_address(named: str) -> bool:
    """Whether a file is named by where it stands on the web."""
    return named.startswith(("http://", "https://"))


def check_preview(options: object) -> None:
    """Options for the preview of a link; nothing here shows one."""
    if options is None:
        return
    if not isinstance(options, dict):
        raise bad_request("object expected as link preview options")
    for name in PREVIEW & options.keys():
        if not isinstance(options[name], bool):
            raise bad_request(f'Field "{name}" must be of type Boolean')
    if "url" in options:
        text_field(options, "url")


def whole(value: object, default: int = 0) -> int:
    """A whole number; what is none counts as the default, as at Telegram."""
    try:
        return int(str(value))
    except ValueError:
        return default


def read_words(raw: str, parse_mode: str, entities: object) -> Words:
    """Text and entities out of markup, or out of explicit entities."""
    if len(raw.encode(errors="surrogatepass")) > RAW_BYTES:
        raise bad_request("text is too long")
    text = clean(raw)
    found: list[Entity] = []
    mode = parse_mode.lower()
    if mode and mode != "none":
        parser = PARSERS.get(mode)
        if parser is None:
            raise bad_request("unsupported parse_mode")
        text, found = parser(text)
    elif isinstance(entities, list):
        found = check_entities(text, entities)
    return finish(text, found)


def read_caption(given: Json) -> Words:
    """The caption in the fields of a message or of an album's item."""
    raw = str(given.get("caption") or "")
    if not raw:
        return NOTHING
    words = read_words(raw, str(given.get("parse_mode") or ""), given.get("caption_entities"))
    if len(words.text) > CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    return words


def check_markup(markup: object) -> Json:
    """A reply markup as Telegram keeps it, or its complaint."""
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    inline = _rows(markup, "inline_keyboard", '"inline_keyboard" of the InlineKeyboardMarkup')
    for row in inline:
        for button in row:
            _check_inline(button)
    if sum(len(row) for row in inline) > BUTTONS:
        raise bad_request("reply markup is too long")
    for row in _rows(markup, "keyboard", '"keyboard"'):
        for button in row:
            text = button.get("text") if isinstance(button, dict) else button
            if not isinstance(text, str):
                raise bad_request(
                    "can't parse keyboard button: KeyboardButton must be a String or an Object"
                )
            if not text:
                raise bad_request("keyboard button text must be non-empty")
    if inline or "inline_keyboard" not in markup:
        return markup | ({"inline_keyboard": inline} if inline else {})
    return {}


def _rows(markup: Json, name: str, what: str) -> list[list[Any]]:
    rows = markup.get(name) or []
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f"field {what} must be an Array of Arrays")
    return [row for row in rows if row]


def _check_inline(button: object) -> None:
    fault = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(f"{fault}InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request(f'{fault}Can\'t find field "text"')
    if not ACTIONS & button.keys():
        raise bad_request(f"{fault}Text buttons are unallowed in the inline keyboard")
    if not button["text"]:
        raise bad_request("inline keyboard button text must be non-empty")
    if "callback_data" in button:
        size = len(str(button["callback_data"]).encode())
        if not 1 <= size <= BUTTON_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and ("." not in str(url) or " " in str(url)) and "://" not in str(url):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _check_upload(kind: str, upload: Upload) -> Upload:
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > (PHOTO_LIMIT if kind == "photo" else UPLOAD_LIMIT):
        raise bad_request("file is too big")
    return upload
