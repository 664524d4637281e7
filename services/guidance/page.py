"""Showing the articles: the shelves, one article page by page, passing it on, asking for help."""

from datetime import date, datetime
from urllib.parse import quote

from sqlalchemy.orm import Session

from models.bot import Bot
from models.errors import NotFound
from models.facility import Zone
from models.message import Words
from services import day
from services.content import Html, guidance_shelves, joined, plain, scam_call, words
from services.facility.times import clock_of
from services.guidance import article
from services.guidance.article import Article
from services.mail import Button, Buttons, Link, change, say, tell
from services.person import Caller

TAUGHT = "antrean"
"""The shelf whose articles lead into the lessons."""
SHARED = "g_"
"""What begins the payload of a link to one article; its topic follows."""


def home(session: Session, caller: Caller, *, at: datetime) -> None:
    """Say the few rules that matter most, and show the shelves."""
    shelves = [[Button(f"shelf.{name}", f"shelf:{name}")] for name in guidance_shelves()]
    ask = [Button("button.ask", "ask")]
    learn = [Button("button.lessons", "lessons")]
    say(
        session,
        caller.bot_id,
        caller.person,
        "guide.home",
        at=at,
        buttons=[
            learn,
            *shelves,
            ask,
            [
                Button("button.facility", "screen:facility"),
                Button("button.emergency", "screen:emergency"),
            ],
            [Button("button.help", "screen:help")],
        ],
    )


def show_shelf(session: Session, caller: Caller, name: str, *, at: datetime) -> None:
    """Show the articles of a shelf by their titles."""
    topics = article.shelves().get(name)
    if topics is None:
        raise NotFound("guidance.unknown")
    rows = [[opens(_article(caller, topic))] for topic in topics]
    rows.append([Button("button.back", "screen:guide")])
    title = plain(f"shelf.{name}")
    say(session, caller.bot_id, caller.person, "guidance.shelf", at=at, title=title, buttons=rows)


def show(session: Session, caller: Caller, topic: str, *, at: datetime) -> None:
    """Show the first page of an article."""
    found = _article(caller, topic)
    text, buttons = _page(session, caller, found, 0, at=at)
    tell(session, caller.bot_id, caller.person, text, at=at, buttons=buttons)


def answer(session: Session, caller: Caller, topic: str, said: Words, *, at: datetime) -> None:
    """Show an article in reply to words that asked for it; below it, that they meant something
    else."""
    found = _article(caller, topic)
    text, buttons = _page(session, caller, found, 0, at=at)
    not_that = [
        Button("button.not_that", "notthat"),
        Button("button.is_complaint_too", "complaint"),
    ]
    tell(session, caller.bot_id, caller.person, text, at=at, buttons=[*buttons, not_that],
         reply_to=said.message_id)  # fmt: skip


def turn(
    session: Session, caller: Caller, topic: str, page: int, message_id: int, *, at: datetime
) -> None:
    """Show another page in place of the one that was read; an article may have fewer now."""
    found = _article(caller, topic)
    text, buttons = _page(session, caller, found, min(page, len(found.pages) - 1), at=at)
    change(session, caller.bot_id, caller.person, message_id, text, at=at, buttons=buttons)


def is_link(payload: str) -> bool:
    """Tell whether what came with /start points at an article."""
    return payload.startswith(SHARED)


def open_link(session: Session, caller: Caller, payload: str, *, at: datetime) -> None:
    """Show the article that somebody passed on, or the shelves where it is gone."""
    topic = payload.removeprefix(SHARED)
    if article.find(topic) is None:
        home(session, caller, at=at)
    else:
        show(session, caller, topic, at=at)


def offer_help(session: Session, caller: Caller, topic: str, *, at: datetime) -> None:
    """Say who helps with what an article did not answer."""
    _article(caller, topic)
    call = scam_call()
    rows = [
        [Button("button.inquire", f"inquire:{topic}")],
        [Button("button.consult", "screen:consult")],
    ]
    say(session, caller.bot_id, caller.person, "guidance.help", at=at, buttons=rows,
        name=call["name"], call=call["number"], hours=call["hours"])  # fmt: skip


def _article(caller: Caller, topic: str) -> Article:
    found = article.find(topic, caller.person.reads)
    if found is None:
        raise NotFound("guidance.unknown")
    return found


def opens(one: Article) -> Button:
    """Give the button that shows an article."""
    return Button("button.article", f"article:{one.topic}", {"title": one.title})


def _page(
    session: Session, caller: Caller, shown: Article, page: int, *, at: datetime
) -> tuple[Html, Buttons]:
    is_last = page == len(shown.pages) - 1
    head = words(
        "guidance.page",
        title=shown.title,
        page=page + 1,
        pages=len(shown.pages),
        text=shown.pages[page],
    )
    foot = [_foot(shown, clock_of(Zone.WIB, at).date())] if is_last else []
    text = joined("\n\n", [head, *foot])
    shelf = article.shelf_of(shown.topic)
    leaves = [Button("button.back", f"shelf:{shelf}")]
    if page:
        leaves = [Button("button.back", f"leaf:{shown.topic}:{page - 1}")]
    if not is_last:
        leaves.append(Button("button.next", f"leaf:{shown.topic}:{page + 1}"))
    shared = _share(session, caller, shown)
    asks: list[Button | Link] = [Link("button.share", shared)] if shared else []
    asks.append(Button("button.assist", f"assist:{shown.topic}"))
    more = [[opens(_article(caller, topic))] for topic in shown.see] if is_last else []
    if is_last and shelf == TAUGHT:
        more.insert(0, [Button("button.lessons", "lessons")])
    return text, [leaves, asks, *more]


def _foot(shown: Article, today: date) -> Html:
    key = "guidance.foot" if today <= shown.check_by else "guidance.foot_overdue"
    return words(key, day=day.text(shown.checked_on), sources="; ".join(shown.sources))


def _share(session: Session, caller: Caller, shown: Article) -> str | None:
    """Give the address with which Telegram asks to whom an article goes; None while our own name
    is not known."""
    username = session.get_one(Bot, caller.bot_id).username
    if not username:
        return None
    link = f"https://t.me/{username}?start={SHARED}{shown.topic}"
    text = plain("guidance.shared", title=shown.title)
    return f"https://t.me/share/url?url={quote(link, safe='')}&text={quote(text, safe='')}"
