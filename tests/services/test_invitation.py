"""Invitations below the chat: tokens, and many who open the same link at once."""

import re
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.database import Database
from models.errors import Refusal
from models.invitation import Invitation
from models.role import Kind, Role
from services import invitation, person
from tests.services.cast import AT, BOT, home


def test_a_token_fits_a_link_and_is_never_the_same(session: Session) -> None:
    tokens = {
        invitation.invite(session, home(session), Kind.WORKER, by=None, at=AT) for _ in range(50)
    }
    assert len(tokens) == 50
    for token in tokens:
        assert re.fullmatch(r"[A-Za-z0-9_-]{22,64}", token)  # 128 bits at least, 64 at most
        assert invitation.is_token(token)
        assert invitation.find(session, token) is not None
    hashes = b"".join(session.scalars(select(Invitation.token_hash)))
    assert not any(token.encode() in hashes for token in tokens)


def test_a_link_opens_the_bot_with_its_token() -> None:
    assert invitation.link("telekonsul_contoh_bot", "abc") == (
        "https://t.me/telekonsul_contoh_bot?start=abc"
    )


def test_of_many_who_open_it_at_once_one_gets_in(each_database: Database) -> None:
    """Each in a transaction of their own, as the processes of several bots would."""
    with each_database.session() as session, session.begin():
        token = invitation.invite(session, home(session), Kind.ADMIN, by=None, at=AT)

    def enter(account: int) -> str:
        try:
            with each_database.session(cause=f"open:{account}") as session, session.begin():
                caller = person.whoever(session, BOT, account, "Ayu", at=AT)
                invitation.open_(session, caller, token, at=AT)
        except Refusal as refusal:
            return refusal.key
        return "in"

    with ThreadPoolExecutor(4) as four:
        said = list(four.map(enter, range(9001, 9005)))
    assert sorted(said) == ["in", *["invitation.used"] * 3]
    with each_database.session() as session:
        assert [role.kind for role in session.scalars(select(Role))] == [Kind.ADMIN]
