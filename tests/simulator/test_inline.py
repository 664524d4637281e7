"""What someone asks a bot from any chat, what it may offer, and what becomes of the choice."""

from typing import Any

import pytest

from simulator.clock import MovedClock
from simulator.person import NoSuchButton, Person
from simulator.server import Server
from simulator.telegram import BotAccount, Telegram
from tests.simulator.conftest import Asking

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
FAULT = "Bad Request: can't parse inline query result: "
BUTTONS = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}


def article(number: str = "1", text: str = "Minum oralit", **more: Any) -> dict[str, Any]:
    content = {"message_text": text}
    return {
        "type": "article",
        "id": number,
        "title": "Diare",
        "input_message_content": content,
    } | more


@pytest.fixture
def bot(telegram: Telegram) -> BotAccount:
    bot = telegram.add_bot("contoh_bot")
    bot.inline = True
    return bot


async def test_a_question_is_answered_and_the_choice_is_sent(
    ask: Asking, bot: BotAccount, sari: Person
) -> None:
    bot.inline_feedback = True
    sari.starts()
    asked = sari.asks_inline("diare")
    query = (await ask.updates())[-1]["inline_query"]
    assert query == {
        "id": asked.id,
        "from": sari.to_json(),
        "chat_type": "sender",
        "query": "diare",
        "offset": "",
    }
    offered = [article(), article("2", "<b>Demam</b>", title="Demam")]
    assert await ask("answerInlineQuery", inline_query_id=asked.id, results=offered) is True
    message = sari.chooses(asked, "Diare")
    assert message.text == "Minum oralit"
    assert not message.from_bot
    *_, posted, chosen = await ask.updates()
    assert posted["message"]["via_bot"]["id"] == bot.id
    assert posted["message"]["from"]["id"] == sari.id
    assert chosen["chosen_inline_result"] == {
        "from": sari.to_json(),
        "query": "diare",
        "result_id": "1",
    }
    with pytest.raises(NoSuchButton):
        sari.chooses(asked, "Pusing")


async def test_a_bot_hears_of_a_choice_only_if_it_wants_to(ask: Asking, sari: Person) -> None:
    asked = sari.asks_inline("diare")
    await ask("answerInlineQuery", inline_query_id=asked.id, results=[article()])
    sari.chooses(asked, "1")
    assert "chosen_inline_result" not in (await ask.updates())[-1]


async def test_a_question_is_answered_once_and_soon(
    telegram: Telegram, ask: Asking, clock: MovedClock, sari: Person
) -> None:
    first, second = sari.asks_inline("a"), sari.asks_inline("b")
    assert await ask("answerInlineQuery", inline_query_id=first.id, results=[]) is True
    assert first.results == []
    assert await ask("answerInlineQuery", inline_query_id=first.id, results=[]) == TOO_OLD
    other = Asking(telegram, telegram.add_bot("lain_bot"))
    assert await other("answerInlineQuery", inline_query_id=second.id, results=[]) == TOO_OLD
    clock.move(29)
    assert len(await ask.updates()) == 2
    clock.move(2)
    assert await ask.updates() == []
    assert await ask("answerInlineQuery", inline_query_id=second.id, results=[]) == TOO_OLD


REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"results": "{}"}, "Bad Request: expected an Array of inline query results"),
    (
        {"results": [article(str(number)) for number in range(51)]},
        "Bad Request: too many inline query results specified",
    ),
    ({"results": ["a"]}, f"{FAULT}Inline query result must be an object"),
    ({"results": [{"id": "1"}]}, f'{FAULT}Can\'t find field "type"'),
    ({"results": [{"type": "article", "title": "a"}]}, f'{FAULT}Can\'t find field "id"'),
    (
        {"results": [{"type": "article", "id": "1", "title": "a"}]},
        f'{FAULT}Can\'t find field "message_text"',
    ),
    (
        {"results": [{"type": "poll", "id": "1"}]},
        f'{FAULT}type "poll" is unsupported for the inline query result',
    ),
    (
        {"results": [{"type": "photo", "id": "1", "photo_file_id": "a"}]},
        "Bad Request: wrong remote file identifier specified: Wrong string length",
    ),
    ({"results": [article(text="")]}, f"{FAULT}Message text is empty"),
    (
        {
            "results": [
                {
                    "type": "article",
                    "id": "1",
                    "title": "a",
                    "input_message_content": {"message_text": "a", "link_preview_options": "zz"},
                }
            ]
        },
        f'{FAULT}Field "link_preview_options" must be of type Object',
    ),
    ({"results": [article(""), article("2")]}, "Bad Request: RESULT_ID_EMPTY"),
    ({"results": [article("x" * 65)]}, "Bad Request: RESULT_ID_INVALID"),
    ({"results": [article("1"), article("1")]}, "Bad Request: RESULT_ID_DUPLICATE"),
    ({"results": [], "next_offset": "x" * 65}, "Bad Request: NEXT_OFFSET_INVALID"),
    (
        {"results": [], "button": {"text": "Buka"}},
        (
            "Bad Request: can't parse inline query results button: "
            "InlineQueryResultsButton must have exactly one optional field"
        ),
    ),
    (
        {"results": [], "button": {"text": "Buka", "start_parameter": "a b"}},
        "Bad Request: unallowed characters in start_parameter are used",
    ),
]


