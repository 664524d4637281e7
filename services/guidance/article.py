"""Articles: read from content/guidance, one file each, with what a file must say of itself.

A file with a mistake is left out, so that a slip while editing hides one article and no other;
`defects` says what is wrong with it, for `telekonsul check` and the tests.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from models.person import Language
from services.content import GUIDANCE, Html, guidance_shelves
from services.guidance.markup import Wrong, bare, render

TITLE, PAGE, PAGES = 60, 900, 6
"""Characters of a title and of a page as it is seen, and pages: for a small phone."""
_FIELDS = {
    "title": str, "audience": str, "owner": str, "checked_on": date, "check_by": date,
    "sources": list, "see": list,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Article:
    """One article, ready to be shown."""

    topic: str
    title: str
    audience: str
    owner: str
    checked_on: date
    check_by: date
    """By when its owner has to look again whether it is true."""
    sources: tuple[str, ...]
    see: tuple[str, ...]
    pages: tuple[Html, ...]


def find(topic: str, language: Language = Language.INDONESIAN) -> Article | None:
    """Give an article in a language, or in Indonesian where it is not translated."""
    return _read(language)[0].get(topic) or _read(Language.INDONESIAN)[0].get(topic)


def shelves() -> dict[str, tuple[str, ...]]:
    """Give the topics that can be read, by their shelf, in the order in which they are shown."""
    here = _read(Language.INDONESIAN)[0]
    return {
        name: tuple(topic for topic in topics if topic in here)
        for name, topics in guidance_shelves().items()
    }


def shelf_of(topic: str) -> str:
    """Give the shelf on which an article stands."""
    return next(name for name, topics in guidance_shelves().items() if topic in topics)


def overdue(on: date) -> list[Article]:
    """Give the articles that had to be looked at before this day, and were not."""
    return [one for one in _read(Language.INDONESIAN)[0].values() if one.check_by < on]


def defects() -> list[str]:
    """Give what is wrong, by file; nothing where all is well."""
    found = [line for language in Language for line in _read(language)[1]]
    here = _read(Language.INDONESIAN)[0]
    placed = [topic for topics in guidance_shelves().values() for topic in topics]
    found += [f"shelves.toml: {topic}" for topic in sorted({*placed} ^ {*here})]
    found += [
        f"shelves.toml: {topic}" for topic in sorted({t for t in placed if placed.count(t) > 1})
    ]
    return found + [f"{one.topic}: see {topic}" for one in here.values() for topic in one.see
                    if topic not in here]  # fmt: skip


@cache
def _read(language: Language) -> tuple[dict[str, Article], list[str]]:
    """Give the articles of a language by topic, and what is wrong with the other files."""
    good: dict[str, Article] = {}
    wrong: list[str] = []
    for file in sorted((GUIDANCE / language).glob("*.md")):
        try:
            good[file.stem] = parse(file.stem, file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            wrong.append(f"{language}/{file.name}: {error}")
    return good, wrong


def parse(topic: str, text: str) -> Article:
    """Read one file; raises ValueError saying what is wrong with it."""
    before, _, rest = text.partition("+++\n")
    front, closing, body = rest.partition("\n+++\n")
    if before or not closing:
        raise Wrong("+++ … +++")
    said = tomllib.loads(front)
    _check(said)
    pages = tuple(_pages(body))
    return Article(
        topic=topic,
        title=said["title"],
        audience=said["audience"],
        owner=said["owner"],
        checked_on=said["checked_on"],
        check_by=said["check_by"],
        sources=tuple(said["sources"]),
        see=tuple(said["see"]),
        pages=pages,
    )


def _check(said: dict[str, Any]) -> None:
    for name, kind in _FIELDS.items():
        if not isinstance(said.get(name), kind) or (not said[name] and name != "see"):
            raise Wrong(name)
    strange = said.keys() - _FIELDS.keys()
    if strange:
        raise Wrong(", ".join(sorted(strange)))
    if not all(isinstance(one, str) for one in [*said["sources"], *said["see"]]):
        raise Wrong("sources, see")
    if len(said["title"]) > TITLE:
        raise Wrong(f"title: {len(said['title'])} > {TITLE}")
    if said["check_by"] <= said["checked_on"]:
        raise Wrong("check_by <= checked_on")


def _pages(body: str) -> Iterator[Html]:
    pages = [page.strip() for page in body.split("\n---\n")]
    if len(pages) > PAGES:
        raise Wrong(f"{len(pages)} > {PAGES}")
    for number, page in enumerate(pages, start=1):
        try:
            shown = render(page)
        except Wrong as wrong:
            raise Wrong(f"{number}: {wrong}") from None
        length = len(bare(shown))
        if not 0 < length <= PAGE:
            raise Wrong(f"{number}: {length} > {PAGE}")
        yield shown
