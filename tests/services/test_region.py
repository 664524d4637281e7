"""Regions: lists are entered line by line, places are found as people write them."""

import gzip
import re
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.facility import Zone
from models.region import Region
from services import region
from services.content import CONTENT, catalogue
from services.region import Match, Regions, Report, listing
from services.region.search import find

SAMPLE = CONTENT / "sample" / "regions.csv"


def entered(session: Session, file: Path) -> Report:
    return region.enter(session, listing.read(file))


@pytest.fixture(scope="module")
def sample() -> Regions:
    """The sample list in memory, as it is read from a database that has it."""
    return Regions(
        (line.code, line.name, float(line.latitude), float(line.longitude))
        for line in listing.read(SAMPLE)
    )


def codes(matches: list[Match]) -> list[str]:
    return [match.place.code for match in matches]


def written(tmp_path: Path, *lines: str, name: str = "regions.csv") -> Path:
    file = tmp_path / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


# ── entering a list ─────────────────────────────────────────────────────────────────────────────


def test_a_list_is_entered_once_and_changes_nothing_the_second_time(each_session: Session) -> None:
    lines = len(SAMPLE.read_text(encoding="utf-8").splitlines()) - 1
    first, second = entered(each_session, SAMPLE), entered(each_session, SAMPLE)
    assert (first.added, first.changed, first.unchanged, first.rejected) == (lines, 0, 0, [])
    assert (second.added, second.changed, second.unchanged, second.rejected) == (0, 0, lines, [])
    kept = each_session.get_one(Region, "33.29.14.2012")
    assert (kept.level, kept.name, kept.parent_code) == (4, "Kluwut", "33.29.14")
    assert (kept.latitude, kept.longitude) == (-6.88, 108.92)


def test_what_changed_is_changed_and_read_anew(each_session: Session, tmp_path: Path) -> None:
    entered(each_session, SAMPLE)
    assert region.name(each_session, "33.29.14") == "Kec. Bulakamba, Kab. Brebes"
    newer = written(tmp_path, "code,name,latitude,longitude", "33.29.14,Bulakambo,,")
    assert entered(each_session, newer).changed == 1
    assert region.name(each_session, "33.29.14") == "Kec. Bulakambo, Kab. Brebes"
    place = region.get(each_session, "33.29.14")
    assert place is not None
    assert place.latitude == -6.87, "a list without the point does not erase the known one"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("3329,2,Brebes,33,-7,109", "no code of the form"),
        ("33.2,2,Brebes,33,-7,109", "no code of the form"),
        ("33.29.14.201,4,Kluwut,33.29.14,-7,109", "no code of the form"),
        ("=33,1,Jawa Tengah,,-7,109", "no code of the form"),
        ("34.01,2,Kabupaten Kulon Progo,34,-7.8,110.1", "there is no 34"),
        ("33.28,3,Kabupaten Tegal,33,-7,109", "not one of level 3"),
        ("33.28,2,Kabupaten Tegal,34,-7,109", "parent's, 34"),
        ("33.28,2,,33,-7,109", "no name"),
        (f"33.28,2,{'Tegal' * 30},33,-7,109", "no name"),
        ("33.28,2,Kabupaten Tegal,33,109,-7", "109.0, -7.0 is not in Indonesia"),
        ("33.28,2,Kabupaten Tegal,33,0,0", "not in Indonesia"),
        ("33.28,2,Kabupaten Tegal,33,-7,", "no number of degrees"),
        ("33.28,2,Kabupaten Tegal,33,nan,109", "not in Indonesia"),
        ('33.28,2,Kabupaten Tegal,33,"-7,1",109', "no number of degrees"),
        ("33.29,2,Kabupaten Brebes,33,-7,109", "line 3 has this code already"),
        ("33.28", "too few cells"),
        (f"33.28,2,{'T' * 20_000}", "a quote is missing"),
        (f"33.28,2,{'T' * 300_000}", "a quote is missing"),
    ],
)
def test_a_bad_line_is_refused_with_its_reason_and_the_rest_is_taken(
    session: Session, tmp_path: Path, line: str, reason: str
) -> None:
    report = entered(
        session,
        written(
            tmp_path,
            "code,level,name,parent_code,latitude,longitude",
            "33,1,Jawa Tengah,,-7.3,110.2",
            "33.29,2,Kabupaten Brebes,33,-7,109",
            line,
            "33.29.14,3,Bulakamba,33.29,-6.9,108.9",
        ),
    )
    assert [one.line for one in report.rejected] == [4]
    assert reason in report.rejected[0].reason
    assert set(session.scalars(select(Region.code))) == {"33", "33.29", "33.29.14"}


