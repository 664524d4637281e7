"""Words and code fit together: nothing is said that is not written, nothing written is unused."""

import ast
import inspect
import re
import string
import tomllib
import unicodedata
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.check import LOOKED_AT
from bot.installation import STEPS
from handlers import routes, talk
from models import errors, facility
from models.consultation import Outcome, Status
from models.errors import Refusal
from models.facility import Has
from models.followup import Ask
from models.form import Question
from models.medicine import Signer
from models.offer import Reason
from models.person import Language
from models.role import Kind, Profession, Sex, Skill
from models.task import What
from services import checkin, duty, patient, rating, scope, silence, understood
from services.abuse import REASONS as ABUSES
from services.advice import OUTCOMES, holding
from services.alarm import tell_admins, tell_once
from services.applicant import REASONS
from services.applicant.asking import FIELDS
from services.consent import version_of
from services.content import CONTENT, Html, catalogue, guidance_shelves, plain, words
from services.correction import MENDS, WRONGS
from services.dispatch.why import Why
from services.facility import wish
from services.facility.show import LAST
from services.guidance.lesson import lessons, troubles
from services.intake import asking
from services.intake.typed import RELATIONS
from services.integrity import Pattern
from services.mail import say
from services.media import COPIED
from services.menu import BIG
from services.patient import field
from services.reading import forms, meant
from services.rights import RIGHTS
from services.rights.telling import ANSWERS
from services.rights.telling import FIELDS as PATIENT_FIELDS
from services.rights.telling import NOUNS as NOUNS_READ
from services.scam import WANTED as SCAMS
from services.transfer import REASONS as GIVEN_FOR
from services.worklist import Filter
from tests.routes import COMMANDS, VERBS

ROOT = Path(__file__).parent.parent
FOLDERS = ("bot", "handlers", "models", "scheduler", "services", "web")
TREES = {
    file.relative_to(ROOT).as_posix(): ast.parse(file.read_text(encoding="utf-8"))
    for folder in FOLDERS
    for file in sorted((ROOT / folder).rglob("*.py"))
    if file.name != "demo.py"  # its story repeats the words to see whether they were said
    and "migrations" not in file.parts
}
KEYS = catalogue()
NOUNS = {key.split(".")[0] for key in KEYS}

