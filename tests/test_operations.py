"""docs/operations.md has a line for each alarm, error and figure of the code, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from services.content import catalogue
from tests.town import Town

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
FOLDERS = ("bot", "handlers", "scheduler", "services", "web", "connectors")
MODULES = [
    ast.parse(file.read_text(encoding="utf-8"))
    for folder in FOLDERS
    for file in (ROOT / folder).rglob("*.py")
]


def rows(title: str) -> dict[str, list[str]]:
    """The cells of each row of a chapter, by the name in backticks that stands first."""
    chapter = PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    found = re.findall(r"^\| `([\w.]+)` \| (.+) \|$", chapter, re.MULTILINE)
    return {name: cells.split(" | ") for name, cells in found}


def calls(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a piece of code, by the last part of its name."""
    for one in ast.walk(node):
        if isinstance(one, ast.Call):
            yield ast.unparse(one.func).split(".")[-1], one


def keys(node: ast.AST) -> set[str]:
    """The texts of the catalogue that a piece of code names; buttons stand below a text."""
    constants = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))
    texts = {one for one in constants if isinstance(one, str) and one in catalogue()}
    return {one for one in texts if not one.startswith("button.")}


def alarms() -> set[str]:
    """What is said to admins who have not asked.

    Either the call names it (`tell_admins`), or it is in a function that goes through `admins` to
    tell them, or in the function which that one calls for each.
    """
    found = {key for key in catalogue() if key.startswith("alarm.")}
    for module in MODULES:
        functions = {one.name: one for one in ast.walk(module) if isinstance(one, ast.FunctionDef)}
        for function in functions.values():
            named = dict(calls(function))
            for name, call in calls(function):
                found |= (
                    keys(call) if name in ("tell_admins", "_tell_admins", "call_admins") else set()
                )
            if "admins" in named:
                found |= keys(function)
                for name in named.keys() & functions.keys() - {"admins"}:
                    found |= keys(functions[name]) if name.startswith("_") else set()
    return found


def errors() -> set[str]:
    """Every event that is logged as an error or worse."""
    levels = {"log.error", "log.critical", "log.exception"}
    return {
        str(ast.literal_eval(call.args[0]))
        for module in MODULES
        for _, call in calls(module)
        if ast.unparse(call.func) in levels
    }


def test_each_alarm_has_its_line_with_the_words_people_see() -> None:
    told = rows("Alarms in the chat")
    assert set(told) == alarms()
    assert {"danger.admin", "alarm.set_aside", "invitation.opened", "applicant.card"} <= set(told)
    for key, (seen, means, do) in told.items():
        text = re.sub(r"<[^>]+>", "", catalogue()[key])
        (quoted,) = re.findall("«(.+)»", seen)
        assert re.search(".*".join(map(re.escape, quoted.split("…"))), text), key
        assert means
        assert do


def test_each_error_of_the_log_has_its_line() -> None:
    assert "update.failed" in errors()
    assert set(rows("Errors in the log")) == errors()


def test_every_log_is_called_log() -> None:
    """Or the test above would not see it."""
    names = [
        ast.unparse(node.targets[0])
        for module in MODULES
        for node in ast.walk(module)
        if isinstance(node, ast.Assign) and "get_logger" in ast.unparse(node.value)
    ]
    assert names
    assert set(names) == {"log"}


async def test_each_figure_is_named(town: Town) -> None:
    text = (await town.app._metrics()).decode()
    given = set(re.findall(r"^# TYPE (\w+) ", text, re.MULTILINE))
    assert len(given) > 5
    assert set(re.findall(r"\btelekonsul_\w+", PAGE)) == given
