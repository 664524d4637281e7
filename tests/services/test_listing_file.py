"""Files that hold lists: encodings, separators, broken quotes, and what is refused unread."""

import csv
import gzip
import io
import json
import stat
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.listing import RefusedFile, guess, open_table, refuse_incomplete, told
from services.listing.column import EXAMPLE, Field
from services.listing.packed import CHUNK
from services.listing.table import MAX_CELL, MAX_COLUMNS, Table
from tests.services.listing_town import written

TEXT = "kode{0}nama{0}alamat\n1{0}Puskesmas Contoh Café{0}Jl. Melati\n2{0}Klinik Contoh – Dua{0}\n"


def cells(table: Table) -> list[list[str]]:
    return [list(line.cells) for line in table.lines()]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_csv_is_read_however_it_was_exported(
    tmp_path: Path, separator: str, encoding: str, packed: bool
) -> None:
    file, data = tmp_path / "daftar.csv", TEXT.format(separator).encode(encoding)
    file.write_bytes(gzip.compress(data) if packed else data)
    table = open_table(file)
    assert table.columns == ["kode", "nama", "alamat"]
    assert [row[1] for row in cells(table)] == ["Puskesmas Contoh Café", "Klinik Contoh – Dua"]
    assert cells(table) == cells(table)  # it is read as often as it is needed


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=12),
            min_size=3,
            max_size=3,
        ).filter(lambda row: any(cell.strip() for cell in row)),
        max_size=6,
    ),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@example(rows=[["", ",", ","]], separator=";", encoding="utf-8")
def test_what_a_program_writes_reads_back(
    tmp_path: Path, rows: list[list[str]], separator: str, encoding: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows([["kode", "nama", "alamat"], *rows])
    file = tmp_path / "daftar.csv"
    file.write_bytes(text.getvalue().encode(encoding))
    assert cells(open_table(file)) == rows


def test_a_line_is_found_where_its_number_says(tmp_path: Path) -> None:
    file = written(
        tmp_path, "Daftar Contoh 2026,,", "", "kode,nama,alamat", '1,A,"Jl.\nMelati"', "2,B,"
    )
    assert [(line.number, line.cells[1]) for line in open_table(file).lines()] == [
        (4, "A"),
        (6, "B"),
    ]


def test_a_quote_that_never_ends_costs_one_line(tmp_path: Path) -> None:
    rest = [f"{number},Contoh {number},x" for number in range(2, 60)]
    lines = list(open_table(written(tmp_path, "kode,nama,alamat", '1,"Rusak,x', *rest)).lines())
    assert [line.number for line in lines] == list(range(2, 61))
    assert "never closed" in lines[0].fault
    assert not any(line.fault for line in lines[1:])


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (f"1,{'x' * (MAX_CELL + 1)},y", "characters"),
        (f"1,{'x' * 300_000},y", "characters"),
        ("1,Contoh,y,z,too many", "columns"),
    ],
)
def test_a_bad_line_is_told_and_the_others_are_read(tmp_path: Path, bad: str, why: str) -> None:
    table = open_table(written(tmp_path, "kode,nama,alamat", bad, "2,Contoh Dua,y"))
    first, second = table.lines()
    assert why in first.fault
    assert (second.number, second.cells[1], second.fault) == (3, "Contoh Dua", "")


def workbook(file: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        assert book.active is not None
        book.active.append(row)
    book.save(file)
    return file


def test_a_workbook_gives_values(tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "daftar.xlsx", ["Daftar Contoh"], ["Kode", "Nama", "Lintang"],
        [2190002, "Contoh", -6.95], ["02190003", "=HYPERLINK(1)", 7.0],
    )  # fmt: skip
    table = open_table(file)
    assert cells(table) == [["2190002", "Contoh", "-6.95"], ["02190003", "", "7"]]
    assert [line.number for line in table.lines()] == [3, 4]


def repacked(file: Path, **parts: bytes) -> Path:
    """Add parts to a workbook, or put others in their place."""
    with zipfile.ZipFile(file) as archive:
        there = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (there | parts).items():
            archive.writestr(name, data)
    return file


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return workbook(tmp_path / "daftar.xlsx", ["kode", "nama"], ["1", "Contoh"])


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("xl/vbaProject.bin", b"x", "macros"),
        ("[Content_Types].xml", b"<x>ms-excel.sheet.macroEnabled.main+xml</x>", "macros"),
        ("[Content_Types].xml", b"<x/>", "no XLSX"),
        ("xl/externalLinks/externalLink1.xml", b"<x/>", "other files"),
        ("../../etc/contoh", b"x", "outside"),
        ("/etc/contoh", b"x", "outside"),
        ("xl/inner.zip", b"PK", "archive"),
        ("xl/big.xml", b"0" * 10_000_000, "times as large"),
        ("xl/worksheets/sheet1.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "entities"),
        ("xl/worksheets/sheet1.xml", b'<x><c r="A1"/><c r="XFD1048576"/></x>', "reaches to XFD"),
        ("xl/worksheets/sheet1.xml", b'<x><row r="1048576"/></x>', "reaches to"),
        ("xl/worksheets/sheet1.xml", b"not XML at all", "nothing|no workbook"),
    ],
)  # fmt: skip
def test_a_harmful_workbook_is_refused(book: Path, name: str, data: bytes, why: str) -> None:
    with pytest.raises(RefusedFile, match=why):
        open_table(repacked(book, **{name: data}))


