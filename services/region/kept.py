"""The regions in memory, as long as no row has changed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import new_id
from models.facility import Directory
from services.region.gazetteer import Regions, read


def regions(session: Session) -> Regions:
    """Give all regions, read anew only where they have changed."""
    version = session.scalar(select(Directory.version)) or 0
    kept: tuple[int, Regions] | None = session.info.get("regions")
    if kept is None or kept[0] != version:
        kept = session.info["regions"] = version, read(session)
    return kept[1]


def changed(session: Session) -> None:
    """Tell that rows were changed."""
    session.merge(Directory(id=1, version=new_id()))
    session.flush()
