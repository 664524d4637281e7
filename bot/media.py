"""The background loop that copies what people send into sealed files under DATA_DIR/media.

Nothing waits for it: the other side has the medium from Telegram at once. A copy counts when the
file is on the disk under its name; a crash in between only means that it is fetched again.
"""

import asyncio
import math
import os
from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.database import Database, described, is_outage
from bot.telegram import Refused, Telegram, TelegramError, TooBig
from models.media import LARGEST, Loss
from models.seal import Unreadable, open_file, seal_file
from services import media
from services.mail.incoming import check_owner
from services.media import Wanted, place_of

log = structlog.get_logger()

LOOK = 5.0
"""Seconds between looks for something to copy."""
CLEAR = 3600.0
"""Seconds between looks for files that nobody can open any more: their key is gone already."""
FOLDERS = 256
"""Folders that the files are spread over: a district has some hundred thousand."""


class Store:
    """The sealed files themselves."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "media"

    def path(self, message_id: int) -> Path:
        """Give where the copy of a message's medium lies."""
        return self._folder / f"{message_id % FOLDERS:02x}" / str(message_id)

    def write(self, wanted: Wanted, content: bytes) -> None:
        """Seal a file and put it in its place, whole or not at all; raises OSError."""
        path = self.path(wanted.message_id)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_suffix(".new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(seal_file(wanted.key, content, wanted.place))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def read(self, session: Session, message_id: int) -> bytes:
        """Open the copy of a message's medium; raises Unreadable where it is missing, damaged or
        its key was destroyed."""
        key = media.file_of(session, message_id)["key"]
        try:
            sealed = self.path(message_id).read_bytes()
        except OSError as error:
            raise Unreadable(f"the copy is missing: {error.strerror}") from None
        return open_file(key, sealed, place_of(message_id))

    def destroy(self, message_id: int) -> None:
        """Remove a copy, if there is one."""
        self.path(message_id).unlink(missing_ok=True)
        self.path(message_id).with_suffix(".new").unlink(missing_ok=True)


class Copier:
    """Fetches one bot's media, one after the other."""

    def __init__(
        self,
        database: Database,
        bot_id: int,
        owner: str,
        telegram: Telegram,
        clock: Clock,
        store: Store,
    ) -> None:
        self._database, self._bot_id, self._owner = database, bot_id, owner
        self._telegram, self._clock, self._store = telegram, clock, store

    async def run(self) -> None:
        """Copy and clear away for ever."""
        cleared = -math.inf
        while True:
            try:
                did = await self.work_one()
                if not did and self._clock.time() - cleared > CLEAR:
                    did = await self.clear()
                    cleared = -math.inf if did else self._clock.time()
            except Exception as error:
                if not is_outage(error):
                    raise
                log.error("database.away", bot=self._bot_id, error=described(error))
                did = False
            if not did:
                await self._clock.sleep(LOOK)

    async def work_one(self) -> bool:
        """Fetch the copy that is due; tell whether there was one."""
        at = self._clock.now()
        if not await self._database.read(lambda s: media.is_wanted(s, self._bot_id, at=at)):
            return False
        wanted = await self._database.write(self._next)
        if wanted is None:
            return True
        loss: Loss | None = None
        try:
            content = await self._telegram.download(wanted.file_id, LARGEST)
            await asyncio.to_thread(self._store.write, wanted, content)
        except TooBig:
            loss = Loss.TOO_BIG
        except Refused:
            loss = Loss.REFUSED
        except TelegramError as error:
            log.warning(error.event, bot=self._bot_id, error=str(error))
        except OSError as error:
            log.error("media.not_written", bot=self._bot_id, error=error.strerror)
        else:
            await self._database.write(lambda s: self._kept(s, wanted.message_id))
            return True
        await self._database.write(lambda s: self._failed(s, wanted.message_id, loss))
        return True

    async def clear(self) -> bool:
        """Remove the files that nobody may open any more; tell whether there were any."""
        gone = await self._database.read(lambda s: media.destroyed(s, self._bot_id))
        for message_id in gone:
            await asyncio.to_thread(self._store.destroy, message_id)
        if gone:
            await self._database.write(lambda s: media.forget(s, gone))
        return bool(gone)

    def _next(self, session: Session) -> Wanted | None:
        check_owner(session, self._bot_id, self._owner)
        return media.next_wanted(session, self._bot_id, at=self._clock.now())

    def _kept(self, session: Session, message_id: int) -> None:
        check_owner(session, self._bot_id, self._owner)
        media.kept(session, message_id, at=self._clock.now())

    def _failed(self, session: Session, message_id: int, loss: Loss | None) -> None:
        check_owner(session, self._bot_id, self._owner)
        media.failed(session, message_id, loss, at=self._clock.now())
