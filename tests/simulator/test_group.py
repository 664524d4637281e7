"""Groups and channels: what the bot hears in them, and how it comes and goes."""

import json
from typing import Any

import pytest

from simulator.api import call
from simulator.group import Type
from simulator.person import Person
from simulator.telegram import BotAccount, Telegram
from tests.simulator.conftest import Asking

UPGRADED = "Bad Request: group chat was upgraded to a supergroup chat"


@pytest.fixture
def wayan(telegram: Telegram, bot: BotAccount) -> Person:
    return telegram.add_person("Wayan", bot=bot)


def texts(updates: list[dict[str, Any]], kind: str = "message") -> list[str]:
    return [update[kind]["text"] for update in updates if "text" in update.get(kind, {})]


async def test_the_bot_is_added_and_put_out(
    telegram: Telegram, ask: Asking, bot: BotAccount, sari: Person
) -> None:
    group = telegram.add_group("Warga", sari, bot=bot)
    assert await ask("sendMessage", chat_id=group.id, text="a") == "Bad Request: chat not found"
    sari.adds_bot(group)
    sari.removes_bot(group)
    added, welcome, leave, removed = await ask.updates()
    change = added["my_chat_member"]
    assert change["chat"]["type"] == "group"
    assert change["chat"]["id"] < 0
    assert [change[name]["status"] for name in ("old_chat_member", "new_chat_member")] == [
        "left",
        "member",
    ]
    assert welcome["message"]["new_chat_members"][0]["id"] == bot.id
    assert leave["message"]["left_chat_member"]["id"] == bot.id
    assert removed["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    refused = await ask("sendMessage", chat_id=group.id, text="a")
    assert refused == "Forbidden: bot was kicked from the group chat"
    sari.says("/start", to=group)
    assert len(await ask.updates()) == 4


async def test_privacy_mode_lets_through_what_is_meant_for_the_bot(
    telegram: Telegram, ask: Asking, bot: BotAccount, sari: Person, wayan: Person
) -> None:
    group = telegram.add_group("Warga", sari, wayan, bot=bot)
    sari.adds_bot(group)
    # It has no topics, so none can be missed: only a private chat refuses an unknown one.
    await ask("sendMessage", chat_id=group.id, text="Halo semua", message_thread_id=7)
    word = group.messages[max(group.messages)]
    sari.says("Anak saya kejang", to=group)
    sari.says("/batuk@bot_lain", to=group)
    sari.says("/batuk@CONTOH_bot", to=group)
    wayan.says("😀 @contoh_bot tolong", to=group)
    wayan.says("/start", to=group)
    sari.replies(word, "Halo bot")
    wayan.replies(group.messages[3], "Halo Sari")
    heard = ["/batuk@CONTOH_bot", "😀 @contoh_bot tolong", "/start", "Halo bot"]
    assert texts(await ask.updates()) == heard
    assert (await ask("getMe"))["can_read_all_group_messages"] is False
    bot.privacy = False
    sari.says("Semua", to=group)
    assert texts(await ask.updates())[-1] == "Semua"
    assert (await ask("getMe"))["can_read_all_group_messages"] is True


async def test_an_administrator_hears_everything(
    telegram: Telegram, ask: Asking, bot: BotAccount, sari: Person
) -> None:
    group = telegram.add_group("Warga", sari, bot=bot, kind="supergroup")
    await ask.updates(allowed_updates=["message", "edited_message", "message_reaction"])
    sari.adds_bot(group, admin=True)
    message = sari.says("Kerja bakti jam 7", to=group)
    sari.edits(message, "Kerja bakti jam 8")
    sari.reacts(message)
    kinds = [list(update)[1] for update in await ask.updates()]
    assert kinds == ["message", "message", "edited_message", "message_reaction"]
    assert message.id == 2  # a supergroup counts its own messages
    assert group.id < -1_000_000_000_000


async def test_a_group_hears_the_bot_and_its_buttons_work(
    telegram: Telegram, ask: Asking, bot: BotAccount, sari: Person, wayan: Person
) -> None:
    group = telegram.add_group("Warga", sari, wayan, bot=bot)
    sari.adds_bot(group)
    markup = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    await ask("sendMessage", chat_id=group.id, text="Siapa?", reply_markup=markup)
    for person in (sari, wayan):
        assert person.sees_in(group)[-1].text == "Siapa?"
        assert person.heard == []
    wayan.taps("Ya", to=group)
    query = (await ask.updates())[-1]["callback_query"]
    assert query["from"]["id"] == wayan.id
    assert query["message"]["chat"]["id"] == group.id


async def test_a_channel_speaks_for_itself(
    telegram: Telegram, ask: Asking, bot: BotAccount, sari: Person
) -> None:
    channel = telegram.add_group("Kabar Desa", sari, bot=bot, kind="channel")
    sari.adds_bot(channel)
    post = sari.says("Posyandu hari Rabu", to=channel)
    sari.edits(post, "Posyandu hari Kamis")
    added, posted, edited = await ask.updates()
    assert added["my_chat_member"]["new_chat_member"]["status"] == "administrator"
    assert posted["channel_post"]["sender_chat"]["title"] == "Kabar Desa"
    assert "from" not in posted["channel_post"]
    assert edited["edited_channel_post"]["text"] == "Posyandu hari Kamis"
    (passed,) = sari.passes_on(post)
    assert passed.origin is not None
    assert passed.origin["type"] == "channel"
    sari.removes_bot(channel)
    refused = await ask("sendMessage", chat_id=channel.id, text="a")
    assert refused == "Forbidden: bot was kicked from the channel chat"


async def test_a_group_that_moved_says_where_to(
    telegram: Telegram, ask: Asking, bot: BotAccount, sari: Person
) -> None:
    group = telegram.add_group("Warga", sari, bot=bot)
    sari.adds_bot(group)
    new = sari.upgrades(group)
    *_, old_says, new_says = await ask.updates()
    assert old_says["message"]["migrate_to_chat_id"] == new.id
    assert new_says["message"]["migrate_from_chat_id"] == group.id
    assert new_says["message"]["chat"]["type"] == "supergroup"
    given = {"chat_id": group.id, "text": "a"}
    answer = await call(telegram, bot.token, "sendMessage", given)
    assert json.loads(json.dumps(answer.body)) == {
        "ok": False,
        "error_code": 400,
        "description": UPGRADED,
        "parameters": {"migrate_to_chat_id": new.id},
    }
    assert (await ask("sendMessage", chat_id=new.id, text="a"))["chat"]["id"] == new.id
    with pytest.raises(ValueError, match="cannot write"):
        sari.says("a", to=group)


async def test_a_group_hears_the_bot_twenty_times_a_minute(
    telegram: Telegram, ask: Asking, bot: BotAccount, sari: Person
) -> None:
    group = telegram.add_group("Warga", sari, bot=bot)
    sari.adds_bot(group)
    telegram.limits.on = True
    answers = [await ask("sendMessage", chat_id=group.id, text="a") for _ in range(21)]
    assert answers[-1] == "Too Many Requests: retry after 3"
    assert all(isinstance(answer, dict) for answer in answers[:-1])


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_both_libraries_read_what_happens_in_it(
    telegram: Telegram, ask: Asking, bot: BotAccount, sari: Person, kind: Type
) -> None:
    from aiogram.types import Update as Aiogram
    from telegram import Update

    bot.inline = bot.inline_feedback = True
    group = telegram.add_group("Warga", sari, bot=bot, kind=kind)
    sari.adds_bot(group)
    sari.edits(sari.says("/start", to=group), "/stop")
    asked = sari.asks_inline("a", to=group)
    result = {"type": "article", "id": "1", "title": "a", "message_text": "b"}
    assert await ask("answerInlineQuery", inline_query_id=asked.id, results=[result]) is True
    sari.chooses(asked, "a")
    sari.removes_bot(group)
    updates = await ask.updates()
    assert len(updates) >= 6
    for update in updates:
        assert Update.de_json(update).api_kwargs == {}
        assert not Aiogram.model_validate(update).event.model_extra
