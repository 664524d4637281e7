"""Questions about JKN in people's own words: how many find their article, how many get a wrong one.

Three sets: questions nobody taught from, our own (lines like them were taught), and every eighth of
the lines that teach, left out in turn. Beside it the same lines searched by RapidFuzz and by
SQLite's FTS5, each with the threshold that suits it best on the very set it is measured on.
"""

import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from rapidfuzz import fuzz, process

from bench.table import Table
from services.content import guidance_asked
from services.guidance.matching import COMPLAINT, NONE, Matcher

DATA = Path(__file__).parent.parent / "tests" / "data"
RIGHT, WRONG = 90.0, 2.0
"""Goals in percent: the right article (or rightly none), and a wrong one named for sure."""
APART = 8
"""Every so manyth line is left out of learning."""

Asked = Mapping[str, Sequence[str]]
Said = list[tuple[str, str | None]]
Finder = Callable[[str], tuple[str | None, float]]


def tables(*, full: bool) -> Iterator[Table]:
    """Measure each set; the full profile leaves out four eighths in turn, the quick one one."""
    asked = guidance_asked()
    yield _table("questions nobody taught from", asked, _lines("dev_questions.jsonl"))
    yield _table("our own questions", asked, _lines("own_questions.jsonl"))
    for part in range(4 if full else 1):
        taught, left = _apart(asked, part)
        yield _table(f"lines left out of learning ({part + 1} of {APART})", taught, left)


def _table(title: str, asked: Asked, said: Said) -> Table:
    began = time.process_time()
    matcher = Matcher(asked)
    learning = time.process_time() - began
    rows = [("services/guidance", *_measured(_ours(matcher), said, [0.0]))]
    rows.append(("RapidFuzz, token set", *_measured(_fuzzy(asked), said, range(0, 100, 5))))
    with closing(_indexed(asked)) as index:
        rows.append(("SQLite FTS5, bm25", *_measured(_searched(index), said, range(0, 40, 2))))
    base = rows[0][3]
    return Table(
        title=f"{len(said)} {title}",
        columns=("finder", "right %", "wrong %", "µs", "ratio"),
        rows=[(*row, row[3] / base) for row in rows],
        notes=(
            f"goals: right {RIGHT:.0f} %, wrong {WRONG:.0f} %; the rest is asked back",
            f"learned from {sum(map(len, asked.values()))} lines in {learning:.1f} s of CPU",
        ),
    )


def _measured(
    find: Finder, said: Said, thresholds: Sequence[float] | range
) -> tuple[float, float, float]:
    """Give right and wrong in percent at the threshold where most is right less what is wrong, and
    microseconds a question."""
    began = time.process_time()
    found = [find(text) for text, _ in said]
    each = (time.process_time() - began) / len(said) * 1e6
    best = (0.0, 100.0)
    for least in thresholds:
        named = [topic if score >= least else None for topic, score in found]
        pairs = list(zip(named, [wanted for _, wanted in said], strict=True))
        right = sum(one == wanted for one, wanted in pairs) / len(said) * 100
        wrong = sum(one is not None and one != wanted for one, wanted in pairs) / len(said) * 100
        best = max(best, (right, wrong), key=lambda one: one[0] - one[1])
    return *best, each


def _ours(matcher: Matcher) -> Finder:
    def find(text: str) -> tuple[str | None, float]:
        match = matcher.match(text)
        return match.topic, match.score

    return find


def _fuzzy(asked: Asked) -> Finder:
    lines = {line.lower(): topic for topic, lines in asked.items() for line in lines}

    def find(text: str) -> tuple[str | None, float]:
        found = process.extractOne(text.lower(), list(lines), scorer=fuzz.token_set_ratio)
        return (_topic(lines[found[0]]), found[1]) if found else (None, 0.0)

    return find


def _indexed(asked: Asked) -> sqlite3.Connection:
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE line USING fts5(words, topic UNINDEXED)")
    rows = [(line, topic) for topic, lines in asked.items() for line in lines]
    index.executemany("INSERT INTO line VALUES (?, ?)", rows)
    return index


def _searched(index: sqlite3.Connection) -> Finder:
    def find(text: str) -> tuple[str | None, float]:
        wanted = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text.lower()))
        query = "SELECT topic, -rank FROM line WHERE words MATCH ? ORDER BY rank LIMIT 1"
        row = index.execute(query, (wanted,)).fetchone() if wanted else None
        return (_topic(row[0]), row[1]) if row else (None, 0.0)

    return find


def _topic(name: str | None) -> str | None:
    return None if name in (None, NONE, COMPLAINT) else name


def _lines(file: str) -> Said:
    read = map(json.loads, (DATA / file).read_text(encoding="utf-8").splitlines())
    return [(one["text"], _topic(one["topic"])) for one in read]


def _apart(asked: Asked, part: int) -> tuple[Asked, Said]:
    taught = {
        topic: [line for number, line in enumerate(lines) if number % APART != part]
        for topic, lines in asked.items()
    }
    left = [(line, _topic(topic)) for topic, lines in asked.items() for line in lines[part::APART]]
    return taught, left
