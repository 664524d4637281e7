"""Every expected "no", and the key of the sentence that explains it.

    Refusal
    ├── NotFound        it does not exist, or this person may not know that it does
    ├── NotAllowed      the person is not (or no longer) entitled to this
    ├── WrongMove       the record's life has no such step from where it stands
    ├── MovedOn         somebody else was first
    ├── Closed          the consultation is over; what was written went nowhere
    └── NotReady        the facility has not been set up for consultations

A Refusal is raised anywhere below a handler and caught in `bot/inbox.py` only, which says the
sentence and calls the update done. `Later` is no refusal: the update waits for earlier ones.
Everything else that is raised is a fault: it is tried again, then set aside, and never shown.
"""


class Refusal(Exception):
    """An expected no; `key` names its words, `words` fills them."""

    key = "refusal.not_found"

    def __init__(self, key: str | None = None, **words: object) -> None:
        super().__init__(key or self.key)
        self.key = key or self.key
        self.words = words


class NotFound(Refusal):
    """There is no such thing, or not for this person: both sound the same."""


class NotAllowed(Refusal):
    """This person may not do this."""

    key = "refusal.not_allowed"


class WrongMove(Refusal):
    """The record cannot take this step from where it stands."""

    key = "refusal.wrong_move"


class MovedOn(Refusal):
    """Somebody else took it first."""

    key = "refusal.moved_on"


class Closed(Refusal):
    """The consultation is over: nothing was passed on."""

    key = "refusal.closed"


class NotReady(Refusal):
    """No facility answers for consultations here yet."""

    key = "refusal.not_ready"


class Later(Exception):
    """Earlier updates of another chat must be handled first; this one is taken again after them."""