def test_children_may_stand_before_their_parents(session: Session, tmp_path: Path) -> None:
    turned = written(
        tmp_path, "kode;nama", "33.29.14;Bulakamba", "33.29;Kabupaten Brebes", "33;Jawa Tengah"
    )
    assert entered(session, turned).added == 3
    assert codes(list(region.find(session, "bulakamba"))) == ["33.29.14"]


def test_a_packed_list_is_read_and_a_broken_one_refused(session: Session, tmp_path: Path) -> None:
    packed = tmp_path / "regions.csv.gz"
    packed.write_bytes(gzip.compress(b"\xef\xbb\xbf" + SAMPLE.read_bytes()))
    assert entered(session, packed).added > 100
    packed.write_bytes(packed.read_bytes()[:-200])
    with pytest.raises(ValueError, match="not whole"):
        entered(session, packed)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "names no columns"),
        (b"a,b\n1,2\n", "names no columns"),
        (b"code,name\n33,Jawa T\xe9ngah\n", "line 2 is not UTF-8"),
        (b"code\x00,name\n", "names no columns"),
    ],
)
def test_what_is_no_list_is_refused(
    session: Session, tmp_path: Path, content: bytes, sentence: str
) -> None:
    file = tmp_path / "regions.csv"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=sentence):
        entered(session, file)


def test_a_list_that_unpacks_into_too_much_is_refused(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "LARGEST", 100_000)
    bomb = tmp_path / "regions.csv.gz"
    bomb.write_bytes(gzip.compress(b"code,name\n" + b" " * 200_000))
    with pytest.raises(ValueError, match="no list of regions"):
        entered(session, bomb)


def test_the_sql_of_the_public_repository_is_read(session: Session, tmp_path: Path) -> None:
    names = written(
        tmp_path,
        "CREATE TABLE wilayah (kode varchar(13) NOT NULL);",
        "INSERT INTO wilayah (kode, nama)",
        "VALUES",
        "('53','Nusa Tenggara Timur'),",
        "('53.10','Kabupaten Manggarai'),",
        "('53.10.01','Wae Ri''i');",
        name="wilayah.sql",
    )
    assert entered(session, names).added == 3
    points = written(
        tmp_path,
        "INSERT INTO wilayah_boundaries(kode,nama,lat,lng,path) VALUES",
        "\t('53.10','Manggarai',-8.6,120.4,'[[[-8.5,120.3],[-8.6,120.4]]]');",
        name="wilayah_boundaries_kab_53.sql",
    )
    assert entered(session, points).changed == 1
    kept = session.get_one(Region, "53.10")
    session.refresh(kept)
    assert (kept.name, kept.latitude) == ("Kabupaten Manggarai", -8.6)
    assert session.get_one(Region, "53.10.01").name == "Wae Ri'i"
    with pytest.raises(ValueError, match="no row"):
        entered(session, written(tmp_path, "SELECT 1;", name="other.sql"))


# ── what is known of a region ───────────────────────────────────────────────────────────────────


