"""The ordered table: the first line that matches wins; read it from top to bottom.

A button carries `<verb>:<id>`; whether this person may do it is decided by the service, never here.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session
from telegram import Update
from telegram.ext import filters

from handlers import (
    abuse,
    admin,
    advice,
    amendment,
    applicant,
    checkin,
    colleague,
    consent,
    consultation,
    correction,
    desk,
    duty,
    emergency,
    facility,
    figures,
    guidance,
    history,
    intake,
    integrity,
    invitation,
    ledger,
    likeness,
    medicine,
    month,
    opinion,
    partner,
    patient,
    person,
    pool,
    privacy,
    quota,
    rating,
    referral,
    rights,
    scam,
    screen,
    shortcut,
    silence,
    talk,
    task,
    today,
    transfer,
    trip,
    understood,
    visit,
    waiting,
    worklist,
)
from handlers.call import Call
from models.facility import Has
from models.offer import Reason
from models.person import Language
from models.role import Kind, Profession, Sex
from services import danger, mail
from services import duty as duties
from services.abuse import REASONS as ABUSES
from services.advice import OUTCOMES
from services.applicant import REASONS
from services.correction import MENDS, WRONGS
from services.facility.wish import PATTERN
from services.person import Caller, whoever
from services.rights import RIGHTS
from services.scam import WANTED as SCAMS
from services.screen.showing import SCREENS
from services.silence import REASONS as NO_CONTACTS
from services.talk import look_ahead
from services.transfer import REASONS as REASONS_TO_GIVE
from services.worklist import Filter

IN = filters.UpdateType.MESSAGE
EDITED = filters.UpdateType.EDITED_MESSAGE
ID = r"([0-8]?[0-9]{1,18})"
"""What fits a 64-bit column: a changed client can send any number."""
REGION = r"([0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{4})?)?)?)"
"""A region's Kemendagri code."""
NAME = r"([a-z0-9_]{1,40})"
"""What content/guidance calls a shelf or an article."""
OUTCOME = "|".join(OUTCOMES)
REST = "|".join(map(str, duties.RESTS))
LEAVE = "|".join(duties.WAYS)
WISH, HAS = f"({PATTERN})", "|".join(Has)
WRONG, MEND = "|".join(WRONGS), "|".join(MENDS)
RIGHT, WANTED = "|".join(RIGHTS), "|".join(SCAMS)
SCREEN, LANGUAGE = "|".join(SCREENS), "|".join(Language)
WHY, FILTER, TRANSFER = "|".join(Reason), "|".join(Filter), "|".join(REASONS_TO_GIVE)
ABUSE = "|".join(ABUSES)
SEX = "|".join(Sex)
NO_CONTACT = "|".join(NO_CONTACTS)
KIND, PROFESSION, REASON = "|".join(Kind), "|".join(Profession), "|".join(REASONS)


class Route(NamedTuple):
    """One line: what it matches (a match of a pattern travels on), and whom it calls."""

    matches: Callable[[Update], object]
    function: Callable[[Call], None]
    ends_menu: bool = False
    """Whether the pressed menu has done its work and loses its buttons."""


