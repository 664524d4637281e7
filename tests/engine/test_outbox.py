"""What is owed: sent in order, settled by its answer, and never twice without a mark."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.outbox import Letter
from bot.telegram import Unknown
from models.bot import Bot
from models.mail import Fate, Incoming, Lane, Outgoing
from models.person import Person
from services import alarm
from services.content import Html, plain
from services.mail import Answer, NotOwner, post, reply, tell, the_id_of
from simulator.person import Person as Phone
from simulator.telegram import Delivery
from tests.town import Town

pytestmark = pytest.mark.engine

MARK = plain("mail.repeated")


async def ready(town: Town, *names: str) -> list[Phone]:
    """People who have opened the bot, and nothing owed to anybody."""
    people = [await town.asker(name) for name in names]
    town.telegram.calls.clear()
    return people


async def owe(town: Town, to: Phone, text: str, **how: Any) -> str:
    """Owe somebody a text; give the row's key."""

    def add(session: Session) -> str:
        session.info["cause"] = f"test:{text}"
        person = session.scalars(select(Person).where(Person.telegram_id == to.id)).one()
        return tell(session, town.bot.id, person, Html(text), at=town.clock.now(), **how).key

    return await town.write(add)


async def row(town: Town, key: str) -> Outgoing:
    return await town.read(lambda s: s.scalars(select(Outgoing).where(Outgoing.key == key)).one())


async def letter(town: Town) -> Letter:
    """The next letter, stamped, as it leaves."""
    for _ in range(20):
        step = await town.station.outbox.next()
        if isinstance(step, Letter):
            return step
        town.clock.move(step)
    raise AssertionError("nothing is owed")


async def letter_to(town: Town, to: Phone, text: str) -> Letter:
    await owe(town, to, text)
    return await letter(town)


def sent(town: Town) -> list[str]:
    return [call.params["text"] for call in town.telegram.calls if "text" in call.params]


# ── order ───────────────────────────────────────────────────────────────────────────────────────


async def test_lanes_go_before_age_also_inside_one_chat(each_town: Town) -> None:
    town = each_town
    sari, wati = await ready(town, "Sari", "Wati")
    for lane in (Lane.BROADCAST, Lane.REMINDER, Lane.OFFER, Lane.ANSWER, Lane.EMERGENCY):
        await owe(town, sari, f"Sari {lane.name}", lane=lane)
    await owe(town, wati, "Wati ANSWER", lane=Lane.ANSWER)
    await town.settle()
    assert [text for text in sent(town) if text.startswith("Sari")] == [
        f"Sari {lane.name}" for lane in Lane
    ]
    assert sent(town)[:2] == ["Sari EMERGENCY", "Wati ANSWER"]


async def test_one_chat_hears_in_order_and_waits_for_nobody_else(each_town: Town) -> None:
    town = each_town
    sari, wati = await ready(town, "Sari", "Wati")
    for n in range(4):
        await owe(town, sari, f"Sari {n}")
    await owe(town, wati, "Wati 0")
    town.telegram.trouble.add("sendMessage", "flood", chat_id=sari.id, retry_after=3)
    town.telegram.trouble.add("sendMessage", "error", chat_id=sari.id, times=1)
    began = town.clock.time()
    heard_at: dict[str, float] = {}

    def hear(delivery: Delivery) -> None:
        heard_at.setdefault(delivery.message.words.text, town.clock.time() - began)

    town.telegram.watchers.append(hear)
    await town.settle()
    assert [text for text in sari.heard if "Sari " in text] == [
        f"{MARK}\nSari 0", "Sari 1", "Sari 2", "Sari 3",
    ]  # fmt: skip
    assert heard_at["Wati 0"] < 2


# ── what points at earlier rows ─────────────────────────────────────────────────────────────────


async def test_the_id_of_an_earlier_message_is_filled_in(each_town: Town) -> None:
    town = each_town
    (sari,) = await ready(town, "Sari")
    first = await owe(town, sari, "satu", lane=Lane.OFFER)
    await owe(town, sari, "dua", reply_to=the_id_of(first), ref=first)  # a quicker lane: it waits
    await town.settle()
    one, two = (message for message in sari.sees if message.words.text in ("satu", "dua"))
    assert two.reply_to is one


