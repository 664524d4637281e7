"""Which column of a list means what: guessed from its name, or told in a small file."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from models.facility import Kind
from services.listing.table import RefusedFile


class Field(StrEnum):
    """What a list may say of a facility."""

    CODE = "code"
    NAME = "name"
    KIND = "kind"
    ADDRESS = "address"
    VILLAGE = "village"
    DISTRICT = "district"
    REGENCY = "regency"
    PROVINCE = "province"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    POINT = "point"
    """Both in one cell, also inside the address of a map."""
    PHONE = "phone"
    WHATSAPP = "whatsapp"
    HOURS = "hours"
    POLIS = "polis"
    """Each with hours of its own, with «|» between them: «Gigi: Senin 08.00-11.00 | KIA: …»."""
    OWNER = "owner"
    CLASS = "hospital_class"
    PARTNER = "is_partner"
    PARTNER_UNTIL = "partner_until"
    SERVICES = "services"
    DOCTORS = "doctors"
    DENTISTS = "dentists"
    CLOSED = "ended_on"


NAMES: dict[Field, str] = {
    Field.CODE: "@id · kode · source id · id · code · kode rs · kode puskesmas · kode bpjs",
    Field.NAME: "nama · name · nama rs · nama puskesmas · nama klinik · kerja · unit kerja",
    Field.KIND: "jenis · kind · tipe · type · @kind · jenis layanan · healthcare · amenity",
    Field.ADDRESS: "alamat · address · alamat lengkap · jalan · addr full · addr street",
    Field.VILLAGE: "desa · kelurahan · desa kelurahan · kelurahan desa · village · addr village"
    " · nama desa",
    Field.DISTRICT: "kecamatan · kec · district · addr subdistrict · nama kecamatan · distrik",
    Field.REGENCY: "kabupaten · kab · kabupaten kota · kab kota · kota kab · kabkota · regency"
    " · nama kabupaten · nama kab · kota · city · addr city · kota kabupaten",
    Field.PROVINCE: "provinsi · province · nama provinsi · nama prov · prov · name prov"
    " · addr province · propinsi",
    Field.LATITUDE: "latitude · lat · lintang · y",
    Field.LONGITUDE: "longitude · lon · lng · long · bujur · x",
    Field.POINT: "lat long · lat lng · latlong · latlng · koordinat · titik koordinat · lokasi"
    " · google maps · gmaps · link gmaps · tautan gmaps",
    Field.PHONE: "telepon · telp · tlp · phone · no telp · no telepon · nomor telepon · no hp · hp"
    " · contact phone · telephone · contact mobile",
    Field.WHATSAPP: "whatsapp · wa · no wa · nomor whatsapp · contact whatsapp",
    Field.HOURS: "jam buka · jam · hours · opening hours · jam pelayanan · jam operasional",
    Field.POLIS: "jam poli · jadwal poli · poli · polis",
    Field.OWNER: "pemilik · kepemilikan · ownership · owner · penyelenggara · operator",
    Field.CLASS: "kelas · class · hospital class · kelas rs · tipe kelas",
    Field.PARTNER: "kerja sama bpjs · is partner · mitra bpjs · bpjs · kerjasama bpjs",
    Field.PARTNER_UNTIL: "partner until · kerja sama sampai · akhir kerja sama · berlaku sampai",
    Field.SERVICES: "layanan · services · pelayanan",
    Field.DOCTORS: "jumlah dokter · doctors · dokter",
    Field.DENTISTS: "jumlah dokter gigi · dentists · dokter gigi",
    Field.CLOSED: "tanggal tutup · ended on · tutup sejak · closed on",
}
"""Column names as lists have them, the surest first; «faskes» and the like are left out."""
_FILLING = re.compile(r"\b(faskes|fasilitas|kesehatan|fasyankes|yankes|facility|instansi|unit)\b")

EXAMPLE = """\
# Which column of the list means what. Leave out what the list does not have.
source = "dinkes2026"          # a short name for the list
as_of = 2026-05-01             # the day of which it speaks

[columns]
code = "KODE"
name = "NAMA FASKES"           # the only one that must be there
kind = "JENIS"
address = "ALAMAT"
district = "KECAMATAN"
regency = "KABUPATEN"
latitude = "LAT"
longitude = "LONG"
phone = "TELP"

[kinds]                        # words of the list that are not understood by themselves
"KLINIK SWASTA" = "klinik_pratama"
"""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each thing stands in a line, and what else the person told about the list."""

    places: Mapping[Field, int]
    source: str | None = None
    as_of: date | None = None
    kinds: Mapping[str, Kind] = field(default_factory=dict)

    @property
    def missing(self) -> list[Field]:
        """Give what a list must have and this one has not."""
        return [one for one in (Field.NAME,) if one not in self.places]

    def values(self, cells: Sequence[str]) -> dict[Field, str]:
        """Give what a line says, by its meaning; what it leaves empty is left out."""
        found = {what: cells[place] for what, place in self.places.items() if place < len(cells)}
        return {what: cell for what, cell in found.items() if cell.strip()}


def guess(names: Sequence[str]) -> Columns:
    """Guess what each column means; a name that nobody knows means nothing."""
    plain = [_plain(name) for name in names]
    places = {}
    for what, known in NAMES.items():
        for name in known.split(" · "):
            if name in plain:
                places[what] = plain.index(name)
                break
    return Columns(places)


def told(text: str, names: Sequence[str]) -> Columns:
    """Read a mapping file for a list with these columns; raises ValueError with what is wrong."""
    document = tomllib.loads(text)
    places, given = {}, document.get("columns", {})
    for what, name in given.items():
        if name not in names:
            raise ValueError(f"columns.{what}: the list has no column «{name}»")
        places[_one_of(Field, what, "columns")] = names.index(name)
    kinds = {
        word.lower(): _one_of(Kind, kind, f"kinds.{word}")
        for word, kind in document.get("kinds", {}).items()
    }
    as_of = document.get("as_of")
    if as_of is not None and type(as_of) is not date:
        raise ValueError("as_of: a day without quotes, like 2026-05-01")
    return Columns(places, document.get("source"), as_of, kinds)


def refuse_incomplete(columns: Columns, names: Sequence[str]) -> None:
    """Raise RefusedFile, with what is missing and an example, where a list cannot be understood."""
    if columns.missing:
        raise RefusedFile(
            f"no column is found for: {', '.join(columns.missing)}. The list has: "
            f"{', '.join(names)[:500]}.\nWrite a file like this one and give it as --mapping FILE:"
            f"\n\n{EXAMPLE}"
        )


_E = TypeVar("_E", bound=StrEnum)


def _one_of(kind: type[_E], word: str, where: str) -> _E:
    try:
        return kind(word)
    except ValueError:
        known = ", ".join(one.value for one in kind)
        raise ValueError(f"{where}: «{word}» is none of {known}") from None


def _plain(name: str) -> str:
    """Give a column's name as lower-case words: «KodeFaskes» and «kode_faskes» are «kode»."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = re.sub(r"[^a-z@]+", " ", spaced.lower()).strip()
    return " ".join(_FILLING.sub(" ", words).split()) or words
