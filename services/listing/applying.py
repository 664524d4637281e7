"""Entering what a list says, a chunk of lines at a time; the caller's transaction is the chunk.

The list that brought a facility may change it; another only fills in what is not known yet. What
somebody else entered (an admin, our own facility) is never overwritten: its `source` is no list's.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.orm import Session

from models.base import new_id
from models.facility import Accuracy, Facility, Listing, Poli
from services import atlas, region
from services.listing.defect import Defect, Remark
from services.listing.joining import APART, Known, Listed, Standing, apart
from services.listing.mending import Entry

CHUNK = 1_000
"""Lines of one transaction: a second at most, so that the service beside it never waits long."""
SAID = (
    "name", "kind", "hospital_class", "owner", "is_partner", "partner_until", "address", "phone",
    "whatsapp", "services", "doctors", "dentists",
)  # fmt: skip
FILLED = (*SAID, "ended_on", "latitude", "longitude", "accuracy", "region_code")
OURS = frozenset({"kind", "hospital_class", "owner", "address"})
"""What a list may fill in for a facility that answers here; it knows the rest itself."""
_MENDED = {
    "hours": ("hours", "zone"),
    "polis": ("polis", "zone"),
    "phone": ("phone",),
    "place": ("latitude", "longitude", "accuracy", "region_code"),
    "end": ("ended_on",),
}
"""What stays as an admin put it right (`Facility.mended`), whatever a list says."""
_RANK = (None, Accuracy.REGENCY, Accuracy.DISTRICT, Accuracy.VILLAGE, Accuracy.POINT)


class Outcome(StrEnum):
    """What came of a line."""

    ADDED = "added"
    CHANGED = "changed"
    JOINED = "joined"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    ENDED = "ended"


class Applied(NamedTuple):
    """A line and what came of it."""

    entry: Entry
    outcome: Outcome
    reason: str = ""


class Applying:
    """One import at work."""

    def __init__(self, known: Known, *, at: datetime, as_of: date | None) -> None:
        self._known, self._at, self._as_of = known, at, as_of
        self._facilities: dict[int, dict[str, Any]] = {}
        self._listings: list[dict[str, Any]] = []
        self._changes: dict[int, dict[str, Any]] = {}
        self._relisted: list[dict[str, Any]] = []
        self._confirmed: list[tuple[int, str]] = []
        self._polis: dict[int, tuple[tuple[str, str], ...]] = {}
        self._with_polis: set[int] = set()

    def rehearse(self, entries: Sequence[Entry]) -> list[Applied]:
        """Tell what would come of some lines, and enter nothing."""
        planned = [(entry, *self._find(entry)) for entry in entries]
        return [Applied(entry, outcome, reason) for entry, outcome, _, reason in planned]

    def chunk(self, session: Session, entries: Sequence[Entry]) -> list[Applied]:
        """Enter some lines; nothing is kept between two chunks but what `Known` remembers."""
        planned = [(entry, *self._find(entry)) for entry in entries]
        rows = self._rows(session, [one.id for _, outcome, one, _ in planned
                                    if one and outcome is not Outcome.UNCHANGED])  # fmt: skip
        applied = [self._plan(rows, *one) for one in planned]
        self._write(session)
        return applied

    def _find(self, entry: Entry) -> tuple[Outcome, Standing | None, str]:
        """Decide what a line is; a new facility counts as known from here on."""
        if entry.rejected:
            return Outcome.REJECTED, None, entry.rejected
        listed = self._known.listed.get((entry.source, entry.code))
        if listed:
            same = listed.digest == entry.digest and not listed.is_gone
            one = self._known.standing(listed.facility_id)
            return (Outcome.UNCHANGED if same else Outcome.CHANGED), one, ""
        if found := self._known.meant(entry):
            one, why = found
            one.sources = (*one.sources, entry.source)
            if (metres := apart(one, entry)) > APART:
                said = f"{entry.values['latitude']:.6f},{entry.values['longitude']:.6f}"
                done = f"kept the first list's, {metres / 1000:.0f} km off"
                entry.remarks.append(Remark(Defect.APART, False, said, "", done))
            return Outcome.JOINED, one, f"{one.code}: {why}"
        return Outcome.ADDED, self._known.new(entry, new_id()), ""

    def _rows(self, session: Session, ids: Iterable[int]) -> Mapping[int, RowMapping]:
        table, wanted = Facility.__table__, set(ids)
        self._with_polis = set(
            session.scalars(select(Poli.facility_id).where(Poli.facility_id.in_(wanted)))
        )
        found = session.execute(select(table).where(table.c.id.in_(wanted))).mappings()
        return {row["id"]: row for row in found}

    def _plan(
        self,
        rows: Mapping[int, RowMapping],
        entry: Entry,
        outcome: Outcome,
        one: Standing | None,
        reason: str,
    ) -> Applied:
        if one is None:
            return Applied(entry, outcome, reason)
        if outcome is Outcome.UNCHANGED:
            self._confirmed.append((one.id, entry.source))
            return Applied(entry, outcome)
        if outcome is Outcome.ADDED:
            self._facilities[one.id] = self._added(entry, one)
        else:
            self._merge(rows, entry, one)
        self._list(entry, one)
        return Applied(entry, outcome, reason)

    def _added(self, entry: Entry, one: Standing) -> dict[str, Any]:
        said = dict(entry.values)
        polis, zone = said.pop("polis", ()), region.zone(said.get("region_code", ""))
        if zone is None:  # without it hours say nothing
            polis = said["hours"] = ()
        if polis:
            self._polis[one.id] = polis
        return dict.fromkeys(FILLED) | said | {
            "hours": said.get("hours") or None,
            "zone": zone if polis or said.get("hours") else None,
            "id": one.id, "code": one.code, "source": entry.source, "checked_on": self._as_of,
            "is_ours": False, "last_number": 0, "mended": "",
        }  # fmt: skip

    def _merge(self, rows: Mapping[int, RowMapping], entry: Entry, one: Standing) -> None:
        """Let a known facility learn from a line; one that this chunk adds has no row yet."""
        fresh = self._facilities.get(one.id)
        now: Mapping[str, Any] = fresh if fresh is not None else {
            **rows[one.id], **self._changes.get(one.id, {})}  # fmt: skip
        learnt = _learnt(now, entry, has_polis=one.id in self._with_polis | self._polis.keys())
        if "polis" in learnt:
            self._polis[one.id] = learnt.pop("polis")
        if now["source"] == entry.source and self._as_of and not now["is_ours"]:
            learnt["checked_on"] = max(self._as_of, now["checked_on"] or self._as_of)
        listed = self._known.listed.get((entry.source, entry.code))
        is_back = listed is not None and listed.is_gone and "end" not in now["mended"].split()
        if is_back and now["ended_on"] and "ended_on" not in entry.values:
            learnt["ended_on"] = None
        if fresh is not None:
            fresh.update(learnt)
        elif learnt:
            self._changes.setdefault(one.id, {}).update(learnt)

    def _list(self, entry: Entry, one: Standing) -> None:
        key, listed = (entry.source, entry.code), self._known.listed.get((entry.source, entry.code))
        said = {"digest": entry.digest, "imported_at": self._at, "gone_on": None}
        if listed:
            self._relisted.append(said | {"id": listed.id})
            listed.digest, listed.is_gone = entry.digest, False
            return
        id_ = new_id()
        self._listings.append(
            said | {"id": id_, "facility_id": one.id, "source": entry.source, "code": entry.code}
        )
        self._known.listed[key] = Listed(id_, one.id, entry.digest, False)

    def _write(self, session: Session) -> None:
        if self._facilities:
            session.execute(insert(Facility), list(self._facilities.values()))
        for id_, learnt in self._changes.items():
            session.execute(update(Facility).where(Facility.id == id_).values(**learnt))
        if self._polis:
            session.execute(delete(Poli).where(Poli.facility_id.in_(self._polis)))
            session.execute(insert(Poli), [
                {"id": new_id(), "facility_id": of, "name": name, "hours": week}
                for of, polis in self._polis.items() for name, week in polis
            ])  # fmt: skip
        if self._listings:
            session.execute(insert(Listing), self._listings)
        if self._relisted:
            session.execute(update(Listing), self._relisted)
        if self._as_of and self._confirmed:
            for source in {source for _, source in self._confirmed}:
                self._confirm(session, source)
        if self._facilities or self._changes:
            atlas.changed(session)
        self._facilities, self._changes, self._polis = {}, {}, {}
        self._listings, self._relisted, self._confirmed = [], [], []

    def _confirm(self, session: Session, source: str) -> None:
        """An unchanged line of a newer list says that all of it still holds."""
        older = Facility.checked_on.is_(None) | (Facility.checked_on < self._as_of)
        ids = [id_ for id_, by in self._confirmed if by == source]
        session.execute(
            update(Facility)
            .where(Facility.id.in_(ids), Facility.source == source, ~Facility.is_ours, older)
            .values(checked_on=self._as_of)
            .execution_options(synchronize_session=False)
        )


def _learnt(now: Mapping[str, Any], entry: Entry, *, has_polis: bool) -> dict[str, Any]:
    """Give what changes: all that its own list says, or what is not known yet."""
    said, is_ours = entry.values, now["is_ours"]
    owns = now["source"] == entry.source and not is_ours
    learnt = {
        what: said[what]
        for what in SAID
        if what in said
        and said[what] != now[what]
        and (owns or (now[what] is None and (not is_ours or what in OURS)))
    }
    if owns and "ended_on" in said:
        learnt["ended_on"] = now["ended_on"] or said["ended_on"]
    rank, current = _rank(said.get("accuracy")), _rank(now["accuracy"])
    if rank and (rank >= current if owns else rank > current and (not is_ours or not current)):
        learnt |= {what: said[what] for what in ("latitude", "longitude", "accuracy")}
    code, known = said.get("region_code", ""), now["region_code"] or ""
    if code and code != known and (owns or code.startswith(known)):
        learnt["region_code"] = code
    zone = region.zone(code or known)
    if "hours" in said and zone and not is_ours and (owns or not now["hours"]):
        learnt |= {"hours": said["hours"], "zone": zone}
    if "polis" in said and zone and not is_ours and (owns or not has_polis):
        learnt |= {"polis": said["polis"], "zone": zone}
    kept = {what for part in now["mended"].split() for what in _MENDED[part]}
    return {what: value for what, value in learnt.items() if what not in kept}


def _rank(accuracy: Accuracy | str | None) -> int:
    return _RANK.index(Accuracy(accuracy)) if accuracy else 0
