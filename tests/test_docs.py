"""What is told about the code is true of it: the state picture, the README's tables, the words."""

import re
from pathlib import Path

import pytest

from models.consultation import MOVES, Outcome, Status
from scheduler.timetable import TIMETABLE
from tests.routes import COMMANDS, VERBS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURE = (ROOT / "docs" / "consultation.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
FAULTS = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
FOLDERS = (
    "bench", "bot", "content", "docs", "handlers", "models", "scheduler", "services", "simulator",
    "tests", "web",
)  # fmt: skip
WRITTEN = {".py", ".md", ".toml", ".js", ".html", ".css", ".example", ""}
PAGES = [Path("README.md"), *sorted(p.relative_to(ROOT) for p in (ROOT / "docs").rglob("*.md"))]
FIRST_SCREEN = "\n".join(README.splitlines()[:40])


def drawn(picture: str) -> set[tuple[str, str]]:
    """The arrows of the Mermaid diagram."""
    diagram = re.search(r"```mermaid\nstateDiagram-v2\n(.*?)```", picture, re.DOTALL)
    assert diagram is not None
    lines = [line.strip() for line in diagram[1].splitlines() if line.strip()]
    arrows = [re.fullmatch(r"(\S+) --> (\S+)", line) for line in lines]
    assert None not in arrows, "a line that is no arrow"
    found = [(arrow[1], arrow[2]) for arrow in arrows if arrow]
    assert len(found) == len(set(found))
    return set(found)


def test_the_picture_and_the_table_of_moves_are_one() -> None:
    moves = {(str(before), str(after)) for before, afters in MOVES.items() for after in afters}
    ends = {(str(state), "[*]") for state in Status if not MOVES[state]}
    assert drawn(PICTURE) == moves | ends | {("[*]", str(Status.DRAFT))}


def test_the_picture_explains_every_state_and_outcome() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PICTURE, re.MULTILINE)
    assert rows == [str(state) for state in Status]
    assert all(f"`{outcome}`" in PICTURE for outcome in Outcome)


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_the_first_screen_says_how_to_see_it_run(command: str) -> None:
    assert command in FIRST_SCREEN


@pytest.mark.parametrize("word", [*COMMANDS, *VERBS, *(job.name for job in TIMETABLE)])
def test_the_readme_s_tables_name_every_route_and_job(word: str) -> None:
    """In backticks, with or without the slash of a command or the id behind a verb."""
    spans = re.findall(r"`([^`\n]+)`", "\n".join(re.findall(r"^\|.*\|$", README, re.MULTILINE)))
    assert any(re.fullmatch(rf"/?{word}(:.*)?", span) for span in spans)


@pytest.mark.parametrize(
    "file",
    [
        "docs/consultation.md", "docs/glossary.md", "docs/operations.md", "docs/faults.md",
        "docs/install.md",
    ],
)  # fmt: skip
def test_the_readme_knows_its_pages(file: str) -> None:
    assert (ROOT / file).exists()
    assert Path(file).name in README


NAMED = re.compile(
    r"`((?:bot|handlers|services|models|scheduler|web|content|tests|docs)/[\w./]+\.\w+)`"
)
LINKED = re.compile(r"\]\((?!https?:)([^)#]+)\)")
MADE_UP = {"tests/stories/test_rating.py"}
"""The example of the README."""


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_file_named_in_a_page_exists(page: Path) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = [ROOT / path for path in NAMED.findall(text) if path not in MADE_UP]
    linked = [(ROOT / page).parent / path for path in LINKED.findall(text)]
    assert [str(path) for path in named + linked if not path.exists()] == []


OUTSIDE = re.compile(r"§|\b(?:design|domain|stack|style|reliability)\.md\b|\bshared/")
"""Where a reason stands that only its writers can read."""


def test_no_line_sends_its_reader_to_a_document_that_is_not_here() -> None:
    tops = [ROOT / one for one in (*FOLDERS, "README.md", ".env.example", "Makefile", ".ci")]
    files = [file for top in tops for file in (top.rglob("*") if top.is_dir() else [top])]
    read = [f for f in files if f.is_file() and f.suffix in WRITTEN and f != Path(__file__)]
    assert len(read) > 150
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in read
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if OUTSIDE.search(line)
    ]
    assert found == []


def test_every_fault_names_a_test_that_exists_or_says_why_there_is_none() -> None:
    rows = re.findall(r"^\| (.+) \| (.+) \| (.+) \|$", FAULTS, re.MULTILINE)
    told = [held for fault, _, held in rows if fault not in ("fault", "trap")]
    assert len(told) > 60
    named = [name for held in told for name in re.findall(r"`([\w/]+\.py)::(\w+)`", held)]
    missing = [
        f"{file}::{name}"
        for file, name in named
        if f"def {name}(" not in (ROOT / "tests" / file).read_text(encoding="utf-8")
    ]
    assert missing == []
    assert [held for held in told if "::" not in held and not held.startswith("none: ")] == []


NOUNS = [
    "asker", "patient", "participant", "worker", "volunteer", "admin", "person", "facility",
    "consent", "complaint", "consultation", "draft", "offer", "duty", "advice", "referral",
    "danger", "message", "relay", "form", "credential", "audit", "queue", "outcome", "profession",
    "step",
]  # fmt: skip


def test_the_glossary_pairs_the_main_nouns_once() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", GLOSSARY, re.MULTILINE)[1:]
    english = [word.strip() for row in rows for word in row[0].split(",")]
    assert len(english) == len(set(english))
    assert set(NOUNS) <= set(english)
    assert all(indonesian.strip() and means.strip() for _, indonesian, means in rows)


def test_every_record_has_its_word() -> None:
    """A new noun in models/ is a new word for everybody who reads it."""
    files = {file.stem for file in (ROOT / "models").glob("*.py")}
    not_words = {"__init__", "base", "errors", "bot", "mail", "seal"}
    assert files - not_words <= set(re.findall(r"[a-z]+", GLOSSARY))
