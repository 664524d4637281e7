"""What each command does: read the settings, open the database, call a service, print."""

import asyncio
import dataclasses
import json
import signal
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import backup as backing
from bot import config, logs
from bot import move as moving
from bot.app import App, settle
from bot.ask import progress
from bot.check import examine
from bot.config import Settings
from bot.database import Database
from bot.ownership import bring_up_to_date
from models.errors import Refusal
from models.facility import Facility
from models.person import Person
from models.role import Kind, Profession, Role
from models.seal import KeyRing
from services import credential, danger, facility, intake
from services import rekey as rekeying
from services.guidance import matching
from services.mail.incoming import aside, replay


def demo(chosen: Namespace) -> int:
    """Play with the service, or let it play its story."""
    from bot import demo as demonstration  # the simulator is loaded for the demo only

    logs.set_up("ERROR", "text")
    if not chosen.play:
        try:
            asyncio.run(
                _until_told(
                    lambda closing: demonstration.show(
                        chosen.host, chosen.port, _print_now, closing
                    )
                )
            )
        except OSError as error:
            where = f"{chosen.host} port {chosen.port}"
            print(f"telekonsul: {where}: {error.strerror}; try --port", file=sys.stderr)
            return 1
        return 0
    try:
        asyncio.run(demonstration.play(print))
    except demonstration.NotAsTold as error:
        print(f"The story did not go as told: {error}", file=sys.stderr)
        return 1
    print("The story went as told.")
    return 0


def _print_now(line: str) -> None:
    print(line, flush=True)  # also where nobody reads yet: a log, a pipe


