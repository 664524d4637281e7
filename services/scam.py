"""Fraud in our name: how to know the real bot, and a report that reaches the admins."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.bot import Bot
from models.errors import Refusal
from models.form import Question
from models.message import Words
from models.task import What
from services import consultation, danger, facility, form, task
from services.content import plain, scam_call
from services.mail import Button, say
from services.person import Caller
from services.text import clean, mask, shorten

WANTED = ("money", "code", "fake", "other")
"""What happened; «other» is written."""
TERM = timedelta(hours=24)
"""Our own: the next one may be asked tomorrow."""
LONGEST = 500
"""Characters of a report: an admin reads it on a phone."""


def offer(session: Session, caller: Caller, *, at: datetime) -> None:
    """Say how the real bot is known, and what it never asks for; below it, report by one tap."""
    home = facility.behind(session, caller.bot_id)
    buttons = [[Button(f"scam_wanted.{wanted}", f"scam:{wanted}")] for wanted in WANTED]
    say(
        session,
        caller.bot_id,
        caller.person,
        "scam.menu",
        at=at,
        username=session.get_one(Bot, caller.bot_id).username,
        facility=home.name if home else plain("facility_kind.puskesmas"),
        buttons=buttons,
    )


def report(session: Session, caller: Caller, wanted: str, *, at: datetime) -> None:
    """Take what happened: three by the tap alone, also from somebody who is being helped."""
    if wanted != "other":
        _keep(session, caller, plain(f"scam_wanted.{wanted}"), at=at)
    elif consultation.open_ones(session, caller):
        raise Refusal("correction.later")  # what they write now is for the consultation
    else:
        form.ask(session, caller, Question.SCAM, None, at=at)
        say(session, caller.bot_id, caller.person, "scam.write", at=at)


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Take the words of a report; False when they are something else."""
    if not form.is_open(caller, Question.SCAM, at=at):
        return False
    if said.kind != "text" or danger.find(said.text):
        return False
    form.forget(session, caller)
    _keep(session, caller, said.text, at=at)
    return True


def _keep(session: Session, caller: Caller, typed: str, *, at: datetime) -> None:
    note = shorten(mask(clean(typed)), LONGEST)
    asked = task.request(session, caller, What.SCAM, at=at, note=note, term=TERM)
    call = scam_call()
    say(
        session,
        caller.bot_id,
        caller.person,
        "scam.thanks",
        at=at,
        number=asked.number,
        name=call["name"],
        call=call["number"],
        hours=call["hours"],
    )
