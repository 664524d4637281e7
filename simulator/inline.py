"""answerInlineQuery: what a bot offers is read as strictly as Telegram reads it."""

from typing import Any

from simulator.errors import ApiError, bad_request
from simulator.files import KINDS, content
from simulator.message import Json
from simulator.params import check_markup, read_caption, read_words
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
        return _parsed(query, item)
    except ApiError as error:
        reason = error.description.removeprefix("Bad Request: ")
        raise bad_request(f"can't parse inline query result: {reason}") from None


def _parsed(query: Query, item: object) -> Result:
    if not isinstance(item, dict):
        raise bad_request("Inline query result must be an object")
    kind, number = _field(item, "type").lower(), _field(item, "id")
    title = _field(item, "title") if kind in NAMED else str(item.get("title") or "")
    markup = item.get("reply_markup")
    markup = None if markup is None else check_markup(markup)
    shown = item.get("input_message_content")
    if shown is not None:
        return Result(number, title, *_instead(shown), markup)
    if kind in FILES:
        file_kind, begins = FILES[kind]
        named = item.get(f"{begins}_url") or _field(item, f"{begins}_file_id")
        file = query.params.file(query.bot.files, file_kind, named)
        words = read_caption(item) if file_kind in KINDS else NOTHING
        return Result(number, title, file_kind, words, content(file, item), markup)
    if kind == "article":
        return Result(number, title, *_instead({"message_text": _field(item, "message_text")}),
                      markup)  # fmt: skip
    if kind in ("location", "venue", "contact"):
        return Result(number, title, *_instead(item), markup)
    raise bad_request(f'type "{kind}" is unsupported for the inline query result')


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
        return "text", words, {}
    if "phone_number" in given:
        names = ("phone_number", "first_name", "last_name")
        card = {name: _field(given, name) for name in names[:2]}
        return "contact", NOTHING, {"contact": card | _given(given, names[2:])}
    if "latitude" in given:
        place = {name: _number(given, name) for name in ("latitude", "longitude")}
        if "address" not in given:
            return "location", NOTHING, {"location": place}
        venue = {"location": place} | {name: _field(given, name) for name in ("title", "address")}
        return "venue", NOTHING, {"location": place, "venue": venue}
    raise bad_request("Input message content type is unsupported")


def _button(given: Any) -> Json | None:
    if given is None:
        return None
    fault = "can't parse inline query results button: "
    if not isinstance(given, dict):
        raise bad_request(f"{fault}InlineQueryResultsButton must be an Object")
    _field(given, "text", fault)
    if "web_app" in given:
        return given
    if "start_parameter" not in given:
        raise bad_request(f"{fault}InlineQueryResultsButton must have exactly one optional field")
    payload = str(given["start_parameter"])
    if not payload:
        raise bad_request("can't use empty start_parameter")
    if len(payload) > 64:
        raise bad_request("too long start_parameter specified")
    if not PAYLOAD.fullmatch(payload):
        raise bad_request("unallowed characters in start_parameter are used")
    return given


def _field(given: Json, name: str, fault: str = "") -> str:
    value = given.get(name)
    if value is None:
        raise bad_request(f'{fault}Can\'t find field "{name}"')
    if not isinstance(value, str | int | float):
        raise bad_request(f'{fault}Field "{name}" must be of type String')
    return str(value)


def _number(given: Json, name: str) -> float:
    try:
        return float(_field(given, name))
    except ValueError:
        raise bad_request(f'Field "{name}" must be of type Number') from None


def _given(given: Json, names: tuple[str, ...]) -> Json:
    return {name: str(given[name]) for name in names if given.get(name)}