FAMILIES: dict[str, set[str]] = {  # keys that are put together: `advice.{outcome}`
    "button.": {name for row in BIG for name in row},
    "advice.": set(OUTCOMES),
    "outcome.": set(OUTCOMES),
    "ask.": set(asking.FIELDS),
    "who.": set(asking.CHOICES["who"]),
    "relation.": set(asking.CHOICES["who"]),
    "relation_short.": set(asking.CHOICES["who"]),
    "age.": set(asking.CHOICES["age"]),
    "sex.": set(asking.CHOICES["sex"]),
    "pregnancy.": set(asking.CHOICES["pregnancy"]),
    "sign.": {*asking.CHOICES["danger"], *asking.PRIVATE},
    "answered.": {*asking.CHOICES["danger"], *asking.PRIVATE, "unasked"},
    "adult.": set(asking.CHOICES["adult"]),
    "asked.": set(patient.ASKED),
    "field.": set(field.FIELDS),
    "born.": set(field.CHOICES["born"]),
    "allergies.": set(field.CHOICES["allergies"]),
    "illness.": set(field.CHOICES["illness"]),
    "fill.": set(field.FIELDS),
    "typed.": {"skip", "back", "stop"},
    "fill_wrong.": {"nik", "nik_card", "card", "card_nik"},
    "no_contact.": set(silence.REASONS),
    "no_contact_button.": set(silence.REASONS),
    "closing.": {"problem", "action"},
    "closing_kept.": {"code", "problem", "action"},
    "closing_hint.": {scope.of(one).writes[0] for one in Profession},
    "closing_missing.": {*holding.FIELDS, "advice"},
    "closing_label.": set(holding.FIELDS),
    "unclear.": set(understood.UNCLEAR),
    "rate.": set(rating.MARKS),
    "history_outcome.": set(Outcome),
    "paper.": set(OUTCOMES),
    "danger_staff.": {"called", "nobody", "unread"},
    "danger.": {"card", "card_nobody", "card_unread"},
    "leaving.": set(duty.WAYS),
    "why_asker.": set(Why),
    "likeness.": set(Sex),
    "i_am.": set(Sex),
    "why_staff.": set(Why),
    "skill.": set(Skill),
    "profession.": set(Profession),
    "profession_name.": set(Profession),
    "kind.": set(Kind),
    "facility_kind.": set(facility.Kind),
    "fact.": set(facility.Has),
    "invitation.": set(Kind),
    "welcome.": {Kind.ADMIN, Kind.VOLUNTEER, Kind.OFFICER},
    "applicant.": set(FIELDS),
    "applicant_wrong.": set(FIELDS),
    "declined.": set(REASONS),
    "language_name.": set(Language),
    "shelf.": set(guidance_shelves()),
    "turn.": {"evening", "morning", "morning_rs"},
    "reason.": set(REASONS),
    "command.": set(COMMANDS),
    "signer.": set(Signer),
    "why.": set(Reason),
    "abuse_what.": set(ABUSES),
    "integrity.": set(Pattern),
    "transfer_why.": set(GIVEN_FOR),
    "worklist_filter.": set(Filter),
    "emergency_wrong.": {Question.NUMBER, Question.NEW_NUMBER},
    "check_what.": set(LOOKED_AT),
    "facility_group.": set(wish.GROUPS),
    "facility_need.": set(wish.NEEDS),
    "correction_what.": set(WRONGS),
    "correction_ask.": {"hours", "polis", "phone", "place"},
    "correction_wrong.": {"hours", "polis", "phone", "place"},
    "mend.": set(MENDS),
    "setup.": {name for names in STEPS.values() for name in names},
    "setup_step.": set(STEPS),
    "task_what.": set(What),
    "right.": set(RIGHTS),
    "medium.": {*COPIED, "album"},
    "scam_wanted.": set(SCAMS),
    "data_field.": set(PATIENT_FIELDS),
    "data_status.": set(Status),
    "data_ask.": set(Ask),
    "data_answer.": set(ANSWERS),
    "data_noun.": set(NOUNS_READ),
    "search.": {str(one) for one in facility.Kind if one is not facility.Kind.OTHER},
}
LONGEST = 1000
"""Characters of a text: two screens of a small phone, and far from Telegram's 4,096."""
LABEL = 40
"""Characters of a button: what is longer is cut by the phone."""
PAYLOAD = 64
"""Bytes of a button's payload (Bot API, InlineKeyboardButton.callback_data)."""


def nodes(kind: type[ast.AST]) -> Iterator[tuple[str, Any]]:
    for path, tree in TREES.items():
        yield from ((path, node) for node in ast.walk(tree) if isinstance(node, kind))


def literal_keys() -> Iterator[tuple[str, str]]:
    """Every string in the code that has the shape of a key of one of our nouns."""
    others = set()  # `then` names a service function, a foreign key a column
    for _, call in nodes(ast.Call):
        others |= {id(keyword.value) for keyword in call.keywords if keyword.arg == "then"}
        others |= {id(value) for value in call.args if ast.unparse(call.func) == "ForeignKey"}
    for path, node in nodes(ast.Constant):
        text = node.value
        if isinstance(text, str) and re.fullmatch(r"[a-z_]+\.[a-z_]+", text):
            noun, what = text.split(".")
            if noun in NOUNS and what != "toml" and id(node) not in others:
                yield path, text


def families() -> Iterator[tuple[str, str]]:
    """Every string in the code that begins a key and leaves the rest open."""
    for path, node in nodes(ast.JoinedStr):
        first = node.values[0]
        if len(node.values) == 2 and isinstance(first, ast.Constant):
            yield path, str(first.value)
    for path, node in nodes(ast.Constant):
        if isinstance(node.value, str):
            yield path, node.value


def placeholders(key: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(KEYS[key]) if name}


# ── keys ────────────────────────────────────────────────────────────────────────────────────────


def test_every_key_used_is_written() -> None:
    assert [(path, key) for path, key in literal_keys() if key not in KEYS] == []


