"""How a person keeps their advice from others who hold the same phone."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base
from models.person import Person
from models.seal import KeyRing, Sealed, ring_of

TRIES = 5
"""Wrong PINs on one day: to try all of four digits would take five years."""

_IS_OPEN = text("hide_at IS NOT NULL")


class Privacy(Sealed, Base):
    """One person's shared phone («HP bersama»). The document holds {pin}, perhaps {temporary}, each
    a slow hash and its salt, and {shown}: the outbox keys of what is open now."""

    __tablename__ = "privacy"
    __table_args__ = (
        Index("ix_privacy_hide_at", "hide_at", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    bot_id: Mapped[int] = mapped_column(ForeignKey("bot.id"))
    """Where it was last opened."""
    wrong: Mapped[int] = mapped_column(default=0)
    wrong_on: Mapped[date | None]
    """How many wrong PINs were entered on that day, by the clocks of the facility."""
    hide_at: Mapped[datetime | None]
    """Until when it is open; then what was shown is taken away."""
    temporary_until: Mapped[datetime | None]
    code_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    """Blind index of the code that the person shows at the facility who has forgotten the PIN."""
    code_until: Mapped[datetime | None]

    person: Mapped[Person] = relationship()

    def _own_id(self) -> str:
        return str(self.person_id)

    def is_open(self, bot_id: int, at: datetime) -> bool:
        """Tell whether the PIN was entered in this bot's chat a short while ago."""
        return self.bot_id == bot_id and self.hide_at is not None and at < self.hide_at

    def is_locked(self, today: date) -> bool:
        """Tell whether no more PIN is taken today."""
        return self.wrong_on == today and self.wrong >= TRIES

    def note_wrong(self, today: date) -> int:
        """Count a wrong PIN; give how many more are taken today."""
        self.wrong = self.wrong + 1 if self.wrong_on == today else 1
        self.wrong_on = today
        return TRIES - self.wrong

    def set_code(self, session: Session | KeyRing, code: str, until: datetime) -> None:
        """Remember a code by which the person can be found at the facility, and nothing else."""
        self.code_index = ring_of(session).index("privacy_code", code)
        self.code_until = until
