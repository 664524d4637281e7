"""The articles: each can be shown, says where it comes from, and a slip hides only itself."""

import json
import re
import struct
import tomllib
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bot import check
from models.person import Language
from services import content
from services.guidance import article, lesson, markup, matching
from services.guidance.article import PAGE, parse
from services.text import units
from simulator.html_markup import parse_html

TOPICS = [topic for topics in article.shelves().values() for topic in topics]
GOOD = """+++
title = "Judul"
audience = "peserta"
owner = "admin"
checked_on = 2026-03-31
check_by = 2026-12-31
sources = ["Perpres 82/2018"]
see = []
+++
**Tebal** dan *miring*, [tautan](https://contoh.invalid/?a="b").
- satu < dua
---
1. halaman dua
"""


def test_every_article_is_right_and_on_one_shelf() -> None:
    assert article.defects() == []
    assert len(TOPICS) == len(set(TOPICS)) == 20


@pytest.mark.parametrize("topic", TOPICS)
def test_an_article_is_what_telegram_shows_and_promises_nothing(topic: str) -> None:
    one = article.find(topic)
    assert one is not None
    for page in one.pages:
        shown, _ = parse_html(page)
        assert units(shown) <= PAGE + 100
        assert not re.search(r"[*\[\]]", shown), "markup that is read as it was written"
    said = " ".join(markup.bare(page).lower() for page in one.pages)
    assert not re.search(r"pasti (akan )?(ditanggung|dijamin|aktif)(?! apakah)", said.replace(
        "berjanji pasti ditanggung", ""))  # fmt: skip
    assert "wajib online" not in said


def test_the_queue_is_never_said_to_be_compulsory_online() -> None:
    for topic in ("antrean_fktp", "antrean_rs", "antrean_tanpa_hp", "antrean_masalah"):
        one = article.find(topic)
        assert one is not None
        assert "loket" in " ".join(one.pages)