def test_every_family_is_known_and_complete() -> None:
    used = {prefix for _, prefix in families() if re.fullmatch(r"[a-z_]+\.", prefix)}
    assert {prefix for prefix in used if prefix[:-1] in NOUNS} == FAMILIES.keys()
    wanted = {f"{prefix}{what}" for prefix, whats in FAMILIES.items() for what in whats}
    assert wanted <= KEYS.keys()


def test_every_key_written_is_used() -> None:
    used = {key for _, key in literal_keys()}
    used |= {f"{prefix}{what}" for prefix, whats in FAMILIES.items() for what in whats}
    assert KEYS.keys() - used == set()


def test_the_menu_names_every_command_once() -> None:
    named = {key.removeprefix("command.") for key in KEYS if key.startswith("command.")}
    assert named == set(COMMANDS)
    assert len(COMMANDS) == len(set(COMMANDS))


def test_no_key_is_written_twice_or_empty() -> None:
    """TOML refuses a key twice in one table; this refuses a text that says nothing."""
    assert [key for key, text in KEYS.items() if not text.strip()] == []
    assert set(OUTCOMES) <= set(Outcome)


# ── placeholders ────────────────────────────────────────────────────────────────────────────────

REFUSALS = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, Refusal)
}
SPEAKERS: dict[str, Any] = {
    "say": say,
    "words": words,
    "plain": plain,
    "alarm.tell_admins": tell_admins,
    "tell_admins": tell_admins,
    "tell_once": tell_once,
}


def spoken() -> Iterator[tuple[str, list[str], set[str]]]:
    """Where, which key or keys, and the values given: wherever the code shows all three."""
    for path, call in nodes(ast.Call):
        name = ast.unparse(call.func)
        if any(keyword.arg is None for keyword in call.keywords):
            continue  # **values: only the caller's caller knows
        given = {str(keyword.arg) for keyword in call.keywords}
        if name in SPEAKERS:
            parameters = inspect.signature(SPEAKERS[name]).parameters
            place = list(parameters).index("key")
            keys = _keys(call.args[place]) if len(call.args) > place else []
            named = {n for n, p in parameters.items() if p.kind is not p.VAR_KEYWORD}
            yield _at(path, call), keys, given - named
        elif name in REFUSALS:
            keys = _keys(call.args[0]) if call.args else [REFUSALS[name].key]
            yield _at(path, call), keys, given
        elif name == "Button":
            values = call.args[2] if len(call.args) > 2 else ast.Dict([], [])
            assert isinstance(values, ast.Dict)
            names = {str(key.value) for key in values.keys if isinstance(key, ast.Constant)}
            yield _at(path, call), _keys(call.args[0]), names
    for path, node in nodes(ast.Raise):
        if isinstance(node.exc, ast.Name) and node.exc.id in REFUSALS:
            yield _at(path, node), [REFUSALS[node.exc.id].key], set()


def _keys(argument: ast.expr) -> list[str]:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value]
    if isinstance(argument, ast.IfExp):
        return _keys(argument.body) + _keys(argument.orelse)
    return []


def _at(path: str, node: ast.expr | ast.stmt) -> str:
    return f"{path}:{node.lineno}"


def test_every_value_that_a_text_wants_is_given_and_no_other() -> None:
    wrong = {
        place: (keys, given)
        for place, keys, given in spoken()
        if keys and set().union(*map(placeholders, keys)) != given
    }
    assert not wrong


def test_most_places_could_be_held_against_their_text() -> None:
    """Otherwise the test above would prove nothing on the day it stops understanding the code."""
    checked = [keys for _, keys, _ in spoken() if keys]
    assert len(checked) > 50
    seen = {key for keys in checked for key in keys}
    assert seen >= {
        "offer.text", "waiting.still", "button.to_asker", "refusal.full",
        "refusal.not_found", "advice.signature", "alarm.backlog",
    }  # fmt: skip


# ── the texts themselves ────────────────────────────────────────────────────────────────────────


def plain_and_short(key: str, text: str) -> bool:
    """Tell whether a text is fit to be sent; a label is shorter, and buttons know no markup."""
    fits = len(text) <= LONGEST and text == unicodedata.normalize("NFC", text)
    if key.startswith("button."):
        fits = fits and len(text) <= LABEL and not re.search(r"<[a-z/]|&\w+;", text)
    return fits and "\t" not in text and "  " not in text


