"""The same facility in several lists: joined where it is certain, and only there."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from sys import intern

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.facility import Accuracy, Facility, Kind, Listing
from services.listing.kind import plain
from services.listing.mending import Entry
from services.sphere import distance

NEAR = 1_000.0
"""Metres within which two facilities of one name and kind are the same one."""
SAME = 50.0
"""Metres within which two lines of one list are: a list rarely names a place twice."""
APART = 5_000.0
"""Metres from which on it is reported that two lists put one facility in different places."""
PAGE = 1_000
"""Rows that are fetched at a time."""
_GENERIC = frozenset(
    {
        *("puskesmas", "pkm", "uptd", "upt", "upk", "blud", "klinik", "pratama", "utama", "jst"),
        *("rs", "rsu", "rsud", "rumah", "sakit", "umum", "daerah", "apotek", "apotik"),
        *("dr", "drg", "dokter", "h", "hj", "dan", "praktek", "praktik", "dpp"),
    }
)
_SPELLED = {"rsia": "ibu anak", "rsj": "jiwa", "ii": "2", "iii": "3", "iv": "4"}

Name = tuple[str, Kind]
Key = tuple[str, Kind, str]


@dataclass(slots=True)
class Standing:
    """A facility of the directory, as much of it as tells whether a line means it."""

    id: int
    code: str
    name: Name | None
    regency: str | None
    point: tuple[float, float] | None
    """Its own; None where a region's middle stands for it."""
    sources: tuple[str, ...] = ()
    """The lists that have it."""


@dataclass(slots=True)
class Listed:
    """A line that was imported before."""

    id: int
    facility_id: int
    digest: bytes
    is_gone: bool


class Known:
    """The directory in memory while lists are imported; it grows with what they add."""

    def __init__(self, session: Session) -> None:
        self.listed: dict[tuple[str, str], Listed] = {}
        self._by_id: dict[int, Standing] = {}
        self._by_code: dict[str, Standing] = {}
        self._by_name: dict[Name, list[Standing]] = defaultdict(list)
        self._twice: Counter[tuple[str, Key]] = Counter()
        for id_, code, name, kind, region, latitude, longitude, accuracy in session.execute(
            select(Facility.id, Facility.code, Facility.name, Facility.kind, Facility.region_code,
                   Facility.latitude, Facility.longitude, Facility.accuracy)
            .execution_options(yield_per=PAGE)
        ):  # fmt: skip
            point = _point(latitude, longitude, accuracy)
            self.add(Standing(id_, code, called(name, kind), _regency(region), point))
        for listing in session.execute(
            select(Listing.id, Listing.facility_id, Listing.source, Listing.code, Listing.digest,
                   Listing.gone_on)
            .execution_options(yield_per=PAGE)
        ):  # fmt: skip
            one, source = self._by_id[listing.facility_id], intern(listing.source)
            one.sources = (*one.sources, source)
            self.listed[source, listing.code] = Listed(
                listing.id, one.id, listing.digest, listing.gone_on is not None
            )

    def add(self, one: Standing) -> None:
        """Remember a facility."""
        self._by_id[one.id] = self._by_code[one.code] = one
        if one.name:
            self._by_name[one.name].append(one)

    def standing(self, id_: int) -> Standing:
        """Give a facility by its id."""
        return self._by_id[id_]

    def expect(self, entries: Iterable[Entry]) -> None:
        """Count what the lists about to be imported call alike: a name that one list has twice in
        a regency tells nothing."""
        for entry in entries:
            if key := _key(entry):
                self._twice[entry.source, key] += 1

    def meant(self, entry: Entry) -> tuple[Standing, str] | None:
        """Give the facility that a new line means, and why; None where none is certain."""
        if one := self._by_code.get(entry.facility_code):
            return one, "the same code"
        name = called(entry.name, entry.values.get("kind"))
        if name is None:
            return None
        alike, point = self._by_name.get(name, []), _entry_point(entry)
        near = [one for one in alike if point and one.point and distance(*point, *one.point)
                <= (SAME if entry.source in one.sources else NEAR)]  # fmt: skip
        if len(near) == 1:
            return near[0], "the same name and kind, on the same spot"
        key = _key(entry)
        if near or key is None or self._twice[entry.source, key] != 1:
            return None
        here = [one for one in alike if one.regency == key[2]]
        if len(here) == 1 and entry.source not in here[0].sources:
            return here[0], "the only one of this name and kind in the regency, in both lists"
        return None

    def new(self, entry: Entry, id_: int) -> Standing:
        """Remember the facility that a line adds."""
        name = called(entry.name, entry.values.get("kind"))
        regency = _regency(entry.values.get("region_code"))
        one = Standing(
            id_, entry.facility_code, name, regency, _entry_point(entry), (entry.source,)
        )
        self.add(one)
        return one


def called(name: str, kind: Kind | None) -> Name | None:
    """Give what two lists call one facility alike; None where that says too little."""
    words = [_SPELLED.get(word, word) for word in plain(name).split()]
    own = " ".join(word for word in words if word not in _GENERIC)
    return (own, kind) if own and kind else None


def apart(one: Standing, entry: Entry) -> float:
    """Give the metres between a facility's own point and a line's; 0 where either has none."""
    point = _entry_point(entry)
    return distance(*point, *one.point) if point and one.point else 0.0


def _key(entry: Entry) -> Key | None:
    if entry.rejected:
        return None
    name, regency = (
        called(entry.name, entry.values.get("kind")),
        _regency(entry.values.get("region_code")),
    )
    return (*name, regency) if name and regency else None


def _regency(region: str | None) -> str | None:
    return intern(region[:5]) if region and len(region) >= 5 else None


def _point(
    latitude: float | None, longitude: float | None, accuracy: Accuracy | None
) -> tuple[float, float] | None:
    if latitude is None or longitude is None or accuracy is not Accuracy.POINT:
        return None
    return latitude, longitude


def _entry_point(entry: Entry) -> tuple[float, float] | None:
    values = entry.values
    return _point(values.get("latitude"), values.get("longitude"), values.get("accuracy"))
