"""Free words: an answer to an open question, words in a consultation, or a new complaint."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import Closed, NotFound, Refusal
from models.form import Question
from models.mail import Lane
from models.message import Part, Words
from models.person import Language
from services import (
    abuse,
    addressee,
    advice,
    ahead,
    amendment,
    applicant,
    checkin,
    consent,
    consultation,
    correction,
    credential,
    desk,
    emergency,
    facility,
    form,
    identity,
    invitation,
    language,
    ledger,
    medicine,
    menu,
    nonsense,
    partner,
    person,
    privacy,
    rating,
    referral,
    relay,
    rights,
    scam,
    screen,
    shortcut,
    task,
)
from services.content import joined, words
from services.duty import planning
from services.facility import ask, inline, page
from services.guidance import inquiry, question, turn
from services.guidance import page as guidance
from services.intake import answering, asking, revising
from services.mail import Button, mark, say, say_once, tell
from services.patient import filling
from services.person import Caller
from services.text import is_blank

ONE_REFUSAL = timedelta(hours=1)
"""So long a 🤷 stands for the words that such a message goes nowhere."""


def look_ahead(session: Session, bot_id: int, accounts: Sequence[int]) -> None:
    """Look up at once what the words of these people will ask for."""
    ahead.begin(session)
    people = person.meet(session, bot_id, accounts)
    opened = consultation.look_ahead(session, bot_id, people)
    credential.look_ahead(session, people)
    relay.look_ahead(session, bot_id, opened)


def start(session: Session, caller: Caller, payload: str, *, at: datetime) -> None:
    """Answer /start, pressed again and again, once a minute; behind a link of ours open that."""
    if invitation.is_token(payload):
        invitation.open_(session, caller, payload, at=at)
    elif page.is_link(payload):
        page.open_link(session, caller, payload, at=at)
    elif guidance.is_link(payload):
        guidance.open_link(session, caller, payload, at=at)
    elif referral.is_link(payload):
        referral.open_link(session, caller, payload, at=at)
    elif payload == inline.START:
        find_facility(session, caller, "", at=at)
    elif not nonsense.was_answered(caller, at):
        greet(session, caller, at=at)


def greet(session: Session, caller: Caller, *, at: datetime) -> None:
    """Say what this is, that it is no emergency service, and what becomes of the data; to who
    was told a moment ago only what comes next, and then nothing for a while."""
    if nonsense.is_enough(session, caller, at):
        return
    is_again = nonsense.was_answered(caller, at)
    keys = menu.keys(session, caller, at=at)
    if not is_again:
        name = person.name_of(session, caller.person)
        parts = [words("person.greeting", name=name)]
        if consent.standing(session, caller):  # else it stands under the question
            parts += language.mark(caller.person.reads)
        tell(session, caller.bot_id, caller.person, joined("\n", parts), at=at, keys=keys)
    menu.offer(session, caller.bot_id, caller.person, at=at)
    if _goes_on(session, caller, at=at):
        return
    if caller.form is None or caller.form.question is not Question.ADVICE:
        form.ask(session, caller, Question.COMPLAINT, None, at=at)
    if is_again:
        nonsense.note(session, caller, at=at)
    applicant.remind(session, caller, at=at)
    if credential.worker(session, caller.person, at=at):
        say(session, caller.bot_id, caller.person, "duty.hint", at=at)
    elif consent.standing(session, caller):
        key = "consultation.ask_complaint"
        say(session, caller.bot_id, caller.person, key, at=at, keys=keys)
    else:
        consent.ask(session, caller, at=at)


def _goes_on(session: Session, caller: Caller, *, at: datetime) -> bool:
    """Put the open question again to somebody whose request is not yet whole."""
    here = consultation.open_ones(session, caller)
    drafted = next((one for one in here if one.status is Status.DRAFT), None)
    return drafted is not None and screen.resume(session, caller, drafted, at=at)


def speak(session: Session, caller: Caller, chosen: Language, *, at: datetime) -> None:
    """Change the language, and put what stands open again: the question, or that of consent."""
    language.choose(session, caller, chosen, at=at)
    if _goes_on(session, caller, at=at) or credential.worker(session, caller.person, at=at):
        return
    if not consent.standing(session, caller) and facility.find_home(session, caller.bot_id):
        consent.ask(session, caller, at=at)


def listen(
    session: Session, caller: Caller, said: Words, *, at: datetime, is_complaint: bool = False
) -> None:
    """Give somebody's words to the one place they belong to; nothing is dropped. `is_complaint`
    says that their writer called them so, where they could be a question about JKN."""
    if said.kind == "text" and is_blank(said.text):
        raise Refusal("refusal.blank")
    if said.kind not in relay.PASSED_ON:
        if not say_once(
            session, caller.bot_id, caller.person, "refusal.kind", every=ONE_REFUSAL, at=at
        ):
            mark(session, caller.bot_id, said.chat_id, said.message_id, "🤷", at=at)
        return
    key = desk.pressed(said.text) if said.kind == "text" else None
    if key is not None and credential.worker(session, caller.person, at=at):
        desk.press(session, caller, key, at=at)
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
    active = [one for one in here if one.status is Status.ACTIVE]
    if desk.hear(session, caller, active, said, at=at):
        return
    if filling.hear(session, caller, here, said, at=at):
        return
    asked = screen.asked(session, caller, said)
    if asked is not None:
        screen.show(session, caller, asked, at=at)
        if asked != "emergency" or not here:
            return  # else it is also said to whoever helps them
    elif emergency.hear(session, caller, said, at=at):
        return
    if not here and _is_about_data(session, caller, said, at=at):
        return
    if not here and _is_about_a_facility(session, caller, said, at=at):
        return
    if _is_advice(session, caller, active, said):
        advice.write(session, caller, said, at=at)
        return
    drafted = _in_question(here, caller)
    if active and drafted is not None and answering.takes(session, drafted, said, at=at):
        _add(session, caller, drafted, said, at=at)
        return
    if addressee.is_gone(session, caller, active, said, at=at):
        return
    answered = addressee.find(session, caller, active, said, at=at)
    if answered is not None:
        relay.pass_on(session, answered, caller.person, said, at=at)
    elif active:
        addressee.ask(session, caller, active, said, at=at)
    elif here:
        _add(session, caller, drafted or here[0], said, at=at)
    elif _answers_a_question(session, caller, said, at=at):
        return
    elif credential.worker(session, caller.person, at=at):
        raise Closed("refusal.no_patient")
    elif (caller.is_new and nonsense.says_nothing(said)) or _is_greeting(said):
        greet(session, caller, at=at)
    elif nonsense.says_nothing(said):
        nonsense.answer(session, caller, said, at=at)
    elif is_complaint or not question.answers(session, caller, said, at=at):
        _begin(session, caller, said, at=at)


def correct(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """Take an edit for what the message was: an answer about a patient, or words to somebody."""
    if filling.correct(session, caller, said, at=at):
        return
    message = relay.correct(session, caller.bot_id, caller.person, said, at=at)
    if message is not None:
        revising.revise(session, caller, message, at=at)
    elif identity.shows(said):  # it was kept nowhere, and now it shows a number
        identity.take_away(session, caller.bot_id, caller.person, said, at=at)


def find_facility(session: Session, caller: Caller, typed: str, *, at: datetime) -> None:
    """Look for a facility near a place, or ask near which."""
    is_helped = bool(consultation.open_ones(session, caller))
    ask.begin(session, caller, typed, is_helped=is_helped, at=at)


def complain(session: Session, caller: Caller, said: Words | None, *, at: datetime) -> None:
    """Take words for a complaint that we took for the name of a place, or a question about JKN."""
    if said is None:
        raise NotFound("refusal.write_again")
    ask.leave_for_complaint(session, caller, at=at)
    if relay.find(session, caller.bot_id, said.chat_id, said.message_id) is None:
        listen(session, caller, said, at=at, is_complaint=True)


def begin_new(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """The words after a closed consultation were a new complaint."""
    drafted = consultation.access(session, caller, consultation_id)
    if drafted.status is Status.DRAFT:
        asking.begin(session, caller, drafted, at=at)
    elif not drafted.is_open:
        raise NotFound("refusal.expired_button")


def discard(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Take back what was written and nobody has read: it is destroyed."""
    drafted = consultation.access(session, caller, consultation_id)
    if drafted.status is Status.DRAFT:
        form.forget(session, caller)
        consultation.drop_draft(session, drafted, caller.person, at=at)
        say(session, caller.bot_id, caller.person, "consent.refused", at=at)
    elif drafted.is_open:
        raise NotFound("refusal.expired_button")


