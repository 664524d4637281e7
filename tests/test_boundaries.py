"""Who may import whom, and what each folder must not do: read from the source, never by running it.

`MAY_IMPORT` is the picture of the README as a table; every rule below has a snippet that breaks it.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT: dict[str, frozenset[str]] = {  # the standard library is free for all
    "models": frozenset({"models", "sqlalchemy", "cryptography"}),
    "models/migrations": frozenset({"models", "sqlalchemy", "alembic"}),
    "services": frozenset(
        {"services", "models", "content", "sqlalchemy"}
        | {"rapidfuzz", "phonenumbers", "python_calamine", "pydyf", "segno"}
    ),
    "handlers": frozenset({"handlers", "services", "models", "telegram"}),
    "scheduler": frozenset({"scheduler", "services", "models", "apscheduler", "structlog"}),
    "web": frozenset({"web", "services", "models", "aiohttp"}),
    "connectors": frozenset({"connectors", "services", "models", "aiohttp"}),
    "content": frozenset(),
    "simulator": frozenset({"simulator", "aiohttp"}),
}
MAY_IMPORT_NAME: dict[str, frozenset[str]] = {  # one name of a library otherwise closed
    "handlers": frozenset({"sqlalchemy.orm.Session"}),
    "scheduler": frozenset({"sqlalchemy.orm.Session"}),
}
PLAYS = frozenset({"bot/demo.py"})
"""The one place of the service that knows its simulator."""
READS_A_CLOCK = frozenset({"models/base.py"})
"""Ids rise with the time so that neighbours in time are neighbours on disk; no rule reads it."""
CATCHES_ALL = ("bot/", "scheduler/run.py", "simulator/page.py", "services/attempt.py")
"""The loops that must outlive whatever one update, send, job or restart of the demo raises; and
what the cards of danger are made by, which nothing that would only adorn them may keep back."""

CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "localtime", "gmtime"},
    "func": {"now", "current_timestamp", "localtimestamp"},
}
COMMITS = frozenset({"commit", "rollback", "begin"})
NO_NOUNS = frozenset({"utils", "util", "helpers", "helper", "common", "manager", "misc"})
LAYERS = ("models", "services", "handlers", "scheduler", "connectors", "web", "bot")
NOT_FEATURES = {"handlers": {"call", "routes"}}
"""Files that are about the layer itself, not about a noun."""


class Source(NamedTuple):
    """One file, by its path from the top of the checkout."""

    path: str
    text: str

    @property
    def folder(self) -> str:
        """The key of the table above that this file falls under."""
        top = self.path.split("/")[0]
        nested = "/".join(self.path.split("/")[:2])
        return nested if nested in MAY_IMPORT else top

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)


def sources(*folders: str) -> list[Source]:
    return [
        Source(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))
        for folder in folders
        for file in sorted((ROOT / folder).rglob("*.py"))
    ]


SERVICE = sources(*LAYERS, "simulator", "content")


# ── the rules ───────────────────────────────────────────────────────────────────────────────────


def imported(tree: ast.Module) -> Iterator[str]:
    """Every imported thing, also inside functions: `a.b.name` for `from a.b import name`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{a.name}" for a in node.names)


def foreign_imports(source: Source) -> list[str]:
    """What this file imports and may not."""
    return [name for name in imported(source.tree) if not _may(source, name)]


def _may(source: Source, name: str) -> bool:
    top = name.split(".")[0]
    if top in sys.stdlib_module_names or name in MAY_IMPORT_NAME.get(source.folder, ()):
        return True
    if source.folder in MAY_IMPORT:
        return top in MAY_IMPORT[source.folder]
    return top not in ("", "tests", "bench") and (top != "simulator" or source.path in PLAYS)


def clock_readings(source: Source) -> list[str]:
    """Where a file of services/ or models/ looks at a clock by itself."""
    if source.path.split("/")[0] not in ("services", "models") or source.path in READS_A_CLOCK:
        return []
    looked_at = [ast.unparse(n) for n in ast.walk(source.tree) if isinstance(n, ast.Attribute)]
    return [
        name
        for name in [*looked_at, *imported(source.tree)]
        if "." in name and name.split(".")[-1] in CLOCKS.get(name.split(".")[-2], ())
    ]


def commits(source: Source) -> list[str]:
    """Where a file below the edge ends or begins a transaction; a savepoint is no end."""
    if source.path.split("/")[0] not in ("services", "models", "handlers", "scheduler", "web"):
        return []
    if source.folder == "models/migrations":
        return []
    return [
        ast.unparse(node)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in COMMITS
        and not node.args
    ]


def catch_alls(source: Source) -> list[str]:
    """Where a file catches whatever comes."""
    if source.path.startswith(CATCHES_ALL):
        return []
    caught = [node for node in ast.walk(source.tree) if isinstance(node, ast.ExceptHandler)]
    return [
        f"line {node.lineno}"
        for node in caught
        if node.type is None
        or {"Exception", "BaseException"} & {ast.unparse(kind) for kind in _kinds(node.type)}
    ]


def _kinds(caught: ast.expr) -> list[ast.expr]:
    return caught.elts if isinstance(caught, ast.Tuple) else [caught]


def bad_names(paths: list[str]) -> list[str]:
    """Files without a noun, nouns in the plural, and handlers of a noun that no service has."""
    stems = {(path.split("/")[0], part) for path in paths for part in _parts(path)}
    found = [f"{layer}: {stem}" for layer, stem in stems if stem in NO_NOUNS]
    nouns = {stem for _, stem in stems}
    found += [f"{layer}: {stem} is many" for layer, stem in stems if stem.removesuffix("s") in nouns
              and stem.endswith("s")]  # fmt: skip
    services = {stem for layer, stem in stems if layer == "services"}
    found += [
        f"{layer}: {stem} has no service"
        for layer, stem in stems
        if layer == "handlers" and stem not in services | NOT_FEATURES["handlers"]
    ]
    packages = {path.rsplit("/", 1)[0] for path in paths}
    found += [f"{path} twice" for path in paths if path.removesuffix(".py") in packages]
    return sorted(found)


