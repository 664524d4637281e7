"""Invitations: one link lets one person in, once, and whoever sent it is told."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import Audit
from models.invitation import Invitation
from models.mail import Outgoing
from models.role import Kind, Role
from services import credential, facility, invitation
from simulator.person import Person
from tests.stories.acts import answers, complains, hears, presses, since
from tests.town import Town

LINK = re.compile(r"https://t\.me/telekonsul_contoh_bot\?start=([A-Za-z0-9_-]+)")


async def invited(town: Town, admin: Person, label: str) -> str:
    """An admin makes an invitation in the chat; give the token in its link."""
    admin.says("/admin")
    await town.settle()
    admin.taps(label)
    await town.settle()
    found = LINK.search(admin.heard[-1])
    assert found is not None
    return found[1]


async def opens(town: Town, person: Person, token: str) -> None:
    person.starts(token)
    await town.settle()


async def newcomer(town: Town, name: str) -> Person:
    """Somebody who has never opened the bot."""
    return town.telegram.add_person(name, bot=town.bot)


async def roles(town: Town, person: Person) -> list[Kind]:
    """The roles in force of somebody."""

    def look(session: Session) -> list[Kind]:
        found = session.scalars(select(Role).where(Role.ended_at.is_(None)))
        return [role.kind for role in found if role.person.telegram_id == person.id]

    return await town.read(look)


async def the_invitation(town: Town) -> Invitation:
    newest = select(Invitation).order_by(Invitation.id.desc()).limit(1)
    return await town.read(lambda session: session.scalars(newest).one())


async def test_an_admin_invites_an_admin_who_is_one_at_once(each_town: Town) -> None:
    town = each_town
    wayan = await town.admin("Wayan")
    token = await invited(town, wayan, "Undang admin")
    assert "untuk satu orang saja" in wayan.heard[-1]
    assert "hanya kepada orangnya" in wayan.heard[-2]
    made = await newcomer(town, "Made")
    await opens(town, made, token)
    assert made.heard[-1].startswith("Selamat datang, admin Puskesmas Contoh!")
    assert await roles(town, made) == [Kind.ADMIN]
    assert "dibuka oleh Made" in wayan.heard[-1]
    made.says("/admin")
    await town.settle()
    assert "🛠 Puskesmas Contoh" in made.heard[-1]


async def test_a_volunteer_is_welcomed_and_asks_like_anybody(town: Town) -> None:
    wayan = await town.admin("Wayan")
    token = await invited(town, wayan, "Undang kader")
    ketut = await newcomer(town, "Ketut")
    await opens(town, ketut, token)
    assert "Selamat datang, kader Puskesmas Contoh!" in ketut.heard[-1]
    assert "Kader tidak memberi nasihat medis" in ketut.heard[-1]
    assert await roles(town, ketut) == [Kind.VOLUNTEER]
    budi = await town.worker("Budi")
    await complains(town, ketut, "Batuk 3 hari")
    ketut.taps("Setuju")
    await town.settle()
    await answers(town, ketut)
    assert "Batuk 3 hari" in hears(budi)
    ketut.says("/siap")
    await town.settle()
    assert "hanya untuk tenaga kesehatan" in ketut.heard[-1]


async def test_only_the_first_who_opens_it_gets_in(each_town: Town) -> None:
    town = each_town
    wayan = await town.admin("Wayan")
    token = await invited(town, wayan, "Undang admin")
    made, thief = await newcomer(town, "Made"), await newcomer(town, "Pencuri")
    await opens(town, made, token)
    told = len(wayan.heard)
    await opens(town, thief, token)
    assert "sudah dipakai orang lain" in thief.heard[-1]
    assert await roles(town, thief) == []
    assert since(wayan, told) == []
    thief.says("/admin")
    await town.settle()
    assert "Perintah itu belum kami kenal" in thief.heard[-1]


async def test_two_who_open_it_in_the_same_moment_are_one(each_town: Town) -> None:
    town = each_town
    token = await invited(town, await town.admin("Wayan"), "Undang admin")
    both = [await newcomer(town, name) for name in ("Made", "Nyoman")]
    for one in both:
        one.starts(token)
    await town.settle()
    assert sorted([len(await roles(town, one)) for one in both]) == [0, 1]


async def test_opened_again_by_the_same_person_it_is_harmless(town: Town) -> None:
    wayan = await town.admin("Wayan")
    token = await invited(town, wayan, "Undang kader")
    ketut = await newcomer(town, "Ketut")
    await opens(town, ketut, token)
    told = len(wayan.heard)
    await opens(town, ketut, token)
    assert ketut.heard[-1].startswith("Selamat datang, kader")
    assert await roles(town, ketut) == [Kind.VOLUNTEER]
    assert since(wayan, told) == []


async def test_it_waits_seven_days_and_no_longer(town: Town) -> None:
    wayan = await town.admin("Wayan")
    first = await invited(town, wayan, "Undang admin")
    late = await invited(town, wayan, "Undang admin")
    made, nyoman = await newcomer(town, "Made"), await newcomer(town, "Nyoman")
    town.clock.move(timedelta(days=7, seconds=-30))
    await opens(town, made, first)
    assert await roles(town, made) == [Kind.ADMIN]
    town.clock.move(timedelta(seconds=60))
    await opens(town, nyoman, late)
    assert "sudah lewat 7 hari" in nyoman.heard[-1]
    assert await roles(town, nyoman) == []
    await opens(town, made, first)  # who is in stays in
    assert made.heard[-1].startswith("Selamat datang, admin")


async def test_what_was_taken_back_opens_nothing(town: Town) -> None:
    wayan = await town.admin("Wayan")
    token = await invited(town, wayan, "Undang admin")
    wayan.taps("Batalkan undangan")
    await town.settle()
    assert "Undangan admin dibatalkan" in wayan.heard[-1]
    made = await newcomer(town, "Made")
    await opens(town, made, token)
    assert "sudah selesai atau dibatalkan" in made.heard[-1]
    assert await roles(town, made) == []


async def test_the_wrong_person_came_in_and_is_out_again_at_once(town: Town) -> None:
    wayan = await town.admin("Wayan")
    token = await invited(town, wayan, "Undang admin")
    stranger = await newcomer(town, "Entah")
    await opens(town, stranger, token)
    wayan.taps("Batalkan undangan")
    await town.settle()
    assert await roles(town, stranger) == []
    assert "sudah dibatalkan oleh admin" in stranger.heard[-1]
    stranger.says("/admin")
    await town.settle()
    assert "Perintah itu belum kami kenal" in stranger.heard[-1]
    await opens(town, stranger, token)
    assert "sudah selesai atau dibatalkan" in stranger.heard[-1]
    assert await roles(town, stranger) == []


async def test_an_admin_who_opens_their_own_link_spoils_nothing(town: Town) -> None:
    wayan = await town.admin("Wayan")
    token = await invited(town, wayan, "Undang kader")
    await opens(town, wayan, token)
    assert "jangan dibuka sendiri" in wayan.heard[-1]
    ketut = await newcomer(town, "Ketut")
    await opens(town, ketut, token)
    assert await roles(town, ketut) == [Kind.VOLUNTEER]


async def test_who_is_one_already_leaves_it_for_the_next(town: Town) -> None:
    wayan, made = await town.admin("Wayan"), await town.admin("Made")
    token = await invited(town, wayan, "Undang admin")
    await opens(town, made, token)
    assert "sudah terdaftar sebagai admin" in made.heard[-1]
    nyoman = await newcomer(town, "Nyoman")
    await opens(town, nyoman, token)
    assert await roles(town, nyoman) == [Kind.ADMIN]
    assert "dibuka oleh Nyoman" in made.heard[-1]  # every admin hears of a new one


async def test_a_cut_or_made_up_link_is_answered_kindly(town: Town) -> None:
    sari = await newcomer(town, "Sari")
    await opens(town, sari, "A" * 32)
    assert "undangan itu tidak kami kenal" in sari.heard[-1]
    assert "Tulis saja di sini" in sari.heard[-1]


async def test_an_invitation_from_the_terminal_tells_every_admin(town: Town) -> None:
    wayan = await town.admin("Wayan")

    def make(session: Session) -> str:
        home = facility.home(session, town.bot.id)
        return invitation.invite(session, home, Kind.VOLUNTEER, by=None, at=town.clock.now())

    token = await town.write(make)
    await opens(town, await newcomer(town, "Ketut"), token)
    assert "Undangan kader Puskesmas Contoh dibuka oleh Ketut" in wayan.heard[-1]


@pytest.mark.parametrize("payload", ["invite:admin", "invitations", "applicants", "uninvite:{}"])
async def test_nobody_but_an_admin_presses_these(town: Town, payload: str) -> None:
    wayan = await town.admin("Wayan")
    token = await invited(town, wayan, "Undang admin")
    sari = await town.asker("Sari")
    presses(sari, payload.format((await the_invitation(town)).id))
    await town.settle()
    assert "tidak bisa dilakukan dari akun ini" in sari.heard[-1]
    assert await town.read(lambda session: len(session.scalars(select(Invitation)).all())) == 1
    await opens(town, await newcomer(town, "Made"), token)


async def test_of_the_token_nothing_is_kept_that_opens(town: Town) -> None:
    wayan = await town.admin("Wayan")
    token = await invited(town, wayan, "Undang admin")
    made = await the_invitation(town)
    assert token.encode() not in made.token_hash
    assert len(made.token_hash) == 32
    assert len(token) == 32  # 192 bits
    await town.wait(days=4)
    await town.wait(hours=2)
    left = await town.read(lambda session: session.scalars(select(Outgoing)).all())
    ring = town.app.database.ring
    assert not any(token in repr(row.read(ring)) for row in left)


async def test_every_step_is_in_the_trail(town: Town) -> None:
    wayan = await town.admin("Wayan")
    token = await invited(town, wayan, "Undang admin")
    await opens(town, await newcomer(town, "Made"), token)
    wayan.taps("Batalkan undangan")
    await town.settle()
    acts = await town.read(lambda session: [one.act for one in session.scalars(select(Audit))])
    assert [act for act in acts if act not in ("verify",)] == [
        "grant", "invite", "open", "grant", "take_back", "revoke",
    ]  # fmt: skip


async def test_a_revoked_admin_is_nobody_and_leaves_no_doors_open(town: Town) -> None:
    wayan = await town.admin("Wayan")
    token = await invited(town, wayan, "Undang admin")
    person = await town.read(lambda session: credential.admins(session)[0].person)
    await town.write(
        lambda session: credential.revoke(
            session, session.merge(person), Kind.ADMIN, by=None, at=town.clock.now()
        )
    )
    wayan.says("/admin")
    await town.settle()
    assert "Perintah itu belum kami kenal" in wayan.heard[-1]
    made = await newcomer(town, "Made")
    await opens(town, made, token)
    assert "sudah selesai atau dibatalkan" in made.heard[-1]
    assert await roles(town, made) == []
