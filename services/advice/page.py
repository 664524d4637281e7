"""A closing as its worker sees it: what is there, what is missing, and how it can end."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from models.consultation import Outcome
from models.medicine import Medicine
from models.message import Message
from models.role import Role
from services import day, diagnosis, dispatch, letter, medicine, person, scope, sheet
from services.advice import holding
from services.advice.holding import UNDECIDED, Closing
from services.content import Html, joined, plain, words
from services.mail import Button, Buttons
from services.scope import Scope
from services.text import mask, shorten

MAIN = (Outcome.ADVISED, Outcome.VISIT_FKTP, Outcome.REFERRED)
OTHERS = (Outcome.NOT_SUITABLE, Outcome.EMERGENCY)
"""How advice can end a consultation: mostly, and where chat was not the place for it."""
CODES = 3
"""Codes that are offered at once."""
LABEL, LONG = 40, 80
"""Characters of a button, and of the name of a medicine."""


def text_of(session: Session, message: Message, closing: Closing, wanted: Scope) -> Html:
    """Show what would be kept and sent, and what is still missing."""
    found = message.consultation
    made = lines(closing)
    missing = closing.missing(wanted)
    if letter.is_named(closing.advice):
        made.append(words("letter.advised"))
    if missing is not None:
        made.append(words(f"closing_missing.{missing}"))
    else:
        name = person.name_of(session, found.asker)
        made.append(words("advice.preview", name=name, number=found.number))
    return joined("\n", made)


def buttons_of(session: Session, message: Message, closing: Closing, wanted: Scope) -> Buttons:
    """Give what can be tapped: codes, how it ends, what more may be said."""
    again = [Button("button.change", f"rewrite:{message.id}")]
    if closing.missing(wanted) is not None:
        return [[*again, Button("button.not_yet", f"talk:{message.consultation_id}")]]
    more = [
        Button("button.control", f"control:{message.id}"),
        Button("button.other_ends", f"ends:{message.id}"),
    ]
    if wanted.prescribes:
        again.append(Button("button.medicine", f"medicine:{message.id}:0"))
    if wanted.assesses:
        again.append(Button("button.other_code", f"other_code:{message.id}"))
    return [
        *_codes(session, message, closing, wanted),
        *ends(message, _first(closing)),
        more,
        again,
    ]


def _first(closing: Closing) -> tuple[Outcome, ...]:
    """Give the ways it mostly ends; with a hospital chosen the referral comes first."""
    return tuple(sorted(MAIN, key=lambda one: one is not Outcome.REFERRED or not closing.refer_to))


def ends(message: Message, outcomes: tuple[Outcome, ...]) -> list[list[Button]]:
    """Give the buttons that send it and close."""
    return [
        [Button(f"outcome.{outcome}", f"advise:{message.id}:{outcome}")] for outcome in outcomes
    ]


def shown(session: Session, message: Message, role: Role | None) -> tuple[Html, Buttons]:
    """Give text and buttons of a closing as it stands."""
    wanted = scope.of_role(role)
    closing = complete(session, message, role)
    return (
        text_of(session, message, closing, wanted),
        buttons_of(session, message, closing, wanted),
    )


def complete(session: Session, message: Message, role: Role | None) -> Closing:
    """Fill in what needs no writing: the problem is what the asker said, the action is advice;
    the worker sees both before anything is sent."""
    wanted = scope.of_role(role)
    closing = holding.held(session, message, wanted)
    document = closing.to_document()
    if "problem" in wanted.writes:
        told = dispatch.complaint_of(session, message.consultation)
        document = {"problem": told} | document
    if "action" in wanted.writes:
        document = {"action": plain("closing.advised")} | document
    if closing.medicine and role is not None:
        document["named"] = _named(session, closing, role)
    return Closing.from_document(document)


def standing(session: Session, closing: Closing, role: Role | None) -> tuple[str, ...]:
    """Give what was chosen and still stands on the facility's signed list."""
    listed = {str(one.id) for one in allowed(session, role)} | {sheet.PRESCRIPTION}
    return tuple(one for one in closing.medicine if one in listed)


def allowed(session: Session, role: Role | None) -> Sequence[Medicine]:
    """Give what the holder of a role may choose from; nothing where that is beyond their scope."""
    if role is None or role.facility is None or not scope.of_role(role).prescribes:
        return ()
    return medicine.allowed(session, role.facility)


def lines(closing: Closing) -> list[Html]:
    """Give a line for each field that is filled, and room behind them."""
    made = []
    if closing.assessment:
        text = mask(closing.assessment)
        code = f" ({closing.code})" if closing.code and closing.code != text else ""
        made.append(words("closing.assessment", text=text, code=code))
    made += [
        words(f"closing.{field}", text=mask(text))
        for field, text in (("problem", closing.problem), ("action", closing.action))
        if text
    ]
    if closing.named:
        made.append(words("closing.medicine", names="; ".join(closing.named)))
    if closing.refer_to:
        to = plain("referral.undecided") if closing.refer_to == UNDECIDED else closing.refer_to
        made.append(words("closing.referral", to=to, poli=closing.poli))
    if closing.control_on is not None:
        made.append(words("closing.control", day=day.text(closing.control_on)))
    return [*made, Html("")] if made else []


def _named(session: Session, closing: Closing, role: Role) -> list[str]:
    labels = {str(one.id): one.label for one in allowed(session, role)}
    labels[sheet.PRESCRIPTION] = plain("closing.prescription")
    return [shorten(labels[one], LONG) for one in standing(session, closing, role)]


def code_button(message: Message, one: diagnosis.Match) -> Button:
    """Give the button that takes a code."""
    name = shorten(one.name, LABEL - len(one.code) - 5)
    return Button("button.code", f"code:{message.id}:{one.code}", {"code": one.code, "name": name})


def _codes(
    session: Session, message: Message, closing: Closing, wanted: Scope
) -> list[list[Button]]:
    if not wanted.assesses or closing.code:
        return []
    found = diagnosis.find(session, closing.assessment, limit=CODES)
    return [[code_button(message, one)] for one in found]