def test_every_text_is_short_and_plain() -> None:
    assert not [key for key, text in KEYS.items() if not plain_and_short(key, text)]


def test_no_text_names_a_number_to_call_but_119() -> None:
    """A number that changes, or that was made up, must not stand in the code's words."""
    numbers = {key: set(re.findall(r"\d(?:[ .\-]?\d){2,}", text)) for key, text in KEYS.items()}
    assert not {key: found for key, found in numbers.items() if not found <= {"119"}}


@pytest.mark.parametrize("key", ["danger.card", "danger.card_nobody", "person.greeting"])
def test_who_is_in_danger_reads_119_first(key: str) -> None:
    assert "119" in KEYS[key]


def test_the_menu_fits_telegram() -> None:
    """1 to 32 of a-z 0-9 _, descriptions of 1 to 256 (Bot API, BotCommand)."""
    assert all(re.fullmatch(r"[a-z0-9_]{1,32}", name) for name in COMMANDS)
    assert all(1 <= len(KEYS[f"command.{name}"]) <= 256 for name in COMMANDS)


# ── buttons ─────────────────────────────────────────────────────────────────────────────────────

TOPICS = [topic for topics in guidance_shelves().values() for topic in topics]
LONG: dict[str, list[str]] = {  # the longest that each expression inside a payload can become
    "version": [version_of(Html("contoh"))],
    "outcome": [str(outcome) for outcome in OUTCOMES],
    "way": list(duty.WAYS),
    "sex": list(Sex),
    "minutes": [str(one) for one in duty.RESTS],
    "profession": list(Profession),
    "reason": list(REASONS),
    "cause": list(silence.REASONS),
    "field": list(asking.FIELDS),
    "value": [value for values in asking.CHOICES.values() for value in values],
    "what": list(field.FIELDS),
    "tapped": ["hypertension", "8" + "9" * 18, "99.99.99.9999"],
    "relation": list(RELATIONS),
    "told": list(asking.PRIVATE),
    "after": ["9999"],
    "back + 1": ["12"],
    "on": ["9999"],
    "why": list(Reason),
    "other": list(Filter),
    "chosen": list(Filter),
    "given": list(GIVEN_FOR),
    "came": list(ABUSES),
    "days": [str(max(checkin.FAR))],
    "mark": list(rating.MARKS),
    "code": ["99.99.99.9999"],
    "place": ["99"],
    "one.code": ["Z99.99"],
    "one.place.code": ["99.99.99.9999"],
    "digested": ["0123abcd"],
    "now.mark": ["0123abcd"],
    "wrong": list(WRONGS),
    "mend": list(MENDS),
    "has": list(Has),
    "right": list(RIGHTS),
    "wanted": list(SCAMS),
    "language": list(Language),
    "name": [*guidance_shelves(), *lessons()],
    "here": [f"{name}:99" for name in lessons()],
    **{one: list(lessons()) for one in ("one.name", "begun.name", "taught.name")},
    "number": ["99"],
    "number + 1": ["99"],
    "number - 1": ["98"],
    "ahead": ["7"],
    "one": list(troubles()),
    **dict.fromkeys(("topic", "shown.topic", "one.topic"), TOPICS),
    "shelf": list(guidance_shelves()),
    "page - 1": ["0", "4"],
    "page + 1": ["1", "5"],
    "packed": [wish.Wish("f8" + "9" * 18, "p", "i", True, LAST + wish.PAGE).packed],
}


def payloads() -> Iterator[tuple[str, str]]:
    """Where a payload is made, and what it is at its longest."""
    for path, call in nodes(ast.Call):
        if ast.unparse(call.func) == "Button":
            for text in _spelled(call.args[1]):
                yield _at(path, call), text


