"""`telekonsul facility import`: public lists of facilities into the directory."""

import json
import re
import sys
from argparse import Namespace
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from bot import config
from bot.database import Database
from bot.ownership import bring_up_to_date
from services import listing
from services.listing import Columns, Entry, RefusedFile, Report, Table

BAR = 30


def import_(chosen: Namespace) -> int:
    """Import lists, one after the other; a file that is refused stops before anything of it."""
    settings = config.read(need_token=False)
    config.make_folder(settings.data_dir)
    if chosen.report:
        _must_be_writable(Path(chosen.report))
    database = Database(settings.database_url, settings.data_key)
    report, whole = Report(), True
    try:
        bring_up_to_date(database)
        with database.session() as session:
            country = listing.Country(session)
            known = listing.Known(session)
        if not country.is_known:
            _say(
                "No regions are imported: points and regencies are not compared (`region import`)."
            )
        importing = _Importing(chosen, database, country, known, report)
        for path in map(Path, chosen.files):
            whole = importing.take(path) and whole
    finally:
        database.close()
    if chosen.report:
        with Path(chosen.report).open("w", encoding="utf-8", newline="") as file:
            report.write(file)
    print(json.dumps(report.document(), ensure_ascii=False) if chosen.json else report.text())
    if chosen.dry_run:
        _say("Nothing was written: it was a dry run.")
    return 0 if whole else 1


def _must_be_writable(file: Path) -> None:
    """Find out beforehand: what is imported is not taken back because its report has no place."""
    try:
        file.touch()
    except OSError as error:
        raise RuntimeError(f"--report {file}: {error.strerror}. Nothing was imported") from None


class _Importing:
    """The files of one call of the command."""

    def __init__(
        self,
        chosen: Namespace,
        database: Database,
        country: listing.Country,
        known: listing.Known,
        report: Report,
    ) -> None:
        self._chosen, self._database, self._report = chosen, database, report
        self._country, self._known, self._at = country, known, datetime.now(UTC)

    def take(self, path: Path) -> bool:
        """Import one file; False where it was refused or declined."""
        try:
            table = listing.open_table(path)
            columns = self._columns(path, table)
            listing.refuse_incomplete(columns, table.columns)
            if not self._is_agreed(path, table, columns):
                return False
            entries = self._read(path, table, columns)
        except RefusedFile as refused:
            _say(f"{path.name}: not imported: {refused}")
            return False
        self._apply(path, entries, columns.as_of)
        return not self._chosen.complete or self._end(path, entries, columns)

    def _columns(self, path: Path, table: Table) -> Columns:
        columns = listing.guess(table.columns)
        if self._chosen.mapping:
            try:
                text = Path(self._chosen.mapping).read_text(encoding="utf-8")
                columns = listing.told(text, table.columns)
            except (OSError, ValueError) as error:
                raise RefusedFile(f"{self._chosen.mapping}: {error}") from None
        name = self._chosen.source or columns.source or path.name.split(".")[0]
        source = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40] or "list"
        as_of = self._chosen.as_of or columns.as_of
        return replace(columns, source=source, as_of=as_of)

    def _is_agreed(self, path: Path, table: Table, columns: Columns) -> bool:
        """Show what each column is taken for, and ask where a person can answer."""
        taken = {place: what for what, place in columns.places.items()}
        _say(
            f"{path.name}: list «{columns.source}» of {columns.as_of or 'an unknown day (--as-of)'}"
        )
        for place, name in enumerate(table.columns):
            _say(f"  {name[:40]:40} → {taken.get(place, '(not used)')}")
        if self._chosen.yes or self._chosen.dry_run or self._chosen.mapping:
            return True
        if not sys.stdin.isatty():
            raise RefusedFile("nobody is there to confirm the columns: add --yes or --mapping FILE")
        _say("Is that right? [y/N] ", end="")
        return sys.stdin.readline().strip().lower() in ("y", "yes", "ya")

    def _read(self, path: Path, table: Table, columns: Columns) -> list[Entry]:
        survey = listing.survey(columns, table.lines(), self._country)
        today = self._at.date()
        reader = listing.Reader(columns, columns.source or "", self._country, survey, today)
        entries = []
        for line in table.lines():
            entries.append(reader.read(line))
            if len(entries) % 500 == 0:
                _say(f"\r\033[K{path.name}: {len(entries)} lines read", end="")
        return entries

    def _apply(self, path: Path, entries: list[Entry], as_of: date | None) -> None:
        self._known.expect(entries)
        applying = listing.Applying(self._known, at=self._at, as_of=as_of)
        for begin in range(0, len(entries), listing.CHUNK):
            some = entries[begin : begin + listing.CHUNK]
            if self._chosen.dry_run:
                applied = applying.rehearse(some)
            else:
                with self._database.session() as session, session.begin():
                    applied = applying.chunk(session, some)
            self._report.add(path.name, applied)
            _bar(path.name, begin + len(some), len(entries))
        _say("")

    def _end(self, path: Path, entries: list[Entry], columns: Columns) -> bool:
        """End what this complete list no longer has; refuse where suddenly much is missing."""
        codes: dict[str, set[str]] = {}
        for entry in entries:
            codes.setdefault(entry.source, set()).add(entry.code)
        on = columns.as_of or self._at.date()
        for source, seen in sorted(codes.items()):
            with self._database.session() as session, session.begin():
                gone, is_sudden = listing.missing(session, source, seen)
                if is_sudden and not self._chosen.yes:
                    _say(f"{path.name}: {len(gone)} lines of «{source}» are missing, more than a "
                         "fifth: nothing was ended. If that is right, add --yes.")  # fmt: skip
                    return False
                if self._chosen.dry_run:
                    _say(f"{path.name}: {len(gone)} lines of «{source}» are missing and would end.")
                else:
                    self._report.end(source, listing.end(session, gone, on))
        return True


def _bar(name: str, done: int, total: int) -> None:
    full = BAR * done // total
    _say(f"\r\033[K{name} [{'#' * full}{'.' * (BAR - full)}] {done}/{total}", end="")


def _say(text: str, end: str = "\n") -> None:
    print(text, end=end, file=sys.stderr, flush=True)
