"""Bring together what waits and who is free, after whatever has changed.

`place` is for one consultation and `feed` for one worker: they look at these alone, so that neither
a long queue nor a large crew makes them slow. `match` looks at everything.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.offer import ROUND, ROUND_SIZE, End, Offer
from models.person import Person
from models.role import Role
from services import consent, duty, person, pool, step
from services.content import words
from services.dispatch import offering, row, rule


def place(session: Session, waiting: Consultation, *, at: datetime) -> bool:
    """Offer one that waits to the best who are free now, and danger to everybody who was not called
    yet; tell whether anybody was asked. What stands offered is left as it is."""
    if waiting.status is not Status.WAITING:
        return False
    asked: Sequence[Role]
    if waiting.danger_at is not None:
        asked = _uncalled(session, waiting, at=at)
    elif consent.was_taken_back(session, waiting.asker):
        step.call_off(session, waiting, at=at)
        return False
    else:
        asked = [row.role_of(session, hand) for hand in decide(session, waiting, at=at)]
    if not asked or not row.still_waits(session, waiting):
        return False
    offering.offer(session, waiting, asked, at=at)
    return True


def feed(session: Session, worker: Person, *, at: datetime) -> None:
    """Offer a worker who may be free now the first that waits and that they may have."""
    session.flush()
    while (found := decide_for(session, worker, at=at)) is not None:
        if not place(session, session.get_one(Consultation, found.id), at=at):
            break


def match(session: Session, *, at: datetime) -> None:
    """Offer what waits and stands offered to nobody to workers who are free now, and danger to
    everybody who was not called yet; where nothing can be matched nothing happens."""
    session.flush()
    for endangered in session.scalars(
        select(Consultation)
        .where(Consultation.status == Status.WAITING, Consultation.danger_at.is_not(None))
        .order_by(Consultation.rank_at)
    ).all():
        place(session, endangered, at=at)
    for hand in row.idle(session, row.waiting_at(session), at=at):
        feed(session, session.get_one(Person, hand.id), at=at)


def skip(session: Session, worker: Person, waiting: Consultation, *, at: datetime) -> bool:
    """A worker lets an offer go and the round goes on; False when no such offer stood."""
    mine = offering.standing(
        session, Offer.worker_id == worker.id, Offer.consultation_id == waiting.id
    )
    for each in mine:
        line = words("offer.passed", number=waiting.number)
        offering.end(session, each, End.PASSED, line, at=at)
    session.flush()
    place(session, waiting, at=at)
    feed(session, worker, at=at)
    return bool(mine)


def sweep(session: Session, *, at: datetime) -> None:
    """End the offers whose time is over and ask the next; run twice, nobody is asked twice."""
    # An offer that would stand longer than a round was made before the clock was put back.
    over = or_(Offer.ends_at <= at, Offer.ends_at > at + ROUND)
    ended = offering.standing(session, over)
    for each in ended:
        line = words("offer.expired", number=each.consultation.number)
        offering.end(session, each, End.EXPIRED, line, at=at)
    session.flush()
    for worker in {each.worker for each in ended}:
        duty.missed(session, worker, at=at)
    row.widen(session, at=at)
    row.release(session, at=at)
    for one in row.taken_back(session):
        place(session, one, at=at)
    match(session, at=at)


def everybody(session: Session, one: Consultation, *, at: datetime) -> Sequence[Role]:
    """Give all on duty who can be reached, those of the own facility first: danger does not ask
    who is free. Another facility's are among them only where the asker agreed."""
    return row.crew(session, one, pool.home_ids(session, one), at=at)


def crew_size(session: Session, one: Consultation, *, at: datetime) -> int:
    """Count the same."""
    return row.crew_size(session, one, pool.home_ids(session, one), at=at)


def reachable(session: Session, one: Consultation, role: Role) -> bool:
    """Tell whether a worker can be written to in the consultation's chat."""
    contact = person.contact_of(session, one.bot_id, role.person)
    return contact is not None and contact.unreachable_at is None


def decide(session: Session, one: Consultation, *, at: datetime) -> list[rule.Hand]:
    """Give who is to be asked about what waits and stands offered to nobody; nothing changes."""
    if row.is_offered(session, one):
        return []
    homes = pool.home_ids(session, one)
    case, free, asked = row.seen(session, one, homes), list[rule.Hand](), list[rule.Hand]()
    if case.first is not None and (former := row.is_free(session, case.first, at=at)):
        asked = rule.best(case, [former], ROUND_SIZE)
    for hands in () if asked else row.free(session, one, homes, at=at):
        free += hands
        asked = rule.best(case, free, ROUND_SIZE)
        if len(asked) == ROUND_SIZE:
            break
    return asked


def decide_for(session: Session, worker: Person, *, at: datetime) -> rule.Case | None:
    """Give what a worker is to be asked for, if they are free now; nothing changes."""
    if not row.is_anything_waiting(session):
        return None
    hand = row.is_free(session, worker.id, at=at)
    return None if hand is None else rule.first(hand, row.waiting_for(session, hand))


def _uncalled(session: Session, one: Consultation, *, at: datetime) -> list[Role]:
    """All on duty but those whose call stands, and those who let it go in this round."""
    called = session.scalars(
        select(Offer).where(Offer.consultation_id == one.id, Offer.made_at >= one.danger_at)
    ).all()

    def was_called(role: Role) -> bool:
        mine = [each for each in called if each.worker_id == role.person_id]
        let_go = [each for each in mine if each.end in row.LET_GO and each.made_at > at - ROUND]
        return any(each.ended_at is None for each in mine) or any(
            each.made_at >= (role.ready_at or at) for each in let_go
        )

    homes = pool.home_ids(session, one)
    crew = [*row.crew(session, one, homes, at=at), *row.away(session, one, homes, at=at)]
    return [role for role in crew if not was_called(role)]