async def test_where_the_earlier_message_died_a_reply_goes_plain_and_an_edit_dies(
    each_town: Town,
) -> None:
    town = each_town
    (sari,) = await ready(town, "Sari")
    town.telegram.trouble.add("sendMessage", "error", code=400)
    first = await owe(town, sari, "satu")
    await owe(town, sari, "dua", reply_to=the_id_of(first), ref=first)

    def edit(session: Session) -> str:
        session.info["cause"] = "test:edit"
        params = {"chat_id": sari.id, "message_id": the_id_of(first), "text": "baru"}
        return post(
            session, town.bot.id, sari.id, "editMessageText", params, at=town.clock.now(), ref=first
        ).key

    key = await town.write(edit)
    await town.settle()
    assert sari.heard[-1] == "dua"
    assert sari.last.reply_to is None
    assert (await row(town, first)).fate is Fate.DEAD
    edited = await row(town, key)
    assert (edited.fate, edited.error) == (Fate.DEAD, "what it changes was never sent")
    assert reply(1)["allow_sending_without_reply"]


async def test_who_hears_the_answer_spoils_nothing_when_it_fails(each_town: Town) -> None:
    town = each_town
    (sari,) = await ready(town, "Sari")
    heard: list[Answer] = []

    def hear(session: Session, row: Outgoing, answer: Answer, **_: Any) -> None:
        heard.append(answer)
        session.execute(update(Bot).values(username="changed"))
        session.flush()
        raise ZeroDivisionError

    with mock.patch.object(alarm, "hear", hear, create=True):
        key = await owe(town, sari, "satu", then="alarm.hear")
        await town.settle()
    (answer,) = heard
    settled = await row(town, key)
    assert settled.fate is Fate.SENT
    assert settled.telegram_message_id == answer.result["message_id"] == sari.last.id
    assert settled.error == "then: ZeroDivisionError"
    assert await town.read(lambda s: s.scalars(select(Bot.username)).all()) != ["changed"]


async def test_a_damaged_row_dies_and_stops_nobody(each_town: Town) -> None:
    town = each_town
    sari, wati = await ready(town, "Sari", "Wati")
    damaged = await owe(town, sari, "satu")
    await owe(town, sari, "dua")
    await owe(town, wati, "tiga")
    await town.write(
        lambda session: session.execute(
            update(Outgoing).where(Outgoing.key == damaged).values(sealed=b"damaged")
        )
    )
    await town.settle()
    assert sorted(sent(town)) == ["dua", "tiga"]
    dead = await row(town, damaged)
    assert (dead.fate, dead.error) == (Fate.DEAD, "unreadable")


# ── unknown outcomes ────────────────────────────────────────────────────────────────────────────


async def test_a_stamp_from_before_a_crash_is_repeated_marked_or_given_up(each_town: Town) -> None:
    town = each_town
    sari, wati = await ready(town, "Sari", "Wati")
    advice = await owe(town, sari, "nasihat")
    menu = await owe(town, wati, "menu", repeatable=False)
    one = await letter(town)
    with mock.patch.object(town.station.outbox, "_busy", {one.chat_id}):
        await letter(town)
    # Both are stamped, and the process dies before any answer.
    await town.settle()
    assert sari.heard[-1] == f"{MARK}\nnasihat"
    assert "menu" not in wati.heard
    assert (await row(town, advice)).fate is Fate.SENT
    given_up = await row(town, menu)
    assert (given_up.fate, given_up.error) == (Fate.DEAD, "outcome unknown")


async def test_a_crash_in_a_repeat_leaves_no_gap(each_town: Town) -> None:
    town = each_town
    (sari,) = await ready(town, "Sari")
    await owe(town, sari, "nasihat")
    for _ in range(3):
        await letter(town)
        town.clock.move(5)
    await town.settle()
    assert sari.heard[-1] == f"{MARK}\nnasihat"


@pytest.mark.parametrize("trouble", ["error_after", "cut_after", "error", "cut_before"])
async def test_an_unknown_answer_is_repeated_once_and_marked(each_town: Town, trouble: Any) -> None:
    town = each_town
    (sari,) = await ready(town, "Sari")
    town.telegram.trouble.add("sendMessage", trouble, times=None)
    key = await owe(town, sari, "nasihat")
    await town.settle()
    assert sent(town) == ["nasihat", f"{MARK}\nnasihat"]
    assert (await row(town, key)).error == "outcome unknown"


