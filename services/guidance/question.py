"""Questions in somebody's own words: the article that answers, or «tidak tahu» and who may know.

Never a guess: where nothing surely fits, the likeliest articles are offered by name, and a person.
What rather says that somebody is ill leads to a consultation; danger is heard before all this.
"""

import re
from datetime import datetime
from functools import cache

from sqlalchemy.orm import Session

from models.errors import NotFound, Refusal
from models.form import Question
from models.message import Words
from services import consultation, danger, form
from services.content import guidance_words, plain
from services.guidance import article, inquiry, matching, page
from services.mail import Button, Key, say
from services.person import Caller

SHORT = 200
"""Characters: what is longer and was not asked as a question is a story, and somebody's illness."""
SURE, ILL = 0.25, 0.1
"""So far before the next an article has to be that answers what nobody asked as a question, and so
much may it sound like an illness at most."""


def begin(session: Session, caller: Caller, *, at: datetime) -> None:
    """Let the next words be a question about JKN; refused to who is being helped or waits."""
    if consultation.open_ones(session, caller):
        raise Refusal("correction.later")
    form.ask(session, caller, Question.GUIDANCE, None, at=at)
    keys = [[Key("button.leave")]]
    say(session, caller.bot_id, caller.person, "guidance.ask", at=at, keys=keys)


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Answer the words of a question; False when they are something else, also a sign of danger."""
    if not form.is_open(caller, Question.GUIDANCE, at=at) or said.kind != "text":
        return False
    form.forget(session, caller)
    if danger.doubts(said.text):
        return False
    if said.text.strip() == plain("button.leave"):
        say(session, caller.bot_id, caller.person, "leave.nothing", at=at)
        return True
    found = matching.find(said.text)
    if found.topic is not None:
        page.answer(session, caller, found.topic, said, at=at)
    elif found.is_complaint:
        inquiry.doubt(session, caller, said, at=at)
    else:
        _not_known(session, caller, said, found.near, at=at)
    return True


def answers(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Answer words that come out of nothing, where they surely ask about JKN and tell of nobody's
    illness: a tap below the answer makes them a complaint all the same."""
    if said.kind != "text" or len(said.text) > SHORT or not _about_jkn().search(said.text.lower()):
        return False
    if danger.doubts(said.text):
        return False
    found = matching.find(said.text)
    if found.topic is None or found.lead < SURE or found.illness > ILL:
        return False
    page.answer(session, caller, found.topic, said, at=at)
    return True


def not_that(session: Session, caller: Caller, said: Words | None, *, at: datetime) -> None:
    """Offer what else may have been meant, and a person, to who meant something else."""
    if said is None:
        raise NotFound("refusal.write_again")
    found = matching.find(said.text)
    near = [topic for topic in found.near if topic != found.topic]
    _not_known(session, caller, said, near, at=at)


def _not_known(
    session: Session, caller: Caller, said: Words, near: list[str], *, at: datetime
) -> None:
    titles = [found for topic in near if (found := article.find(topic, caller.person.reads))]
    rows = [
        *([page.opens(one)] for one in titles),
        [Button("button.forward", "forward")],
        [Button("button.is_complaint_too", "complaint")],
        [Button("button.back", "screen:guide")],
    ]
    key = "guidance.near" if titles else "guidance.not_known"
    say(session, caller.bot_id, caller.person, key, at=at, buttons=rows, reply_to=said.message_id)


@cache
def _about_jkn() -> re.Pattern[str]:
    """Give what a text has to name to be taken for a question about JKN."""
    return re.compile(rf"\b(?:{'|'.join(guidance_words()['about']['jkn'].split())})")
