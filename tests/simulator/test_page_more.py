"""What phones on the page share: answers with media, forwarding, votes, groups, trouble."""

import pytest

from simulator.group import Group
from simulator.person import Person
from simulator.telegram import BotAccount, Telegram
from tests.simulator.conftest import Asking
from tests.simulator.test_page import Browser, browser, page

__all__ = ["browser", "page"]  # fixtures


@pytest.fixture
def group(telegram: Telegram, bot: BotAccount, sari: Person) -> Group:
    return telegram.add_group("Warga", sari, bot=bot)


@pytest.mark.parametrize(
    ("act", "about"),
    [
        ("photo", {"sample": "obat", "text": "ini"}),
        ("album", {"count": 2}),
        ("voice", {"seconds": 5}),
        ("document", {}),
        ("location", {}),
        ("contact", {}),
        ("sticker", {}),
    ],
)
async def test_whatever_is_sent_can_be_an_answer(
    browser: Browser, ask: Asking, sari: Person, act: str, about: dict[str, object]
) -> None:
    sari.starts()
    await ask("sendMessage", chat_id=sari.id, text="Boleh kirim foto?")
    assert await browser.act(sari, act=act, message="2", **about) == ""
    assert browser.sees(sari)[-1]["reply"]["text"] == "Boleh kirim foto?"
    update = (await ask.updates())[-1]["message"]
    assert update["reply_to_message"]["message_id"] == 2


async def test_a_message_is_forwarded_to_another_chat(
    browser: Browser, ask: Asking, sari: Person, group: Group
) -> None:
    sari.starts()
    sari.sends_album(2, "obat")
    await ask("sendMessage", chat_id=sari.id, text="rahasia", protect_content=True)
    assert await browser.act(sari, act="forward", message="3", chat=group.id) == ""
    passed = list(group.messages.values())
    assert [message.kind for message in passed] == ["photo", "photo"]
    assert len({message.media_group_id for message in passed}) == 1
    assert [message.caption for message in passed] == ["obat", None]
    assert "terlindungi" in await browser.act(sari, act="forward", message="4", chat=group.id)
    assert await browser.act(sari, act="forward", message="2", chat=99) != ""
    assert await browser.act(sari, act="forward", message="2", chat=sari.id) != ""
    assert len(group.messages) == 2
    await browser.act(sari, act="open", chat=group.id)
    assert browser.sees(sari)[-1]["forwarded"] == "Sari"


async def test_it_is_done_in_the_chat_that_was_shown(
    browser: Browser, bot: BotAccount, sari: Person, group: Group
) -> None:
    sari.starts()
    sari.says("Halo warga", to=group)
    await browser.act(sari, act="open", chat=group.id)
    assert await browser.act(sari, act="say", text="rahasia", here=bot.id) == ""
    assert await browser.act(sari, act="delete", message="1", here=bot.id) == ""
    assert [one.text for one in sari.sees] == ["Halo warga"]
    assert [one.text for one in sari.sees_in(bot)] == ["rahasia"]
    assert "tidak ada" in await browser.act(sari, act="say", text="rahasia", here=99)


async def test_a_vote_is_counted_once_and_can_be_taken_back(
    browser: Browser, ask: Asking, sari: Person, telegram: Telegram, bot: BotAccount
) -> None:
    wayan = telegram.add_person("Wayan", bot=bot)
    group = telegram.add_group("Warga", sari, wayan, bot=bot)
    sari.adds_bot(group)
    await ask("sendPoll", chat_id=group.id, question="Hari?", options=["Rabu", "Kamis"],
              is_anonymous=False)  # fmt: skip
    number = str(max(group.messages))
    for person in (sari, wayan):
        await browser.act(person, act="open", chat=group.id)
        assert await browser.act(person, act="vote", message=number, number=0) == ""
    assert await browser.act(sari, act="vote", message=number, number=1) == ""
    poll = browser.sees(sari)[-1]["poll"]
    assert [option["voter_count"] for option in poll["options"]] == [1, 1]
    assert poll["total_voter_count"] == 2
    assert browser.sees(sari)[-1]["votes"] == [1]
    *_, state, answer = await ask.updates()
    assert state["poll"]["options"][1]["voter_count"] == 1
    assert answer["poll_answer"]["user"]["id"] == sari.id
    assert answer["poll_answer"]["option_ids"] == [1]
    assert await browser.act(sari, act="vote", message=number, number=1) == ""
    assert browser.sees(sari)[-1]["poll"]["total_voter_count"] == 1
    assert await browser.act(sari, act="vote", message=number, number=2) != ""
    with pytest.raises(ValueError, match="one answer"):
        sari.votes(group.messages[int(number)], "Rabu", "Kamis")


async def test_trouble_can_be_for_one_phone_only(
    browser: Browser, ask: Asking, telegram: Telegram, bot: BotAccount, sari: Person
) -> None:
    wayan = telegram.add_person("Wayan", bot=bot)
    for person in (sari, wayan):
        person.starts()
    assert await browser.act(sari, act="trouble", trouble="flood") == ""
    assert browser.phones[str(sari.id)]["trouble"] == "flood"
    assert browser.page["trouble"] == ""
    flooded = "Too Many Requests: retry after 5"
    assert await ask("sendMessage", chat_id=sari.id, text="a") == flooded
    assert (await ask("sendMessage", chat_id=wayan.id, text="a"))["text"] == "a"
    await browser.act(act="trouble", trouble="broken")
    assert await ask("sendMessage", chat_id=sari.id, text="a") == flooded
    assert await ask("sendMessage", chat_id=wayan.id, text="a") == "Bad Gateway"
    await browser.act(sari, act="trouble", trouble="")
    assert await ask("sendMessage", chat_id=sari.id, text="a") == "Bad Gateway"
    await browser.act(act="trouble", trouble="")
    assert (await ask("sendMessage", chat_id=sari.id, text="a"))["text"] == "a"


async def test_a_group_is_opened_and_the_bot_comes_and_goes(
    browser: Browser, ask: Asking, telegram: Telegram, bot: BotAccount, sari: Person, group: Group
) -> None:
    wayan = telegram.add_person("Wayan", bot=bot)
    group.members.append(wayan)
    for person in (sari, wayan):
        assert await browser.act(person, act="open", chat=group.id) == ""
    await browser.act(sari, act="say", text="Halo semua")
    mine, theirs = browser.sees(sari)[-1], browser.sees(wayan)[-1]
    assert (mine["mine"], mine["way"]) == (True, "sent")  # no bot is there to fetch it
    assert (theirs["mine"], theirs["author"]) == (False, "Sari")
    assert await browser.act(sari, act="group", what="add") == ""
    assert browser.sees(sari)[-1]["service"] == "new_chat_members"
    place = browser.phones[str(sari.id)]["chats"][-1]
    assert (place["kind"], place["with_bot"]) == ("group", True)
    assert await browser.act(sari, act="group", what="upgrade") == ""
    place = browser.phones[str(wayan.id)]["chats"][-1]
    assert place["kind"] == "supergroup"
    assert browser.phones[str(wayan.id)]["chat"] == place["id"]
    assert len(browser.phones[str(wayan.id)]["chats"]) == 2
    assert await browser.act(sari, act="group", what="remove") == ""
    assert await browser.act(sari, act="group", what="remove") != ""
    await browser.act(sari, act="open", chat=bot.id)
    assert await browser.act(sari, act="group", what="add") == "Ini bukan grup."