def test_what_is_known_of_a_region(session: Session) -> None:
    entered(session, SAMPLE)
    path = region.path(session, "33.29.14.2012")
    assert [place.name for place in path] == [
        "Kluwut", "Bulakamba", "Kabupaten Brebes", "Jawa Tengah"
    ]  # fmt: skip
    assert [place.level for place in path] == [4, 3, 2, 1]
    assert region.get(session, "33.29.14.2012") == path[0]
    for unknown in ("99.99", "", "x"):
        assert region.path(session, unknown) == []
        assert region.get(session, unknown) is None
        assert region.name(session, unknown) == unknown
    assert codes(region.find(session, "klwut"))[0] == "33.29.14.2012"
    nearest = region.around(session, -6.88, 108.92)
    assert nearest == path[0]
    for code, name in {
        "33.29.14.2012": "Desa Kluwut, Kec. Bulakamba, Kab. Brebes",
        "53.71.03.1010": "Kel. Oesapa, Kec. Kelapa Lima, Kota Kupang",
        "31.71.07": "Kec. Tanah Abang, Kota Administrasi Jakarta Pusat",
        "64.03": "Kab. Berau",
        "64": "Kalimantan Timur",
    }.items():
        assert region.name(session, code) == name


def test_in_papua_a_kecamatan_is_a_distrik(session: Session, tmp_path: Path) -> None:
    entered(session, written(tmp_path, "code,name", "91,Papua", "91.71,Kota Jayapura",
                             "91.71.01,Jayapura Utara"))  # fmt: skip
    assert region.name(session, "91.71.01") == "Distrik Jayapura Utara, Kota Jayapura"


def test_the_time_of_a_region_is_its_province_s() -> None:
    assert region.zone("33.29.14.2012") is Zone.WIB
    assert region.zone("62.71") is Zone.WIB, "Kalimantan is divided"
    assert region.zone("64.03") is Zone.WITA
    assert region.zone("96") is Zone.WIT
    assert region.zone("99") is None


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [
        (-6.881, 108.921, "33.29.14.2012"),
        (-10.151, 123.652, "53.71.03.1010"),
        (2.0, 118.9, "64.03.07.2004"),  # in the sea
        (5.98, 116.07, "64.03.06.1003"),  # abroad
    ],
)
def test_the_village_whose_middle_is_nearest(
    sample: Regions, latitude: float, longitude: float, code: str
) -> None:
    found = sample.nearest_village(latitude, longitude)
    assert found is not None
    assert sample.place(found).code == code


def test_without_regions_nothing_is_found(session: Session) -> None:
    assert region.around(session, -6.9, 109) is None
    assert region.find(session, "brebes") == []
    assert region.path(session, "33.29") == []


# ── finding places ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kab brebes", "33.29"),
        ("kec. bulakamba", "33.29.14"),
        ("desa bulakamba", "33.29.14.2003"),
        ("klwut bulakamba", "33.29.14.2012"),
        ("Bulakamba, desa Kluwut", "33.29.14.2012"),
        ("kab brebes kec bulakamba desa kluwut", "33.29.14.2012"),
        ("brebes kluwut", "33.29.14.2012"),
        ("saya di kluwut, brebes", "33.29.14.2012"),
        ("randusanga kln", "33.29.09.2018"),
        ("bumi ayu", "33.29.03"),
        ("sirampok brebes", "33.29.05"),
        ("tandjoeng brebes", "33.29.13"),
        ("bantar kawung", "33.29.02"),
        ("kota tegal", "33.76"),
        ("kab tegal", "33.28"),
        ("tegal kota", "33.76"),
        ("mejasem tmr", "33.28.15.2020"),
        ("desa talang kec talang tegal", "33.28.12.2013"),
        ("tj redeb", "64.03.05"),
        ("p. derawan", "64.03.07"),
        ("kampung merabu kelay", "64.03.01.2001"),
        ("sungai bebanir bangun", "64.03.03.2010"),
        ("klp lima kupang", "53.71.03"),
        ("usapa", "53.71.03.1010"),
        ("osapa brat kota kupang", "53.71.03.1014"),
        ("bakunase 2", "53.71.05.1002"),
        ("bakunase II", "53.71.05.1002"),
        ("kel obea kota lama", "53.71.06.1007"),
        ("kupang tengah", "53.01.08"),
        ("jakpus", "31.71"),
        ("djohar baroe", "31.71.08"),
        ("bend. hilir", "31.71.07.1002"),
        ("kmayoran jakarta", "31.71.03"),
        ("ntt", "53"),
        ("jateng", "33"),
        ("dki", "31"),
        ("jakarta", "31"),
        ("derawan", "64.03.07"),
        ("kodya tegal", "33.76"),
        ("RT 03/RW.01 desa kluwut bulakamba", "33.29.14.2012"),
        ("dusun krajan, desa kluwut, brebes", "33.29.14.2012"),
        ("jl diponegoro brebes", "33.29"),
        ("33.29.14", "33.29.14"),
        ("3329142012", "33.29.14.2012"),
        ("kode 64.03 berau", "64.03"),
        ("jatisawit dekat losari", "33.29.12.2005"),
        ("jatisawit dkt bumiayu", "33.29.03.2004"),
    ],
)
def test_a_place_is_found_as_people_write_it(sample: Regions, text: str, code: str) -> None:
    assert codes(find(sample, text))[0] == code


