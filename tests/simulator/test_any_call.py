"""Whatever a bot sends, there is an answer, and a refusal changes nothing."""

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.api import METHODS, call
from simulator.clock import MovedClock
from simulator.telegram import Telegram
from tests.simulator.conftest import START

NAMES = (
    "text caption photo document sticker media reply_markup reply_parameters entities message_ids "
    "caption_entities parse_mode message_id from_chat_id options question latitude longitude "
    "commands scope menu_button reaction emoji action url secret_token allowed_updates offset "
    "callback_query_id file_id user_id phone_number first_name title reply_to_message_id "
    "results button next_offset inline_query_id inline_message_id"
)
words = st.sampled_from(
    ["", "a", "<b>a</b>", "1", "-1", "true", "{", "[]", "photo", "article", "HTML", "🎲"]
)
scalars = words | st.integers(-3, 5) | st.booleans() | st.none()
FIELDS = (
    "type media text callback_data inline_keyboard keyboard message_id chat_id offset length url "
    "command description emoji caption parse_mode id title message_text input_message_content "
    "latitude longitude address phone_number photo_url photo_file_id start_parameter"
)
keys = st.sampled_from(FIELDS.split())
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=8,
)
parameters = st.dictionaries(st.sampled_from(NAMES.split()), values, max_size=6)


@settings(deadline=None)  # a busy machine is no fault of the call
@given(st.sampled_from([*METHODS, "getUpdates"]), parameters, st.integers(0, 4))
def test_every_call_is_answered(method: str, given: dict[str, Any], message: int) -> None:
    telegram = Telegram(MovedClock(START))
    bot = telegram.add_bot("contoh_bot")
    sari = telegram.add_person("Sari", bot=bot)
    sari.starts()
    sari.sends_photo()
    here = {"chat_id": sari.id, "from_chat_id": sari.id, "message_id": message}

    async def run() -> tuple[int, int]:
        for text in "ab":
            await call(telegram, bot.token, "sendMessage", here | {"text": text})
        seen = len(telegram.chat(bot, sari).messages)
        return (await call(telegram, bot.token, method, here | given)).status, seen

    status, seen = asyncio.run(run())
    assert status in (200, 400)
    if status == 400:
        assert len(telegram.chat(bot, sari).messages) == seen
