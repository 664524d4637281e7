"""The service beside a simulated Telegram: to play with in a browser, or playing its story itself.

Everything here is the real service and its real settings; only Telegram is small. The database is
a new file in a temporary folder, gone when the demo ends: it never meets a live one.
"""

import asyncio
import html
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bot import config, sample
from bot.app import App
from bot.intake import KINDS
from bot.outbox import Letter
from models.bot import Bot
from models.facility import Zone
from models.medicine import Medicine, Signer
from models.role import Profession
from models.seal import KeyRing
from services import credential, emergency, facility, hours, specimen
from services.content import Html, words
from simulator.clock import Clock, MovedClock, ShiftedClock
from simulator.group import Type
from simulator.page import Page
from simulator.person import Person
from simulator.server import Server
from simulator.telegram import BotAccount, Delivery, Telegram

CODE = "99990001"
NAME = "Puskesmas Contoh"
RESPONSIBLE, CONTACT = "dr. Contoh Penanggungjawab", "nomor contoh"
OPEN, ZONE = "Senin-Kamis 07.30-14.00; Jumat 07.30-11.00", Zone.WIB
NUMBERS = {"PSC contoh (latihan)": "0000 0001", "IGD RS contoh (latihan)": "0000 0002"}
"""No telephone has these: no area's or operator's code in Indonesia begins with 00, and the codes
for calls abroad (001, 007, 008) are others."""
POINT = -6.87, 109.05
"""In Brebes, among the made-up facilities of content/sample: so that some are near."""
PARTNER = "99990003", "Puskesmas Contoh Sebelah", "dr. Contoh Sebelah", "nomor contoh"
"""With whom the admin can enter an agreement."""
MEDICINES = {
    "Parasetamol": "tablet 500 mg", "Parasetamol anak": "sirup 120 mg/5 ml", "Oralit": "serbuk",
    "Seng": "tablet 20 mg", "Obat kumur klorheksidin": "larutan",
}  # fmt: skip
"""The list of the made-up facility, as its made-up doctor signed it."""
MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MOMENT = 0.05
"""Seconds between the first who takes an offer and the one who comes too late."""
LICENCE_ENDS = date(2030, 12, 31)


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the cast: the licensed ones with a profession."""

    name: str
    note: str
    profession: Profession | None = None
    is_admin: bool = False


CAST = (
    Member("Sari", "Ibu di desa, bertanya untuk anaknya"),
    Member("Budi", "Perawat, Puskesmas Contoh", Profession.NURSE),
    Member("Citra", "Dokter, Puskesmas Contoh", Profession.DOCTOR),
    Member("Gita", "Dokter gigi, Puskesmas Contoh", Profession.DENTIST),
    Member("Rini", "Bidan, Puskesmas Contoh", Profession.MIDWIFE),
    Member("Nyoman", "Admin contoh: tulis /admin", is_admin=True),
    Member("Wayan", "Warga; bisa diundang menjadi kader"),
    Member("Ani", "Ibu hamil di desa"),
)
GROUPS: dict[str, Type] = {"Warga Desa Contoh": "group", "Kabar Desa Contoh": "channel"}
"""Where the cast writes among itself; the bot is in neither until somebody adds it."""


class NotAsTold(Exception):
    """The story went another way than it is told."""


@dataclass
class Stage:
    """The service, its Telegram and the cast."""

    app: App
    telegram: Telegram
    server: Server
    bot: BotAccount
    people: dict[str, Person]


@asynccontextmanager
async def stage(
    clock: Clock,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    restart: Callable[[], Awaitable[None]] | None = None,
    moved: Callable[[float], None] | None = None,
    has_directory: bool = True,
) -> AsyncIterator[Stage]:
    """Set everything up around an empty database, and take it down again."""
    with tempfile.TemporaryDirectory(prefix="telekonsul-demo-") as folder:
        telegram = Telegram(clock)
        bot = telegram.add_bot("telekonsul_contoh_bot", first_name="Telekonsul Contoh")
        bot.inline = "inline_query" in KINDS
        people = {one.name: telegram.add_person(one.name, bot=bot) for one in CAST}
        for title, kind in GROUPS.items():
            telegram.add_group(title, *people.values(), bot=bot, kind=kind)
        notes = {people[one.name].id: one.note for one in CAST}
        page = Page(cast=notes, restart=restart, moved=moved)
        server = Server(telegram, host, port, page=page)
        await server.start()
        specimen.mark(Path(folder))
        app = App(_settings(bot, server, Path(folder)), clock=clock, is_specimen=True)
        await asyncio.to_thread(app.database.migrate)
        await app.database.write(lambda session: _furnish(session, bot.id, people, clock.now()))
        if has_directory:
            await app.database.write(lambda session: sample.enter(session, at=clock.now()))
        try:
            yield Stage(app, telegram, server, bot, people)
        finally:
            await server.stop()


async def show(host: str, port: int, tell: Callable[[str], None], closing: asyncio.Event) -> None:
    """Serve the page of phones until `closing`; «Mulai lagi» begins again with nothing."""
    while not closing.is_set():
        clock, over = ShiftedClock(), asyncio.Event()

        async def begin_again(over: asyncio.Event = over) -> None:
            over.set()

        async with stage(
            clock, host=host, port=port, restart=begin_again, moved=clock.move
        ) as here:
            tell(f"Telekonsul demo: {here.server.shown_at}   (Ctrl-C ends it)")
            if not here.server.is_private:
                tell("Everybody in this network can open it and play as anybody: no real data.")
            serving = asyncio.create_task(here.app.run(over))
            ending = asyncio.create_task(closing.wait())
            await asyncio.wait([serving, ending], return_when=asyncio.FIRST_COMPLETED)
            over.set()
            ending.cancel()
            await serving


async def settle(app: App, clock: MovedClock) -> None:
    """Let the service receive, handle and send until nothing is left; waiting moves the clock."""
    while await _step(app, clock):
        pass


async def play(tell: Callable[[str], None]) -> None:
    """Play the story once on the simulator's clock; raises NotAsTold where it goes another way."""
    clock = MovedClock(MORNING)
    async with stage(clock, has_directory=False) as here:
        here.telegram.watchers.append(
            lambda delivery: (
                None if delivery.method == "editMessageReplyMarkup" else tell(_heard(delivery))
            )
        )
        for station in here.app.stations.values():
            await station.own()
        try:
            await _story(here, clock, tell)
        finally:
            for station in here.app.stations.values():
                await station.telegram.close()
            here.app.database.close()


