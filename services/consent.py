"""Consent: asked before anybody reads anything clinical, recorded by version, withdrawable."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consent import Consent
from models.person import Person
from services import facility
from services.content import consent_version
from services.mail import Button, say
from services.person import Caller


def standing(session: Session, person: Person) -> Consent | None:
    """Give the person's consent to the text as it stands today, if there is one."""
    return session.scalar(
        select(Consent)
        .where(
            Consent.person_id == person.id,
            Consent.version == consent_version(),
            Consent.withdrawn_at.is_(None),
        )
        .limit(1)
    )


def ask(session: Session, caller: Caller, *, at: datetime) -> None:
    """Put the question: what becomes of the words, who answers for it, yes or no."""
    home = facility.home(session, caller.bot_id)
    say(
        session,
        caller.bot_id,
        caller.person,
        "consent.question",
        at=at,
        facility=home.name,
        responsible=home.responsible,
        contact=home.contact,
        buttons=[
            [Button("button.agree", f"agree:{consent_version()}")],
            [Button("button.disagree", "disagree")],
        ],
    )


def give(session: Session, person: Person, version: str, *, at: datetime) -> bool:
    """Record a yes to the text that was shown; False when it is no longer the present text."""
    if version != consent_version():
        return False
    if standing(session, person) is None:
        session.add(Consent(person_id=person.id, version=version, given_at=at))
    return True


def withdraw(session: Session, person: Person, *, at: datetime) -> bool:
    """End every consent of a person; tell whether there was one."""
    given = session.scalars(
        select(Consent).where(Consent.person_id == person.id, Consent.withdrawn_at.is_(None))
    ).all()
    for consent in given:
        consent.withdrawn_at = at
    return bool(given)
