"""Where a patient lives: the village, where it is known which; to strangers only the kecamatan."""

from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.facility import Facility
from models.patient import Patient
from models.region import Level
from services import region
from services.atlas import is_kept
from services.patient import record
from services.region.gazetteer import read as read_regions

CLEAR = 92.0
"""The score from which a name that was written is taken for a village without asking."""


def locate(session: Session, requested: Consultation, home: Facility) -> None:
    """Find out which village the words mean, if only one fits; `home` tells where people here
    live. In danger nobody waits for the names of villages to be read."""
    one = requested.patient
    told = record.known(session, one).get("village")
    if not told or one.village_code is not None:
        return
    if requested.danger_at is not None and not is_kept(session, read_regions):
        return
    found = region.find(session, told, limit=3, hint=home.region_code)
    if found and found[0].score >= CLEAR and not region.is_ambiguous(found):
        place = found[0].place
        one.village_code = place.code if place.level >= Level.DISTRICT else None


def district(session: Session, one: Patient) -> str | None:
    """Give the kecamatan in which a patient lives, never the village; None where nobody knows."""
    if one.village_code is None:
        return None
    path = region.path(session, one.village_code)
    found = next((place for place in path if place.level == Level.DISTRICT), None)
    return region.spoken([found]) if found is not None else None


def village(session: Session, one: Patient) -> str:
    """Give the village for who helps the patient: its full name, or as it was written."""
    if one.village_code is not None:
        return region.name(session, one.village_code)
    return str(record.known(session, one).get("village", ""))
