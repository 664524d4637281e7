"""What a facility is: from the list's own word, and from its name where the name says it better.

Public lists mislabel: the BPJS list of 2019 calls some 4,000 single doctors «Klinik Utama».
"""

import re
from collections.abc import Collection, Mapping

from models.facility import Kind

_WORDS: tuple[tuple[str, Kind | None], ...] = (
    (r"pustu|puskesmas pembantu", Kind.PUSTU),
    (r"puskesmas|pkm", Kind.PUSKESMAS),
    (r"(rs|rsu|rsud|rumah sakit)( umum| daerah| kelas| tipe| d)* pratama", Kind.PRATAMA_HOSPITAL),
    (r"rumah sakit|rs|rsu|rsud|rsup|rsia|rsk|rst|hospital", Kind.HOSPITAL),
    (r"klinik (tni|polri).*|klinik pratama (tni|polri).*", Kind.FORCES),
    (
        r"klinik gigi|dokter gigi|dentist|dpp gigi|praktik dokter gigi|praktek dokter gigi",
        Kind.DENTIST,
    ),
    (r"klinik utama|klinik mata|klinik spesialis", Kind.MAIN_CLINIC),
    (r"klinik (kecantikan|akupuntur|akupunktur)", Kind.OTHER),
    (r"klinik|clinic|poliklinik|balai pengobatan", Kind.CLINIC),
    (r"dokter|doctors?|dpp|prakt[ei]k dokter", Kind.DOCTOR),
    (r"bidan|pmb|midwife|prakt[ei]k bidan", Kind.MIDWIFE),
    (r"apotek|apotik|pharmacy", Kind.PHARMACY),
    (r"posyandu|poskesdes|polindes|laboratorium|optik", Kind.OTHER),
)
_BEGINNINGS = [(re.compile(rf"(?:{words})\b"), kind) for words, kind in _WORDS]
_BUREAU = re.compile(r"(?:upt |uptd |blud )*(?:puskesmas )?dinas\b(?! .*(?:klinik|puskesmas|rs))")
_UNIT = re.compile(r"(?:uptd?|blud|uobk|upk|unit pelaksana teknis(?: daerah)?)\b\s*")
_PRATAMA = re.compile(
    r"(?:uptd? )?(?:rs|rsu|rsud|rumah sakit)(?: umum| daerah| kelas| tipe| d)* pratama\b"
)
_REFINED = {
    (Kind.CLINIC, Kind.MAIN_CLINIC),
    (Kind.CLINIC, Kind.FORCES),
    (Kind.HOSPITAL, Kind.PRATAMA_HOSPITAL),
    (Kind.PUSKESMAS, Kind.PUSTU),
}
_FORCES = re.compile(
    r"\b(tni|polri|polres|polresta|polda|kodim|korem|kodam|yonif|yonkes|lanal|lanud|denkes\w*|"
    r"poskes|kesdam|bhayangkara|brimob|koramil|dokkes|urkes|yonarmed|yonzipur|yonkav|kostrad)\b"
)
_DENTIST = re.compile(r"\b(drg|dokter gigi)\b")
_DOCTOR = re.compile(r"\b(dr|dokter|dpp)\b")
_MIDWIFE = re.compile(r"\b(bidan|pmb|bpm|amd keb)\b")
_CLINICS = frozenset({Kind.CLINIC, Kind.MAIN_CLINIC, Kind.FORCES})
_DOUBTFUL = _CLINICS | {Kind.DOCTOR, Kind.DENTIST, Kind.OTHER}
"""Labels that a name may correct: lists use them for whatever has no label of its own."""


def plain(text: str) -> str:
    """Give a text as lower-case words of letters and digits."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def is_bureau(word: str, name: str) -> bool:
    """Tell whether a line is an office, where nobody is treated."""
    return plain(word).startswith("dinas") or bool(_BUREAU.match(plain(name)))


def understood(
    word: str, name: str, told: Mapping[str, Kind], doubted: Collection[str]
) -> Kind | None:
    """Give the kind that a list's word and the name mean together; None where neither says it.

    `told` are words that a person explained, `doubted` words that the list uses for anything.
    """
    if word.lower().strip() in told:
        return told[word.lower().strip()]
    label, called = meant(word), named(name)
    if plain(word) in doubted and called is None:
        return None
    return _sharper(_surer(label, called, plain(word)), plain(name))


def meant(word: str) -> Kind | None:
    """Give the kind that a list's own word means."""
    return _by(plain(word))


def is_refined(label: Kind | None, kind: Kind | None) -> bool:
    """Tell whether a kind says no more than the label, or more, but nothing else."""
    return label in (None, kind) or (label, kind) in _REFINED


def _surer(label: Kind | None, called: Kind | None, word: str) -> Kind | None:
    if called is None or label is None:
        return called or label
    if label in _DOUBTFUL:
        # «Klinik Gigi», «Klinik Pratama» say more than a name that begins with «Klinik».
        return label if called in _CLINICS and word.startswith("klinik ") else called
    if label is Kind.HOSPITAL:
        return label if called is Kind.DOCTOR else called
    return called if (label, called) == (Kind.PUSKESMAS, Kind.PUSTU) else label


def _by(words: str) -> Kind | None:
    return next((kind for begin, kind in _BEGINNINGS if begin.match(words)), None)


def named(name: str) -> Kind | None:
    """Give what a name says of itself: its first word, or a title anywhere for a single person."""
    name = _UNIT.sub("", plain(name))
    if re.match(r"prakt[ei]k|dpp\b|bidan\b|pmb\b", name) or _by(name) is None:
        for title, kind in (
            (_DENTIST, Kind.DENTIST),
            (_MIDWIFE, Kind.MIDWIFE),
            (_DOCTOR, Kind.DOCTOR),
        ):
            if title.search(name):
                return kind
    return _by(name)


def _sharper(kind: Kind | None, name: str) -> Kind | None:
    if kind in _CLINICS and _FORCES.search(name):
        return Kind.FORCES
    if kind is Kind.HOSPITAL and _PRATAMA.match(name):
        return Kind.PRATAMA_HOSPITAL
    return kind
