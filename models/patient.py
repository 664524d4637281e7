"""The one who is ill: often not the one who writes, and perhaps without any phone."""

import contextlib

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Record
from models.seal import KeyRing, PatientKey, Sealed, Unreadable, ring_of


class Patient(Record, Sealed, Base):
    """One patient with a key of its own: destroying the key erases everything said about them.

    The document holds the identity: {relation, name, sex, birth_on or age and said_on, nik, card,
    registered, village, language, pregnancy, allergies, illness, adult}, and in `heard` which
    message said what. The same NIK in two rows never merges by itself.
    """

    __tablename__ = "patient"

    asker_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    """Who speaks for this patient."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """The patient's own account, where there is one."""
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"), index=True)
    """The oldest record of those that a worker found to be of the same person."""
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    nik_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    card_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    village_code: Mapped[str | None]
    birth_year: Mapped[int | None]

    def _lock(self, session: Session | KeyRing) -> PatientKey:
        return self.key(ring_of(session))

    def _key_place(self) -> str:
        return f"patient.wrapped_key:{self.id}"

    def make_key(self, ring: KeyRing) -> None:
        """Give a new patient a key."""
        self.wrapped_key = ring.wrap(self._key_place())

    def key(self, ring: KeyRing) -> PatientKey:
        """Give the patient's key, or raise Unreadable after an erasure."""
        if self.wrapped_key is None:
            raise Unreadable("the patient was erased")
        return ring.unwrap(self.wrapped_key, self._key_place())

    def identify(
        self, session: Session, *, nik: str | None = None, card: str | None = None
    ) -> None:
        """Set the blind indexes of normalised numbers, so that the same number can be found."""
        ring = ring_of(session)
        self.nik_index = ring.index("nik", nik) if nik else None
        self.card_index = ring.index("card", card) if card else None

    def rewrap(self, ring: KeyRing) -> None:
        """Wrap the key with the ring's current key; what the key sealed stays as it is.

        Numbers that stand in the document are indexed anew; other indexes stay with their key.
        """
        if self.wrapped_key is None or ring.is_current(self.wrapped_key):
            return
        place = self._key_place()
        self.wrapped_key = ring.seal(ring.open(self.wrapped_key, place), place)
        with contextlib.suppress(Unreadable):
            identity = self.read(ring)
            if "nik" in identity:
                self.nik_index = ring.index("nik", identity["nik"])
            if "card" in identity:
                self.card_index = ring.index("card", identity["card"])

    def erase(self) -> None:
        """Destroy the key: nothing sealed with it can be read again, in backups neither."""
        self.wrapped_key = None
        self.sealed = None
        self.nik_index = None
        self.card_index = None
        self.village_code = self.birth_year = None
