"""What a worker was asked about one patient, and their next words answer. What comes late, or in
answer to another patient's message, is no answer: it is asked about, and sent nowhere."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.form import Question
from models.message import Words
from services import opinion, relay, transfer
from services.desk import bundle, missing, note
from services.desk.focus import HOLDS
from services.person import Caller

ANSWERS: dict[Question, Callable[..., None]] = {
    Question.NOTE: note.write,
    Question.BUNDLE: bundle.write,
    Question.MISSING: missing.write,
    Question.TRANSFER: transfer.write,
    Question.OPINION: opinion.invite,
    Question.OPINE: opinion.write,
}


def hear(
    session: Session, caller: Caller, active: Sequence[Consultation], said: Words, *, at: datetime
) -> bool:
    """Take words for the answer; False where nothing is asked, or they are none."""
    asked = caller.form
    if asked is None or asked.question not in ANSWERS or at - asked.asked_at >= HOLDS:
        return False
    is_mine = asked.consultation_id in [one.id for one in active]
    if not is_mine and asked.question is not Question.OPINE:
        return False
    about = said.reply_to and relay.find(session, caller.bot_id, said.chat_id, said.reply_to)
    if about and about.consultation_id != asked.consultation_id:
        return False
    ANSWERS[asked.question](session, caller, said, at=at)
    return True