def run(chosen: Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    settings = _only(config.read(), chosen.bots)
    logs.set_up(settings.log_level, settings.log_format)
    config.make_folder(settings.data_dir)
    try:
        asyncio.run(_until_told(lambda closing: App(settings).run(closing, started=settle)))
    except RuntimeError as error:
        print(f"telekonsul: {error}", file=sys.stderr)
        return 1
    return 0


async def _until_told(serve: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    closing = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, closing.set)
    await serve(closing)


def _only(settings: Settings, bots: str) -> Settings:
    wanted = {part.strip() for part in bots.split(",") if part.strip()}
    if not wanted:
        return settings
    tokens = tuple(one for one in settings.telegram_bot_token if one.split(":")[0] in wanted)
    if len(tokens) < len(wanted):
        raise config.WrongSetting("--bots names a bot that TELEGRAM_BOT_TOKEN does not have")
    return dataclasses.replace(settings, telegram_bot_token=tokens)


def migrate(chosen: Namespace) -> int:
    """Bring the schema up to date."""
    database = _database()
    try:
        bring_up_to_date(database)
    except RuntimeError as error:
        print(f"telekonsul: {error}", file=sys.stderr)
        return 1
    print("The database is up to date.")
    return 0


def move(chosen: Namespace) -> int:
    """Copy everything into another database; it counts only if both are proven equal."""
    settings = config.read(need_token=False)
    # Our key opens the copy, too; what is read here is only whether the target is a database.
    target = config.read(
        {"DATABASE_URL": chosen.target, "DATA_KEY": KeyRing.fresh_key()}, need_token=False
    )
    old = Database(settings.database_url, settings.data_key)
    new = Database(target.database_url, settings.data_key)
    try:
        copied = moving.move(old, new, progress)
    except RuntimeError as error:
        print(f"\ntelekonsul: {error}. Nothing was moved.", file=sys.stderr)
        return 1
    finally:
        old.close()
        new.close()
    print(file=sys.stderr)
    if chosen.json:
        print(json.dumps([dataclasses.asdict(one) for one in copied]))
        return 0
    opened = {True: "opens", False: "none opens (erased?)", None: ""}
    for one in copied:
        print(f"{one.table:20} {one.rows:>9}  {one.digest[:16]}  {opened[one.opened]}".rstrip())
    print("Everything is there, and equal on both sides. Put the new DATABASE_URL and the same")
    print("DATA_KEY into .env before the next start; what comes into the old one now stays there.")
    return 0


def backup(chosen: Namespace) -> int:
    """Make a backup now."""
    settings = config.read(need_token=False)
    if chosen.to:
        settings = dataclasses.replace(settings, backup_dir=Path(chosen.to))
    try:
        made = backing.make(
            settings, config.key_text(config.found()), at=datetime.now(UTC), hear=progress
        )
    except backing.Failed as failed:
        print(f"\ntelekonsul: {failed}. No backup was made.", file=sys.stderr)
        return 1
    print(file=sys.stderr)
    size = made.path.stat().st_size
    if chosen.json:
        print(json.dumps({"file": str(made.path), "bytes": size, "at": made.at.isoformat()}))
    else:
        print(f"{made.path} ({size / 1e6:.1f} MB). Only the seventeen words open it.")
    return 0


def rekey(chosen: Namespace) -> int:
    """Seal everything with the current key, a batch a transaction; may be run again at any time."""
    database = _database()
    total = 0
    while True:
        with database.session() as session, session.begin():
            count = rekeying.rekey(session)
        if not count:
            break
        total += count
        print(f"\r{total} documents", end="", file=sys.stderr)
    print(f"\nEverything readable is sealed with the first key ({total} documents).")
    print("Keep the older keys of DATA_KEY: the audit trail's earlier seals need them.")
    return 0


def check(chosen: Namespace) -> int:
    """Say what is wrong and how to mend it."""
    findings = asyncio.run(examine(config.read(need_token=False, make_key=False)))
    if chosen.json:
        print(json.dumps([dataclasses.asdict(one) for one in findings], ensure_ascii=False))
    else:
        for one in findings:
            print(one.line)
    return 0 if all(one.ok for one in findings) else 1


def try_(chosen: Namespace) -> int:
    """Print what the service would make of a sentence, or of one a line."""
    matching.learn()
    lines = [chosen.text] if chosen.text != "-" else (line.rstrip("\n") for line in sys.stdin)
    for line in lines:
        groups, doubts = danger.find(line), danger.doubts(line)
        found = matching.find(line)
        answer = {
            "danger": bool(groups),
            "ask": bool(doubts) and not groups,
            "why": danger.why(line),
            "groups": groups or doubts,
            "intake": _read(line),
            "article": found.topic,
            "score": round(found.score, 3),
        }
        if chosen.json or chosen.text == "-":
            print(json.dumps(answer, ensure_ascii=False))
        else:
            print(f"danger: {', '.join(groups) if groups else 'no word of the net'}")
            if answer["ask"]:
                print(f"ask: {', '.join(doubts)}")
            for sign in danger.why(line):
                print(f"because: {sign}")
            print(f"article: {found.topic or 'tidak tahu'} ({found.score:.2f})")
            for one in intake.read(line, on=datetime.now(UTC).date()):
                print(
                    "  ".join(f"{name}={value}" for name, value in dataclasses.asdict(one).items())
                )
    return 0


def _read(text: str) -> dict[str, object] | list[dict[str, object]]:
    read = [dataclasses.asdict(one) for one in intake.read(text, on=datetime.now(UTC).date())]
    return read[0] if len(read) == 1 else read


def inbox_list(chosen: Namespace) -> int:
    """List the updates that were set aside: ids and errors, never a body."""
    with transaction() as session:
        rows = [
            {
                "seq": row.seq,
                "bot": row.bot_id,
                "update_id": row.update_id,
                "received_at": row.received_at.isoformat(),
                "attempts": row.attempts,
                "error": row.error,
            }
            for row in aside(session)
        ]
    if chosen.json:
        print(json.dumps(rows))
    else:
        for row in rows:
            print("  ".join(f"{name}={value}" for name, value in row.items()))
        print(f"{len(rows)} set aside.")
    return 0


def inbox_replay(chosen: Namespace) -> int:
    """Give updates another try; the running service takes them within a second."""
    with transaction() as session:
        found = replay(session, chosen.seq)
    missing = sorted(set(chosen.seq) - set(found))
    print(f"{len(found)} will be tried again.")
    if missing:
        print(f"Not set aside, or no update: {', '.join(map(str, missing))}", file=sys.stderr)
    return 1 if missing else 0


def admin_grant(chosen: Namespace) -> int:
    """Make a person an admin."""
    with transaction() as session:
        credential.grant_admin(session, chosen.telegram_id, at=datetime.now(UTC))
    print(f"{chosen.telegram_id} is an admin. They must open the bot once (/start) to be called.")
    return 0


def facility_add(chosen: Namespace) -> int:
    """Enter a facility, or change what is known of it."""
    with transaction() as session:
        facility.add(session, chosen.code, chosen.name, chosen.responsible, chosen.contact)
    print(f"{chosen.code} {chosen.name} is entered.")
    return 0


def credential_list(chosen: Namespace) -> int:
    """List the workers and when their SIP ends."""
    with transaction() as session:
        workers = session.execute(
            select(Role, Person, Facility)
            .join(Person, Person.id == Role.person_id)
            .join(Facility, Facility.id == Role.facility_id)
            .where(Role.kind == Kind.WORKER, Role.ended_at.is_(None))
            .order_by(Role.sip_ends_on)
        )
        rows = [
            {
                "telegram_id": person.telegram_id,
                "name": credential.title(session, role),
                "facility": home.code,
                "sip_ends_on": str(role.sip_ends_on),
                "on_duty": role.ready_at is not None,
            }
            for role, person, home in workers
        ]
    if chosen.json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for row in rows:
            print("  ".join(f"{name}={value}" for name, value in row.items()))
    return 0


def credential_verify(chosen: Namespace) -> int:
    """Enter a worker whose licence was checked against the register."""
    at, ends_on = datetime.now(UTC), chosen.sip_ends
    if ends_on < credential.today(at):
        print(f"telekonsul: the SIP ended on {ends_on}: nothing was entered", file=sys.stderr)
        return 1
    with transaction() as session:
        home = session.scalar(select(Facility).where(Facility.code == chosen.facility))
        if home is None:
            print(f"telekonsul: no facility {chosen.facility}: facility add", file=sys.stderr)
            return 1
        try:
            credential.verify(
                session,
                chosen.telegram_id,
                home,
                name=chosen.name,
                profession=Profession(chosen.profession),
                str_number=chosen.str_number,
                sip_number=chosen.sip_number,
                sip_ends_on=ends_on,
                at=at,
            )
        except Refusal:
            print("telekonsul: name or licence is marked contoh, made up", file=sys.stderr)
            return 1
    print(f"{chosen.name} may advise until {ends_on}, once on duty (/siap in the bot).")
    return 0


def credential_reject(chosen: Namespace) -> int:
    """End a worker's role at once."""
    with transaction() as session:
        ended = credential.reject(session, chosen.telegram_id, at=datetime.now(UTC))
    print("The role has ended." if ended else "There is no such worker.")
    return 0 if ended else 1


def _database() -> Database:
    settings = config.read(need_token=False)
    config.make_folder(settings.data_dir)
    return Database(settings.database_url, settings.data_key)


@contextmanager
def transaction() -> Iterator[Session]:
    """Give one transaction on the installation's database, its schema up to date."""
    database = _database()
    bring_up_to_date(database)
    with database.session() as session, session.begin():
        yield session
    database.close()


@contextmanager
def reading() -> Iterator[Session]:
    """Give a session on the same that cannot write, so that a service at work never waits for it;
    `rollback` makes it see what has changed since."""
    database = _database()
    bring_up_to_date(database)
    with database.reading() as session:
        yield session
    database.close()