def nothing_new(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """The words after a closed consultation were a thank-you; they are not kept."""
    drafted = consultation.access(session, caller, consultation_id)
    if drafted.status is Status.DRAFT:
        consultation.drop_draft(session, drafted, caller.person, at=at)
        say(session, caller.bot_id, caller.person, "consultation.thanks", at=at)


def _is_about_a_facility(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    if identity.shows(said):
        return False  # it names no place, and must not be said again
    return correction.hear(session, caller, said, at=at) or ask.hear(session, caller, said, at=at)


def _is_about_data(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Words that answer a question about one's data, a fraud, a task, the facility's lists, JKN."""
    hears = (
        task.hear, rights.hear, scam.hear, medicine.hear, shortcut.hear, partner.hear,
        inquiry.hear, question.hear, turn.hear, planning.hear, ledger.hear,
    )  # fmt: skip
    return any(hear(session, caller, said, at=at) for hear in hears)


def _answers_a_question(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Tell whether these words answered what we asked after a consultation."""
    return rating.hear(session, caller, said, at=at) or checkin.hear(session, caller, said, at=at)


def _is_greeting(said: Words) -> bool:
    return said.kind == "text" and screen.is_greeting(said.text)


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
    message = addressee.replied(session, caller, said)
    return message is None or message.consultation_id == about


def _in_question(here: Sequence[Consultation], caller: Caller) -> Consultation | None:
    """Give the draft whose question is open: of several requests the words belong to that one."""
    asked = caller.form
    if asked is None or asked.question is not Question.INTAKE:
        return None
    return next((one for one in here if one.id == asked.consultation_id), None)


def _kept_by_the_net(session: Session, opened: Consultation, said: Words) -> bool:
    if opened.danger_at is None:
        return False
    return relay.find(session, opened.bot_id, said.chat_id, said.message_id) is not None


def _begin(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """First words: a complaint; without a consent they are kept sealed until there is one."""
    abuse.must_not_be_blocked(session, caller, said.text, at=at)
    closed = consultation.last_closed(session, caller, since=at - nonsense.JUST_CLOSED)
    drafted = consultation.draft(session, caller, at=at)
    relay.keep(session, drafted, caller.person, said, Part.COMPLAINT, at=at)
    session.flush()
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


def _add(
    session: Session, caller: Caller, opened: Consultation, said: Words, *, at: datetime
) -> None:
    """More words to something that nobody answers yet; a mark on the message is the receipt."""
    is_kept = _kept_by_the_net(session, opened, said)
    if not is_kept:
        relay.keep(session, opened, caller.person, said, Part.COMPLAINT, at=at)
    if opened.status is Status.DRAFT and not consent.standing(session, caller):
        if said.album is None and not is_kept and not nonsense.is_enough(session, caller, at):
            say(session, caller.bot_id, caller.person, "consent.reminder", at=at)
            nonsense.note(session, caller, at=at)
        return
    session.flush()
    if opened.status is Status.WAITING:
        answering.doubt(session, caller, opened, said, at=at)
    if asking.is_asked(opened, caller) and answering.hear(session, caller, opened, said, at=at):
        return
    if identity.shows(said):
        return  # it has left the chat
    # Behind all that is said: of a hundred quick texts each has its mark, none delays a word.
    mark(session, caller.bot_id, said.chat_id, said.message_id, "✍", at=at, lane=Lane.REMINDER)
