"""Consent: asked before anybody reads anything clinical, recorded by version, withdrawable."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.consent import Consent, ConsentText
from models.consultation import Consultation, Status
from models.facility import Facility
from models.form import Question
from models.person import Language, Person
from models.task import What
from services import consultation, facility, form, language, menu, person, step, task
from services.content import Html, into, joined, words
from services.intake import asking
from services.mail import Button, say, tell
from services.person import Caller

ANSWERED = timedelta(minutes=30)
"""So long a typed «setuju» answers the text: people read slowly, and signal is late."""


def given(session: Session, person: Person) -> Sequence[Consent]:
    """Give every consent of a person that holds, also to earlier texts: none while the use of
    their data is restricted."""
    return [] if person.restricted_at is not None else _not_withdrawn(session, person)


def _not_withdrawn(session: Session, person: Person) -> Sequence[Consent]:
    mine = select(Consent).where(Consent.person_id == person.id, Consent.withdrawn_at.is_(None))
    return session.scalars(mine).all()


def standing(session: Session, caller: Caller) -> Consent | None:
    """Give the caller's consent to the text as this bot shows it today, in whatever language they
    read it, if there is one.

    Where nobody answers for the facility there is no text, and so no consent to it.
    """
    home = facility.find_home(session, caller.bot_id)
    if home is None:
        return None
    known = {one.version: one for one in given(session, caller.person)}
    if not known:
        return None  # asked for every message: the text is put together only where it matters
    readings = _readings(question(home), caller.person.reads)
    return next((known[one] for one in map(version_of, readings) if one in known), None)


def question(home: Facility) -> Html:
    """Give the text as people of this facility read it: another contact is another text."""
    return words(
        "consent.question", facility=home.name, responsible=home.responsible, contact=home.contact
    )


def version_of(text: Html) -> str:
    """Name a text by its content."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def ask(session: Session, caller: Caller, *, at: datetime) -> None:
    """Put the question: what becomes of the words, who answers for it, yes or no. Who restricted
    the use of their data is asked for that first."""
    if caller.person.restricted_at is not None:
        say(session, caller.bot_id, caller.person, "rights.is_restricted", at=at,
            buttons=[[Button("button.lift", "lift")]])  # fmt: skip
        return
    text = into(question(facility.home(session, caller.bot_id)), caller.person.reads)
    version = version_of(text)
    known = person.document(session, caller.person)
    caller.person.write(session, **known | {"consent_asked": [version, at.isoformat()]})
    buttons = [
        [Button("button.agree", f"agree:{version}")],
        [Button("button.disagree", "disagree")],
        [Button("button.language", "screen:language")],
    ]
    shown = joined("\n\n", [text, *language.mark(caller.person.reads)])
    tell(session, caller.bot_id, caller.person, shown, at=at, buttons=buttons)


def just_asked(session: Session, caller: Caller, *, at: datetime) -> str | None:
    """Give the version of the text that was put to somebody a moment ago, so that a typed answer is
    one to it; None where none was."""
    asked = person.document(session, caller.person).get("consent_asked")
    if asked is None or at - datetime.fromisoformat(asked[1]) > ANSWERED:
        return None
    return str(asked[0])


def give(session: Session, caller: Caller, version: str, *, at: datetime) -> bool:
    """Record a yes to the text that was shown, and keep that text for whoever asks what it said;
    False when it is no longer the present text, or the use of the data is restricted."""
    asked = question(facility.home(session, caller.bot_id))
    readings = _readings(asked, caller.person.reads)
    text = next((one for one in readings if version_of(one) == version), None)
    if text is None or caller.person.restricted_at is not None:
        return False
    if standing(session, caller) is None:
        if session.get(ConsentText, version) is None:
            session.add(ConsentText(version=version, text=text, at=at))
        session.add(Consent(person_id=caller.person.id, version=version, given_at=at))
    return True


def agree(session: Session, caller: Caller, version: str, *, at: datetime) -> None:
    """Take the yes; of what was written before it we ask now what is missing."""
    if not give(session, caller, version, at=at):
        ask(session, caller, at=at)
        return
    form.forget(session, caller, Question.LICENCE)  # the next words are a complaint again
    go_on(session, caller, at=at)


def lift(session: Session, caller: Caller, *, at: datetime) -> None:
    """Let the data be used again, on the person's word: what was written meanwhile goes on, danger
    at once; done again, nothing changes."""
    was_restricted = caller.person.restricted_at is not None
    caller.person.restricted_at = None
    asked = task.last(session, What.RESTRICT, caller.person)
    if asked is not None:
        task.end(session, asked, caller.person, at=at)
    say(session, caller.bot_id, caller.person, "rights.lifted", at=at)
    if was_restricted and standing(session, caller) is not None:
        go_on(session, caller, at=at)
    elif was_restricted:
        ask(session, caller, at=at)


def go_on(session: Session, caller: Caller, *, at: datetime) -> None:
    """Ask what is missing of words that may be read now, or for the complaint."""
    session.flush()
    drafted = _draft(session, caller)
    if drafted is not None and consultation.has_complaint(session, drafted):
        asking.begin(session, caller, drafted, at=at)
    elif not consultation.open_ones(session, caller):
        say(session, caller.bot_id, caller.person, "consultation.ask_complaint", at=at,
            keys=menu.keys(session, caller, at=at))  # fmt: skip


def disagree(session: Session, caller: Caller, *, at: datetime) -> None:
    """Take the no; what was written is destroyed at once, and the ways to help stay open."""
    if _not_withdrawn(session, caller.person):
        withdraw(session, caller, at=at)
        return
    drafted = _draft(session, caller)
    if drafted is not None:
        consultation.drop_draft(session, drafted, caller.person, at=at)
    say(session, caller.bot_id, caller.person, "consent.refused", at=at)


def withdraw(session: Session, caller: Caller, *, at: datetime) -> None:
    """End every consent of a person: what waits is withdrawn, what is being answered may still be
    finished. The admins have three days to see to what was noted outside this service."""
    ended = _not_withdrawn(session, caller.person)
    if not ended:
        say(session, caller.bot_id, caller.person, "consent.none", at=at)
        return
    for consent in ended:
        consent.withdrawn_at = at
    stop(session, caller, at=at)
    asked = task.request(session, caller, What.WITHDRAW, at=at)
    say(session, caller.bot_id, caller.person, "consent.withdrawn", at=at,
        number=asked.number, due=task.due(asked))  # fmt: skip


_GIVEN = select(Consent.withdrawn_at).where(Consent.person_id == bindparam("person"))


def was_taken_back(session: Session, person: Person) -> bool:
    """Tell whether a person no longer lets their data be used: withdrawn, or restricted."""
    if person.restricted_at is not None:
        return True
    given = session.scalars(_GIVEN, {"person": person.id}).all()
    return bool(given) and None not in given


def stop(session: Session, caller: Caller, *, at: datetime) -> None:
    """End what a person has open here and nobody answers yet."""
    for one in consultation.open_ones(session, caller):
        if one.asker_id != caller.person.id:
            continue
        if one.status is Status.WAITING:
            step.withdraw(session, caller, one.id, at=at)
        elif one.status is Status.DRAFT:
            consultation.drop_draft(session, one, caller.person, at=at)


def _readings(text: Html, first: Language) -> Iterator[Html]:
    """Give a text in every language in which somebody may have read it, their own first."""
    for each in sorted(Language, key=lambda one: one is not first):
        yield into(text, each)


def _draft(session: Session, caller: Caller) -> Consultation | None:
    here = consultation.open_ones(session, caller)
    return next((one for one in here if one.status is Status.DRAFT), None)