async def test_a_database_that_went_back_has_nothing_sent_again(
    each_town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    town = each_town
    (sari,) = await ready(town, "Sari")
    kept, lost = await owe(town, sari, "Halo"), await owe(town, sari, "Kabar")
    await town.settle()
    message_id = (await row(town, kept)).telegram_message_id

    def fail_over(session: Session) -> None:
        """To a replica that had the first row as it was made, and not yet the second."""
        session.execute(delete(Outgoing).where(Outgoing.key == lost))
        unsent = {
            "settled_at": None,
            "attempted_at": None,
            "fate": None,
            "telegram_message_id": None,
        }
        session.execute(update(Outgoing).where(Outgoing.key == kept).values(unsent))

    await town.write(fail_over)
    assert await owe(town, sari, "Kabar") == lost, "what caused it is handled again"
    await town.settle()
    assert sorted(sent(town)) == ["Halo", "Kabar"]
    assert [(await row(town, key)).fate for key in (kept, lost)] == [Fate.SENT] * 2
    assert (await row(town, kept)).telegram_message_id == message_id
    listed = capsys.readouterr()
    assert all(f"key={key}" in listed.out + listed.err for key in (kept, lost))

    stamped = await letter_to(town, sari, "Gugur")
    await town.write(lambda s: s.execute(delete(Outgoing).where(Outgoing.seq == stamped.seq)))
    await town.station.outbox.send(stamped)  # the answer finds no row, and ends nothing
    assert "key=test:Gugur" in "".join(capsys.readouterr())


async def test_a_flood_does_not_unmark_a_repeat(each_town: Town) -> None:
    town = each_town
    (sari,) = await ready(town, "Sari")
    town.telegram.trouble.add("sendMessage", "error_after")
    town.telegram.trouble.add("sendMessage", "flood", retry_after=3)
    await owe(town, sari, "nasihat")
    await town.settle()
    assert sent(town) == ["nasihat", f"{MARK}\nnasihat", f"{MARK}\nnasihat"]
    assert [text for text in sari.heard if "nasihat" in text] == ["nasihat", f"{MARK}\nnasihat"]


async def test_a_call_that_fails_in_an_unforeseen_way_stops_nobody(each_town: Town) -> None:
    town = each_town
    (sari,) = await ready(town, "Sari")
    await owe(town, sari, "nasihat")
    real: Callable[..., Awaitable[Any]] = town.station.outbox._call
    fails = iter([ZeroDivisionError, Unknown])

    async def call(method: str, params: dict[str, Any]) -> Any:
        if error := next(fails, None):
            raise error("not foreseen")
        return await real(method, params)

    with mock.patch.object(town.station.outbox, "_call", call):
        for _ in range(40):  # more than the window has places
            await owe(town, sari, f"lain {_}")
        await town.settle()
    assert sari.heard[-1] == "lain 39"


# ── one owner ───────────────────────────────────────────────────────────────────────────────────


async def test_a_process_that_lost_the_bot_neither_stamps_nor_settles(each_town: Town) -> None:
    town = each_town
    sari, _ = await ready(town, "Sari", "Wati")
    on_its_way = await owe(town, sari, "satu")
    one = await letter(town)
    await town.write(lambda session: session.execute(update(Bot).values(owner="another")))
    with pytest.raises(NotOwner):
        await town.station.outbox.send(one)
    other = await owe(town, sari, "dua")
    town.clock.move(2)
    with pytest.raises(NotOwner):
        await town.station.outbox.next()
    assert (await row(town, on_its_way)).settled_at is None
    assert (await row(town, other)).attempted_at is None


async def test_the_loop_ends_with_what_ended_a_send(each_town: Town) -> None:
    town = each_town
    (sari,) = await ready(town, "Sari")
    await owe(town, sari, "satu")
    wake, closing = asyncio.Event(), asyncio.Event()

    async def call(method: str, params: dict[str, Any]) -> Any:
        await town.write(lambda session: session.execute(update(Bot).values(owner="another")))
        return {"message_id": 1}

    with mock.patch.object(town.station.outbox, "_call", call):
        loop = asyncio.create_task(town.station.outbox.run(wake, closing))
        while not loop.done():
            sleeper = asyncio.create_task(town.clock.sleeper())
            await asyncio.wait([loop, sleeper], return_when=asyncio.FIRST_COMPLETED)
            sleeper.cancel()
            town.clock.move(1)
    with pytest.raises(NotOwner):
        loop.result()


async def test_what_was_handled_is_forgotten_after_days_and_never_what_was_set_aside(
    each_town: Town,
) -> None:
    town = each_town
    (sari,) = await ready(town, "Sari")
    await town.write(
        lambda session: session.execute(
            update(Incoming).where(Incoming.seq == 1).values(ending="aside")
        )
    )
    await town.wait(days=2)
    assert await town.read(lambda s: len(s.scalars(select(Incoming.seq)).all())) > 1
    await town.wait(days=2)
    assert await town.read(lambda s: s.scalars(select(Incoming.seq)).all()) == [1]
    assert town.owes() == 0
    assert sari.heard