async def _step(app: App, clock: MovedClock) -> bool:
    """Do the next thing there is to do; False when there is none."""
    worked, waits = False, []
    for station in app.stations.values():
        came = await station.intake.poll(station.telegram, seconds=0)
        worked |= await station.handle() or came > 0
        await station.spinners()
        step = await station.outbox.next()
        if isinstance(step, Letter):
            await station.outbox.send(step)
            worked = True
        elif await station.outbox.owes():
            waits.append(step)
        retry = await station.inbox.wait()
        if retry is not None:
            waits.append(retry)
    if worked or not waits:
        return worked
    clock.move(max(0.001, min(waits)))
    return True


async def _story(here: Stage, clock: MovedClock, tell: Callable[[str], None]) -> None:
    """Sari asks for her child, Budi is first, Citra too late; they talk, and Budi advises."""
    sari, budi, citra = (here.people[name] for name in ("Sari", "Budi", "Citra"))

    async def does(who: Person, what: str, act: Callable[[], object]) -> None:
        tell(f"{clock.now():%H:%M:%S}  {who.first_name} {what}")
        act()
        await settle(here.app, clock)

    def hears(who: Person, key: str, **values: object) -> None:
        text = _plain(words(key, **values))
        if not any(text in heard for heard in who.heard[-8:]):
            raise NotAsTold(f"{who.first_name} should have heard «{text}»")

    for nakes in (budi, citra):
        await does(nakes, "says: /siap", lambda nakes=nakes: nakes.says("/siap"))  # type: ignore[misc]  # mypy: a default binds the loop's value
        hears(nakes, "duty.ready", danger="", kept="")
    await does(sari, "says: Halo", lambda: sari.says("Halo"))
    hears(sari, "person.greeting", name="Sari")
    await does(sari, "taps: Setuju", lambda: sari.taps("Setuju"))
    hears(sari, "consultation.ask_complaint")
    complaint = "Anak saya 3 tahun batuk pilek sudah 4 hari, masih mau makan"
    await does(sari, f"says: {complaint}", lambda: sari.says(complaint))
    await does(sari, "taps: Tidak ada", lambda: sari.taps("Tidak ada"))
    place = Html(f"{words('waiting.next')} {words('waiting.duty', count=2)}")
    hears(sari, "consultation.waiting", number=1, facility=NAME, place=place)
    about = "Anak penanya, 3 tahun"
    hears(citra, "offer.text", number=1, patient=about, complaint=complaint)
    await does(sari, "sends a photo", lambda: sari.sends_photo("Ini obat yang di rumah"))
    offered = citra.last

    def both_tap() -> None:
        # In one moment: settled one by one, Citra's button would be gone before she taps.
        budi.taps("Terima")
        clock.move(MOMENT)
        citra.taps("Terima")

    await does(budi, "taps: Terima — and Citra a moment later", both_tap)
    licence = words("advice.licence", sip="SIP-CONTOH-Budi", facility=NAME)
    hears(sari, "consultation.accepted", worker="Perawat Budi", licence=licence)
    hears(citra, "offer.taken", number=1, worker="Perawat Budi")
    hears(citra, "refusal.moved_on", number=1, worker="Perawat Budi")
    if "Ini obat yang di rumah" not in budi.heard[-1]:
        raise NotAsTold("Budi should have seen the photo")
    if offered is None or offered.buttons:
        raise NotAsTold("Citra's offer should have lost its buttons")
    await does(budi, "says: Ada demam, Bu?", lambda: budi.says("Ada demam, Bu?"))
    await does(sari, "sends a voice note", lambda: sari.sends_voice(4))
    if budi.last is None or budi.last.kind != "voice":
        raise NotAsTold("Budi should have heard the voice note")
    await does(sari, "says: Tidak demam", lambda: sari.says("Tidak demam"))
    if "Tidak demam" not in budi.heard[-1]:
        raise NotAsTold("Budi should have heard the answer")
    await does(budi, "taps: Tutup dengan nasihat", lambda: budi.taps("Tutup dengan nasihat"))
    advice = "Beri minum hangat dan istirahat. Kalau 3 hari lagi masih batuk, bawa ke puskesmas."
    await does(budi, f"says: {advice}", lambda: budi.says(advice))
    hears(budi, "advice.preview", name="Sari", number=1)
    await does(budi, "taps: Kirim", lambda: budi.taps("Kirim: cukup di rumah"))
    hears(sari, "advice.foot")
    if advice not in sari.heard[-1]:
        raise NotAsTold("Sari should have the advice as one clear message")
    hears(budi, "advice.sent", name="Sari", number=1)


