"""The danger net: which words it hears. What it sets off is told in the stories."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.danger import doubts, find
from services.reading import read

DATA = Path(__file__).parent.parent / "data"
SENTENCES = [json.loads(line) for line in (DATA / "dev_danger.jsonl").read_text().splitlines()]
OWN = [json.loads(line) for line in (DATA / "own_danger.jsonl").read_text().splitlines()]


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Anak saya kejang", "kesadaran"),
        ("KEJANG!!!", "kesadaran"),
        ("sudah dua kali kejangnya", "kesadaran"),
        ("bapak pingsan, tidak sadar", "kesadaran"),
        ("sesek nafas dari tadi", "napas"),
        ("dia sesak... napas", "napas"),
        ("ｓｅｓａｋ ｎａｐａｓ", "napas"),
        ("nyeri dada tembus punggung", "dada"),
        ("mulutnya mencong sebelah", "stroke"),
        ("ada pendarahan", "perdarahan"),
        ("tidak demam tapi kejang", "kesadaran"),
        ("bayi tidak mau menyusu", "bayi"),
        ("saya ingin mati", "bunuh_diri"),
        ("suami dipukuli, saya juga dipukuli", "kekerasan"),
    ],
)
def test_a_sign_is_heard(text: str, group: str) -> None:
    assert group in find(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Halo dok",
        "batuk pilek tiga hari",
        "tidak kejang",
        "tdk sesak napas",
        "ga kejang kok dok",
        "belum ada apa-apa, tidak pingsan",
        "tanpa nyeri dada",
        "bukan stroke kata dokter",
    ],
)
def test_what_is_none_is_not(text: str) -> None:
    assert find(text) == []


def test_several_signs_are_all_heard() -> None:
    assert set(find("kejang dan sesak napas")) == {"kesadaran", "napas"}


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda one: one["text"][:40])
def test_every_danger_of_the_made_up_sentences_is_heard_and_no_other(
    sentence: dict[str, Any],
) -> None:
    assert bool(find(sentence["text"])) is sentence["danger"]


def test_the_group_is_mostly_the_one_that_a_nurse_names() -> None:
    dangers = [one for one in SENTENCES if one["danger"]]
    right = sum(one["group"] in find(one["text"]) for one in dangers)
    assert right >= 0.95 * len(dangers)


def test_nearly_every_danger_of_our_own_sentences_is_heard() -> None:
    dangers = [one["text"] for one in OWN if one["danger"]]
    missed = [text for text in dangers if not find(text)]
    assert len(missed) <= 0.05 * len(dangers), missed


def test_nearly_no_ordinary_request_is_called_a_danger() -> None:
    """«Umur 34, batuk 4 hari»: numbers of all kinds stand in them."""
    requests = [
        json.loads(line)["text"]
        for name in ("dev_intake.jsonl", "own_intake.jsonl")
        for line in (DATA / name).read_text().splitlines()
    ]
    false = [text for text in requests if find(text)]
    assert len(false) <= 0.03 * len(requests), false


def test_nearly_no_harmless_sentence_of_our_own_is_called_a_danger() -> None:
    harmless = [one["text"] for one in OWN if not one["danger"]]
    false = [text for text in harmless if find(text)]
    assert len(false) <= 0.05 * len(harmless), false


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("bapak dibacokin orang", "perdarahan"),
        ("kaki anak saya ini dingin", "anak"),
        ("lihat kapala tabantur imbah tu muntah", "perdarahan"),
        ("kejang obat tidak ada", "kesadaran"),
        ("sesak napas, mobil tidak ada", "napas"),
        ("spo2 nenek 86", "napas"),
        ("bayi 2 minggu suhu 38,1", "bayi"),
        ("minum 15 butir parasetamol obat sisa", "alergi"),
        ("saya ditabok suami", "kekerasan"),
        ("dia pukul 2 kali anak saya", "kekerasan"),
        ("anak 2 th ditawari minum tidak mau", "anak"),
        ("anak 2 th minum ogah", "anak"),
        ("aku wis ora kuat, kepengin ngendhat", "bunuh_diri"),
        ("lara dodo kiwo", "dada"),
        ("tali pusatnya bau, bayi lahir minggu lalu", "bayi"),
        ("bayi 4 hari lahir batuk", "bayi"),
        ("si kakak 6 th sesek", "anak"),
        ("anak tidak sengaja minum bensin", "alergi"),
        ("bukan cuma demam, kejang juga", "kesadaran"),
    ],
)
def test_families_of_words_are_heard_by_rule(text: str, group: str) -> None:
    assert group in find(text)


@pytest.mark.parametrize(
    "text",
    [
        "nyeri dada tidak ada, sesak tidak ada dok",
        "kalau digigit anjing harus bagaimana",
        "kalau anak kejang biasanya karena apa",
        "kambing saya digigit anjing",
        "kucing saya digigit anjing",
        "kalau orang kejang sebaiknya diapain",
        "dokter praktek pukul 8, anak saya mau periksa",
        "spo2 nenek 98",
        "bayi 2 minggu suhu 36,8",
        "dikasih 15 tablet diminum 3x sehari",
        "saya sedang bunuh tikus di rumah",
    ],
)
def test_denials_behind_questions_in_general_animals_and_hours_are_none(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "dulu pernah kejang waktu kecil",
        "apa itu tanda bahaya kejang",
        "nonton berita anak keracunan",
        "buat materi kejang pada anak",
        "kucing saya kejang",
    ],
)
def test_what_was_long_ago_or_somewhere_else_is_none(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "dulu pernah kejang, sekarang kejang lagi",
        "anak saya kejang apa itu bahaya",
        "anak digigit anjing saya",
        "digigit kucing saya",
        "kata berita bahaya, anak saya kejang",
    ],
)
def test_but_what_is_now_and_here_is_one(text: str) -> None:
    assert find(text) != []


def test_signs_far_apart_are_of_two_things() -> None:
    between = "kata " * 20
    assert find(f"dada {between} nyeri") == []
    assert find("dada kiri terasa nyeri") == ["dada"]


@pytest.mark.parametrize(
    ("text", "group"),
    [("bayi 5 hari badan panas", "bayi"), ("demam hari ke 4 gelisah", "dengue"),
     ("hamil, tensi 170/100", "hamil"), ("trombosit 80 ribu", "dengue"),
     ("habis melahirkan 3 hari demam", "nifas"), ("gula darah 45", "kesadaran")],
)  # fmt: skip
def test_who_it_is_about_decides(text: str, group: str) -> None:
    assert group in find(text)


@pytest.mark.parametrize(
    "text",
    ["bayi 5 bulan badan panas", "demam hari ke 1 gelisah", "tensi 130/80 hamil",
     "trombosit 240 ribu", "anak batuk 4 hari", "saya umur 34 demam 4 hari",
     "bapak stroke tahun 2019",
     "melahirkan 8 bulan lalu, demam", "gula darah 120"],
)  # fmt: skip
def test_and_is_none_of_somebody_else(text: str) -> None:
    assert find(text) == []


def test_what_is_not_clear_is_asked_and_not_called() -> None:
    assert (find("agak sesek dikit"), doubts("agak sesek dikit")) == ([], ["napas"])


@pytest.mark.parametrize("wall", ["x", "anak demam ", "a2", ",a", "Ab ", "umur 5 th ", "hamil "])
def test_a_wall_of_letters_is_read_in_a_moment(wall: str) -> None:
    """A handler has ten seconds, and whoever sends this must not hold up everybody."""
    began = time.process_time()
    find((wall * 20_000)[:20_000])
    assert time.process_time() - began < 2


@given(st.text(max_size=300))
def test_any_text_is_read_to_its_end(text: str) -> None:
    assert all(word.plain for word in read(text))
    find(text)


@given(st.sampled_from([one["text"] for one in SENTENCES if one["danger"]]), st.data())
@settings(max_examples=60)
def test_small_letters_marks_and_spaces_change_nothing(text: str, data: st.DataObject) -> None:
    loud = "".join(data.draw(st.sampled_from((one, one.upper()))) for one in text)
    assert find(f"  {loud}!! ") == find(text)
