"""The lessons of content/guidance/lesson.toml: their steps, and what may go wrong at each."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from services.content import Html, guidance_lessons, guidance_picture
from services.guidance import article
from services.guidance.markup import Wrong, bare, render

STEP, TITLE = 500, 40
"""Characters of a step below its picture, and of a title on a button."""
FAR = 7
"""Days ahead of which we can remind at most."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, the same said otherwise, its drawing, and what may go wrong."""

    text: Html
    again: Html
    picture: str
    troubles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One way to a turn, step by step."""

    name: str
    title: str
    steps: tuple[Step, ...]
    days: int | None
    """So many days ahead the queue number at its end may be; None where there is none."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong, and what to do then."""

    title: str
    text: Html
    see: str
    """The article that says more."""


@cache
def lessons() -> dict[str, Lesson]:
    """Give the lessons by name, in order; raises ValueError for a mistake in the file."""
    return {name: _lesson(name, one) for name, one in guidance_lessons()["lesson"].items()}


@cache
def troubles() -> dict[str, Trouble]:
    """Give what may go wrong, by name; raises ValueError for a mistake in the file."""
    found = guidance_lessons()["trouble"].items()
    return {name: Trouble(one["title"], render(one["text"]), one["see"]) for name, one in found}


def defects() -> list[str]:
    """Give what is wrong with the lessons; nothing where all is well."""
    try:
        steps = [(one.name, step) for one in lessons().values() for step in one.steps]
        known = troubles()
    except (KeyError, TypeError, ValueError, OSError) as error:
        return [f"lesson.toml, {type(error).__name__}: {error}"]
    found = [f"a step of {name}, {bad}" for name, step in steps for bad in _defects(step, known)]
    titles = [one.title for one in lessons().values()]
    titles += [one.title for one in known.values()]
    found += [f"title: {title}" for title in titles if not 0 < len(title) <= TITLE]
    named = {trouble for _, step in steps for trouble in step.troubles}
    found += [f"trouble {name}, at no step" for name in known.keys() - named]
    return found + [
        f"trouble {name}, see {one.see}" for name, one in known.items() if not article.find(one.see)
    ]


def _lesson(name: str, said: dict[str, Any]) -> Lesson:
    days = said.get("days")
    if days is not None and not 0 <= days <= FAR:
        raise Wrong(f"{name}: days")
    steps = tuple(
        Step(render(one["text"]), render(one["again"]), one["picture"], tuple(one["trouble"]))
        for one in said["step"]
    )
    return Lesson(name, said["title"], steps, days)


def _defects(step: Step, known: dict[str, Trouble]) -> list[str]:
    found = [f"unknown trouble {name}" for name in step.troubles if name not in known]
    found += [str(len(text)) for text in map(bare, (step.text, step.again)) if len(text) > STEP]
    try:
        guidance_picture(step.picture)
    except OSError:
        found.append(f"no picture {step.picture}")
    return found