def _parts(path: str) -> list[str]:
    _, *folders, file = path.split("/")
    return [part for part in [*folders, file.removesuffix(".py")] if part != "__init__"]


RULES = (foreign_imports, clock_readings, commits, catch_alls)


# ── the service keeps them ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rule", RULES)
def test_the_service_keeps_the_rule(rule: object) -> None:
    assert callable(rule)
    broken = {source.path: found for source in SERVICE if (found := rule(source))}
    assert not broken


def test_every_file_is_named_by_its_noun() -> None:
    assert bad_names([source.path for source in sources(*LAYERS)]) == []


def test_the_exceptions_are_still_needed() -> None:
    """An exception that nobody uses any more is a hole in the fence."""
    by_path = {source.path: source for source in SERVICE}
    assert by_path.keys() >= PLAYS | READS_A_CLOCK
    assert any(name.startswith("simulator") for name in imported(by_path["bot/demo.py"].tree))
    assert "time.time_ns" in by_path["models/base.py"].text
    for folder, names in MAY_IMPORT_NAME.items():
        used = {name for one in sources(folder) for name in imported(one.tree)}
        assert names <= used


def test_every_folder_with_code_has_its_line_in_the_table() -> None:
    """A new folder is a decision. `bot` joins the others; tests and benches may look at all."""
    folders = {file.parent.name for file in ROOT.glob("*/__init__.py")}
    assert folders - MAY_IMPORT.keys() == {"bot", "tests", "bench"}


# ── and every rule bites ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("models/person.py", "import structlog"),
        ("models/person.py", "from services import person"),
        ("models/person.py", "from alembic import op"),
        ("models/migrations/versions/0002.py", "from services import person"),
        ("services/person.py", "import telegram"),
        ("services/person.py", "def late():\n    from aiohttp import web"),
        ("services/person.py", "from handlers.call import Call"),
        ("services/mail/queue.py", "import apscheduler"),
        ("services/mail/queue.py", "from . import outgoing"),
        ("services/person.py", "from bot import config"),
        ("handlers/person.py", "from sqlalchemy import select"),
        ("handlers/person.py", "from sqlalchemy.orm import joinedload"),
        ("handlers/person.py", "import sqlalchemy.orm"),
        ("handlers/person.py", "from bot.inbox import Inbox"),
        ("scheduler/run.py", "from sqlalchemy import select"),
        ("scheduler/run.py", "from handlers import routes"),
        ("web/app.py", "from sqlalchemy.orm import Session"),
        ("web/app.py", "import telegram"),
        ("simulator/api.py", "from models.mail import Incoming"),
        ("simulator/api.py", "import telegram"),
        ("bot/app.py", "from simulator.telegram import Telegram"),
        ("bot/app.py", "def late():\n    import simulator"),
        ("bot/app.py", "from tests.town import Town"),
    ],
)
def test_an_import_across_the_fence_is_seen(path: str, line: str) -> None:
    assert foreign_imports(Source(path, line))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("models/seal.py", "from cryptography.exceptions import InvalidTag"),
        ("models/migrations/env.py", "from alembic import context"),
        ("handlers/call.py", "from sqlalchemy.orm import Session"),
        ("bot/demo.py", "from simulator.telegram import Telegram"),
        ("bot/app.py", "import sqlalchemy, aiohttp, structlog"),
        ("services/person.py", "import re, json"),
    ],
)
def test_an_import_inside_the_fence_is_not(path: str, line: str) -> None:
    assert not foreign_imports(Source(path, line))


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "date.today()",
        "time.time()",
        "from time import monotonic",
        "default = time.time_ns",
        "select(func.now())",
    ],
)
@pytest.mark.parametrize("path", ["services/duty.py", "models/role.py", "services/mail/queue.py"])
def test_a_look_at_the_clock_is_seen(path: str, line: str) -> None:
    assert clock_readings(Source(path, line))
    assert not clock_readings(Source("bot/clock.py", line))


@pytest.mark.parametrize("line", ["session.commit()", "session.rollback()", "s.begin()"])
def test_a_commit_below_the_edge_is_seen(line: str) -> None:
    for path in ("services/duty.py", "handlers/duty.py", "models/mail.py"):
        assert commits(Source(path, line))
    assert not commits(Source("bot/inbox.py", line))
    assert not commits(Source("services/duty.py", "session.begin_nested()"))


@pytest.mark.parametrize(
    "caught", ["except Exception:", "except:", "except BaseException:", "except (E, Exception):"]
)
def test_a_catch_all_is_seen(caught: str) -> None:
    text = f"try:\n    pass\n{caught}\n    pass"
    for path in ("services/duty.py", "scheduler/timetable.py", "simulator/api.py", "web/app.py"):
        assert catch_alls(Source(path, text))
    assert not catch_alls(Source("bot/inbox.py", text))
    assert not catch_alls(Source("scheduler/run.py", text))


@pytest.mark.parametrize(
    "paths",
    [
        ["services/utils.py"],
        ["models/common.py"],
        ["bot/helpers/__init__.py"],
        ["services/mail/misc.py"],
        ["services/consultation.py", "models/consultations.py"],
        ["handlers/greeting.py"],
        ["services/mail.py", "services/mail/__init__.py"],
    ],
)
def test_a_file_without_a_noun_of_its_own_is_seen(paths: list[str]) -> None:
    assert bad_names(paths)
