"""Who is offered what, in which order."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.bot import Contact
from models.consultation import Consultation, Status
from models.message import Message
from models.offer import ROUND, ROUND_SIZE, End, Offer
from models.person import Language
from models.role import PLACES, Profession, Role, Sex, Skill
from services import dispatch, step
from services.content import words
from services.dispatch.why import Why, why
from tests.services.cast import AT, BOT, busy, caller, draft, home, waiting, worker

MINUTE = timedelta(minutes=1)


def asked(session: Session, one: Consultation) -> list[int]:
    """Who has an offer that stands, in the order in which it was made."""
    standing = sa.select(Offer.worker_id).where(
        Offer.consultation_id == one.id, Offer.ended_at.is_(None)
    )
    return list(session.scalars(standing.order_by(Offer.id)))


def ids(*roles: Role) -> list[int]:
    return [role.person_id for role in roles]


def test_who_waited_longest_is_asked_first_and_at_most_three(session: Session) -> None:
    crew = [worker(session, f"Budi {n}", ready_at=AT - n * MINUTE) for n in range(5)]
    one = waiting(session, "Sari")
    assert asked(session, one) == ids(crew[4], crew[3], crew[2])
    assert ROUND_SIZE == 3


def test_who_has_least_to_do_goes_before_who_waited_longest(session: Session) -> None:
    long, short = worker(session, "Budi", ready_at=AT - MINUTE), worker(session, "Citra")
    busy(session, long, 1)
    assert asked(session, waiting(session, "Sari")) == ids(short, long)


def test_nobody_is_asked_whose_places_are_full(session: Session) -> None:
    full, free = worker(session, "Budi"), worker(session, "Citra")
    busy(session, full, PLACES)
    assert asked(session, waiting(session, "Sari")) == ids(free)


def test_who_has_an_open_offer_is_not_free(session: Session) -> None:
    crew = [worker(session, f"Budi {n}") for n in range(3)]
    first, second = waiting(session, "Sari"), waiting(session, "Wayan")
    assert sorted(asked(session, first)) == sorted(ids(*crew))
    assert asked(session, second) == []


def test_who_is_off_duty_or_out_of_reach_or_asks_himself_is_not_asked(session: Session) -> None:
    worker(session, "Budi", ready_at=None)
    blocked = worker(session, "Citra")
    session.get_one(Contact, (BOT, blocked.person_id)).unreachable_at = AT
    stranger = worker(session, "Dewi")
    session.delete(session.get_one(Contact, (BOT, stranger.person_id)))
    session.flush()
    one = waiting(session, "Sari")
    ill = worker(session, "Wayan")
    one.asker_id = ill.person_id
    session.flush()
    dispatch.match(session, at=AT)
    assert asked(session, one) == []


def test_a_missed_offer_puts_a_worker_behind_those_who_missed_none(session: Session) -> None:
    crew = [worker(session, f"Budi {n}", ready_at=AT - n * MINUTE) for n in range(4)]
    one = waiting(session, "Sari")
    assert asked(session, one) == ids(crew[3], crew[2], crew[1])
    dispatch.sweep(session, at=AT + ROUND)
    assert asked(session, one)[0] == crew[0].person_id


def test_who_passed_is_not_asked_for_it_again_until_ready_again(session: Session) -> None:
    budi = worker(session, "Budi")
    one = waiting(session, "Sari")
    assert dispatch.skip(session, budi.person, one, at=AT)
    assert asked(session, one) == []
    dispatch.match(session, at=AT + MINUTE)
    assert asked(session, one) == []
    budi.ready_at = AT + 2 * MINUTE
    session.flush()
    dispatch.match(session, at=AT + 2 * MINUTE)
    assert asked(session, one) == ids(budi)


def test_a_wish_for_a_sex_waits_for_who_is_busy_half_an_hour_and_danger_does_not(
    session: Session,
) -> None:
    citra = worker(session, "Citra")
    citra.sex = Sex.WOMAN
    busy(session, citra, PLACES)
    one = waiting(session, "Sari")
    one.by_sex = Sex.WOMAN
    budi = worker(session, "Budi")
    dispatch.sweep(session, at=AT + 20 * MINUTE)
    assert (asked(session, one), why(session, one, at=AT)) == ([], Why.SEX)
    dispatch.sweep(session, at=AT + 30 * MINUTE)
    assert asked(session, one) == ids(budi)

    endangered = waiting(session, "Wayan")
    endangered.by_sex, endangered.danger_at = Sex.WOMAN, AT
    session.flush()
    dispatch.match(session, at=AT)
    assert sorted(asked(session, endangered)) == sorted(ids(citra, budi))


def test_of_four_who_are_free_the_round_begins_with_who_reads_the_asker_language(
    session: Session,
) -> None:
    one = waiting(session, "Sari")
    one.asker.language = Language.JAVANESE
    crew = [worker(session, f"Budi {n}", ready_at=AT - n * MINUTE) for n in range(4)]
    crew[0].person.language = Language.JAVANESE
    crew[1].person.language = Language.INDONESIAN
    session.flush()
    dispatch.match(session, at=AT)
    assert asked(session, one) == ids(crew[0], crew[3], crew[2])


def test_three_missed_rounds_end_the_asking(session: Session) -> None:
    worker(session, "Budi")
    one = waiting(session, "Sari")
    rounds = 0
    while asked(session, one):
        rounds += 1
        dispatch.sweep(session, at=AT + rounds * ROUND)
    assert rounds == dispatch.MISSES


def test_sweeping_twice_asks_nobody_twice(session: Session) -> None:
    worker(session, "Budi")
    one = waiting(session, "Sari")
    for _ in range(3):
        dispatch.sweep(session, at=AT + ROUND - MINUTE)
        dispatch.match(session, at=AT + ROUND - MINUTE)
    assert session.scalar(sa.select(sa.func.count()).select_from(Offer)) == 1
    dispatch.sweep(session, at=AT + ROUND)
    dispatch.sweep(session, at=AT + ROUND)
    assert session.scalar(sa.select(sa.func.count()).select_from(Offer)) == 2
    assert len(asked(session, one)) == 1


def test_the_longest_waiting_is_matched_first_and_danger_before_everybody(
    session: Session,
) -> None:
    late = waiting(session, "Sari", at=AT + 2 * MINUTE)
    early = waiting(session, "Wayan", at=AT)
    worker(session, "Budi")
    dispatch.match(session, at=AT + 3 * MINUTE)
    assert (len(asked(session, early)), asked(session, late)) == (1, [])
    dispatch.end_all(
        session, early, End.WITHDRAWN, words("offer.withdrawn", number=1), at=AT + 3 * MINUTE
    )
    late.danger_at = AT
    late.rank()
    session.flush()
    dispatch.match(session, at=AT + 3 * MINUTE)
    assert (len(asked(session, late)), asked(session, early)) == (1, [])


def test_danger_asks_everybody_on_duty_also_the_full(session: Session) -> None:
    crew = [worker(session, f"Budi {n}", ready_at=AT - n * MINUTE) for n in range(5)]
    busy(session, crew[0], PLACES)
    one = waiting(session, "Sari")
    dispatch.end_all(session, one, End.WITHDRAWN, words("offer.replaced", number=1), at=AT)
    one.danger_at = AT
    session.flush()
    dispatch.match(session, at=AT)
    assert sorted(asked(session, one)) == sorted(ids(*crew))


def test_a_damaged_complaint_is_offered_all_the_same_and_so_are_the_others(
    session: Session,
) -> None:
    damaged, whole = waiting(session, "Sari"), waiting(session, "Wayan", at=AT + MINUTE)
    session.execute(
        sa.update(Message)
        .where(Message.consultation_id == damaged.id)
        .values(sealed=b"damaged")
        .execution_options(synchronize_session="fetch")
    )
    first, second = worker(session, "Budi"), worker(session, "Citra")
    second.places = 0
    dispatch.match(session, at=AT + MINUTE)
    assert asked(session, damaged) == ids(first)
    assert dispatch.complaint_of(session, damaged) == "(tidak terbaca)"
    second.places = 1
    session.flush()
    dispatch.match(session, at=AT + MINUTE)
    assert asked(session, whole) == ids(second)


def test_an_offer_shows_the_complaint_masked_and_nobody(session: Session) -> None:
    worker(session, "Budi")
    one = waiting(session, "Sari")
    complaint = dispatch.complaint_of(session, one)
    assert complaint == "Demam tiga hari"
    assert len(complaint) <= dispatch.COMPLAINT


def test_a_skill_is_waited_for_while_somebody_on_duty_has_it(session: Session) -> None:
    nurse, dentist = worker(session, "Budi"), worker(session, "Tuti")
    dentist.profession = Profession.DENTIST
    busy(session, dentist, PLACES)
    who = caller(session, "Sari")
    one = draft(session, who, "Gigi saya sakit")
    step.request(session, who, one, at=AT)
    assert (one.skill, asked(session, one)) == (Skill.DENTAL, [])
    assert why(session, one, at=AT) is Why.SKILL
    other = waiting(session, "Wayan", at=AT + MINUTE)
    assert asked(session, other) == ids(nurse), "who waits for a dentist stands in nobody's way"
    dispatch.end_all(session, other, End.WITHDRAWN, words("offer.withdrawn", number=2), at=AT)
    other.move(Status.WITHDRAWN, by=None, at=AT)
    dentist.ready_at = None
    session.flush()
    dispatch.sweep(session, at=AT + MINUTE)
    assert (one.skill, asked(session, one)) == (None, ids(nurse)), "else everybody may take it"


def test_why_one_waits_is_told(session: Session) -> None:
    one = waiting(session, "Sari")
    assert why(session, one, at=AT) is Why.NOBODY
    budi = worker(session, "Budi")
    dispatch.match(session, at=AT)
    assert why(session, one, at=AT) is Why.OFFERED
    told = str(dispatch.lines(session, home(session), at=AT + MINUTE))
    assert "ditawarkan kepada Perawat Budi sampai 08.03" in told
    dispatch.skip(session, budi.person, one, at=AT)
    assert why(session, one, at=AT) is Why.PASSED
    assert "Sudah ditanya: 1." in str(dispatch.lines(session, home(session), at=AT))
    assert "Perawat" not in str(dispatch.told(session, one, at=AT)), "askers read no names"
    busy(session, budi, PLACES)
    assert why(session, one, at=AT) is Why.BUSY


def test_a_worker_who_gets_room_is_offered_the_first_that_waits(session: Session) -> None:
    budi = worker(session, "Budi")
    budi.places = 0
    late, early = waiting(session, "Sari", at=AT + MINUTE), waiting(session, "Wayan", at=AT)
    budi.places = 1
    session.flush()
    dispatch.feed(session, budi.person, at=AT + MINUTE)
    assert (asked(session, early), asked(session, late)) == (ids(budi), [])
