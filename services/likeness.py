"""Somebody of the same sex to answer: an asker may wish for it, a worker says which they are.

A wish is kept for at most half an hour (services/dispatch/row.py), and never in danger.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import NotAllowed, NotFound
from models.offer import End, Offer
from models.role import Role, Sex
from services import consultation, credential, dispatch, patient
from services.content import plain, words
from services.mail import Button, say
from services.person import Caller


def offer(session: Session, one: Consultation, *, at: datetime) -> list[list[Button]]:
    """Give the button by which an asker wishes for it: where the patient's sex is known, nobody is
    in danger and somebody on duty is of that sex."""
    sex = _same(session, one)
    if sex is None or one.danger_at or one.by_sex or not _crew(session, one, sex, at=at):
        return []
    return [[Button("button.likeness", f"likeness:{one.id}", {"whom": plain(f"likeness.{sex}")})]]


def wish(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Let only workers of the patient's sex be asked; what others were offered goes on."""
    one = consultation.access(session, caller, consultation_id)
    if one.asker_id != caller.person.id:
        raise NotFound
    sex = _same(session, one)
    if one.status is not Status.WAITING or one.danger_at or sex is None:
        raise NotAllowed("refusal.expired_button")
    whom, one.by_sex = plain(f"likeness.{sex}"), sex
    session.flush()
    if not dispatch.may_have(session, one, at=at):
        one.by_sex = None
        say(session, caller.bot_id, caller.person, "likeness.nobody", at=at, whom=whom)
        return
    same = {role.person_id for role in _crew(session, one, sex, at=at)}
    line = words("offer.like", number=one.number, whom=whom)
    for each in dispatch.standing(session, Offer.consultation_id == one.id):
        if each.worker_id not in same:
            dispatch.end(session, each, End.WITHDRAWN, line, at=at)
    say(session, caller.bot_id, caller.person, "likeness.wished", at=at, number=one.number,
        whom=whom)  # fmt: skip
    session.flush()
    dispatch.match(session, at=at)


def ask(role: Role) -> list[list[Button]]:
    """Give the buttons by which a worker says it, until they have."""
    if role.sex is not None:
        return []
    return [[Button(f"i_am.{sex}", f"i_am:{sex}") for sex in (Sex.WOMAN, Sex.MAN)]]


def tell(session: Session, caller: Caller, sex: Sex, *, at: datetime) -> None:
    """Keep what a worker says of themselves; whoever wished for them may be theirs now."""
    role = credential.worker(session, caller.person, at=at)
    if role is None:
        raise NotAllowed("refusal.no_licence")
    role.sex = sex
    say(session, caller.bot_id, caller.person, "likeness.told", at=at,
        whom=plain(f"likeness.{sex}"))  # fmt: skip
    dispatch.feed(session, caller.person, at=at)


def _same(session: Session, one: Consultation) -> Sex | None:
    said = patient.answers(session, one).get("sex")
    return Sex(said) if said in tuple(Sex) else None


def _crew(session: Session, one: Consultation, sex: Sex, *, at: datetime) -> Sequence[Role]:
    return [role for role in dispatch.everybody(session, one, at=at) if role.sex is sex]