@pytest.mark.parametrize("key", ["place.question", "place.unknown"])
def test_who_copies_our_example_finds_a_place_also_in_the_demo(sample: Regions, key: str) -> None:
    example = re.search("<i>(.+?)</i>", catalogue()[key])
    assert example
    assert find(sample, example[1])[0].score > 95


@pytest.mark.parametrize(
    "text", ["", " ", "?!", "di", "desa", "kec kab", "🙂", "x" * 5000, "99.99"]
)
def test_nothing_to_go_by_is_survived(sample: Regions, text: str) -> None:
    assert all(match.score < 50 for match in find(sample, text))


def test_several_places_of_one_name_are_offered(sample: Regions) -> None:
    offered = region.is_ambiguous(find(sample, "jatisawit"))
    assert codes(offered) == ["33.29.03.2004", "33.29.12.2005"]
    offered = region.is_ambiguous(find(sample, "kupang"))
    assert codes(offered) == ["53.01", "53.71"]


def test_a_kecamatan_and_its_village_of_one_name_are_not_asked_about(sample: Regions) -> None:
    found = find(sample, "bulakamba")
    assert codes(found)[:2] == ["33.29.14", "33.29.14.2003"]
    assert region.is_ambiguous(found) == []
    assert region.is_ambiguous([]) == []


@pytest.mark.parametrize(
    ("hint", "code"),
    [
        ("33.29.12", "33.29.12.2005"),
        ("33.29.03.2004", "33.29.03.2004"),
        ("33.28.02", "33.29.03.2004"),
    ],
)
def test_where_somebody_is_decides_between_equals(sample: Regions, hint: str, code: str) -> None:
    assert codes(find(sample, "jatisawit", hint=hint))[0] == code


def test_who_is_near_one_of_them_is_not_asked_which(sample: Regions) -> None:
    """Kupang's two regencies lie side by side, so there it still has to be asked."""
    assert region.is_ambiguous(find(sample, "kupang", hint="53.71"))
    two = Regions(
        [
            ("33", "Jawa Tengah", -7.3, 110.2),
            ("33.01", "Kabupaten Contoh", -7.0, 109.0),
            ("53", "Nusa Tenggara Timur", -9.3, 122.2),
            ("53.01", "Kota Contoh", -10.0, 123.0),
        ]
    )
    assert region.is_ambiguous(find(two, "contoh"))
    assert region.is_ambiguous(find(two, "contoh", hint="53")) == []
    assert codes(find(two, "contoh", hint="53"))[0] == "53.01"
    assert codes(find(two, "contoh dekat jawa tengah"))[0] == "33.01"


def test_a_hint_does_not_overrule_what_was_said(sample: Regions) -> None:
    assert codes(find(sample, "jatisawit losari", hint="33.29.03"))[0] == "33.29.12.2005"
    assert codes(find(sample, "kluwut", hint="53.71"))[0] == "33.29.14.2012"
    assert codes(find(sample, "kluwut", hint="99"))[0] == "33.29.14.2012"
