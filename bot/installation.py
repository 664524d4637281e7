"""What `telekonsul setup` asks, how each answer is checked, and where it is kept."""

import asyncio
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import answer, config, settings_file
from bot.ask import Question, Wrong
from bot.config import TOKEN, Settings, WrongSetting
from bot.database import Database
from bot.ownership import bring_up_to_date
from bot.telegram import NoToken, Refused, Telegram, TelegramError
from models.bot import Bot
from models.facility import Facility, Zone
from models.invitation import Invitation
from models.role import Kind, Role
from services import atlas, emergency, facility, hours, invitation, rekey, specimen
from services.content import plain

STEPS = {
    "bot": ("token",),
    "facility": ("code", "name", "responsible", "contact"),
    "admin": ("admins",),
    "emergency": ("numbers",),
    "hours": ("hours",),
    "people": ("workers", "volunteers"),
    "backup": ("backup_dir",),
}
"""The seven questions and the answers that each is made of."""
MOST = 20
"""Invitations at once: what is not handed out today is expired next week."""


class NewBot(NamedTuple):
    """A bot as Telegram knows it."""

    id: int
    username: str
    token: str


class Installation:
    """One installation, as far as it has been set up; every answer is kept as soon as it is given.

    `tell` shows what a person must see at once: the links of invitations.
    """

    def __init__(self, settings: Settings, tell: Callable[[str], None]) -> None:
        self.settings, self._tell = settings, tell
        self.database = Database(settings.database_url, settings.data_key)
        self._code = ""
        """The code that was given last; its facility may have no name yet."""

    @property
    def questions(self) -> Sequence[Question[Any]]:
        """Give every question in the order of STEPS."""
        return (
            Question("token", self._check_token, self._keep_token, self._bot_name),
            Question("code", answer.code, self._keep_code, partial(self._of_home, "code")),
            *(
                Question(
                    name, answer.text, partial(self._keep_text, name), partial(self._of_home, name)
                )
                for name in ("name", "responsible", "contact")
            ),
            self._people("admins", Kind.ADMIN, least=1),
            Question("numbers", answer.number, self._keep_number, self._numbers, is_list=True),
            Question("hours", answer.hours, self._keep_hours, partial(self._of_home, "open_hours")),
            self._people("workers", Kind.WORKER),
            self._people("volunteers", Kind.VOLUNTEER),
            Question("backup_dir", self._check_folder, self._keep_folder, self._folder),
        )

    def begin(self) -> None:
        """Make the database ready and get to know the bots of tokens that are set already.

        Raises Wrong where the key opens nothing of the database: it must not be sealed as its key.
        """
        bring_up_to_date(self.database)
        with self._session() as session:
            if not rekey.fits(session):
                raise Wrong("setup_wrong.key")
        given = ",".join(self.settings.telegram_bot_token)
        if given and not self._bot_name():
            try:
                self._keep_token(self._check_token(given))
            except Wrong as wrong:
                self._tell(str(wrong))

    def save(self, name: str, value: str) -> None:
        """Keep one setting in .env; raises Wrong."""
        try:
            config.read(config.found() | {name: value}, need_token=False)
            settings_file.save(name, value)
            self.settings = config.read(need_token=False)
        except WrongSetting as wrong:
            raise Wrong("setup_wrong.setting", error=wrong) from None

    # ── the bot ─────────────────────────────────────────────────────────────────────────────────

    def _bot_name(self) -> str:
        with self._session() as session:
            known = [session.get(Bot, number) for number in self._bot_ids()]
            if not known or not all(one is not None and one.username for one in known):
                return ""
            return ", ".join(f"@{one.username}" for one in known if one is not None)

    def _bot_ids(self) -> list[int]:
        return [int(one.split(":")[0]) for one in self.settings.telegram_bot_token]

    def _check_token(self, typed: str) -> list[NewBot]:
        tokens = [one.strip() for one in typed.split(",") if one.strip()]
        if not tokens or not all(map(TOKEN.fullmatch, tokens)):
            raise Wrong("setup_wrong.token")
        return [asyncio.run(self._get_me(token)) for token in tokens]

    async def _get_me(self, token: str) -> NewBot:
        telegram = Telegram(self.settings.telegram_api_url, token)
        try:
            me = await telegram.call("getMe", {}, seconds=20)
            return NewBot(int(me["id"]), str(me["username"]), token)
        except (NoToken, Refused):
            raise Wrong("setup_wrong.token_refused") from None
        except TelegramError as error:
            raise Wrong("setup_wrong.telegram", error=error) from None
        finally:
            await telegram.close()

    def _keep_token(self, bots: list[NewBot]) -> None:
        self.save("TELEGRAM_BOT_TOKEN", ",".join(one.token for one in bots))
        with self._session() as session:
            for one in bots:
                row = session.get(Bot, one.id) or Bot(id=one.id)
                row.username = one.username
                session.add(row)

    # ── the facility ────────────────────────────────────────────────────────────────────────────

    def _home(self, session: Session) -> Facility | None:
        if self._code:
            return session.scalar(select(Facility).where(Facility.code == self._code))
        ids = self._bot_ids()
        known = ids and session.get(Bot, ids[0]) is not None
        return facility.behind(session, ids[0]) if known else None

    def _must_home(self, session: Session) -> Facility:
        found = self._home(session)
        if found is None:
            raise Wrong("setup_wrong.no_facility")
        return found

    def _of_home(self, name: str) -> str:
        """Give what is known of the facility; made-up data are not known."""
        with self._session() as session:
            home = self._home(session)
            value = getattr(home, name) if home else None
            return "" if value is None or specimen.is_marked(value) else str(value)

    def _keep_code(self, code: str) -> None:
        self._code = code
        with self._session() as session:
            found = self._home(session)
            if found is not None:
                self._join(session, found)

    def _keep_text(self, name: str, value: str) -> None:
        with self._session() as session:
            home = self._home(session)
            code = home.code if home else self._code
            if not code:
                raise Wrong("setup_wrong.no_facility")
            known = {"name": home.name if home else value, name: value}
            self._join(session, facility.add(session, code, **known))

    def _join(self, session: Session, home: Facility) -> None:
        """Let the bots speak for this facility: the first always, others that have none."""
        for place, number in enumerate(self._bot_ids()):
            bot = session.get_one(Bot, number)
            if place == 0 or bot.facility_id is None:
                bot.facility_id = home.id

    def _numbers(self) -> str:
        with self._session() as session:
            home = self._home(session)
            found = emergency.numbers(session, home) if home else ()
            return "\n".join(f"{one.label}: {one.number}" for one in found)

    def _keep_number(self, one: tuple[str, str]) -> None:
        label, number = one
        with self._session() as session:
            home = self._must_home(session)
            if number:
                day = home.day(datetime.now(UTC))
                emergency.set_number(session, home, label, number, checked_on=day)
            elif not emergency.remove(session, home, label):
                raise Wrong("setup_wrong.no_such_number", label=label)
        numbers = self._numbers().replace("\n", ", ")
        self._tell(plain("setup.numbers_now", numbers=numbers or "-"))

    def _keep_hours(self, one: tuple[str, Zone]) -> None:
        with self._session() as session:
            hours.enter(self._must_home(session), *one)
            atlas.changed(session)

    # ── its people ──────────────────────────────────────────────────────────────────────────────

    def _people(self, name: str, kind: Kind, *, least: int = 0) -> Question[int]:
        def known() -> str:
            with self._session() as session:
                roles = session.scalars(
                    select(Role).where(Role.kind == kind, Role.ended_at.is_(None))
                )
                pending = invitation.pending(session, at=datetime.now(UTC))
                home = self._home(session)
                ours = None if home is None else home.id

                def count(found: Iterable[Role | Invitation]) -> int:
                    """An admin is one of the whole installation, others are of a facility."""
                    same = [one for one in found if one.kind is kind]
                    return sum(1 for one in same if kind is Kind.ADMIN or one.facility_id == ours)

                people, invited = count(roles), count(pending)
            if not people and not invited:
                return ""
            return plain("setup.people_known", people=people, invited=invited)

        def check(typed: str) -> int:
            if not re.fullmatch("[0-9]{1,2}", typed) or not least <= int(typed) <= MOST:
                raise Wrong("setup_wrong.count", least=least, most=MOST)
            return int(typed)

        return Question(
            name, check, lambda count: self._invite(kind, count), known, lambda: str(least),
            once=True,
        )  # fmt: skip

    def _invite(self, kind: Kind, count: int) -> None:
        with self._session() as session:
            home = self._must_home(session)
            username = session.get_one(Bot, self._bot_ids()[0]).username
            links = [
                invitation.link(
                    username,
                    invitation.invite(session, home, kind, by=None, at=datetime.now(UTC)),
                )
                for _ in range(count)
            ]
            texts = [_bare(f"invitation.{kind}", facility=home.name, link=one) for one in links]
        for place, text in enumerate(texts, start=1):
            self._tell(f"\n{plain('setup.forward', place=place, count=count)}\n\n{text}")

    # ── its backups ─────────────────────────────────────────────────────────────────────────────

    def _folder(self) -> str:
        return str(self.settings.backup_dir or "")

    def _check_folder(self, typed: str) -> Path:
        try:
            folder = Path(typed).expanduser().resolve()
            if not typed or not folder.is_dir():
                raise Wrong("setup_wrong.no_folder")
            if folder.is_relative_to(self.settings.data_dir.resolve()):
                raise Wrong("setup_wrong.data_folder")
            with tempfile.TemporaryFile(dir=folder) as probe:
                probe.write(b"telekonsul")
                os.fsync(probe.fileno())
        except (OSError, ValueError, RuntimeError):
            raise Wrong("setup_wrong.folder") from None
        return folder

    def _keep_folder(self, folder: Path) -> None:
        self.save("BACKUP_DIR", str(folder))
        if folder.stat().st_dev == self.settings.data_dir.stat().st_dev:
            self._tell(plain("setup.same_disk"))

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with self.database.session() as session, session.begin():
            yield session


def _bare(key: str, **values: object) -> str:
    """Give a text for the chat as a terminal shows it: without markup."""
    return re.sub(r"</?[a-z]+>", "", plain(key, **values))
