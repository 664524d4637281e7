"""Public lists of facilities: read, mended where that is certain, joined, entered, reported."""

from services.listing.applying import CHUNK, Applied, Applying, Outcome
from services.listing.column import Columns, Field, guess, refuse_incomplete, told
from services.listing.country import Country
from services.listing.ending import end, missing
from services.listing.file import open_table
from services.listing.joining import Known
from services.listing.mending import Entry, Reader, survey
from services.listing.report import Report
from services.listing.table import RefusedFile, Table

__all__ = [
    "CHUNK",
    "Applied",
    "Applying",
    "Columns",
    "Country",
    "Entry",
    "Field",
    "Known",
    "Outcome",
    "Reader",
    "RefusedFile",
    "Report",
    "Table",
    "end",
    "guess",
    "missing",
    "open_table",
    "refuse_incomplete",
    "survey",
    "told",
]
