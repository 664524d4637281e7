"""Every table that knows a person or a consultation is known to /data_saya and to erasing.

A new one fails here until it is said what its owner is told of it and what becomes of it.
"""

from models import Base

TOLD, RECORD, STAFF, PASSING = "told", "record", "staff", "passing"
"""Told in the file · told with the consultation it belongs to · what somebody on duty did, told as
who read what · the mail and marks of days, gone by themselves."""
GONE, STAYS, ENDED = "gone", "stays", "ended"
"""Deleted, or its words destroyed · kept, as the record or the trail · no more to be done."""
LEDGER = {
    "audit.by_id": (STAFF, STAYS),
    "consent.person_id": (TOLD, ENDED),
    "consultation.asker_id": (TOLD, STAYS),
    "consultation.patient_id": (TOLD, STAYS),
    "consultation.worker_id": (STAFF, STAYS),
    "consultation.follows_id": (RECORD, STAYS),
    "contact.person_id": (PASSING, GONE),
    "correction.by_id": (TOLD, GONE),
    "correction.settled_by_id": (STAFF, STAYS),
    "emergency_card.person_id": (TOLD, GONE),
    "followup.consultation_id": (TOLD, GONE),
    "form.person_id": (PASSING, GONE),
    "form.consultation_id": (PASSING, GONE),
    "invitation.made_by_id": (STAFF, STAYS),
    "invitation.opened_by_id": (PASSING, ENDED),
    "lesson.person_id": (TOLD, GONE),
    "media.message_id": (RECORD, STAYS),
    "message.author_id": (RECORD, STAYS),
    "message.consultation_id": (TOLD, STAYS),
    "notice.consultation_id": (PASSING, STAYS),
    "offer.consultation_id": (TOLD, STAYS),
    "offer.worker_id": (STAFF, STAYS),
    "opinion.consultation_id": (RECORD, STAYS),
    "opinion.worker_id": (STAFF, STAYS),
    "opinion.asked_by_id": (STAFF, STAYS),
    "outbox.consultation_id": (PASSING, GONE),
    "pair.message_id": (PASSING, GONE),
    "patient.asker_id": (TOLD, STAYS),
    "patient.person_id": (TOLD, STAYS),
    "patient.same_as_id": (STAFF, STAYS),
    "privacy.person_id": (TOLD, GONE),
    "role.person_id": (TOLD, STAYS),
    "step.by_id": (STAFF, STAYS),
    "step.consultation_id": (RECORD, STAYS),
    "task.asked_by_id": (TOLD, GONE),
    "task.done_by_id": (STAFF, STAYS),
}
OWNERS = {"person", "patient", "consultation", "message", "role"}


def test_every_table_about_somebody_is_told_and_erased_as_the_ledger_says() -> None:
    known = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name in OWNERS for key in column.foreign_keys)
    }
    assert known == LEDGER.keys(), "see services/rights/telling.py and erasing.py"
