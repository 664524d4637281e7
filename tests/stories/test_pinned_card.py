"""The emergency card at the head of a chat: pinned on request, kept true."""

from collections.abc import Callable

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from models.bot import Contact
from models.facility import Facility, Fact, Has, Kind
from tests.services.places import place
from tests.stories.acts import complains, hears, presses, since
from tests.stories.village import (
    CARD,
    HOSPITAL,
    TODAY,
    change,
    dead,
    furnish,
    head,
    pinned,
    renumber,
    shown,
)
from tests.town import Town


async def test_a_card_is_pinned_on_request(each_town: Town) -> None:
    town = each_town
    await furnish(town)
    sari = await shown(town)
    assert head(town, sari) == []
    sari.taps("Sematkan")
    await town.settle()
    (card,) = head(town, sari)
    assert CARD in card
    assert sari.heard[-1].startswith("📌 Kartu disematkan")
    assert dead(town) == 0


async def test_a_pinned_card_that_changes_is_sent_anew_and_the_old_one_is_gone(
    each_town: Town,
) -> None:
    town = each_town
    await furnish(town)
    sari, ani = await pinned(town), await shown(town, "Ani")
    await town.wait(hours=1)
    heard, seen = len(sari.heard), len(ani.heard)
    await renumber(town, "0380 777")
    await town.wait(minutes=10)
    fresh = since(sari, heard)
    assert len(fresh) == 1
    assert fresh[0].startswith("🔄 Kartu darurat berubah.")
    assert "0380 777" in fresh[0]
    (card,) = head(town, sari)
    assert "0380 777" in card
    assert hears(sari).count("0380 555") == 1, "the old card says where the new one is"
    # Who only looked at it is not disturbed, and reads what is true.
    assert since(ani, seen) == []
    assert "0380 777" in hears(ani)
    assert hears(ani).count("0380 555") == 1, "in what was said before the card"
    await town.wait(hours=2)
    assert len(since(sari, heard)) == 1
    assert dead(town) == 0


@pytest.mark.parametrize(
    ("name", "mend", "says"),
    [
        (HOSPITAL, lambda one: setattr(one, "ended_on", TODAY), "RS Contoh Jauh"),
        (
            HOSPITAL,
            lambda one: one.facts.append(
                Fact(what=Has.IGD, holds=True, checked_on=TODAY, by="admin")
            ),
            "IGD: ada (dipastikan 24 November 2026)",
        ),
        ("Puskesmas Contoh Tarus", lambda one: setattr(one, "hours", None), "belum diketahui"),
    ],
)
async def test_whatever_the_card_says_is_kept_true(
    town: Town, name: str, mend: Callable[[Facility], object], says: str
) -> None:
    await furnish(town)
    sari = await pinned(town)
    await town.wait(hours=1)
    heard = len(sari.heard)
    await change(town, name, mend)
    await town.wait(minutes=10)
    (fresh,) = since(sari, heard)
    assert says in fresh


async def test_a_new_day_of_the_same_word_is_no_change(town: Town) -> None:
    await furnish(town)
    sari = await pinned(town)
    await town.wait(hours=1)
    heard = len(sari.heard)

    def confirm_again(one: Facility) -> None:
        one.facts[0].checked_on = TODAY

    await change(town, "RS Contoh Jauh", confirm_again)
    await renumber(town, "0380 555")
    await town.wait(minutes=10)
    assert since(sari, heard) == []


async def test_cards_of_other_villages_are_left_alone(town: Town) -> None:
    await furnish(town)
    sari = await pinned(town)
    await town.wait(hours=1)
    heard = len(sari.heard)

    def far_away(session: Session) -> None:
        place(session, "RS Contoh Brebes", -6.87, 109.0, kind=Kind.HOSPITAL)

    await town.write(far_away)
    await town.wait(minutes=10)
    assert since(sari, heard) == []


async def test_at_night_nobody_is_woken(town: Town) -> None:
    await furnish(town)
    sari = await pinned(town)
    await town.wait(hours=12)  # 21.00 in Kupang
    heard = len(sari.heard)
    await renumber(town, "0380 777")
    await town.wait(hours=4)
    await town.wait(hours=4, minutes=59)  # 05.59
    assert since(sari, heard) == []
    await town.wait(minutes=1)
    assert "0380 777" in sari.heard[-1]


async def test_who_blocked_the_bot_gets_the_new_card_when_back(town: Town) -> None:
    await furnish(town)
    sari = await pinned(town)
    sari.blocks()
    await town.settle()
    await renumber(town, "0380 777")
    await town.wait(hours=2)
    assert dead(town) == 0
    sari.starts()
    await town.settle()
    heard = len(sari.heard)
    await town.wait(minutes=10)
    assert any("0380 777" in one for one in since(sari, heard))


async def test_a_block_noticed_only_by_the_send_loses_no_card(town: Town) -> None:
    await furnish(town)
    sari = await pinned(town)
    await town.wait(hours=1)
    await renumber(town, "0380 777")
    sari.blocks()
    await town.settle()
    back = update(Contact).values(unreachable_at=None)  # as if the news had been lost
    await town.write(lambda session: session.execute(back))
    await town.wait(minutes=10)
    assert dead(town) == 2, "the card, and its pin"
    sari.starts()
    await town.settle()
    await town.wait(hours=1)
    (card,) = head(town, sari)
    assert "0380 777" in card
    assert "sudah diganti" in hears(sari)
    assert dead(town) == 2


async def test_a_button_of_an_old_card_pins_the_present_one(town: Town) -> None:
    await furnish(town)
    sari = await shown(town)
    await renumber(town, "0380 777")
    sari.taps("Sematkan")
    await town.settle()
    (card,) = head(town, sari)
    assert "0380 777" in card
    assert hears(sari).count("0380 555") == 1, "in what was said before the card"
    assert dead(town) == 0


async def test_another_pin_takes_the_place_of_the_first(town: Town) -> None:
    await furnish(town)
    sari = await pinned(town)
    presses(sari, "village")
    await town.settle()
    await complains(town, sari, "Desa Noelbaki")
    (card,) = head(town, sari)
    assert CARD in card
    sari.taps("Sematkan")
    await town.settle()
    (card,) = head(town, sari)
    assert "Noelbaki" in card
    assert dead(town) == 0


@pytest.mark.parametrize(
    "payload", ["pin:99.99:0123abcd", "village:99.99.99.9999", "pin:53.01.08.2006:zz", "village:x"]
)
async def test_a_village_that_nobody_knows_is_refused(town: Town, payload: str) -> None:
    await furnish(town)
    sari = await shown(town)
    heard = len(sari.heard)
    presses(sari, payload)
    await town.settle()
    assert since(sari, heard) == ["Tombol itu sudah tidak berlaku. Silakan tulis keperluannya."]
    assert head(town, sari) == []
