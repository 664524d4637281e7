"""answerInlineQuery: what a bot offers is read as strictly as Telegram reads it."""

from dataclasses import replace
from typing import Any

from simulator.errors import ApiError, bad_request
from simulator.fields import decimal_field, inside, object_field, text_field
from simulator.files import Upload, content
from simulator.message import Json
from simulator.params import check_markup, check_preview, is_address, read_caption, read_words
from simulator.question import PAYLOAD, Result
from simulator.sending import Query
from simulator.words import NOTHING, TEXT_LENGTH, Words

RESULTS = 50  # MAX_INLINE_QUERY_RESULT_COUNT in Client.cpp
ID_BYTES = OFFSET_BYTES = 64  # core.telegram.org/bots/api#inlinequeryresultarticle
ANSWER_LIFE = 30.0  # as long as the question is kept; Telegram says only "some seconds"
FILES = {  # by the type of a result: the kind of file, and what its fields begin with
    "photo": ("photo", "photo"), "gif": ("animation", "gif"), "mpeg4_gif": ("animation", "mpeg4"),
    "video": ("video", "video"), "audio": ("audio", "audio"), "voice": ("voice", "voice"),
    "document": ("document", "document"), "sticker": ("sticker", "sticker"),
}  # fmt: skip
NAMED = ("article", "document", "location", "venue", "video", "voice")  # with a title


def answer(query: Query) -> bool:
    """Give the results to whom has asked; once, and soon."""
    params, telegram = query.params, query.telegram
    button = _button(params.json("button", "inline query results button"))
    given = params.json("results", "encoded inline query results")
    given = [] if given is None else given
    if not isinstance(given, list):
        raise bad_request("expected an Array of inline query results")
    if len(given) > RESULTS:
        raise bad_request("too many inline query results specified")
    results = [_result(query, item) for item in given]
    _check_ids(results)
    next_offset = params.text("next_offset")
    if len(next_offset.encode()) > OFFSET_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    question = telegram.questions.get(params.text("inline_query_id"))
    now = telegram.clock.time()
    if question is None or question.bot is not query.bot or now - question.at > ANSWER_LIFE:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    del telegram.questions[question.id]
    question.results, question.button, question.next_offset = results, button, next_offset
    return True


def _check_ids(results: list[Result]) -> None:
    for result in results:
        if not 1 <= len(result.id.encode()) <= ID_BYTES:
            raise bad_request("RESULT_ID_INVALID" if result.id else "RESULT_ID_EMPTY")
    if len({result.id for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")


def _result(query: Query, item: object) -> Result:
    try:
        result, named = _parsed(item)
        about = str(item.get("description") or item.get("address") or "")  # type: ignore[attr-defined]  # an object, says _parsed
        result = replace(result, about=about)
    except ApiError as error:
        raise inside("inline query result", error) from None
    if not named:
        return result
    if is_address(named):  # fetched only when somebody looks at it
        file = query.bot.files.add(result.kind, Upload(named.encode(), named.rpartition("/")[2]))
    else:
        file = query.params.file(query.bot.files, result.kind, named)
    return replace(result, content=content(file, item if isinstance(item, dict) else {}))


def _parsed(item: object) -> tuple[Result, str]:
    """The result, and the file that is still to be found, if any."""
    if not isinstance(item, dict):
        raise bad_request("Inline query result must be an object")
    kind, number = text_field(item, "type").lower(), text_field(item, "id")
    title = text_field(item, "title") if kind in NAMED else str(item.get("title") or "")
    markup = item.get("reply_markup")
    markup = None if markup is None else check_markup(markup)
    shown, named = item.get("input_message_content"), ""
    if shown is None and kind == "article":
        shown = {"message_text": text_field(item, "message_text")}
    if kind in FILES:
        file_kind, begins = FILES[kind]
        named = str(item.get(f"{begins}_url") or text_field(item, f"{begins}_file_id"))
        if shown is None:
            return Result(number, title, file_kind, read_caption(item), {}, markup), named
    elif kind in ("location", "venue", "contact"):
        shown = item if shown is None else shown
    elif kind != "article":
        raise bad_request(f'type "{kind}" is unsupported for the inline query result')
    return Result(number, title, *_instead(shown), markup), ""


def _instead(given: object) -> tuple[str, Words, Json]:
    """What is sent when a result is chosen: its kind, its words, its other fields."""
    if not isinstance(given, dict):
        raise bad_request('Can\'t find field "input_message_content"')
    if "message_text" in given:
        raw = str(given["message_text"])
        if not raw:
            raise bad_request("Message text is empty")
        words = read_words(raw, str(given.get("parse_mode") or ""), given.get("entities"))
        if len(words.text) > TEXT_LENGTH:
            raise bad_request("Message is too long")
        if "link_preview_options" in given:
            check_preview(object_field(given, "link_preview_options"))
        return "text", words, {}
    if "phone_number" in given:
        names = ("phone_number", "first_name", "last_name")
        card = {name: text_field(given, name) for name in names[:2]}
        return "contact", NOTHING, {"contact": card | _given(given, names[2:])}
    if "latitude" in given:
        place = {name: decimal_field(given, name) for name in ("latitude", "longitude")}
        if "address" not in given:
            return "location", NOTHING, {"location": place}
        venue = {"location": place} | {
            name: text_field(given, name) for name in ("title", "address")
        }
        return "venue", NOTHING, {"location": place, "venue": venue}
    raise bad_request("Input message content is not specified")


def _button(given: Any) -> Json | None:
    if given is None:
        return None
    try:
        _check_button(given)
    except ApiError as error:
        raise inside("inline query results button", error) from None
    if "web_app" in given:
        return dict(given)
    payload = str(given["start_parameter"])
    if not payload:
        raise bad_request("can't use empty start_parameter")
    if len(payload) > 64:
        raise bad_request("too long start_parameter specified")
    if not PAYLOAD.fullmatch(payload):
        raise bad_request("unallowed characters in start_parameter are used")
    return dict(given)


def _check_button(given: object) -> None:
    if not isinstance(given, dict):
        raise bad_request("InlineQueryResultsButton must be an Object")
    text_field(given, "text")
    if "start_parameter" not in given and "web_app" not in given:
        raise bad_request("InlineQueryResultsButton must have exactly one optional field")


def _given(given: Json, names: tuple[str, ...]) -> Json:
    return {name: str(given[name]) for name in names if given.get(name)}
