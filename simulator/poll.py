"""Polls: what a bot asks everybody at once, and how they vote."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulator.message import Json, Message

if TYPE_CHECKING:
    from simulator.person import Person
    from simulator.telegram import Telegram


def vote(telegram: "Telegram", message: Message, person: "Person", labels: Sequence[str]) -> None:
    """Count someone's answers instead of their earlier ones; the bot that asked is told.

    Raises ValueError for what no phone would send.
    """
    old: Json | None = message.content.get("poll")
    if old is None or old["is_closed"]:
        raise ValueError("no poll is open there")
    texts = [option["text"] for option in old["options"]]
    chosen = sorted({texts.index(label) for label in labels if label in texts})
    if len(chosen) < len(set(labels)):
        raise ValueError(f"the poll offers only {texts}")
    if len(chosen) > 1 and not old["allows_multiple_answers"]:
        raise ValueError("the poll takes one answer")
    message.votes[person.id] = chosen
    given = list(message.votes.values())
    options = [
        option | {"voter_count": sum(number in one for one in given)}
        for number, option in enumerate(old["options"])
    ]
    total = sum(bool(one) for one in given)
    poll = old | {"options": options, "total_voter_count": total}
    message.content = message.content | {"poll": poll}
    updates, queue = message.chat.bot.updates, int(poll["id"])
    updates.add("poll", poll, queue=queue)
    if not poll["is_anonymous"]:
        answer = {
            "poll_id": poll["id"],
            "user": person.to_json(),
            "option_ids": chosen,
            "option_persistent_ids": [options[number]["persistent_id"] for number in chosen],
        }
        updates.add("poll_answer", answer, queue=queue)