@pytest.mark.parametrize(("params", "answer"), REFUSALS)
async def test_telegram_refuses_what_is_no_offer(
    ask: Asking, sari: Person, params: dict[str, Any], answer: str
) -> None:
    asked = sari.asks_inline("a")
    assert await ask("answerInlineQuery", inline_query_id=asked.id, **params) == answer
    assert asked.results is None
    assert await ask("answerInlineQuery", inline_query_id=asked.id, results=[article()]) is True


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        ({"type": "photo", "photo_url": "https://contoh.id/a.jpg", "caption": "Obat"}, "photo"),
        ({"type": "gif", "gif_url": "https://contoh.id/a.gif"}, "animation"),
        ({"type": "location", "title": "Sini", "latitude": -8, "longitude": 115}, "location"),
        (
            {"type": "venue", "title": "A", "address": "B", "latitude": -8, "longitude": 115},
            "venue",
        ),
        ({"type": "contact", "phone_number": "1", "first_name": "A"}, "contact"),
    ],
)
async def test_every_kind_of_result_can_be_sent(
    ask: Asking, sari: Person, result: dict[str, Any], kind: str
) -> None:
    asked = sari.asks_inline("a")
    await ask("answerInlineQuery", inline_query_id=asked.id, results=[result | {"id": "1"}])
    assert sari.chooses(asked, "1").kind == kind
    assert kind in (await ask.updates())[-1]["message"]


async def test_a_result_with_buttons_is_changed_by_its_inline_number(
    telegram: Telegram, ask: Asking, bot: BotAccount, sari: Person
) -> None:
    other = telegram.add_bot("lain_bot")
    bot.inline_feedback = True
    asked = sari.asks_inline("a", to=other, via=bot)
    assert (await ask.updates())[-1]["inline_query"]["chat_type"] == "private"
    results = [article(reply_markup=BUTTONS)]
    await ask("answerInlineQuery", inline_query_id=asked.id, results=results)
    message = sari.chooses(asked, "1")
    sari.taps("Ya", message)
    *_, chosen, tap = await ask.updates()
    number = chosen["chosen_inline_result"]["inline_message_id"]
    assert tap["callback_query"]["inline_message_id"] == number
    assert "message" not in tap["callback_query"]
    assert await ask("answerCallbackQuery", callback_query_id=tap["callback_query"]["id"]) is True
    assert await ask("editMessageText", inline_message_id=number, text="Baik") is True
    assert message.text == "Baik"
    wrong = await ask("editMessageText", inline_message_id="x", text="Baik")
    assert wrong == "Bad Request: MESSAGE_ID_INVALID"
    stranger = await Asking(telegram, other)("editMessageText", inline_message_id=number, text="a")
    assert stranger == "Bad Request: MESSAGE_ID_INVALID"


async def test_only_an_inline_bot_can_be_asked(ask: Asking, bot: BotAccount, sari: Person) -> None:
    assert (await ask("getMe"))["supports_inline_queries"] is True
    with pytest.raises(ValueError, match="256"):
        sari.asks_inline("x" * 257)
    bot.inline = False
    with pytest.raises(ValueError, match="does not answer inline"):
        sari.asks_inline("a")


async def test_both_libraries_can_answer_inline(
    telegram: Telegram, server: Server, bot: BotAccount, sari: Person
) -> None:
    from aiogram import Bot as Aiogram
    from aiogram import types
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from telegram import (
        Bot,
        InlineQueryResultArticle,
        InlineQueryResultPhoto,
        InlineQueryResultsButton,
        InputTextMessageContent,
    )

    asked = sari.asks_inline("diare")
    photo = "https://contoh.id/a.jpg"
    async with Bot(bot.token, f"{server.url}/bot", f"{server.url}/file/bot") as client:
        results = [
            InlineQueryResultArticle(
                "1", "Diare", InputTextMessageContent("<b>Oralit</b>", "HTML")
            ),
            InlineQueryResultPhoto("2", photo, photo, caption="Obat"),
        ]
        button = InlineQueryResultsButton("Tanya petugas", start_parameter="tanya")
        assert await client.answer_inline_query(asked.id, results, button=button)
    assert sari.chooses(asked, "Diare").text == "Oralit"
    assert sari.chooses(asked, "2").caption == "Obat"
    assert asked.button is not None
    asked = sari.asks_inline("demam")
    session = AiohttpSession(api=TelegramAPIServer.from_base(server.url))
    async with Aiogram(bot.token, session) as other:
        content = types.InputTextMessageContent(message_text="Kompres hangat")
        article = types.InlineQueryResultArticle(
            id="1", title="Demam", input_message_content=content
        )
        assert await other.answer_inline_query(asked.id, [article])
    assert sari.chooses(asked, "Demam").text == "Kompres hangat"