def test_a_far_cell_is_found_wherever_it_stands(book: Path) -> None:
    """Parts are read piece by piece, and a piece may end within the name of a cell."""
    for before in range(CHUNK - 20, CHUNK):
        sheet = b"<x>".ljust(before) + b'<c r="XFD1048576"/></x>'
        with pytest.raises(RefusedFile, match="reaches to XFD"):
            open_table(repacked(book, **{"xl/worksheets/sheet1.xml": sheet}))


def test_a_workbook_of_many_parts_or_links_is_refused(book: Path) -> None:
    link = zipfile.ZipInfo("xl/link.xml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(RefusedFile, match="link"):
        open_table(book)
    with zipfile.ZipFile(book, "a") as archive:
        for number in range(1_001):
            archive.writestr(f"xl/{number}.xml", "")
    with pytest.raises(RefusedFile, match="parts"):
        open_table(book)


def test_a_size_that_lies_is_found(book: Path) -> None:
    """The directory at the end of a zip may say whatever it likes."""
    repacked(book, **{"xl/big.xml": b"0" * 1_000_000})
    data = book.read_bytes()
    lying = data.replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != data
    book.write_bytes(lying)
    with pytest.raises(RefusedFile):
        open_table(book)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (gzip.compress(b"kode,nama\n" + b"0" * 9_000_000, mtime=0), "times as large"),
        (gzip.compress(gzip.compress(b"kode,nama\n", mtime=0), mtime=0), "packed twice"),
        (gzip.compress(b"kode,nama\n1,Contoh\n", mtime=0)[:-9], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or locked"),
        (b"%PDF-1.7", "no list"),
        pytest.param(b"x" * 200_000, "more than 100000 characters", id="line"),
        (b"", "nothing"),
        (b"\n\n,,\n", "nothing"),
        (b'{"a": [1, 2', "JSON"),
        (b"[1, 2]", "object"),
        pytest.param(b"nama," * 30_000, "more than 100000 characters", id="columns"),
        (",".join(["nama", *map(str, range(5_000))]).encode() + b"\n", f"{MAX_COLUMNS} are read"),
    ],
)
def test_what_is_no_list_is_refused(tmp_path: Path, data: bytes, why: str) -> None:
    file = tmp_path / "daftar.csv"
    file.write_bytes(data)
    with pytest.raises(RefusedFile, match=why):
        open_table(file)


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    file = tmp_path / "daftar.csv"
    with file.open("wb") as opened:
        opened.truncate(101 * 2**20)
    with pytest.raises(RefusedFile, match="100 MB"):
        open_table(file)
    with pytest.raises(RefusedFile, match="cannot be opened"):
        open_table(tmp_path / "none.csv")


def test_a_line_without_end_takes_little_memory(tmp_path: Path) -> None:
    file = tmp_path / "daftar.csv"
    file.write_bytes(b"kode,nama\n1," + b"x" * 20_000_000 + b"\n2,Contoh\n")
    tracemalloc.start()
    lines = list(open_table(file).lines())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [bool(line.fault) for line in lines] == [True, False]
    assert peak < 5_000_000


