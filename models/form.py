"""A form: which question is open in a chat. Forgetting it loses a question, never an answer."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.seal import Sealed


class Question(StrEnum):
    """What can be open in a chat."""

    COMPLAINT = "complaint"
    """Of a greeting: what is the complaint?"""
    ADVICE = "advice"
    """Of a worker who closes: what is the advice?"""
    AMENDMENT = "amendment"
    """Of a worker who corrects advice that was sent: what is right?"""
    LICENCE = "applicant"
    """Of an applicant; which one it is, the first missing answer says."""
    PLACE = "place"
    """Of somebody who looks for a facility: near which place?"""
    HOME = "home"
    """Of the same person: which is the facility you are registered at?"""
    REPORT = "report"
    """Of somebody who found the directory wrong: what is right?"""
    MEND = "mend"
    """Of an admin who puts the directory right: the new hours, phone or place."""
    VILLAGE = "village"
    """Of somebody who wants the emergency card: of which village?"""
    NUMBER = "number"
    """Of an admin: the new number in place of an emergency number."""
    NEW_NUMBER = "new_number"
    """Of an admin: one more emergency number of a facility."""
    TALK = "talk"
    """Of a worker with several patients: none, but this is whom they have opened to talk with."""
    NOTE = "note"
    """Of a worker: what is to be noted about a patient?"""
    BUNDLE = "bundle"
    """Of a worker: what shall be sent in one message?"""
    MISSING = "missing"
    """Of a worker: what has the asker to answer first?"""
    TRANSFER = "transfer"
    """Of a worker: why is the patient handed over?"""
    OPINION = "opinion"
    """Of a worker: what is a colleague asked?"""
    OPINE = "opine"
    """Of that colleague: what do they think?"""
    WHOSE = "whose"
    """Of a worker who lost a patient by the clock: for whom are the next words?"""
    RIGHT = "right"
    """Of somebody who found wrong what is kept of them: what is right?"""
    SCAM = "scam"
    """Of somebody who reports a fraud: who, how, what did they want?"""
    REGISTERED = "registered"
    """Of an admin: how many participants are registered at the facility?"""
    TURN = "turn"
    """Of somebody who has a queue number elsewhere: which one shall we remind them of?"""
    GUIDANCE = "guidance"
    """Of somebody who reads «Panduan JKN»: what do they want to know, in their own words?"""
    INQUIRY = "inquiry"
    """Of somebody whom no article helped: what do they want to know of JKN?"""
    DONE = "done"
    """Of an admin or a worker: what was done about a request?"""
    PATIENT = "patient"
    """Of somebody who completes what is known of a patient; the document says of whom and what."""
    PIN = "pin"
    """Of somebody with a shared phone: the PIN, or a new one."""
    RATING = "rating"
    """Of an asker who has tapped a mark and wants to add words to it."""
    SHORTCUT = "shortcut"
    """Of an admin: which quick reply?"""
    PARTNER = "partner"
    """Of an admin: which document says that two facilities answer for one another?"""
    MEDICINE = "medicine"
    """Of an admin: which medicines may be named?"""
    PHARMACIST = "pharmacist"
    """Of an admin: which pharmacist has signed the list on paper?"""
    ROSTER = "roster"
    """Of an admin: when does a worker work?"""
    HOLIDAY = "holiday"
    """Of an admin: on which day is the facility closed?"""
    INTAKE = "intake"
    """Of an asker whose request is not yet whole; the first missing answer says which."""


class Form(Sealed, Base):
    """The one question that a person's next words would answer.

    The document holds what it is about, where that is no consultation: {place}, {patient}, …
    """

    __tablename__ = "form"

    bot_id: Mapped[int] = mapped_column(ForeignKey("bot.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    question: Mapped[Question]
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))
    asked_at: Mapped[datetime]

    def _own_id(self) -> str:
        return f"{self.bot_id}:{self.person_id}"
