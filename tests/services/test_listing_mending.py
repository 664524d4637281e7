"""A line with every defect that real lists have: mended where it is certain, told in any case."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models.facility import Accuracy, Kind
from services.listing import kind, phone
from tests.services.listing_town import HEAD, defects, one, read, settle, written


@pytest.fixture(autouse=True)
def country(session: Session) -> None:
    settle(session)


TEGAL, CENTRE, DISTRICT = "Kab. Tegal,Jawa Tengah", (-6.99, 109.13), (-6.98, 109.13)


@pytest.mark.parametrize(
    ("point", "expected", "defect"),
    [
        ("-6.99,109.13", CENTRE, []),
        ("109.13,-6.99", CENTRE, [("SWAPPED", True)]),
        ("6.99,109.13", CENTRE, [("SIGN", True)]),
        ("-699,10913", CENTRE, [("NO_DECIMALS", True)]),
        ("-6.99,109130000.0", CENTRE, [("NO_DECIMALS", True)]),
        ('"-6,990","109,130"', CENTRE, [("NOTATION", True)]),
        ("- 6.990,109.13", CENTRE, [("NOTATION", True)]),
        ("--6.990,109.13", CENTRE, [("NOTATION", True)]),
        ('"-6.990,",109.13', CENTRE, [("NOTATION", True)]),
        ('-6.99,"109.130,17"', CENTRE, [("NOTATION", True)]),
        ("6°59'24\"S,109°7'48\"E", CENTRE, [("NOTATION", True)]),
        ('-2.4,"-6.990,109.130"', CENTRE, [("NOTATION", True)]),
        ("-0.060.449,109.13", DISTRICT, [("NOTATION", False)]),
        ("-,-", DISTRICT, [("NOTATION", False)]),
        ("105.1,106.7", DISTRICT, [("OUTSIDE", False)]),
        ("-6.99,-6.99", DISTRICT, [("OUTSIDE", False)]),
        ("0587633,9281756", DISTRICT, [("NO_DECIMALS", False)]),
        ("-3.0,108.0", DISTRICT, [("OUTSIDE", False)]),
        ("-10.17,123.61", DISTRICT, [("ELSEWHERE", False)]),
        ("-6.87,109.13", DISTRICT, [("ELSEWHERE", False)]),
        ("-6.9299,109.13", (-6.9299, 109.13), [("ELSEWHERE", False)]),
        (",", DISTRICT, []),
    ],
)  # fmt: skip
def test_a_point_is_mended_only_when_it_is_certain(
    session: Session, tmp_path: Path, point: str, expected: tuple[float, float],
    defect: list[tuple[str, bool]],
) -> None:  # fmt: skip
    entry = one(session, tmp_path, f"1,Contoh,Puskesmas,,Contoh Tegal,{TEGAL},{point},,")
    assert (entry.values["latitude"], entry.values["longitude"]) == pytest.approx(expected)
    assert defects(entry) == defect
    is_own = expected != DISTRICT
    assert entry.values["accuracy"] is (Accuracy.POINT if is_own else Accuracy.DISTRICT)
    assert entry.values["region_code"] == "33.28.01"


def test_without_a_district_the_regency_s_middle_stands_for_a_point(
    session: Session, tmp_path: Path
) -> None:
    entry = one(session, tmp_path, f"1,Contoh,Puskesmas,,,{TEGAL},,,,")
    assert (entry.values["latitude"], entry.values["accuracy"]) == (-6.99, Accuracy.REGENCY)
    assert entry.values["region_code"] == "33.28"


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("Kab. Kupang", "53.01"),
        ("KABUPATEN KUPANG", "53.01"),
        ("Kota Kupang", "53.71"),
        ("KOTAMADYA KUPANG", "53.71"),
        ("B e r a u", "64.03"),
        ("Kode Faskes dan Alamat BPJS di Kab. Brebes", "33.29"),
        ("Kabupaten Contoh", None),
    ],
)
def test_a_regency_is_known_by_its_name(
    session: Session, tmp_path: Path, stated: str, code: str | None
) -> None:
    entry = one(session, tmp_path, f"1,Contoh,Puskesmas,,,{stated},,,,,")
    assert entry.values.get("region_code") == code
    assert defects(entry) == ([] if code else [("REGENCY", False)])


def test_a_name_without_kota_is_the_city_s_too_unless_the_list_names_cities(
    session: Session, tmp_path: Path
) -> None:
    kupang = "1,Contoh,Puskesmas,,,Kupang,,-10.17,123.61,,"
    alone = read(session, written(tmp_path, HEAD, kupang))
    assert defects(alone[0]) == []
    assert alone[0].values["region_code"] == "53.71"
    city = "2,Contoh Dua,Puskesmas,,,Kota Kupang,,-10.17,123.61,,"
    beside = read(session, written(tmp_path, HEAD, kupang, city))
    assert defects(beside[0]) == [("ELSEWHERE", False)]
    assert defects(beside[1]) == []


def test_a_point_that_many_share_far_from_home_is_a_placeholder(
    session: Session, tmp_path: Path
) -> None:
    towns = ["Kab. Tegal", "Kab. Brebes", "Kota Kupang", "Berau", "Kota Tegal"]
    lines = [f"{n},Contoh {n},Puskesmas,,,{town},,-2.42,108.49,," for n, town in enumerate(towns)]
    entries = read(session, written(tmp_path, HEAD, *lines))
    assert [defects(entry) for entry in entries] == [[("PLACEHOLDER", False)]] * 5
    assert all(entry.values["accuracy"] is Accuracy.REGENCY for entry in entries)
    same = [f"{n},Contoh {n},Puskesmas,,,Kab. Tegal,,-6.99,109.13,," for n in range(9)]
    assert not any(defects(entry) for entry in read(session, written(tmp_path, HEAD, *same)))


def test_without_a_stated_region_a_sign_is_mended_only_from_the_sea(
    session: Session, tmp_path: Path
) -> None:
    sea = one(session, tmp_path, "1,Contoh,Puskesmas,,,,,4.99,109.13,,")
    assert defects(sea) == [("OUTSIDE", False)]
    turned = one(session, tmp_path, "1,Contoh,Puskesmas,,,,,-2.05,117.30,,")
    assert defects(turned) == [("SIGN", True)]
    assert turned.values["region_code"] == "64.03"
    line = "1,Contoh,Puskesmas,,,,Kalimantan Timur,-2.05,117.30,,"
    assert defects(one(session, tmp_path, line)) == [("SIGN", True)]


def test_without_regions_lists_are_read_all_the_same(tmp_path: Path, session: Session) -> None:
    session.rollback()
    entry = one(session, tmp_path, f"1,Contoh,Puskesmas,,,{TEGAL},6.99,109.13,,")
    assert (entry.values["latitude"], defects(entry)) == (-6.99, [("SIGN", True)])
    assert "region_code" not in entry.values
    # -1.0555 or -10.555
    scaled = one(session, tmp_path, f"1,Contoh,Puskesmas,,,{TEGAL},-10555,10913,,")
    assert ("latitude" in scaled.values, defects(scaled)) == (False, [("NO_DECIMALS", False)])


@pytest.mark.parametrize(
    ("line", "defect", "why"),
    [
        ("1,-,Puskesmas,,,,,,,,", "NO_NAME", "name"),
        ("1,,Puskesmas,,,,,,,,", "NO_NAME", "name"),
        ("1,DINAS KESEHATAN CONTOH,DINAS PROVINSI,,,,,,,,", "NO_FACILITY", "nobody"),
        ("1,Dinas Kesehatan Contoh,,,,,,,,,", "NO_FACILITY", "nobody"),
        ("1,Contoh,Puskesmas,,,,,,,,,zu viel", "UNREADABLE", "columns"),
    ],
)
def test_what_is_no_facility_is_rejected(
    session: Session, tmp_path: Path, line: str, defect: str, why: str
) -> None:
    entry = one(session, tmp_path, line)
    assert why in entry.rejected
    assert defects(entry) == [(defect, False)]


def test_a_code_twice_is_told_and_the_first_counts(session: Session, tmp_path: Path) -> None:
    lines = ["1,Contoh Satu,Puskesmas,,,,,,,,", "1,Contoh Dua,Puskesmas,,,,,,,,"]
    first, second = read(session, written(tmp_path, HEAD, *lines))
    assert (first.rejected, second.rejected) == ("", "line 2 has this code")


def test_a_code_is_bpjs_s_or_the_list_s_own(session: Session, tmp_path: Path) -> None:
    lines = [f"{code},Contoh {n},Puskesmas,,,,,,,," for n, code in enumerate(
        ["9999R001", "12", "P9999010", "lain2019:R1", "-", ""])]  # fmt: skip
    entries = read(session, written(tmp_path, HEAD, *lines))
    codes = [entry.facility_code for entry in entries]
    assert codes[:4] == ["9999R001", "daftar:12", "daftar:P9999010", "lain2019:R1"]
    assert [defects(entry) for entry in entries[4:]] == [[("NO_CODE", True)]] * 2
    again = read(session, written(tmp_path, HEAD, *lines[4:]))
    assert [entry.facility_code for entry in again] == codes[4:]  # the same names, whatever line


def test_texts_are_made_one_line_and_formulas_stay_text(session: Session, tmp_path: Path) -> None:
    line = '1,"=HYPERLINK(""x"")",Puskesmas,"@SUM(1)\n\tJl. Awa\ufffdi",,,,,,,'
    entry = one(session, tmp_path, line)
    assert entry.name == '=HYPERLINK("x")'
    assert entry.values["address"] == "@SUM(1) Jl. Awa\ufffdi"
    assert defects(entry) == [("BREAK", True), ("LETTERS", False)]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Senin-Jumat 07.30-14.00", "Senin–Jumat 07.30–14.00"),
        ("Mo-Fr 07:30-14:00; Sa 08:00-12:00", "Senin–Jumat 07.30–14.00; Sabtu 08.00–12.00"),
        ("24/7", None),
        ("24 jam", None),
        ("sunrise-sunset", None),
    ],
)
def test_hours_are_kept_where_they_are_understood(
    session: Session, tmp_path: Path, said: str, kept: str | None
) -> None:
    """That a place is open day and night, only the place itself or an admin can confirm."""
    entry = one(session, tmp_path, f"1,Contoh,Puskesmas,,,,,,,,{said}")
    assert entry.values.get("hours") == kept
    assert defects(entry) == ([] if kept else [("HOURS", False)])


def test_polis_are_kept_where_name_and_hours_are_understood(
    session: Session, tmp_path: Path
) -> None:
    said = "Gigi: Senin-Kamis 08.00-11.00 | KIA:Selasa 8-11 | Mata | UGD: setiap hari 24 jam"
    file = written(tmp_path, "kode,nama,jam poli", f"1,Puskesmas Contoh,{said}")
    (entry,) = read(session, file)
    assert entry.values["polis"] == (("Gigi", "Senin–Kamis 08.00–11.00"),
                                     ("KIA", "Selasa 08.00–11.00"))  # fmt: skip
    assert [(one.defect.name, one.before) for one in entry.remarks] == [
        ("HOURS", "Mata"), ("HOURS", "Setiap hari 24 jam")]  # fmt: skip


def test_a_district_is_found_in_the_address(session: Session, tmp_path: Path) -> None:
    entry = one(
        session, tmp_path, '1,Contoh,Puskesmas,"Jl. Melati, Kec. Contoh Tegal",,Kab. Tegal,,,,,'
    )
    assert entry.values["region_code"] == "33.28.01"


# ── kinds ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("word", "name", "meant"),
    [
        ("PUSKESMAS", "CONTOH", Kind.PUSKESMAS),
        ("Puskesmas Kelurahan", "Puskesmas Contoh", Kind.PUSKESMAS),
        ("Puskesmas", "Pustu Contoh", Kind.PUSTU),
        ("Rumah Sakit", "Pustu Contoh", Kind.PUSTU),
        ("", "UPTD Puskesmas Contoh", Kind.PUSKESMAS),
        ("RUMAH SAKIT", "Contoh", Kind.HOSPITAL),
        ("RSIA", "Contoh", Kind.HOSPITAL),
        ("", "RS Umum Daerah Contoh", Kind.HOSPITAL),
        ("Rumah Sakit", "RS Kelas D Pratama Contoh", Kind.PRATAMA_HOSPITAL),
        ("Rumah Sakit", "RS Mitra Pratama", Kind.HOSPITAL),
        ("Rumah Sakit", "RS Dr. Contoh", Kind.HOSPITAL),
        ("Klinik Utama", "dr. Contoh", Kind.DOCTOR),
        ("Klinik Utama", "Contoh Contohan, dr. H. MM", Kind.DOCTOR),
        ("Klinik Utama", "drg. Contoh", Kind.DENTIST),
        ("Klinik Utama", "Klinik Dr. Contoh", Kind.MAIN_CLINIC),
        ("Klinik Utama", "Klinik Contoh", Kind.MAIN_CLINIC),
        ("Klinik Pratama", "Klinik Contoh", Kind.CLINIC),
        ("Klinik Pratama", "Klinik Polres Contoh", Kind.FORCES),
        ("Klinik Pratama", "Poskes Yonif 999 TNI", Kind.FORCES),
        ("Dokter Praktik Perorangan", "Klinik Utama Contoh", Kind.MAIN_CLINIC),
        ("Dokter Praktik Perorangan", "Contoh", Kind.DOCTOR),
        ("Praktek Mandiri", "Praktek Mandiri Dokter Umum Contoh", Kind.DOCTOR),
        ("Praktek Mandiri", "Contoh", None),
        ("Klinik Gigi", "Klinik Pratama Contoh Dental", Kind.DENTIST),
        ("Klinik Kecantikan", "Klinik Utama Contoh", Kind.OTHER),
        ("Bidan", "PMB Contoh", Kind.MIDWIFE),
        ("Apotek", "Contoh Farma", Kind.PHARMACY),
        ("doctors", "dr. Contoh", Kind.DOCTOR),
        ("hospital", "RSUD Contoh", Kind.HOSPITAL),
        ("toko", "Contoh", None),
    ],
)  # fmt: skip
def test_a_kind_is_what_word_and_name_say_together(
    word: str, name: str, meant: Kind | None
) -> None:
    assert kind.understood(word, name, {}, ()) is meant


def test_a_word_that_the_names_refute_says_nothing(session: Session, tmp_path: Path) -> None:
    names = ["dr. Contoh Satu", "dr. Contoh Dua", "Contoh Tiga", "Klinik Contoh"]
    names.append("drg. Contoh Lima")
    lines = [f"{n},{name},Klinik Utama,,,,,,,," for n, name in enumerate(names)]
    kinds = [entry.values.get("kind") for entry in read(session, written(tmp_path, HEAD, *lines))]
    assert kinds == [Kind.DOCTOR, Kind.DOCTOR, None, Kind.MAIN_CLINIC, Kind.DENTIST]


# ── telephones ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    ["081200000000", "81200000000", "+62 812-0000-0000", "62812 0000 0000", "0812.0000.0000",
     "0-081200000000", "081200000000 / 081200000001", "xx; 081200000000"],
)  # fmt: skip
def test_a_number_is_made_one_that_can_be_tapped(text: str) -> None:
    assert phone.normalised(text) == "+6281200000000"


@pytest.mark.parametrize(
    "text", ["", "-", "abc", "123", "+1 202 555 0100", "0812", "08120000000000000"]
)
def test_a_number_that_nobody_can_call_is_none(text: str) -> None:
    assert phone.normalised(text) is None


@given(st.text(max_size=60))
def test_whatever_stands_there_a_number_is_indonesian_or_none(text: str) -> None:
    found = phone.normalised(text)
    assert found is None or found.startswith("+62")