def command(name: str, function: Callable[[Call], None]) -> Route:
    """Match one command, with or without the bot's name and a payload behind it."""
    pattern = re.compile(rf"/{name}(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
    return Route(lambda u: u.message and pattern.fullmatch(u.message.text or ""), function)


def button(pattern: str, function: Callable[[Call], None], *, ends_menu: bool = False) -> Route:
    """Match what one kind of button sends."""
    sent = re.compile(pattern)
    return Route(
        lambda u: u.callback_query and sent.fullmatch(u.callback_query.data or ""),
        function,
        ends_menu,
    )


def words(matcher: filters.BaseFilter, function: Callable[[Call], None]) -> Route:
    """Match messages by the library's own filters."""
    return Route(matcher.check_update, function)


ROUTES = (
    # The commands
    command("start", talk.start),
    command("siap", duty.ready),
    command("selesai", duty.done),
    command("jeda", duty.show),
    command("koreksi", amendment.begin_by_number),
    command("riwayat", history.show),
    command("hpbersama", privacy.show),
    command("pinbaru", privacy.renew),
    command("darurat", emergency.begin),
    command("batalsetuju", consent.withdraw),
    command("faskes", facility.find),
    command("pasien", worklist.begin),
    command("admin", admin.show),
    command("data_saya", rights.offer),
    command("penipuan", scam.offer),
    command("hemat", quota.offer),
    # Anybody: what is kept of them
    button(r"rights", rights.offer),
    button(rf"right:({RIGHT})", rights.begin),
    button(r"send_data", rights.send),
    button(r"lift", rights.lift, ends_menu=True),
    button(r"erase", rights.erase),
    # Anybody: saving data
    button(r"frugal:([01])", quota.choose, ends_menu=True),
    button(rf"fetch:{ID}", quota.fetch),
    # Anybody: a fraud in our name
    button(rf"scam:({WANTED})", scam.report),
    # Anybody: the articles of «Panduan JKN»
    button(rf"shelf:{NAME}", guidance.show_shelf),
    button(rf"article:{NAME}", guidance.show),
    button(rf"leaf:{NAME}:([0-9])", guidance.turn),
    button(rf"assist:{NAME}", guidance.offer_help),
    button(rf"inquire:{NAME}", guidance.inquire),
    button(r"ask", guidance.ask),
    button(r"lessons", guidance.offer_lessons),
    button(rf"step:{NAME}:([0-9]{{1,2}})", guidance.show_step),
    button(rf"puzzled:{NAME}:([0-9]{{1,2}})", guidance.say_again),
    button(rf"stuck:{NAME}:([0-9]{{1,2}})", guidance.offer_troubles),
    button(rf"trouble:{NAME}:([0-9]{{1,2}}):{NAME}", guidance.show_trouble),
    button(r"teach", guidance.ask_volunteer),
    button(rf"turn:{NAME}", guidance.offer_days),
    button(rf"turn_day:{NAME}:([0-7])", guidance.choose_day, ends_menu=True),
    button(r"no_turn", guidance.forget_turn, ends_menu=True),
    button(r"notthat", guidance.not_that),
    button(r"forward", guidance.forward, ends_menu=True),
    command("panduan", screen.opens("guide")),
    command("bantuan", screen.opens("help")),
    command("bahasa", screen.opens("language")),
    # Anybody: a screen, and the language
    button(rf"screen:({SCREEN})", screen.open_),
    button(rf"language:({LANGUAGE})", screen.choose_language),
    # The asker: consent, and a consultation that waits or has ended
    button(r"agree:(\w+)", consent.agree, ends_menu=True),
    button(r"disagree", consent.disagree, ends_menu=True),
    button(rf"answer:{ID}:(\w+):(\w+)", intake.answer),
    button(rf"back:{ID}", intake.back),
    button(rf"sign:{ID}:(\w+)", intake.sign, ends_menu=True),
    button(rf"other:{ID}", intake.other, ends_menu=True),
    button(rf"no_other:{ID}", intake.no_other, ends_menu=True),
    button(rf"withdraw:{ID}", consultation.withdraw),
    button(rf"another:{ID}", duty.another, ends_menu=True),
    button(rf"discard:{ID}", screen.discard, ends_menu=True),
    button(rf"add:{ID}", waiting.add),
    button(rf"pool:{ID}:([01])", pool.answer),
    button(rf"likeness:{ID}", likeness.wish),
    button(rf"keep:{ID}", waiting.keep, ends_menu=True),
    button(rf"who:{ID}", consultation.who),
    button(rf"new:{ID}", consultation.begin_new, ends_menu=True),
    button(rf"thanks:{ID}", consultation.nothing_new, ends_menu=True),
    # The asker: for whom they ask, and «Lengkapi data»
    button(rf"patient:{ID}", patient.show),
    button(rf"complete:{ID}", patient.begin),
    button(rf"mend_patient:{ID}", patient.ask_which),
    button(rf"fill:{ID}:(\w+):([\w.]+)", patient.answer),
    button(rf"same:{ID}", patient.compare),
    button(rf"join:{ID}:{ID}", patient.join),
    button(rf"apart:{ID}:{ID}", patient.part),
    button(r"new_patient", patient.ask_new, ends_menu=True),
    button(r"new_patient:(\w+)", patient.add, ends_menu=True),
    # Anybody: a phone that several people hold
    button(r"privacy", privacy.show),
    button(r"share", privacy.begin, ends_menu=True),
    button(r"newpin", privacy.begin, ends_menu=True),
    button(r"unshare", privacy.end, ends_menu=True),
    button(r"forgotpin", privacy.forget, ends_menu=True),
    button(r"hide", privacy.hide),
    # The asker: what was advised before
    button(rf"read:{ID}", history.read),
    button(r"history:([0-9]{1,4})", history.go_on, ends_menu=True),
    button(rf"paper:{ID}", history.keep),
    button(rf"referral:{ID}", referral.keep),
    # The asker: whether advice was understood, how it is now, and how it was
    button(rf"understood:{ID}", understood.yes),
    button(rf"unclear:{ID}", understood.unclear),
    button(rf"explain:{ID}", understood.explain),
    button(rf"well:{ID}", checkin.well, ends_menu=True),
    button(rf"help:{ID}", checkin.help_, ends_menu=True),
    button(rf"real:{ID}:([01])", integrity.answer, ends_menu=True),
    button(rf"rate:{ID}:([1-5])", rating.rate),
    button(rf"comment:{ID}", rating.comment, ends_menu=True),
    # Anybody: the emergency card of a village, and the way to a facility
    button(r"village", emergency.ask),
    button(rf"village:{REGION}", emergency.choose, ends_menu=True),
    button(rf"pin:{REGION}:([0-9a-f]{{8}})", emergency.pin),
    button(rf"trip:{ID}", trip.show),
    # Anybody: where to go, one facility, and what is wrong about it
    button(r"elsewhere", facility.ask_place),
    button(rf"place:{WISH}", facility.choose, ends_menu=True),
    button(rf"near:{WISH}", facility.change),
    button(rf"needs:{WISH}", facility.offer_needs),
    button(rf"facility:{ID}:{WISH}", facility.open_),
    button(rf"venue:{ID}", facility.send_venue),
    button(rf"remember:{WISH}", facility.remember),
    button(rf"forget:{WISH}", facility.forget),
    button(r"complaint", facility.is_complaint, ends_menu=True),
    button(rf"report:{ID}", correction.ask),
    button(rf"wrong:{ID}:({WRONG})", correction.report, ends_menu=True),
    # The worker: an offer, and the patients they have taken
    button(r"ready", duty.ready, ends_menu=True),
    button(rf"rest:({REST})", duty.rest, ends_menu=True),
    button(rf"i_am:({SEX})", likeness.tell),
    button(r"off", duty.done, ends_menu=True),
    button(rf"leave:({LEAVE})", duty.leave, ends_menu=True),
    button(rf"accept:{ID}", consultation.accept),
    button(rf"pass:{ID}", consultation.skip),
    button(rf"why:{ID}:({WHY})", consultation.say_why),
    button(rf"worklist:({FILTER})", worklist.change),
    button(rf"pull:({FILTER})", worklist.pull),
    button(rf"take:{ID}", worklist.take),
    button(rf"return:{ID}", consultation.hand_back),
    button(rf"hold:{ID}", silence.hold, ends_menu=True),
    button(rf"no_contact:{ID}", silence.ask_reason, ends_menu=True),
    button(rf"no_contact:{ID}:({NO_CONTACT})", silence.close, ends_menu=True),
    # The worker: one of several patients
    button(rf"desk:{ID}", desk.open_),
    button(rf"card:{ID}", desk.card),
    button(rf"before:{ID}", desk.before),
    button(rf"jot:{ID}", desk.note),
    button(rf"bundle:{ID}", desk.bundle),
    button(rf"shortcut:{ID}", shortcut.offer),
    button(rf"quick:{ID}:{ID}", shortcut.send),
    button(rf"send_bundle:{ID}", desk.send_bundle, ends_menu=True),
    button(rf"drop_bundle:{ID}", desk.drop_bundle, ends_menu=True),
    # The worker: help from others
    button(rf"colleague:{ID}", colleague.offer),
    button(rf"missing:{ID}", colleague.missing),
    button(rf"transfer:{ID}", transfer.ask_whom),
    button(rf"transfer_to:{ID}:{ID}", transfer.ask_why),
    button(rf"transfer_why:{ID}:{ID}:({TRANSFER})", transfer.give, ends_menu=True),
    button(rf"opinion:{ID}", opinion.ask_whom),
    button(rf"opinion_of:{ID}:{ID}", opinion.ask_question),
    button(rf"see_case:{ID}", opinion.join, ends_menu=True),
    button(rf"opine:{ID}", opinion.ask, ends_menu=True),
    button(rf"leave_case:{ID}", opinion.leave, ends_menu=True),
    # The worker: their own figures and their safety; the admin: what is done about a report
    button(r"figures", figures.show),
    button(rf"report_abuse:{ID}", abuse.offer),
    button(rf"abuse:{ID}:({ABUSE})", abuse.report, ends_menu=True),
    button(rf"block:{ID}", abuse.block),
    button(rf"no_block:{ID}", abuse.no_block),
    button(rf"unblock:{ID}", abuse.unblock),
    # The worker: an end
    button(rf"close:{ID}", advice.begin),
    button(rf"talk:{ID}", advice.leave, ends_menu=True),
    button(rf"advise:{ID}:({OUTCOME})", advice.give),
    button(rf"rewrite:{ID}", advice.rewrite, ends_menu=True),
    button(rf"code:{ID}:([A-Z][0-9]{{2}}(?:\.[0-9]{{1,2}})?)", advice.choose_code),
    button(rf"other_code:{ID}", advice.ask_code),
    button(rf"control:{ID}", advice.show_days),
    button(rf"control:{ID}:([0-9]{{1,2}})", advice.choose_control),
    button(rf"medicine:{ID}:([0-9]{{1,4}})", advice.show_medicines),
    button(rf"choose_medicine:{ID}:{ID}", advice.choose_medicine),
    button(rf"poli:{ID}:([0-9]{{1,2}})", referral.choose_poli),
    button(rf"refer:{ID}:{ID}", referral.choose_place),
    button(rf"other_hospital:{ID}", referral.look_elsewhere),
    button(rf"ends:{ID}", advice.show_ends),
    button(rf"form:{ID}", advice.show_form),
    button(rf"amend:{ID}", amendment.begin),
    button(r"unamend", amendment.leave, ends_menu=True),
    button(rf"amended:{ID}", amendment.give, ends_menu=True),
    button(rf"pcare:{ID}", visit.copy),
    button(r"copied", visit.hide),
    button(rf"days:{ID}", checkin.show_days),
    button(rf"checkin:{ID}:([0-9]{{1,2}})", checkin.plan),
    # Either of them: for whom a message was
    button(rf"to:{ID}", talk.choose),
    button(rf"note:{ID}", talk.note),
    # The applicant: a licence, question by question
    button(rf"profession:({PROFESSION})", applicant.choose, ends_menu=True),
    button(rf"pause:{ID}", applicant.pause, ends_menu=True),
    button(rf"resume:{ID}", applicant.resume, ends_menu=True),
    button(rf"restart:{ID}", applicant.restart, ends_menu=True),
    button(rf"send:{ID}", applicant.send, ends_menu=True),
    # The admin: invitations, and the applicants who came by them
    button(rf"invite:({KIND})", admin.invite),
    button(r"waits", today.show),
    button(r"month:([0-9]{1,2})", month.show),
    button(r"rosters", duty.show_rosters),
    button(rf"roster:{ID}", duty.ask_roster),
    button(r"holidays", duty.show_holidays),
    button(rf"unholiday:{ID}", duty.strike_holiday, ends_menu=True),
    button(r"invitations", admin.show_invitations),
    button(rf"uninvite:{ID}", invitation.take_back, ends_menu=True),
    button(r"applicants", applicant.show),
    button(rf"admit:{ID}", applicant.admit, ends_menu=True),
    button(rf"decline:{ID}", applicant.ask_reason),
    button(rf"decline:{ID}:({REASON})", applicant.decline, ends_menu=True),
    # The admin: the emergency numbers
    button(rf"numbers:{ID}", emergency.show_numbers),
    button(rf"checked:{ID}", emergency.confirm),
    button(rf"renumber:{ID}", emergency.ask_other),
    button(rf"unnumber:{ID}", emergency.strike),
    button(rf"addnumber:{ID}", emergency.ask_new),
    # The admin: the day, quick replies, and with whom the facility answers together
    button(rf"call_out:{ID}", today.call_out, ends_menu=True),
    button(rf"shortcuts:{ID}", shortcut.show),
    button(rf"add_shortcut:{ID}", shortcut.ask_new),
    button(rf"strike_shortcut:{ID}", shortcut.strike),
    button(rf"partners:{ID}", partner.show),
    button(rf"add_partner:{ID}:{ID}", partner.ask),
    button(rf"end_partner:{ID}:{ID}", partner.end, ends_menu=True),
    # The admin, and the doctor who signs: the medicines that may be named
    button(rf"medicines:{ID}", medicine.show),
    button(rf"medicines:{ID}:([0-9]{{1,4}})", medicine.go_on),
    button(rf"add_medicines:{ID}", medicine.ask_new),
    button(rf"strike_medicine:{ID}", medicine.strike),
    button(rf"call_doctors:{ID}", medicine.call_doctors),
    button(rf"pharmacist:{ID}", medicine.ask_paper),
    button(rf"sign_medicines:{ID}:([0-9a-f]{{8}})", medicine.sign, ends_menu=True),
    # The admin: what was reported wrong about facilities
    button(r"corrections", correction.show),
    button(rf"correct:{ID}", correction.open_),
    button(rf"mend:{ID}:({MEND})", correction.begin, ends_menu=True),
    button(rf"lies:{ID}:{REGION}", correction.lie, ends_menu=True),
    button(rf"fact:{ID}:({HAS}):([01])", correction.confirm, ends_menu=True),
    button(rf"settle:{ID}:([01])", correction.settle, ends_menu=True),
    # The admin and the worker: what is to be done by a moment
    button(r"tasks", task.show),
    button(rf"done:{ID}", task.finish),
    # The admin: the contact ledger
    button(r"ledger", ledger.show),
    button(rf"registered:{ID}", ledger.ask_registered),
    button(rf"no_inquiry:{ID}", guidance.refuse, ends_menu=True),
    # Whatever is left, in this order
    button(r"[\s\S]*", talk.expired_button),
    words(IN & filters.COMMAND, talk.unknown_command),
    words(EDITED & (filters.TEXT | filters.CAPTION), talk.correct),
    # Text first: whether something is one of the many kinds of status takes long to find out.
    words(IN & (filters.TEXT | ~filters.StatusUpdate.ALL), talk.listen),
    Route(lambda update: update.my_chat_member, person.membership),
    Route(lambda update: True, person.ignore),
)


def read(raw: dict[str, Any]) -> Update:
    """Turn Telegram's JSON into the library's object; raises ValueError for what is none."""
    try:
        return Update.de_json(raw)
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise ValueError(f"not an update: {type(error).__name__}") from None


def caller_of(session: Session, bot_id: int, update: Update, *, at: datetime) -> Caller | None:
    """Find out who is speaking; nobody in groups and channels, where we do not talk."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or user.is_bot or (chat is not None and chat.type != chat.PRIVATE):
        return None
    return whoever(session, bot_id, user.id, user.first_name, user.language_code, at=at)


def expect(session: Session, bot_id: int, updates: Sequence[Update]) -> None:
    """Look up at once what these updates will ask for."""
    users = [one.effective_user for one in updates]
    look_ahead(session, bot_id, [user.id for user in users if user is not None])


def shows_danger(update: Update) -> bool:
    """Tell whether the danger net has to look at this update: its words alone decide."""
    message = update.message or update.edited_message
    return message is not None and bool(danger.find(message.text or message.caption or ""))


def watch(session: Session, bot_id: int, update: Update, *, at: datetime) -> None:
    """Let the danger net act on an asker's words before anything else reads them."""
    caller = caller_of(session, bot_id, update, at=at)
    if caller is not None:
        danger.check(session, caller, Call(session, caller, update, None, at).words, at=at)


def handle(
    session: Session, bot_id: int, update: Update, seq: int, *, at: datetime
) -> mail.Chrome | None:
    """Call the one function that this update is for; give what leaves right after the commit."""
    if update.inline_query is not None:
        return facility.answer_inline(session, bot_id, update.inline_query, at=at)
    caller = caller_of(session, bot_id, update, at=at)
    if caller is None:
        return None
    caller.seq = seq
    for route in ROUTES:
        match = route.matches(update)
        if match is not None and match is not False:
            found = match if isinstance(match, re.Match) else None
            call = Call(session, caller, update, found, at)
            route.function(call)
            if route.ends_menu:
                mail.end_menu(session, bot_id, caller.person, call.pressed_message_id, at=at)
            break
    if caller.person.away_at is not None:
        duties.come_back(session, caller, at=at)
    return None