def test_the_little_markdown_becomes_telegram_s_html() -> None:
    one = parse("judul", GOOD)
    assert one.pages[0].split("\n") == [
        '<b>Tebal</b> dan <i>miring</i>, <a href="https://contoh.invalid/?a=%22b%22">tautan</a>.',
        "• satu &lt; dua",
    ]
    assert one.pages[1] == "1. halaman dua"


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("**Tebal**", "**Tebal"), ("*miring*", "*miring"), ("**Tebal**", "<b>Tebal</b>"),
        ("1. halaman", "# halaman"), ("1. halaman", "`halaman`"), ("https:", "http:"),
        ("1. halaman dua", ""), ("1. halaman dua", "x" * (PAGE + 1)), ('title = "Judul"\n', ""),
        ("Judul", "x" * 61), ("2026-12-31", "2026-03-31"), ("2026-12-31", "nanti"),
        ('["Perpres 82/2018"]', "[]"), ("see = []", "see = []\nfoo = 1"), ("+++\ntitle", "title"),
        ("see = []", "see = [1]"), ("---", "---\na\n---\nb\n---\nc\n---\nd\n---\ne\n---"),
    ],
)  # fmt: skip
def test_a_slip_is_said(was: str, becomes: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse("judul", GOOD.replace(was, becomes, 1))


def test_a_slip_hides_one_article_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "id"
    folder.mkdir()
    (folder / "rujukan.md").write_text(GOOD, encoding="utf-8")
    (folder / "luar_kota.md").write_text(GOOD.replace("**", ""), encoding="utf-8")
    (folder / "tunggakan.md").write_text(GOOD.replace("+++", "---"), encoding="utf-8")
    (folder / "iuran_segmen.md").write_bytes(b"\xff")
    monkeypatch.setattr(article, "GUIDANCE", tmp_path)
    article._read.cache_clear()
    try:
        assert article.find("rujukan") is not None
        assert article.find("rujukan", Language.ENGLISH) is article.find("rujukan")
        assert article.find("tunggakan") is None
        assert article.shelves()["berobat"] == ("rujukan", "luar_kota")
        found = check.guidance(date(2026, 6, 1))
        assert not found.ok
        assert "tunggakan.md" in found.says
        assert "iuran_segmen.md" in found.says
    finally:
        article._read.cache_clear()


def test_what_is_past_its_date_is_said_by_the_check() -> None:
    assert check.guidance(date(2026, 11, 24)).ok
    late = check.guidance(date(2027, 1, 1))
    assert not late.ok
    assert "iuran_segmen" in late.mend
    assert "antrean_fktp" not in late.mend


# ── in own words ────────────────────────────────────────────────────────────────────────────────

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(autouse=True, scope="module")
def _learned() -> None:
    matching.learn()


@pytest.mark.parametrize("file", ["dev_questions.jsonl", "own_questions.jsonl"])
def test_questions_in_own_words_find_their_article_or_nothing(file: str) -> None:
    said = [json.loads(line) for line in (DATA / file).read_text(encoding="utf-8").splitlines()]
    wanted = [None if one["topic"] == matching.NONE else one["topic"] for one in said]
    found = [matching.find(one["text"]).topic for one in said]
    right = sum(one == want for one, want in zip(found, wanted, strict=True))
    wrong = sum(one not in (None, want) for one, want in zip(found, wanted, strict=True))
    assert right / len(said) >= 0.95
    assert wrong / len(said) <= 0.02


def test_what_ails_somebody_is_no_question_about_jkn() -> None:
    lines = (DATA / "dev_intake.jsonl").read_text(encoding="utf-8").splitlines()
    complaints = [json.loads(line)["text"] for line in lines]
    lines = (DATA / "dev_danger.jsonl").read_text(encoding="utf-8").splitlines()
    dangers = [one["text"] for one in map(json.loads, lines) if one["danger"]]
    named = [text for text in complaints + dangers if matching.find(text).topic is not None]
    assert len(named) <= 3, named


def test_any_text_is_read_in_no_time_and_every_topic_can_be_asked_for() -> None:
    asked = content.guidance_asked()
    assert set(asked) == {*TOPICS, matching.NONE, matching.COMPLAINT}
    lines = [line for lines in asked.values() for line in lines]
    assert len(lines) == len(set(lines))
    for text in ("", "   ", "\x00", "🙏" * 5000, "x" * 20_000, "kis " * 5000, "²½٣"):
        assert 0 <= matching.find(text).score <= 1
    assert matching.find("").topic is None


def test_a_nurse_teaches_by_adding_a_line() -> None:
    asked = {"a": ["kartu saya hilang", "kartu jatuh"], "b": ["sepeda rusak"], "none": ["halo"]}
    assert matching.Matcher(asked).match("kartuku ilang entah ke mana").ranked[0][0] == "a"
    asked["b"] += ["kartu ilang entah", "ilang entah ke mana kartuku"]
    assert matching.Matcher(asked).match("kartuku ilang entah ke mana").ranked[0][0] == "b"


def test_before_it_has_learned_it_says_that_it_does_not_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = {"ubah_fktp": ["pindah faskes"], "none": ["harga beras"], "keluhan": ["sakit gigi"]}
    monkeypatch.setattr(matching, "_learned", cache(lambda: matching.Matcher(few)))
    assert matching.find("pindah faskes").topic is None
    matching.learn()
    assert matching.find("pindah faskes").topic == "ubah_fktp"


# ── the lessons ─────────────────────────────────────────────────────────────────────────────────

PICTURES = content.GUIDANCE / "picture"


def test_the_lessons_are_right_and_each_step_has_its_own_drawing() -> None:
    assert lesson.defects() == []
    shown = {step.picture for one in lesson.lessons().values() for step in one.steps}
    assert {file.stem for file in PICTURES.glob("*.svg")} == shown
    for name in shown:
        data = content.guidance_picture(name)
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", data[16:24]) == (480, 560)
        assert len(data) < 40_000, "small: a village pays for each kilobyte"


def test_the_way_over_the_counter_stays_open_in_every_lesson() -> None:
    for one in lesson.lessons().values():
        said = " ".join(f"{step.text} {step.again}" for step in one.steps).lower()
        troubles = " ".join(lesson.troubles()[t].text for s in one.steps for t in s.troubles)
        assert "loket" in said + troubles.lower(), one.name


def test_what_goes_wrong_has_its_answer() -> None:
    wanted = {"tidak_terverifikasi", "nik_tidak_ada", "nonaktif", "fktp_tanpa_antrean",
              "kuota_penuh", "rujukan_habis", "terlalu_jauh"}  # fmt: skip
    assert wanted <= lesson.troubles().keys()


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('picture = "masuk"', 'picture = "tidak_ada"'), ('"nonaktif"]', '"entah"]'),
        ("days = 1", "days = 30"), ('see = "rujukan"', 'see = "entah"'), ("**Masuk**", "**Masuk"),
        ('title = "Kuota penuh"', f'title = "{"x" * 41}"'), ('picture = "nomor"\n', ""),
    ],
)  # fmt: skip
def test_a_slip_in_a_lesson_is_said(
    was: str, becomes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (content.GUIDANCE / "lesson.toml").read_text(encoding="utf-8")
    text = text.replace("Tekan **Tidak bisa**.", "Tekan **Masuk**.")
    assert was in text
    broken = tomllib.loads(text.replace(was, becomes, 1))
    monkeypatch.setattr(lesson, "guidance_lessons", lambda: broken)
    lesson.lessons.cache_clear()
    lesson.troubles.cache_clear()
    try:
        assert lesson.defects()
        assert not check.guidance(date(2026, 6, 1)).ok
    finally:
        lesson.lessons.cache_clear()
        lesson.troubles.cache_clear()