OSM = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": "node/1",
            "properties": {
                "amenity": "hospital", "name": "RS Contoh", "emergency": "yes",
                "contact:phone": "+62 812 0000 0000", "addr:street": "Jl. Melati",
                "addr:housenumber": "7", "addr:city": "Tegal", "opening_hours": "Mo-Fr 08:00-14:00",
            },
            "geometry": {"type": "Point", "coordinates": [109.13, -6.87]},
        },
        {
            "type": "Feature",
            "id": "way/2",
            "properties": {"healthcare": "clinic", "name": "Klinik Contoh"},
            "geometry": {
                "type": "Polygon", "coordinates": [[[109.0, -6.9], [109.2, -6.9], [109.2, -6.7]]],
            },
        },
        {
            "type": "Feature",
            "id": "node/3",
            "properties": {"shop": "bakery", "name": "Roti Contoh"},
            "geometry": {"type": "Point", "coordinates": [109.1, -6.8]},
        },
    ],
}  # fmt: skip


def test_openstreetmap_is_read_by_its_tags(tmp_path: Path) -> None:
    table = open_table(written(tmp_path, json.dumps(OSM, indent=1), name="osm.geojson"))
    columns = guess(table.columns)
    first, second = (columns.values(line.cells) for line in table.lines())
    assert first == {
        Field.CODE: "node/1", Field.NAME: "RS Contoh", Field.KIND: "hospital",
        Field.ADDRESS: "Jl. Melati 7", Field.REGENCY: "Tegal", Field.LATITUDE: "-6.87",
        Field.LONGITUDE: "109.13", Field.PHONE: "+62 812 0000 0000",
        Field.HOURS: "Mo-Fr 08:00-14:00",
    }  # fmt: skip
    assert second == {
        Field.CODE: "way/2", Field.NAME: "Klinik Contoh", Field.KIND: "clinic",
        Field.LATITUDE: "-6.8", Field.LONGITUDE: "109.1",
    }  # fmt: skip


@pytest.mark.parametrize("shape", ["list", "map"])
def test_plain_objects_are_lines(tmp_path: Path, shape: str) -> None:
    rows = [{"kode": str(n), "nama": f'Contoh {n} \\ " }}', "lat": -6.9} for n in range(3_000)]
    document = rows if shape == "list" else {row["kode"]: row for row in rows}
    table = open_table(written(tmp_path, json.dumps(document), name="daftar.json"))
    assert cells(table) == [[row["kode"], row["nama"], "-6.9"] for row in rows]


# ── columns ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "names",
    [
        "source_id,name,kind,address,village,district,regency,province,latitude,longitude,phone",
        "Kode Faskes,Nama Faskes,Jenis,Alamat,Desa,Kecamatan,Kab/Kota,Provinsi,Lintang,Bujur,HP",
        "KodeFaskes,NamaFaskes,TipeFaskes,AlamatFaskes,Desa,Kec,KotaKab,Provinsi,Lat,Long,TelpFaskes",
        "kode_rs,nama_unit,jenis_faskes,alamat_faskes,desa,kec,kabkota,name_prov,lat_,long_,telp",
    ],
)
def test_columns_are_known_by_their_usual_names(names: str) -> None:
    places = guess(names.split(",")).places
    assert list(places.values()) == list(range(11))
    assert list(places) == [*list(Field)[:10], Field.PHONE]


def test_a_list_that_cannot_be_guessed_says_what_to_do() -> None:
    columns = guess(["a", "b"])
    with pytest.raises(RefusedFile, match=r"(?s)name.*\[columns\]") as refused:
        refuse_incomplete(columns, ["a", "b"])
    assert EXAMPLE in str(refused.value)


def test_the_example_of_a_mapping_is_one() -> None:
    names = [
        "KODE",
        "NAMA FASKES",
        "JENIS",
        "ALAMAT",
        "KECAMATAN",
        "KABUPATEN",
        "LAT",
        "LONG",
        "TELP",
    ]
    columns = told(EXAMPLE, names)
    assert columns.source == "dinkes2026"
    assert columns.values(["1", "Contoh"]) == {Field.CODE: "1", Field.NAME: "Contoh"}
    assert columns.kinds == {"klinik swasta": "klinik_pratama"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[columns]\nname = "Tidak ada"', "no column «Tidak ada»"),
        ('[columns]\nnama = "A"', "none of code, name"),
        ('[columns]\nname = "A"\n[kinds]\n"X" = "toko"', "none of puskesmas"),
        ('as_of = "2026-05-01"', "a day without quotes"),
        ("[columns", "TOML|Expected"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        told(text, ["A"])