def _spelled(payload: ast.expr) -> list[str]:
    if isinstance(payload, ast.Constant):
        return [str(payload.value)]
    assert isinstance(payload, ast.JoinedStr)
    made = [""]
    for piece in payload.values:
        if isinstance(piece, ast.Constant):
            ends = [str(piece.value)]
        else:
            assert isinstance(piece, ast.FormattedValue)
            name = ast.unparse(piece.value)
            name = "packed" if name.endswith(".packed") else name
            ends = ["8" + "9" * 18] if name.endswith((".id", "_id")) else LONG[name]
        made = [start + end for start in made for end in ends]
    return made


def taker(payload: str) -> object:
    """The function that a press of this button would call."""
    press: Any = SimpleNamespace(message=None, callback_query=SimpleNamespace(data=payload))
    return next(route.function for route in routes.ROUTES if route.matches(press))


def test_every_button_fits_telegram_and_somebody_hears_it() -> None:
    made = {payload for _, payload in payloads()}
    assert not [one for one in made if not 1 <= len(one.encode()) <= PAYLOAD]
    assert not [one for one in made if taker(one) is talk.expired_button]


def test_every_button_that_is_heard_is_made_somewhere() -> None:
    assert set(VERBS) == {payload.split(":")[0] for _, payload in payloads()}


@pytest.mark.parametrize("payload", ["", "accept:", "accept:x", "accept:1:2", "x" * 64, "drop:1"])
def test_a_button_of_another_time_is_expired(payload: str) -> None:
    assert taker(payload) is talk.expired_button


# ── the danger words ────────────────────────────────────────────────────────────────────────────

QUESTIONS = tomllib.loads((CONTENT / "questions.toml").read_text(encoding="utf-8"))["question"]
SIGN_TEXTS = {sign["text"] for one in QUESTIONS for sign in one["sign"]}
DANGER = tomllib.loads((CONTENT / "danger.toml").read_text(encoding="utf-8"))
SIGNS = DANGER["sign"]
LEXICON = tomllib.loads((CONTENT / "lexicon.toml").read_text(encoding="utf-8"))
WHO = {"BAYI", "ANAK", "HAMIL", "NIFAS", "DEMAM3", "GULA", "TENSI160", "GULA60", "TROMBO100",
       "OKSIGEN92", "BUTIR10", "SUHU375", "SUHU39"}  # fmt: skip
SOURCES = {"MTBS", "MTBM", "KIA", "SEGERA", "PMK", "K"}


def words_of(part: str) -> set[str]:
    """The words of one part of a sign, those of a class for its name."""
    named = [DANGER["class"][one[1:]] if one.startswith("@") else one for one in part.split("|")]
    return {f"!{meant(one[1:])}" if one.startswith("!") else meant(one)
            for words in named for one in words.split()}  # fmt: skip


def test_every_sign_can_be_recognised_and_says_where_it_comes_from() -> None:
    assert {sign["source"] for sign in SIGNS} <= SOURCES
    for line in (line for sign in SIGNS for line in sign["when"]):
        parts = line.split()
        assert {part for part in parts if part.isupper()} <= WHO, line
        assert any(not part.isupper() for part in parts), f"«{line}» names nobody's sign"
        for word in re.findall(r"\w+_\w+", f"{line} {' '.join(DANGER['class'].values())}"):
            assert any(word in LEXICON[table] for table in ("phrase", "word", "act", "cannot")), (
                word
            )


def test_no_word_alone_is_two_parts_of_a_sign() -> None:
    lines = [line for sign in SIGNS for line in sign["when"]]
    twice = [
        line
        for line in lines
        for one, other in combinations([part for part in line.split() if not part.isupper()], 2)
        if words_of(one) & words_of(other)
    ]
    assert twice == []


def test_no_spelling_has_two_meanings() -> None:
    spelled = [way for ways in LEXICON["word"].values() for way in ways.split()]
    assert [way for way in spelled if spelled.count(way) > 1] == []
    assert [way for way in spelled if way in LEXICON["word"]] == []
    formed = {name: {one for root in roots.split() for one in forms(root)}
              for name, roots in LEXICON["act"].items()}  # fmt: skip
    assert [one & other for one, other in combinations(formed.values(), 2) if one & other] == []
    phrases = [way for ways in LEXICON["phrase"].values() for way in ways]
    assert [way for way in phrases if phrases.count(way) > 1] == []
