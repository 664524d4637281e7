"""`telekonsul setup`: from nothing to a service that can be started, in seven questions."""

import base64
import secrets
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from bot import commands, config, phrase, recovery
from bot.app import MadeUp
from bot.ask import Sheet, Terminal, Wrong, example
from bot.installation import STEPS, Installation
from services import specimen
from services.content import plain

ASKED_BACK = 3
"""Words of the phrase that must be given back before it counts."""
COLUMNS = 3


def run(chosen: Namespace) -> int:
    """Ask, or take the answers from a file; 0 when everything is set, 1 when something is left."""
    terminal = Terminal()
    settings = config.read(need_token=False, make_key=not chosen.example)
    found = specimen.in_folder(settings.data_dir)
    if found is not None:
        raise MadeUp(found.refusal)
    installation = Installation(settings, terminal.tell)
    if chosen.example:
        terminal.tell(f"{plain('setup.example_head')}\n\n{example(installation.questions)}")
        return 0
    config.make_folder(settings.data_dir)
    try:
        return _answered(chosen, terminal, installation)
    except (EOFError, KeyboardInterrupt):
        terminal.tell(f"\n{plain('setup.stopped')}")
        return 1
    except Wrong as wrong:
        terminal.tell(str(wrong))
        return 1
    finally:
        installation.database.close()


def _answered(chosen: Namespace, terminal: Terminal, installation: Installation) -> int:
    installation.begin()
    if chosen.answers:
        wrong = Sheet(_read(chosen.answers)).answer(installation.questions)
        if wrong:
            terminal.tell("\n".join([plain("setup.refused"), *wrong]))
            return 1
        if not installation.settings.backup_key:
            made = phrase.fresh()
            _show(terminal, made)
            terminal.tell(plain("setup.phrase_unasked"))
            _keep(installation, made)
    else:
        _ask(terminal, installation)
        _ask_phrase(terminal, installation)
    file = _seal(installation)
    terminal.tell(plain("setup.sealed", file=file))
    terminal.tell(f"\n{plain('setup.finished')}")
    commands.check(Namespace(json=False))
    return 0


def _read(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise Wrong("setup_wrong.no_file", file=file) from None


# ── in a terminal ───────────────────────────────────────────────────────────────────────────────


def _ask(terminal: Terminal, installation: Installation) -> None:
    """Ask what is not known, and what somebody wants to change."""
    by_name = {question.name: question for question in installation.questions}
    steps = [(step, [by_name[name] for name in names]) for step, names in STEPS.items()]
    known = {step: [one.known() for one in questions] for step, questions in steps}
    terminal.tell(plain("setup.welcome"))
    change = _choose(terminal, known) if any(map(any, known.values())) else 0
    for part, (step, questions) in enumerate(steps, start=1):
        # Looked at anew: another facility has no hours and numbers yet.
        if part != change and all(question.known() for question in questions):
            continue
        title = plain(f"setup_step.{step}")
        terminal.tell(f"\n{plain('setup.heading', part=part, parts=len(steps), title=title)}")
        for question in questions:
            if part == change or not question.known():
                terminal.ask(question)


def _choose(terminal: Terminal, known: dict[str, list[str]]) -> int:
    """Show what is known; give the number of the part to change, 0 for none."""
    terminal.tell(f"\n{plain('setup.overview')}")
    for part, (step, values) in enumerate(known.items(), start=1):
        title = plain(f"setup_step.{step}")
        if all(values):
            shown = " · ".join(values).replace("\n", ", ")
            line = plain("setup.done_part", part=part, title=title, known=shown)
        else:
            line = plain("setup.open_part", part=part, title=title)
        terminal.tell(line)

    def check(typed: str) -> int:
        if not typed:
            return 0
        if typed not in map(str, range(1, len(known) + 1)):
            raise Wrong("setup_wrong.part", parts=len(known))
        return int(typed)

    terminal.tell(plain("setup.change"))
    return terminal.choose(check)


def _ask_phrase(terminal: Terminal, installation: Installation) -> None:
    """Make a phrase where there is none or its paper is lost; it counts once it was given back."""
    if installation.settings.backup_key:
        terminal.tell(f"\n{plain('setup.phrase_known')}")
        if terminal.read().lower() != plain("setup.phrase_new"):
            return
    made = phrase.fresh()
    while not _given_back(terminal, made):
        made = phrase.fresh()
    _keep(installation, made)


def _given_back(terminal: Terminal, made: Sequence[str]) -> bool:
    with terminal.apart():
        _show(terminal, made)
        terminal.tell(plain("setup.phrase_wait"))
        terminal.read()
    for index in sorted(secrets.SystemRandom().sample(range(phrase.LENGTH), ASKED_BACK)):
        terminal.tell(plain("setup.phrase_word", place=index + 1))
        while (typed := terminal.read().lower()) != made[index]:
            if typed == plain("setup.phrase_again"):
                return False
            terminal.tell(plain("setup_wrong.word", place=index + 1))
    return True


def _show(terminal: Terminal, made: Sequence[str]) -> None:
    numbered = [f"{place:2}. {word:<8}" for place, word in enumerate(made, start=1)]
    rows = [numbered[at : at + COLUMNS] for at in range(0, len(numbered), COLUMNS)]
    terminal.tell(f"\n{plain('setup.phrase')}\n")
    terminal.tell("\n".join("   ".join(row).rstrip() for row in rows) + "\n")


def _keep(installation: Installation, made: tuple[str, ...]) -> None:
    installation.save("BACKUP_KEY", base64.b64encode(phrase.public_of(made)).decode())


def _seal(installation: Installation) -> Path:
    """Write the recovery file anew: the key, the phrase or the folder may be another one now."""
    settings = installation.settings
    assert settings.backup_dir is not None  # noqa: S101 - asked for before
    try:
        return recovery.write(
            settings.backup_dir, settings.backup_key, config.key_text(config.found())
        )
    except OSError:
        raise Wrong("setup_wrong.folder") from None
