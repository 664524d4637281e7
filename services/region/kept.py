"""The regions in memory."""

from sqlalchemy.orm import Session

from services.atlas import atlas
from services.region.gazetteer import Regions, read


def regions(session: Session) -> Regions:
    """Give all regions, from memory."""
    return atlas(session, read)
