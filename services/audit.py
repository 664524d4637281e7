"""The audit trail: noted as things are opened or changed, sealed each minute, verifiable."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.audit import Audit, AuditSeal
from models.person import Person
from models.seal import ring_of


def note(session: Session, by: Person | None, act: str, record: object, *, at: datetime) -> None:
    """Write down that somebody did something to a record (nobody: at the server's keyboard)."""
    noun = type(record).__name__.lower()
    session.add(
        Audit(at=at, by_id=by.id if by else None, act=act, record=f"{noun}:{record.id}")  # type: ignore[attr-defined]  # any Record
    )


def seal(session: Session, *, at: datetime) -> None:
    """Sign what was noted since the last seal; run twice, the second finds nothing to sign."""
    last = _last_seal(session)
    rows = _rows(session, last.upto_seq if last else 0, None)
    if rows:
        signature = ring_of(session).sign(_text(last.signature if last else b"", rows))
        upto = rows[-1].seq
        session.add(AuditSeal(upto_seq=upto, at=at, count=len(rows), signature=signature))


def verify(session: Session) -> int | None:
    """Check every seal; give the first sequence number that is not as it was signed, or None."""
    before, signature, ring = 0, b"", ring_of(session)
    for one in session.scalars(select(AuditSeal).order_by(AuditSeal.upto_seq)):
        rows = _rows(session, before, one.upto_seq)
        if len(rows) != one.count or not ring.signed(_text(signature, rows), one.signature):
            return before + 1
        before, signature = one.upto_seq, one.signature
    return None


def _last_seal(session: Session) -> AuditSeal | None:
    newest = select(func.max(AuditSeal.upto_seq)).scalar_subquery()
    return session.scalar(select(AuditSeal).where(AuditSeal.upto_seq == newest))


def _rows(session: Session, after: int, upto: int | None) -> list[Audit]:
    found = select(Audit).where(Audit.seq > after).order_by(Audit.seq)
    if upto is not None:
        found = found.where(Audit.seq <= upto)
    return list(session.scalars(found))


def _text(before: bytes, rows: list[Audit]) -> bytes:
    return before + b"\n".join(row.line() for row in rows)
