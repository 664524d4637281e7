"""The code of ICD-10 that belongs to an assessment: offered, looked for, tapped."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.errors import NotAllowed
from models.form import Question
from models.message import Message, Words
from services import diagnosis, form, scope
from services.advice import holding
from services.advice.draft import draft_of, is_text, role_of, show
from services.advice.page import code_button
from services.content import words
from services.mail import tell
from services.person import Caller

CODE = "code"
"""The open question of a closing whose code is looked for by other words."""
OFFERED = 5


def ask_code(session: Session, caller: Caller, message_id: int, *, at: datetime) -> None:
    """Ask by which words to look for the code: the worker's next words are they."""
    draft = draft_of(session, caller, message_id)
    if not scope.of_role(role_of(session, caller)).assesses:
        raise NotAllowed("closing.no_assessor")
    form.ask(session, caller, Question.ADVICE, draft.consultation, at=at, field=CODE)
    tell(session, caller.bot_id, caller.person, words("closing.which_code"), at=at,
         consultation=draft.consultation)  # fmt: skip


def look_for_code(
    session: Session, caller: Caller, draft: Message, said: Words, *, at: datetime
) -> None:
    """Take a code that was written, or offer those that words may mean; asked again where there
    are none. The assessment keeps its own words."""
    if not is_text(session, caller, said, at=at):
        return
    if code := diagnosis.normal(said.text):
        holding.keep(session, draft, code=code)
        show(session, caller, draft, at=at)
        return
    found = diagnosis.find(session, said.text, limit=OFFERED)
    text = words("closing.these_codes" if found else "closing.no_such_code")
    rows = [[code_button(draft, one)] for one in found]
    tell(session, caller.bot_id, caller.person, text, at=at, consultation=draft.consultation,
         buttons=rows)  # fmt: skip


def choose_code(
    session: Session, caller: Caller, message_id: int, code: str, shown_at: int, *, at: datetime
) -> None:
    """The worker taps the code that fits; the words stay theirs."""
    draft = draft_of(session, caller, message_id)
    if not scope.of_role(role_of(session, caller)).assesses:
        raise NotAllowed("closing.no_assessor")
    holding.keep(session, draft, code=diagnosis.normal(code))
    show(session, caller, draft, at=at, in_place_of=shown_at)
