"""The course of the questions about one patient: which is open, what was passed over, the way back.

A tap is answered in the message that was tapped, so that the chat stays short; what is written is
answered below it, and the question above keeps the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy.orm import Session

from models.form import Question
from models.patient import Patient
from services import form
from services.content import Html, plain, words
from services.credential import today
from services.mail import Button, change, tell
from services.patient import choice, record
from services.patient import field as fields
from services.person import Caller

KEPT = ("field", "passed", "trail", "pending", "choices", "only", "row")
"""What the form keeps of it, sealed, beside whose it is."""


@dataclass(slots=True)
class Course:
    """One patient's questions on their way."""

    session: Session
    caller: Caller
    one: Patient
    at: datetime
    message_id: int | None = None
    """The message that was tapped."""
    field: str | None = None
    passed: Sequence[str] = ()
    trail: Sequence[str] = ()
    pending: Any = None
    """What was typed and looked wrong: a tap keeps it."""
    choices: Sequence[tuple[str, str]] | None = None
    """What a typed name may mean, each with its label."""
    only: bool = False
    """Whether one field is put right and no other is asked."""
    row: str | None = None
    """The row that carries the open question."""

    @classmethod
    def of(
        cls,
        session: Session,
        caller: Caller,
        one: Patient,
        *,
        at: datetime,
        message_id: int | None = None,
    ) -> Self:
        """Take up the questions about this patient where they stand, or begin."""
        course, kept = cls(session, caller, one, at, message_id), form.kept(session, caller)
        is_open = caller.form is not None and caller.form.question is Question.PATIENT
        if is_open and kept.get("patient") == one.id:
            for name in KEPT:
                setattr(course, name, kept[name])
        return course

    @property
    def told(self) -> dict[str, Any]:
        """What is known of the patient."""
        return record.known(self.session, self.one)

    def go_on(self, *, is_passed: bool = False) -> None:
        """Put the next question, or say that all is known."""
        said, shows = self._said(is_passed=is_passed), self.message_id is not None
        if self.field is None:
            shows = True
        else:
            if not shows:
                form.cut_question(self.session, self.caller, said, at=self.at)
            # An age without a day is an answer too, and is not asked for again.
            self.trail, self.passed = [*self.trail, self.field], [*self.passed, self.field]
        self.field = None if self.only else self._missing()
        self.pending = self.choices = None
        if self.field is not None:
            self.put(said if shows else None)
            return
        form.forget(self.session, self.caller, Question.PATIENT)
        key = "fill.corrected" if self.only else "fill.done"
        end = words("fill.stopped" if self.only and is_passed else key)
        shown = [[Button("button.patient", f"patient:{self.one.id}")]]
        self._show(words("fill.next", said=said, question=end) if shows else end, shown)

    def put(self, said: Html | None = None) -> None:
        """Put the open question, below what there is to say."""
        text = words(f"fill.{self.field}", day=fields.birth_in_nik(self.told, today(self.at)))
        if said is not None:
            text = words("fill.next", said=said, question=text)
        if self.message_id is None and form.is_of(self.caller, Question.PATIENT):
            see_below = words("question.see_below")
            form.cut_question(self.session, self.caller, see_below, at=self.at)
        self._show(text, self._rows())
        kept = {name: getattr(self, name) for name in KEPT}
        form.ask(
            self.session,
            self.caller,
            Question.PATIENT,
            None,
            at=self.at,
            patient=self.one.id,
            **kept,
        )

    def step(self, step: str) -> None:
        """Go past the open question, back to the last one, out, or to just this one."""
        if step == "stop":
            form.forget(self.session, self.caller, Question.PATIENT)
            again = [[Button("button.complete", f"complete:{self.one.id}")]]
            self._show(words("fill.stopped"), again)
        elif step == "ask":
            self.only, self.pending, self.choices = True, None, None
            self.put()
        elif step == "back" and self.trail:
            *self.trail, self.field = self.trail
            self.passed = [each for each in self.passed if each != self.field]
            self.pending = self.choices = None
            self.put()
        else:
            self.go_on(is_passed=True)

    def kept(self, field: str) -> Html:
        """Give the line that says what is known now."""
        value = fields.shown(self.session, field, self.told, today(self.at))
        return words("fill.kept", field=plain(f"field.{field}"), value=value)

    def _said(self, *, is_passed: bool) -> Html:
        if self.field is None:
            relation = self.told.get("relation", "other")
            return words("fill.begin", who=plain(f"relation_short.{relation}"))
        return words("fill.passed") if is_passed else self.kept(self.field)

    def _missing(self) -> str | None:
        told, on = self.told, today(self.at)
        here = [each for each in fields.FIELDS if fields.applies(each, told, on)]
        known = [each for each in here if fields.is_answered(each, told, on)]
        return form.missing(here, dict.fromkeys([*known, *self.passed]))

    def _rows(self) -> list[list[Button]]:
        what = str(self.field)
        if self.pending is not None:
            offered: Sequence[tuple[str, str]] = [(choice.SAME, plain("fill.same"))]
        elif self.choices:
            offered = self.choices
        else:
            offered = choice.offered(self.session, self.caller, self.one, what)
        steps = [Button("button.skip", f"fill:{self.one.id}:{what}:skip")]
        if self.trail:
            steps.insert(0, Button("button.back", f"fill:{self.one.id}:{what}:back"))
        enough = [Button("button.enough", f"fill:{self.one.id}:{what}:stop")]
        return [*choice.rows(self.one, what, offered, self.told), steps, enough]

    def _show(self, text: Html, rows: list[list[Button]]) -> None:
        bot_id, person = self.caller.bot_id, self.caller.person
        if self.message_id is None:
            self.row = tell(self.session, bot_id, person, text, at=self.at, buttons=rows).key
        else:
            change(self.session, bot_id, person, self.message_id, text, at=self.at, buttons=rows)
