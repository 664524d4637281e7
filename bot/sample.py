"""The sample directory of content/sample: made-up facilities in real places, for the demo alone."""

from datetime import datetime

from sqlalchemy.orm import Session

from services import listing, region
from services.content import CONTENT
from services.region import listing as regions

SAMPLE = CONTENT / "sample"
SOURCE = "contoh"


def enter(session: Session, *, at: datetime) -> None:
    """Enter its regions and facilities, as the commands that import a list do."""
    region.enter(session, regions.read(SAMPLE / "regions.csv"))
    table = listing.open_table(SAMPLE / "facilities.csv")
    columns, country = listing.guess(table.columns), listing.Country(session)
    survey = listing.survey(columns, table.lines(), country)
    reader = listing.Reader(columns, SOURCE, country, survey, at.date())
    entries = [reader.read(line) for line in table.lines()]
    known = listing.Known(session)
    known.expect(entries)
    applying = listing.Applying(known, at=at, as_of=at.date())
    for begin in range(0, len(entries), listing.CHUNK):
        applying.chunk(session, entries[begin : begin + listing.CHUNK])
