"""What stands above words on their way to the other side: whose they are, and of which patient.

Each of a worker's patients has a colour while they have it, so that several on one phone stay
apart before the name is read.
"""

from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.person import Person
from services import credential, person
from services.content import Html, one_of, words

COLOURS = 6
"""Of `relay.dots`; a worker has three places, and more only in danger."""


def dot(one: Consultation) -> str:
    """Give the colour of a patient for the worker who has them, with a space behind; nothing where
    nobody has."""
    return f"{one_of('relay.dots', (one.place - 1) % COLOURS)} " if one.place else ""


def named(session: Session, one: Consultation, reader: Person | None = None) -> Html:
    """Give how a worker tells a patient from the others: colour, number, the asker's name; to any
    other reader without the colour, which may be another patient's at their own desk."""
    name = person.name_of(session, one.asker)
    is_theirs = reader is None or reader.id == one.worker_id
    return words(
        "relay.from_asker", dot=dot(one) if is_theirs else "", number=one.number, name=name
    )


def header(
    session: Session,
    one: Consultation,
    author: Person,
    reader: Person,
    *,
    key: str | None = None,
    forwarded: bool = False,
) -> Html:
    """Give the lines above somebody's words: who they are, and what is to be known of the words."""
    if author.id == one.asker_id:
        head = named(session, one, reader)
    elif author.id == one.worker_id:
        head = words("relay.from_worker", worker=one.read(session)["worker"])
    else:
        head = words("relay.from_worker", worker=credential.known_as(session, author))
    if key is not None:
        head = Html(f"{head}\n{words(key)}")
    return Html(f"{head}\n{words('relay.forwarded')}") if forwarded else head
