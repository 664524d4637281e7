"""Which article answers a question in somebody's own words; nothing where none surely does.

Learned soon after the start from content/guidance/asked, a second's work: a linear classifier
(averaged passive-aggressive, Crammer and others 2006) over words, pairs of words near each other,
and pieces of words, so that dialects and slips of the finger count for what they share. It needs no
library and no model file, and a nurse who adds a line has taught it.
"""

import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from services.content import guidance_asked, guidance_words
from services.reading import meant

NONE, COMPLAINT = "none", "keluhan"
"""What is learned beside the articles: questions that none answers, and what ails somebody."""
LEAST, LEAD = 0.2, 0.1
"""An article is named only with this score, and so far before the next. What is lost by more is
asked back («Maksudnya yang mana?»), what is gained is fewer wrong answers: bench/guidance.py."""
LONGEST = 400
"""Characters that are read: nobody asks in more, and it bounds the work."""
WORDS, NEAR = 40, 8
"""Words that are read, and how many behind a word make pairs with it."""
TWICE = 2
"""A pair or piece that was seen in fewer questions teaches nothing."""
ROUNDS = 2
SAFE = 1.5
"""What was told apart by so much is not looked at again in the next round."""
_WEIGHT = {"w": 1.5, "p": 1.5, "c": 0.6}
"""How much a word, a pair and a piece of three or four letters count."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a question was taken for: the best answers with their scores, the best first."""

    ranked: tuple[tuple[str, float], ...]

    @property
    def topic(self) -> str | None:
        """Give the article that answers it; None for «tidak tahu»."""
        best, score = self.ranked[0]
        is_sure = score >= LEAST and self.lead >= LEAD
        return best if is_sure and best not in (NONE, COMPLAINT) else None

    @property
    def lead(self) -> float:
        """Give how far the best is before the next."""
        return self.ranked[0][1] - self.ranked[1][1]

    @property
    def illness(self) -> float:
        """Give how much it sounds like somebody who is ill."""
        return dict(self.ranked).get(COMPLAINT, 0.0)

    @property
    def score(self) -> float:
        """Give how well the best fits, from 0 to 1."""
        return max(0.0, min(1.0, self.ranked[0][1]))

    @property
    def is_complaint(self) -> bool:
        """Tell whether it rather says what ails somebody."""
        return self.ranked[0][0] == COMPLAINT

    @property
    def near(self) -> list[str]:
        """Give the articles that may have been meant, the likeliest first."""
        likely = [topic for topic, score in self.ranked[:4] if score >= LEAST / 2]
        return [topic for topic in likely if topic not in (NONE, COMPLAINT)][:3]


NOTHING = Match(((NONE, 0.0), (COMPLAINT, 0.0)))


def find(question: str) -> Match:
    """Find the article that answers a question in somebody's own words; «tidak tahu» before
    `learn` is done, for nobody's message may wait for it on a slow machine."""
    return _learned().match(question) if _learned.cache_info().currsize else NOTHING


def learn() -> None:
    """Learn from content/guidance/asked, once: a second's work."""
    _learned()


@cache
def _learned() -> "Matcher":
    return Matcher(guidance_asked())


class Matcher:
    """What was learned from questions by their topic.

    Each feature has a row with one weight for each topic, its own worth multiplied in: so a
    question's scores are the sums of columns, which Python adds up as fast as a library would.
    """

    def __init__(self, asked: Mapping[str, Iterable[str]]) -> None:
        self._topics = sorted(asked)
        questions = [(_features(one), topic) for topic in self._topics for one in asked[topic]]
        seen = Counter(name for names, _ in questions for name in names)
        self._worth = {
            name: _WEIGHT[name[0]] * math.log(len(questions) / count)
            for name, count in seen.items()
            if count >= TWICE or name[0] == "w"
        }
        self._rows = {name: [0.0] * len(self._topics) for name in self._worth}
        self._learn([(self._known(names), self._topics.index(topic)) for names, topic in questions])

    def match(self, question: str) -> Match:
        """Rank all topics for a question."""
        ranked = zip(self._topics, self._scores(self._known(_features(question))), strict=True)
        return Match(tuple(sorted(ranked, key=lambda one: (-one[1], one[0]))))

    def _known(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if name in self._worth]

    def _length(self, names: Sequence[str]) -> float:
        return math.hypot(*(self._worth[name] for name in names)) or 1.0

    def _scores(self, names: Sequence[str]) -> list[float]:
        if not names:
            return [0.0] * len(self._topics)
        length = self._length(names)
        return [
            sum(column) / length for column in zip(*map(self._rows.__getitem__, names), strict=True)
        ]

    def _learn(self, questions: list[tuple[list[str], int]]) -> None:
        """Move the weights wherever a wrong topic comes near; what is kept is their mean over the
        whole way, for the last question must not count most."""
        chance, step = random.Random(0), 1  # the same order each time
        drift = {name: [0.0] * len(self._topics) for name in self._worth}
        left = questions
        for _ in range(ROUNDS):
            chance.shuffle(left)
            unsafe = []
            for names, right in left:
                scores = self._scores(names)
                mine, scores[right] = scores[right], -math.inf
                nearest = max(scores)
                if (lead := mine - nearest) < 1:
                    self._move(
                        names, right, scores.index(nearest), min(1, (1 - lead) / 2), drift, step
                    )
                if lead < SAFE:
                    unsafe.append((names, right))
                step += 1
            left = unsafe
        for name, row in self._rows.items():
            row[:] = (one - drifted / step for one, drifted in zip(row, drift[name], strict=True))

    def _move(
        self,
        names: Sequence[str],
        right: int,
        wrong: int,
        by: float,
        drift: Mapping[str, list[float]],
        step: int,
    ) -> None:
        by /= self._length(names)
        for name in names:
            change = by * self._worth[name] ** 2
            row, drifted = self._rows[name], drift[name]
            row[right] += change
            row[wrong] -= change
            drifted[right] += step * change
            drifted[wrong] -= step * change


def _features(question: str) -> list[str]:
    """Give the words (w), pairs (p) and pieces (c) of a question, each once."""
    return list(dict.fromkeys(_named(_words(question))))


def _named(words: list[str]) -> Iterator[str]:
    for place, word in enumerate(words):
        yield f"w{word}"
        for other in words[place + 1 : place + 1 + NEAR]:
            yield f"p{min(word, other)} {max(word, other)}"
        framed = f"<{word}>"
        for size in (3, 4):
            yield from (f"c{framed[at : at + size]}" for at in range(len(framed) - size + 1))


def _words(question: str) -> list[str]:
    """Give the words as they are meant."""
    said = question[:LONGEST].lower()
    for phrase, word in _phrases():
        said = phrase.sub(word, said)
    said = re.sub(r"([a-z])\1{2,}", r"\1", said)
    return [_meant(word[:30]) for word in re.findall(r"[a-z]+|\d+", said)[:WORDS]]


def _meant(word: str) -> str:
    known = _ways()
    return known.get(word) or known.get(plain := meant(word), plain)


@cache
def _ways() -> dict[str, str]:
    words = guidance_words()["word"]
    return {way: word for word, ways in words.items() for way in ways.split()}


@cache
def _phrases() -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile(rf"\b{re.escape(phrase)}\b"), word)
        for phrase, word in guidance_words()["phrase"].items()
    ]
