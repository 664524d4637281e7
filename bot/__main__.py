"""The command line: telekonsul … (same as python -m bot …). One line a command; see --help."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from datetime import date

from sqlalchemy.exc import DatabaseError, DBAPIError

from bot import (
    answer,
    commands,
    diagnosis,
    directory,
    listing,
    recovery,
    region,
    restore,
    setup,
    visit,
)
from bot.ask import Wrong
from bot.config import WrongSetting
from bot.database import described, is_outage
from models.facility import Has, Kind
from models.role import Profession
from services.text import is_blank


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 all well, 1 it did not work, 2 it was called or set up wrongly."""
    given = sys.argv[1:] if arguments is None else arguments
    if any("\udc80" <= letter <= "\udcff" for one in given for letter in one):
        print("telekonsul: what was typed is not UTF-8", file=sys.stderr)
        return 2
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # one spoilt line must not end the lines after it
    chosen = _parser().parse_args(given)
    # What a database leaves unsealed is for no other account of this machine either.
    os.umask(0o077)
    try:
        code = int(chosen.run(chosen))
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever read our answers has enough of them
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except WrongSetting as wrong:
        print(f"telekonsul: {wrong}", file=sys.stderr)
        return 2
    except RuntimeError as error:
        print(f"telekonsul: {error}", file=sys.stderr)
        return 1
    except DBAPIError as error:
        if not (is_outage(error) or type(error) is DatabaseError):  # no database, or a damaged one
            raise
        print(f"telekonsul: the database cannot be used ({described(error)})", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("telekonsul: interrupted", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="telekonsul", description="Teleconsultation on Telegram for primary care (JKN)."
    )
    commands_ = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: object, sentence: str, *, under: object = None
    ) -> argparse.ArgumentParser:
        group = under or commands_
        made: argparse.ArgumentParser = group.add_parser(name, help=sentence, description=sentence)  # type: ignore[attr-defined]  # argparse's own class is private
        made.set_defaults(run=run)
        return made

    def group(name: str, sentence: str) -> object:
        made = commands_.add_parser(name, help=sentence, description=sentence)
        return made.add_subparsers(required=True, metavar="COMMAND")

    demo = command("demo", commands.demo, "play with the whole service, no token needed")
    demo.add_argument("--play", action="store_true", help="play the built-in story and exit")
    demo.add_argument(
        "--port",
        type=_port,
        default=8080,
        help="where the page is shown (8080)",
    )

    demo.add_argument(
        "--host",
        default="127.0.0.1",
        help="0.0.0.0 lets every phone and computer of this network play along (127.0.0.1)",
    )

    set_up = command("setup", setup.run, "ask what the service needs; go on where it stopped")
    how = set_up.add_mutually_exclusive_group()
    how.add_argument("--from", dest="answers", metavar="FILE", help="take the answers from a file")
    how.add_argument("--example", action="store_true", help="print such a file, without answers")
    recover = command("recover", recovery.recover, "restore the data key with the recovery phrase")
    recover.add_argument("file", metavar="FILE", help="the recovery file from the backup folder")

    backup_ = command(
        "backup", commands.backup, "make a sealed backup now, beside the running service"
    )
    backup_.add_argument("--to", metavar="FOLDER", help="another folder than BACKUP_DIR")
    _json(backup_)
    back = command("restore", restore.restore, "bring a backup back with the recovery phrase")
    back.add_argument("file", metavar="FILE", help="a backup from the backup folder")

    run = command("run", commands.run, "serve")
    run.add_argument("--bots", default="", help="own only these bots (ids, comma-separated)")

    command("migrate", commands.migrate, "bring the database's schema up to date")
    move = command("move", commands.move, "copy everything into another database, and prove it")
    move.add_argument("target", help="where to: postgresql://user@host/name or sqlite:///file.db")
    _json(move)

    command("rekey", commands.rekey, "seal everything with the first key of DATA_KEY")
    _json(command("check", commands.check, "say what is wrong and how to mend it"))

    try_ = command("try", commands.try_, "what the service would make of a sentence")
    try_.add_argument("text", help="the sentence, or - for one sentence a line on standard input")
    _json(try_)

    inbox = group("inbox", "updates that could not be handled")
    _json(command("list", commands.inbox_list, "list what was set aside", under=inbox))
    replay = command("replay", commands.inbox_replay, "give updates another try", under=inbox)
    replay.add_argument("seq", nargs="+", type=_row, help="numbers that `inbox list` shows")

    admin = group("admin", "people who run the installation")
    grant = command("grant", commands.admin_grant, "make a person an admin", under=admin)
    grant.add_argument("telegram_id", type=_account)

    facility = group("facility", "the facilities that answer, and the directory of all")
    add = command("add", commands.facility_add, "enter a facility or change it", under=facility)
    add.add_argument("code", type=_code, help="BPJS's eight characters")
    add.add_argument("name", type=_text)
    add.add_argument(
        "--responsible", required=True, type=_text, help="who answers for it, as people read it"
    )
    add.add_argument(
        "--contact", required=True, type=_text, help="how that person is reached, likewise"
    )
    import_ = command(
        "import", listing.import_, "take public lists (CSV, XLSX, GeoJSON) into the directory",
        under=facility,
    )  # fmt: skip
    import_.add_argument("files", nargs="+", metavar="FILE")
    import_.add_argument("--source", help="a short name for the list (the file's name)")
    import_.add_argument("--as-of", type=_day, metavar="DAY", help="the day of which it speaks")
    import_.add_argument("--mapping", metavar="FILE", help="which column means what (TOML)")
    import_.add_argument("--complete", action="store_true", help="end what the list has no more")
    import_.add_argument("--dry-run", action="store_true", help="report only, write nothing")
    import_.add_argument("--yes", action="store_true", help="ask nothing")
    import_.add_argument("--report", metavar="FILE.csv", help="what came of every line")
    _json(import_)
    near = command("near", directory.near, "which are the nearest to a point", under=facility)
    near.add_argument("point", nargs="+", metavar="DEGREES", help="latitude, longitude; or -")
    _kinds(near)
    near.add_argument(
        "--need", action="append", default=[], choices=[*Has], help="confirmed to have it"
    )
    near.add_argument("--open", action="store_true", help="known to be open now")
    near.add_argument("--limit", type=_some, default=5, metavar="N", help="how many (5)")
    _json(near)
    find = command("search", directory.find, "which facility words may mean", under=facility)
    find.add_argument("words", nargs="+", help="the words, or - for one query a line on stdin")
    _json(find)
    cover = command(
        "coverage", directory.show_coverage, "how a region is served, and what is known there",
        under=facility,
    )  # fmt: skip
    cover.add_argument("region", nargs="+", help="its name or code")
    _kinds(cover)
    _json(cover)
    holiday = command(
        "holiday", directory.enter_holiday, "enter a day on which facilities are closed",
        under=facility,
    )  # fmt: skip
    holiday.add_argument("day", type=_day, help="YYYY-MM-DD")
    holiday.add_argument("name", nargs="?", help="as people read it; without it the day is removed")
    holiday.add_argument("--facility", metavar="CODE", help="closed there only")
    pool = command(
        "pool", directory.enter_pool, "let two of our facilities answer for one another",
        under=facility,
    )  # fmt: skip
    pool.add_argument("codes", nargs=2, metavar="CODE", help="the codes of both")
    pool.add_argument(
        "--document", metavar="NUMBER",
        help="the number of the paper that both heads signed; without it the agreement ends",
    )  # fmt: skip
    pool.add_argument("--on", type=_day, help="the day it was signed, YYYY-MM-DD (default: today)")

    regions = group("region", "the regions of Indonesia")
    enter = command("import", region.import_, "enter the official list", under=regions)
    enter.add_argument("file", nargs="+", metavar="FILE", help="CSV (code, name, …), also .gz; SQL")
    _json(enter)
    seek = command("search", region.search, "which places words may mean", under=regions)
    seek.add_argument("words", nargs="+", help="the words, or - for one query a line on stdin")
    _json(seek)

    export = command("export", visit.export, "print what ended at a facility on a day (CSV)")
    export.add_argument("--facility", required=True, metavar="CODE", help="one of ours")
    export.add_argument("--day", required=True, type=_day, help="YYYY-MM-DD, in its own time")
    _json(export)

    diagnoses = group("icd10", "diagnoses by their ICD-10 code")
    take = command("import", diagnosis.import_, "enter a list of your own", under=diagnoses)
    take.add_argument("file", metavar="FILE", help="CSV, .gz, XLSX: code, title_id, title_en")
    _json(take)
    ask_for = command("search", diagnosis.search, "which diagnosis words may mean", under=diagnoses)
    ask_for.add_argument("words", nargs="+", help="the words, or - for one query a line on stdin")
    _json(ask_for)

    credential = group("credential", "health workers and their licences")
    _json(command("list", commands.credential_list, "list the licences", under=credential))
    verify = command(
        "verify", commands.credential_verify, "enter a checked licence", under=credential
    )
    verify.add_argument("telegram_id", type=_account)
    verify.add_argument("--facility", required=True, help="the facility's code")
    verify.add_argument("--name", required=True, type=_text)
    verify.add_argument("--profession", required=True, choices=[one.value for one in Profession])
    verify.add_argument("--str", required=True, type=_text, dest="str_number")
    verify.add_argument("--sip", required=True, type=_text, dest="sip_number")
    verify.add_argument(
        "--sip-ends", required=True, type=_day, help="the SIP's last day, YYYY-MM-DD"
    )
    reject = command("reject", commands.credential_reject, "end a worker's role", under=credential)
    reject.add_argument("telegram_id", type=_account)
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("must be a number from 0 to 65535")
    return int(text)


def _account(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) < 2**52:  # Telegram promises 52 bits
        raise argparse.ArgumentTypeError("must be a person's number at Telegram")
    return int(text)


def _row(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) < 2**63:
        raise argparse.ArgumentTypeError("must be a number that `inbox list` shows")
    return int(text)


def _code(text: str) -> str:
    try:
        return answer.code(text)
    except Wrong:
        raise argparse.ArgumentTypeError("must be BPJS's eight letters and digits") from None


def _text(text: str) -> str:
    if is_blank(text):
        raise argparse.ArgumentTypeError("must not be empty")
    return text


def _some(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError("must be a number from 1 to 1000")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a day like 2026-05-01") from None


def _kinds(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--kind", action="append", default=[], choices=[*Kind], help="of this kind; may be repeated"
    )


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="answer in JSON")


if __name__ == "__main__":
    sys.exit(main())
