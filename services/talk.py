"""Free words: an answer to an open question, words in a consultation, or a new complaint."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import Closed, NotFound, Refusal
from models.form import Question
from models.message import Message, Part, Words
from services import (
    advice,
    ahead,
    amendment,
    applicant,
    checkin,
    consent,
    consultation,
    correction,
    credential,
    emergency,
    form,
    history,
    invitation,
    person,
    privacy,
    rating,
    relay,
)
from services.content import words
from services.facility import ask, inline, page
from services.intake import answering, asking
from services.mail import Button, change, mark, post, say, say_once
from services.person import Caller
from services.text import is_blank, mask

ONE_GREETING = timedelta(minutes=1)
"""Who says /start again so soon has the greeting before their eyes."""
ONE_REFUSAL = timedelta(hours=1)
"""So long a 🤷 stands for the words that such a message goes nowhere."""
NO_COMPLAINT = ("sticker", "dice")
"""What says nothing of its own, so that it opens no consultation."""
JUST_CLOSED = timedelta(hours=24)
"""So long after a consultation new words may still belong to it: the asker is asked."""


def look_ahead(session: Session, bot_id: int, accounts: Sequence[int]) -> None:
    """Look up at once what the words of these people will ask for."""
    ahead.begin(session)
    people = person.meet(session, bot_id, accounts)
    consultation.look_ahead(session, bot_id, people)
    credential.look_ahead(session, people)


def start(session: Session, caller: Caller, payload: str, *, at: datetime) -> None:
    """Answer /start, pressed again and again, once a minute; behind a link of ours open that."""
    if invitation.is_token(payload):
        invitation.open_(session, caller, payload, at=at)
    elif page.is_link(payload):
        page.open_link(session, caller, payload, at=at)
    elif payload == inline.START:
        find_facility(session, caller, "", at=at)
    elif not _just_greeted(caller, at):
        greet(session, caller, at=at)


def greet(session: Session, caller: Caller, *, at: datetime) -> None:
    """Say what this is, that it is no emergency service, and what becomes of the data; to who
    was told a moment ago only what comes next."""
    if not _just_greeted(caller, at):
        say(
            session,
            caller.bot_id,
            caller.person,
            "person.greeting",
            at=at,
            name=person.name_of(session, caller.person),
        )
    if _goes_on(session, caller, at=at):
        return
    if caller.form is None or caller.form.question is not Question.ADVICE:
        form.ask(session, caller, Question.COMPLAINT, None, at=at)
    applicant.remind(session, caller, at=at)
    if credential.worker(session, caller.person, at=at):
        say(session, caller.bot_id, caller.person, "duty.hint", at=at)
    elif consent.standing(session, caller):
        say(session, caller.bot_id, caller.person, "consultation.ask_complaint", at=at)
    else:
        consent.ask(session, caller, at=at)


def _goes_on(session: Session, caller: Caller, *, at: datetime) -> bool:
    """Put the open question again to somebody whose request is not yet whole."""
    here = consultation.open_ones(session, caller)
    drafted = next((one for one in here if one.status is Status.DRAFT), None)
    if drafted is None or not _is_asked(drafted, caller) or not consent.standing(session, caller):
        return False
    form.cut_question(session, caller, words("question.see_below"), at=at)
    asking.go_on(session, caller, drafted, at=at)
    return True


def listen(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """Give somebody's words to the one place they belong to; nothing is dropped."""
    if said.kind == "text" and is_blank(said.text):
        raise Refusal("refusal.blank")
    if said.kind not in relay.PASSED_ON:
        if not say_once(
            session, caller.bot_id, caller.person, "refusal.kind", every=ONE_REFUSAL, at=at
        ):
            mark(session, caller.bot_id, said.chat_id, said.message_id, "🤷", at=at)
        return
    if applicant.takes(session, caller, said, at=at):
        applicant.answer(session, caller, said, at=at)
        return
    if emergency.takes_number(session, caller, at=at):
        emergency.answer_number(session, caller, said, at=at)
        return
    if privacy.hear(session, caller, said, at=at):
        return
    if amendment.takes(session, caller, said, at=at):
        amendment.write(session, caller, said, at=at)
        return
    here = consultation.open_ones(session, caller)
    if emergency.is_asked(said):
        emergency.begin(session, caller, at=at)
        if not here:
            return  # else it is also said to whoever helps them
    elif emergency.hear(session, caller, said, at=at):
        return
    if not here and _is_about_a_facility(session, caller, said, at=at):
        return
    active = [one for one in here if one.status is Status.ACTIVE]
    if _is_advice(session, caller, active, said):
        advice.write(session, caller, said, at=at)
        return
    answered = _answered(session, caller, active, said)
    if answered is not None:
        relay.pass_on(session, answered, caller.person, said, at=at)
    elif active:
        _ask_whose(session, caller, active, said, at=at)
    elif here:
        _add(session, caller, here[0], said, at=at)
    elif _answers_a_question(session, caller, said, at=at):
        return
    elif credential.worker(session, caller.person, at=at):
        raise Closed("refusal.no_patient")
    elif said.kind in NO_COMPLAINT or (said.kind == "text" and is_greeting(said.text)):
        greet(session, caller, at=at)
    else:
        _begin(session, caller, said, at=at)