def _settings(bot: BotAccount, server: Server, folder: Path) -> config.Settings:
    return config.read(
        {
            "TELEGRAM_BOT_TOKEN": bot.token,
            "TELEGRAM_API_URL": server.url,
            "DATA_DIR": str(folder),
            "DATA_KEY": KeyRing.fresh_key(),
            "HTTP_PORT": "0",
            "LOG_LEVEL": "ERROR",
        }
    )


def _furnish(session: Session, bot_id: int, people: dict[str, Person], at: datetime) -> None:
    home = facility.add(session, CODE, NAME, RESPONSIBLE, CONTACT)
    facility.add(session, *PARTNER)
    session.flush()
    session.add(Bot(id=bot_id, username="", facility_id=home.id))
    hours.enter(home, OPEN, ZONE)
    home.latitude, home.longitude = POINT
    session.flush()
    for name, form in MEDICINES.items():
        session.add(
            Medicine(facility_id=home.id, name=name, form=form, added_at=at, signed_at=at,
                     signed_by=RESPONSIBLE, signed_as=Signer.DOCTOR, licence="SIP-CONTOH")
        )  # fmt: skip
    for label, number in NUMBERS.items():
        emergency.set_number(session, home, label, number, checked_on=home.day(at))
    for one in CAST:
        if one.is_admin:
            credential.grant_admin(session, people[one.name].id, at=at)
        if one.profession is not None:
            credential.verify(
                session,
                people[one.name].id,
                home,
                name=one.name,
                profession=one.profession,
                str_number=f"STR-CONTOH-{one.name}",
                sip_number=f"SIP-CONTOH-{one.name}",
                sip_ends_on=LICENCE_ENDS,
                at=at,
            )


def _heard(delivery: Delivery) -> str:
    message = delivery.message
    kind = "" if message.kind == "text" else f"[{message.kind}] "
    text = kind + (message.text or message.caption or "")
    lines = text.replace("\n", "\n                    ")
    how = {"editMessageText": " (changed)", "setMessageReaction": " (mark)"}.get(
        delivery.method, ""
    )
    return f"{delivery.at:%H:%M:%S}      → {message.chat.name}{how}: {lines}"


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", text))
