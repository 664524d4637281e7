"""Inline mode: what a person asks a bot from any chat, what it offers, and the choice.

Nothing is cached here: every question reaches the bot.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator.message import Chat, Json, Message
from simulator.updates import CHOSEN_LIFE, CHOSEN_QUEUE, INLINE_LIFE, INLINE_QUEUE
from simulator.words import Words

if TYPE_CHECKING:
    from simulator.account import BotAccount
    from simulator.person import Person
    from simulator.telegram import Telegram

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")  # core.telegram.org/bots/features#deep-linking
QUESTION_LENGTH = 256  # core.telegram.org/bots/api#inlinequery


@dataclass(frozen=True)
class Result:
    """One thing that a bot offers, ready to be sent."""

    id: str
    title: str
    kind: str
    words: Words
    content: Json
    markup: Json | None
    about: str = ""  # what stands under the title


@dataclass(eq=False)
class Question:
    """What was asked inline; its results are None until the bot answers."""

    id: str
    person: "Person"
    bot: "BotAccount"
    chat: Chat
    text: str
    at: float
    results: list[Result] | None = None
    button: Json | None = field(default=None)  # above the results
    next_offset: str = ""


def ask(telegram: "Telegram", person: "Person", bot: "BotAccount", chat: Chat, text: str,
        offset: str = "") -> Question:  # fmt: skip
    """Bring a question to the bot; raises ValueError where no phone would."""
    if not bot.inline:
        raise ValueError(f"@{bot.username} does not answer inline")
    if len(text) > QUESTION_LENGTH:
        raise ValueError(f"no phone asks more than {QUESTION_LENGTH} characters")
    question = Question(telegram.new_query_id(), person, bot, chat, text, telegram.clock.time())
    telegram.questions[question.id] = question
    kind = chat.to_json()["type"]
    query = {
        "id": question.id,
        "from": person.to_json(),
        "chat_type": "sender" if kind == "private" and chat.bot is bot else kind,
        "query": text,
        "offset": offset,
    }
    bot.updates.add("inline_query", query, queue=person.id + INLINE_QUEUE, life=INLINE_LIFE)
    return question


def choose(telegram: "Telegram", question: Question, result: Result) -> Message:
    """Post a result where it was asked for, and tell the bot if it wants to know."""
    message = Message(
        question.chat,
        result.kind,
        question.person,
        words=result.words,
        content=result.content,
        markup=result.markup,
        via=question.bot,
    )
    telegram.put(message)
    chosen: Json = {
        "from": question.person.to_json(),
        "query": question.text,
        "result_id": result.id,
    }
    if message.rows:
        message.inline_id = f"inline{question.id}"
        telegram.inline_messages[message.inline_id] = message
        chosen["inline_message_id"] = message.inline_id
    if question.bot.inline_feedback:
        queue = question.person.id + CHOSEN_QUEUE
        question.bot.updates.add("chosen_inline_result", chosen, queue=queue, life=CHOSEN_LIFE)
    return message
