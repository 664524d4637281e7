"""Whom somebody asks for, and what is known of each: in part only, for a phone may be shared."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.errors import NotFound
from models.patient import Patient
from services import consent
from services.content import Html, plain, words
from services.credential import today
from services.intake.typed import RELATIONS
from services.mail import Button, say, tell
from services.patient import field as fields
from services.patient import filling, record
from services.person import Caller


def show_all(session: Session, caller: Caller, *, at: datetime) -> None:
    """Ask about whom: those for whom they asked before, or somebody new."""
    if consent.standing(session, caller) is None:
        consent.ask(session, caller, at=at)
        return
    on, mine = today(at), record.all_of(session, caller.person)
    if not mine:
        ask_new(session, caller, at=at)
        return
    rows = [
        [Button("button.earlier", f"patient:{one.id}", {"name": record.label(told, on)})]
        for one, told in mine
    ]
    rows.append([Button("button.new_patient", "new_patient")])
    say(session, caller.bot_id, caller.person, "patient.whose", at=at, buttons=rows)


def ask_new(session: Session, caller: Caller, *, at: datetime) -> None:
    """Ask who the new one is to the asker."""
    rows = [[Button(f"who.{relation}", f"new_patient:{relation}")] for relation in RELATIONS]
    say(session, caller.bot_id, caller.person, "patient.whose_new", at=at, buttons=rows)


def add(session: Session, caller: Caller, relation: str, *, at: datetime) -> None:
    """Begin the record of one more person, and ask for what belongs in it."""
    if relation not in RELATIONS:
        raise NotFound("refusal.expired_button")
    if consent.standing(session, caller) is None:
        consent.ask(session, caller, at=at)
        return
    filling.refuse_while_talking(session, caller)
    one = record.add(session, caller.person, relation)
    filling.begin(session, caller, one.id, at=at)


def show(session: Session, caller: Caller, patient_id: int, *, at: datetime) -> None:
    """Show what is known of one patient, covered, and offer to fill the gaps or put it right."""
    one = filling.access(session, caller, patient_id, at=at)
    if one is None:
        return
    rows = [
        [Button("button.complete", f"complete:{one.id}")],
        [Button("button.mend_patient", f"mend_patient:{one.id}")],
    ]
    tell(session, caller.bot_id, caller.person, _page(session, one, at=at), at=at, buttons=rows)


def ask_which(session: Session, caller: Caller, patient_id: int, *, at: datetime) -> None:
    """Ask which field shall be put right."""
    one = filling.access(session, caller, patient_id, at=at)
    if one is None:
        return
    filling.refuse_while_talking(session, caller)
    told, on = record.known(session, one), today(at)
    rows = [
        [Button(f"field.{what}", f"fill:{one.id}:{what}:ask")]
        for what in fields.FIELDS
        if what != "born" and fields.applies(what, told, on)
    ]
    pairs = [
        [each for row in rows[at_ : at_ + 2] for each in row] for at_ in range(0, len(rows), 2)
    ]
    say(session, caller.bot_id, caller.person, "patient.which_field", at=at, buttons=pairs)


def _page(session: Session, one: Patient, *, at: datetime) -> Html:
    told, on = record.known(session, one), today(at)
    asked = [each for each in fields.FIELDS if each != "born" and fields.applies(each, told, on)]
    lines = "\n".join(
        words(
            "patient.line" if fields.shown(session, each, told, on) else "patient.no_line",
            field=plain(f"field.{each}"),
            value=fields.covered(session, each, told, on),
        )
        for each in asked
    )
    who = plain(f"relation_short.{told.get('relation', 'other')}")
    return words("patient.page", who=who, lines=Html(lines))