def find_facility(session: Session, caller: Caller, typed: str, *, at: datetime) -> None:
    """Look for a facility near a place, or ask near which."""
    is_helped = bool(consultation.open_ones(session, caller))
    ask.begin(session, caller, typed, is_helped=is_helped, at=at)


def complain(session: Session, caller: Caller, said: Words | None, *, at: datetime) -> None:
    """Take words for a complaint that we took for the name of a place."""
    if said is None:
        raise NotFound("refusal.write_again")
    ask.leave_for_complaint(session, caller, at=at)
    if relay.find(session, caller.bot_id, said.chat_id, said.message_id) is None:
        listen(session, caller, said, at=at)


def is_greeting(text: str) -> bool:
    """Tell whether a text only says hello, which is no complaint."""
    bare = " ".join(re.findall(r"\w+", text.lower()))
    return bare in words("person.hellos").split(" · ")


def choose(
    session: Session,
    caller: Caller,
    consultation_id: int,
    said: Words | None,
    question_id: int,
    *,
    at: datetime,
) -> None:
    """Pass on the words about which we had to ask whom they were for, and let the question say
    where they went."""
    found = consultation.access(session, caller, consultation_id)
    if found.status is not Status.ACTIVE:
        raise Closed(number=found.number)
    if said is None:
        raise NotFound("refusal.write_again")
    if relay.find(session, caller.bot_id, said.chat_id, said.message_id) is not None:
        return
    relay.pass_on(session, found, caller.person, said, at=at)
    form.forget(session, caller, Question.WHOSE)
    text = words("relay.chosen", name=_to(session, caller, found).text)
    change(session, caller.bot_id, caller.person, question_id, text, at=at)


