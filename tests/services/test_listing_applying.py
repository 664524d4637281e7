"""Entering lists: what is new, what changes, what is one facility in several, what is gone."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.facility import Accuracy, Directory, Fact, Has, Kind, Listing, Zone
from services import facility, hours, listing
from tests.services.cast import FACILITY
from tests.services.listing_town import (
    AT,
    DAY,
    HEAD,
    facilities,
    outcomes,
    read,
    settle,
    take,
    written,
)

PHONE = "081200000000"
A = f"1,Puskesmas Contoh Satu,Puskesmas,Jl. Melati,Contoh Tegal,Kab. Tegal,,-6.99,109.13,{PHONE},"
B = "2,Puskesmas Contoh Dua,Puskesmas,,,Kota Kupang,,-10.17,123.61,,Senin-Jumat 08.00-14.00"
C = "3,RSUD Contoh,Rumah Sakit,,,Berau,,,,,"


def bring(session: Session, folder: Path, *lines: str, source: str = "daftar",
          as_of: date | None = None) -> list[str]:  # fmt: skip
    entries = read(session, written(folder, HEAD, *lines), source)
    return outcomes(take(session, entries, as_of=as_of))


def version(session: Session) -> int:
    return session.scalar(select(Directory.version)) or 0


def test_a_list_is_entered_once(each_session: Session, tmp_path: Path) -> None:
    settle(each_session)
    assert bring(each_session, tmp_path, A, B, C, as_of=DAY) == ["added"] * 3
    counted = version(each_session)
    assert counted > 0
    found = facilities(each_session)
    one, two, three = (found[f"daftar:{n}"] for n in (1, 2, 3))
    assert (one.name, one.kind, one.phone) == (
        "Puskesmas Contoh Satu", Kind.PUSKESMAS, "+6281200000000")  # fmt: skip
    assert (one.latitude, one.longitude, one.accuracy) == (-6.99, 109.13, Accuracy.POINT)
    assert (one.region_code, one.source, one.checked_on) == ("33.28.01", "daftar", DAY)
    assert (two.hours, two.zone) == ("Senin–Jumat 08.00–14.00", Zone.WITA)
    assert (three.accuracy, three.region_code, three.zone) == (Accuracy.REGENCY, "64.03", None)
    assert not any(each.is_ours or each.facts for each in (one, two, three))
    assert bring(each_session, tmp_path, A, B, C, as_of=DAY) == ["unchanged"] * 3
    assert version(each_session) == counted
    assert len(facilities(each_session)) == 4  # with the one of the house


def test_a_changed_line_changes_its_facility(each_session: Session, tmp_path: Path) -> None:
    settle(each_session)
    bring(each_session, tmp_path, A, B)
    counted = version(each_session)
    moved = A.replace("Jl. Melati", "Jl. Mawar").replace("-6.99", "-6.98")
    assert bring(each_session, tmp_path, moved, B, as_of=DAY) == ["changed", "unchanged"]
    one, two = (facilities(each_session)[f"daftar:{n}"] for n in (1, 2))
    assert (one.address, one.latitude) == ("Jl. Mawar", -6.98)
    assert one.checked_on == two.checked_on == DAY  # the newer list confirms what it repeats
    assert version(each_session) > counted
    bare = A.replace("Jl. Melati", "").replace("081200000000", "")
    bring(each_session, tmp_path, bare)
    one = facilities(each_session)["daftar:1"]
    assert (one.address, one.phone) == ("Jl. Mawar", "+6281200000000")  # silence takes nothing back


@pytest.mark.parametrize(
    ("other", "joined"),
    [
        # the only one of its name in the regency, in both lists
        ("x,PUSKESMAS CONTOH SATU,puskesmas,Jl. Lain,,Kab. Tegal,,,,021-1234567,", True),
        ("x,Pkm. Contoh Satu,Puskesmas,,,Kab. Tegal,,-6.97,109.15,,", True),
        # on the same spot, though the other list states no regency
        ("x,Contoh Satu,Puskesmas,,,,,-6.9905,109.1305,,", True),
        # another name, kind or regency
        ("x,Puskesmas Contoh Tiga,Puskesmas,,,Kab. Tegal,,-6.99,109.13,,", False),
        ("x,Contoh Satu,Apotek,,,Kab. Tegal,,-6.99,109.13,,", False),
        ("x,Puskesmas Contoh Satu,Puskesmas,,,Kab. Brebes,,,,,", False),
        # nothing but generic words
        ("x,Puskesmas,Puskesmas,,,Kab. Tegal,,-6.99,109.13,,", False),
    ],
)
def test_a_facility_of_two_lists_is_joined_where_it_is_certain(
    session: Session, tmp_path: Path, other: str, joined: bool
) -> None:
    settle(session)
    bring(session, tmp_path, A)
    assert bring(session, tmp_path, other, source="lain") == (["joined"] if joined else ["added"])
    lines = session.scalars(select(Listing.facility_id)).all()
    assert len(lines) == 2
    assert (len(set(lines)) == 1) is joined
    one = facilities(session)["daftar:1"]
    assert (one.name, one.address, one.source) == ("Puskesmas Contoh Satu", "Jl. Melati", "daftar")


def test_of_two_alike_none_is_joined(session: Session, tmp_path: Path) -> None:
    """The same name twice in a regency, in either list, tells nothing."""
    settle(session)
    twice = A.replace("1,", "9,", 1).replace("-6.99", "-7.01")
    other = "x,Puskesmas Contoh Satu,Puskesmas,,,Kab. Tegal,,,,,"
    bring(session, tmp_path, A, twice)
    assert bring(session, tmp_path, other, source="lain") == ["added"]
    bring(session, tmp_path, B)
    again = "{},Puskesmas Contoh Dua,Puskesmas,,,Kota Kupang,,,,,"
    assert (
        bring(session, tmp_path, again.format(7), again.format(8), source="lain") == ["added"] * 2
    )


def test_one_list_has_no_facility_twice_where_it_says_so(session: Session, tmp_path: Path) -> None:
    """Another code of the same list at another place may be another one of that name."""
    settle(session)
    bring(session, tmp_path, A)
    assert bring(session, tmp_path, A.replace("1,", "9,", 1).replace("-6.99", "-7.01")) == ["added"]


def test_who_became_ours_after_an_import_is_not_the_list_s_any_more(
    session: Session, tmp_path: Path
) -> None:
    settle(session)
    bring(session, tmp_path, A)
    facility.add(session, "daftar:1", "Puskesmas Contoh Kita", "dr. Contoh", "Loket 1")
    changed = A.replace("Melati", "Mawar").replace("-6.99", "-6.98")
    assert bring(session, tmp_path, changed, as_of=DAY) == ["changed"]
    own = facilities(session)["daftar:1"]
    assert (own.name, own.address, own.latitude) == ("Puskesmas Contoh Kita", "Jl. Melati", -6.99)
    gone, _ = listing.missing(session, "daftar", ())
    assert (len(gone), listing.end(session, gone, DAY)) == (1, [])


def test_joined_lists_fill_in_what_is_not_known(each_session: Session, tmp_path: Path) -> None:
    settle(each_session)
    bring(each_session, tmp_path, C)
    other = f"R1,RS Umum Daerah Contoh,RS,Jl. Lain,Contoh Berau,Berau,,2.06,117.31,{PHONE},"
    again = other.replace("Jl. Lain", "Jl. Baru").replace("2.06", "2.07").replace("0,", "1,")
    assert bring(each_session, tmp_path, other, source="lain") == ["joined"]
    assert bring(each_session, tmp_path, again, source="lain") == ["changed"]
    one = facilities(each_session)["daftar:3"]
    assert (one.name, one.address, one.phone) == ("RSUD Contoh", "Jl. Lain", "+6281200000000")
    assert (one.latitude, one.accuracy, one.region_code) == (2.06, Accuracy.POINT, "64.03.01")
    bring(each_session, tmp_path, C.replace("RSUD", "RSU"))  # its own list still knows no point
    assert facilities(each_session)["daftar:3"].latitude == 2.06


def test_lists_that_disagree_on_the_point_are_told(session: Session, tmp_path: Path) -> None:
    settle(session)
    bring(session, tmp_path, A)
    other = "x,Contoh Satu,Puskesmas,,,Kab. Tegal,,-7.04,109.13,,"
    (applied,) = take(session, read(session, written(tmp_path, HEAD, other), "lain"))
    assert [found.defect.name for found in applied.entry.remarks] == ["APART"]
    assert facilities(session)["daftar:1"].latitude == -6.99


def test_a_line_twice_under_two_codes_is_one_facility(session: Session, tmp_path: Path) -> None:
    settle(session)
    assert bring(session, tmp_path, A, A.replace("1,", "9,", 1)) == ["added", "joined"]
    assert bring(session, tmp_path, A, A.replace("1,", "9,", 1)) == ["unchanged"] * 2


def test_our_own_facility_stays_as_we_said(each_session: Session, tmp_path: Path) -> None:
    settle(each_session)
    ours = facility.add(each_session, FACILITY, "Puskesmas Contoh")
    hours.enter(ours, "Senin-Sabtu 08.00-12.00", Zone.WIB)
    ours.facts = [Fact(what=Has.IGD, holds=True, checked_on=DAY, by="fasilitas")]
    each_session.flush()
    line = f"{FACILITY},Puskesmas Lain,PKM,Jl. Melati,,Kab. Tegal,,-6.99,109.13,{PHONE},24 jam"
    assert bring(each_session, tmp_path, line, as_of=DAY) == ["joined"]
    changed = line.replace("Melati", "Mawar").replace("-6.99", "-6.98").replace("Lain", "Baru")
    assert bring(each_session, tmp_path, changed, as_of=DAY) == ["changed"]
    own = facilities(each_session)[FACILITY]
    assert own.is_ours
    assert (own.name, own.responsible) == ("Puskesmas Contoh", "dr. Contoh")
    assert own.contact == "nomor contoh"
    assert (own.hours, own.phone, own.source) == ("Senin–Sabtu 08.00–12.00", None, None)
    assert (own.address, own.latitude, own.region_code) == ("Jl. Melati", -6.99, "33.28")
    assert [fact.holds for fact in own.facts] == [True]


def test_what_an_admin_corrected_is_not_overwritten(session: Session, tmp_path: Path) -> None:
    settle(session)
    bring(session, tmp_path, A)
    one = facilities(session)["daftar:1"]
    one.address, one.source = "Jl. Kenanga", "admin"
    session.flush()
    assert bring(session, tmp_path, A.replace("Melati", "Mawar"), as_of=DAY) == ["changed"]
    one = facilities(session)["daftar:1"]
    assert (one.address, one.checked_on) == ("Jl. Kenanga", None)


@pytest.mark.parametrize(
    ("mended", "column", "value"),
    [("phone", "phone", "+6280000000001"), ("hours", "hours", "Senin 08.00–09.00"),
     ("place", "latitude", -7.5), ("end", "ended_on", DAY)],
)  # fmt: skip
def test_what_an_admin_put_right_in_the_chat_no_list_says_otherwise(
    session: Session, tmp_path: Path, mended: str, column: str, value: object
) -> None:
    settle(session)
    bring(session, tmp_path, A)
    found = facilities(session)["daftar:1"]
    setattr(found, column, value)
    found.mended = mended
    session.flush()
    other = A.replace("-6.99", "-7.01").replace(PHONE, "081211111111").replace("Melati", "Mawar")
    assert bring(session, tmp_path, other + "Senin-Jumat 07.00-12.00") == ["changed"]
    session.refresh(found)
    assert getattr(found, column) == value
    assert found.address == "Jl. Mawar"  # what nobody put right follows the list


def test_polis_follow_the_list_until_an_admin_put_them_right(
    each_session: Session, tmp_path: Path
) -> None:
    settle(each_session)

    def told(said: str, source: str = "daftar") -> list[tuple[str, str]]:
        file = written(tmp_path, "kode,nama,jenis,kabupaten,jam poli",
                       f"1,Puskesmas Contoh,Puskesmas,Kab. Tegal,{said}")  # fmt: skip
        take(each_session, read(each_session, file, source))
        each_session.expire_all()
        (found,) = (one for one in facilities(each_session).values() if not one.is_ours)
        assert found.zone is Zone.WIB
        return [(one.name, one.hours) for one in found.polis]

    gigi, kia = ("Gigi", "Senin 08.00–11.00"), ("KIA", "Selasa 08.00–11.00")
    assert told("Gigi: Senin 8-11") == [gigi]
    assert told("KIA: Selasa 8-11", source="lain") == [gigi]  # another list fills in, no more
    assert told("KIA: Selasa 8-11 | Gigi: Senin 8-11") == [gigi, kia]
    found = facilities(each_session)["daftar:1"]
    found.mended = "polis"
    each_session.flush()
    assert told("KIA: Rabu 8-11") == [gigi, kia]


def test_what_a_complete_list_no_longer_has_is_ended_and_comes_back(
    each_session: Session, tmp_path: Path
) -> None:
    settle(each_session)
    more = [f"{n},Puskesmas Contoh {n},Puskesmas,,,Berau,,,,," for n in range(10, 20)]
    bring(each_session, tmp_path, A, B, C, *more)
    bring(each_session, tmp_path, "x,Contoh Dua,Puskesmas,,,Kota Kupang,,,,,", source="lain")
    kept = {"3", *(str(n) for n in range(10, 20))}
    gone, is_sudden = listing.missing(each_session, "daftar", kept)
    assert (len(gone), is_sudden) == (2, False)
    assert listing.end(each_session, gone, DAY) == [("daftar:1", "Puskesmas Contoh Satu")]
    each_session.expire_all()
    found = facilities(each_session)
    assert found["daftar:1"].ended_on == DAY
    assert found["daftar:2"].ended_on is None  # another list still has it
    assert listing.missing(each_session, "daftar", kept)[0] == []
    assert bring(each_session, tmp_path, A) == ["changed"]
    assert facilities(each_session)["daftar:1"].ended_on is None


def test_half_a_list_is_suspicious(session: Session, tmp_path: Path) -> None:
    settle(session)
    bring(session, tmp_path, A, B, C)
    assert listing.missing(session, "daftar", {"1", "2"})[1]
    assert not listing.missing(session, "daftar", {"1", "2", "3"})[1]


def test_whoever_is_ours_or_entered_here_no_list_ends(session: Session, tmp_path: Path) -> None:
    settle(session)
    bring(session, tmp_path, A, f"{FACILITY},Puskesmas Contoh,Puskesmas,,,Kab. Tegal,,,,,")
    facilities(session)["daftar:1"].source = "admin"
    session.flush()
    gone, _ = listing.missing(session, "daftar", ())
    assert len(gone) == 2
    assert listing.end(session, gone, DAY) == []


def test_a_closed_facility_is_ended_and_a_coming_day_is_not(
    session: Session, tmp_path: Path
) -> None:
    settle(session)
    coming = AT.date() + timedelta(days=9)
    days = ["2025-01-31", str(coming), "31/01/2025", "kemarin"]
    lines = [f"{n},Contoh {n * 'i'},{day}" for n, day in enumerate(days, 1)]
    file = written(tmp_path, "kode,nama,tanggal tutup", *lines)
    take(session, entries := read(session, file))
    ended = [facilities(session)[f"daftar:{n}"].ended_on for n in (1, 2, 3, 4)]
    assert ended == [date(2025, 1, 31), None, date(2025, 1, 31), None]
    assert [found.defect.name for found in entries[3].remarks] == ["VALUE"]


def test_an_import_that_was_killed_goes_on(each_session: Session, tmp_path: Path) -> None:
    """What a chunk wrote counts; the rest comes as if nothing had happened."""
    settle(each_session)
    entries = read(each_session, written(tmp_path, HEAD, A, B, C))
    assert outcomes(take(each_session, entries[:2])) == ["added"] * 2
    entries = read(each_session, written(tmp_path, HEAD, A, B, C))
    assert outcomes(take(each_session, entries)) == ["unchanged", "unchanged", "added"]
    (count,) = each_session.execute(text("SELECT count(*) FROM facility_listing")).one()
    assert count == 3