def begin_new(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """The words after a closed consultation were a new complaint."""
    drafted = consultation.access(session, caller, consultation_id)
    if drafted.status is Status.DRAFT:
        asking.begin(session, caller, drafted, at=at)
    elif not drafted.is_open:
        raise NotFound("refusal.expired_button")


def nothing_new(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """The words after a closed consultation were a thank-you; they are not kept."""
    drafted = consultation.access(session, caller, consultation_id)
    if drafted.status is Status.DRAFT:
        consultation.drop_draft(session, drafted, caller.person, at=at)
        say(session, caller.bot_id, caller.person, "consultation.thanks", at=at)


def _is_about_a_facility(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    return correction.hear(session, caller, said, at=at) or ask.hear(session, caller, said, at=at)


def _answers_a_question(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Tell whether these words answered what we asked after a consultation, or ask for it."""
    for screen in (history, privacy):
        if screen.is_asked(said):
            screen.show(session, caller, at=at)
            return True
    return rating.hear(session, caller, said, at=at) or checkin.hear(session, caller, said, at=at)


def _answered(
    session: Session, caller: Caller, active: list[Consultation], said: Words
) -> Consultation | None:
    """The consultation these words belong to: that of the message they answer, or the only one.

    Raises Closed where a worker answers somebody whom they no longer have.
    """
    message = _replied(session, caller, said)
    if message is not None and active:
        found = next((one for one in active if one.id == message.consultation_id), None)
        if found is not None:
            return found
        if message.consultation.asker_id != caller.person.id:
            raise Closed("refusal.not_yours", number=message.consultation.number)
    is_asked = caller.form is not None and caller.form.question is Question.WHOSE
    return active[0] if len(active) == 1 and not is_asked else None


def _replied(session: Session, caller: Caller, said: Words) -> Message | None:
    if said.reply_to is None:
        return None
    return relay.find(session, caller.bot_id, said.chat_id, said.reply_to)


def _just_greeted(caller: Caller, at: datetime) -> bool:
    asked = caller.form
    return (
        asked is not None
        and asked.question is Question.COMPLAINT
        and at - asked.asked_at < ONE_GREETING
    )


def _is_advice(session: Session, caller: Caller, active: list[Consultation], said: Words) -> bool:
    """Tell whether these words are the advice that was asked for.

    They are not where they answer another patient, or where its consultation has moved on.
    """
    if caller.form is None or caller.form.question is not Question.ADVICE:
        return False
    about = caller.form.consultation_id
    if about not in [one.id for one in active]:
        form.forget(session, caller)
        return False
    message = _replied(session, caller, said)
    return message is None or message.consultation_id == about


def _ask_whose(
    session: Session, caller: Caller, active: list[Consultation], said: Words, *, at: datetime
) -> None:
    say(
        session,
        caller.bot_id,
        caller.person,
        "relay.whose",
        at=at,
        reply_to=said.message_id,
        buttons=[[_to(session, caller, one)] for one in active],
    )


def _to(session: Session, caller: Caller, one: Consultation) -> Button:
    if one.asker_id == caller.person.id:
        return Button("button.to_worker", f"to:{one.id}", {"worker": one.read(session)["worker"]})
    name = person.shown_name(session, one.asker)
    return Button("button.to_asker", f"to:{one.id}", {"number": one.number, "name": name})


def _is_asked(opened: Consultation, caller: Caller) -> bool:
    """Tell whether our questions are what a draft waits for, not the asker's «keluhan baru»."""
    if opened.status is not Status.DRAFT:
        return False
    asked = caller.form
    return opened.follows_id is None or (asked is not None and asked.consultation_id == opened.id)


def _kept_by_the_net(session: Session, opened: Consultation, said: Words) -> bool:
    if opened.danger_at is None:
        return False
    return relay.find(session, opened.bot_id, said.chat_id, said.message_id) is not None


def _begin(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """First words: a complaint; without a consent they are kept sealed until there is one."""
    closed = consultation.last_closed(session, caller, since=at - JUST_CLOSED)
    drafted = consultation.draft(session, caller, at=at)
    relay.keep(session, drafted, caller.person, said, Part.COMPLAINT, at=at)
    session.flush()
    _take_away_numbers(session, caller, said, at=at)
    if not consent.standing(session, caller):
        key = "person.greeting" if caller.is_new else "consent.first"
        name = person.name_of(session, caller.person)
        say(session, caller.bot_id, caller.person, key, at=at, name=name)
        consent.ask(session, caller, at=at)
    elif closed is not None:
        drafted.follows_id = closed.id
        say(
            session,
            caller.bot_id,
            caller.person,
            "consultation.new_or_thanks",
            at=at,
            number=closed.number,
            buttons=[
                [Button("button.new_complaint", f"new:{drafted.id}")],
                [Button("button.no_thanks", f"thanks:{drafted.id}")],
            ],
        )
    else:
        asking.begin(session, caller, drafted, at=at)


def _take_away_numbers(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Delete a text that shows a NIK or a card from the asker's chat; what it says is kept sealed.

    Only a text: of a photo nothing is kept but its place in the chat.
    """
    if said.kind != "text" or mask(said.text) == said.text:
        return False
    params = {"chat_id": said.chat_id, "message_id": said.message_id}
    post(session, caller.bot_id, said.chat_id, "deleteMessage", params, at=at)
    say(session, caller.bot_id, caller.person, "patient.number_taken_away", at=at)
    return True


def _add(
    session: Session, caller: Caller, opened: Consultation, said: Words, *, at: datetime
) -> None:
    """More words to something that nobody answers yet; a mark on the message is the receipt."""
    is_kept = _kept_by_the_net(session, opened, said)
    if not is_kept:
        relay.keep(session, opened, caller.person, said, Part.COMPLAINT, at=at)
    is_gone = _take_away_numbers(session, caller, said, at=at)
    if opened.status is Status.DRAFT and not consent.standing(session, caller):
        if said.album is None and not is_kept:
            say(session, caller.bot_id, caller.person, "consent.reminder", at=at)
        return
    session.flush()
    if _is_asked(opened, caller) and answering.hear(session, caller, opened, said, at=at):
        return
    if is_gone:
        return
    mark(session, caller.bot_id, said.chat_id, said.message_id, "✍", at=at)
