"""/admin: what is set, what is missing, who is on duty, what waits; for admins only."""

from datetime import date

from sqlalchemy.orm import Session

from models.facility import Zone
from models.mail import Ending, Incoming
from models.role import Profession
from services import credential, emergency, facility, hours
from simulator.person import Person
from tests.stories.acts import NEXT_DOOR, complains, hears
from tests.town import Town


async def asks(town: Town, person: Person) -> str:
    person.says("/admin")
    await town.settle()
    return person.heard[-1]


async def test_to_everybody_else_it_is_an_unknown_command(town: Town) -> None:
    sari, budi = await town.asker("Sari"), await town.worker("Budi")
    for one in (sari, budi):
        heard = await asks(town, one)
        one.says("/tidakada")
        await town.settle()
        assert heard == one.heard[-1]
        assert "Puskesmas" not in heard


async def test_at_first_it_says_what_is_missing(town: Town) -> None:
    wayan = await town.admin("Wayan")
    shown = (await asks(town, wayan)).splitlines()
    assert "Penanggung jawab: ✅ dr. Contoh Penanggungjawab" in shown
    for missing in ("Jam buka", "Nomor darurat", "Tenaga kesehatan"):
        assert any(line.startswith(f"{missing}: ❗ belum ada") for line in shown)
    assert "Sedang bertugas: tidak ada" in shown
    assert "⏳ Tidak ada yang menunggu." in shown
    assert "✅ Tidak ada pesan yang disisihkan." in shown


async def test_without_a_responsible_person_it_says_that_nothing_can_start(town: Town) -> None:
    wayan = await town.admin("Wayan")
    assert "Konsultasi belum bisa dimulai" not in await asks(town, wayan)
    await town.write(
        lambda session: setattr(facility.home(session, town.bot.id), "responsible", None)
    )
    shown = await asks(town, wayan)
    assert "Penanggung jawab: ❗ belum ada" in shown
    assert "Konsultasi belum bisa dimulai" in shown


async def test_it_shows_what_is_set_who_is_on_duty_and_what_waits(each_town: Town) -> None:
    town = each_town
    wayan = await town.admin("Wayan")

    def set_up(session: Session) -> None:
        home = facility.home(session, town.bot.id)
        hours.enter(home, "Senin-Jumat 08.00-14.00", Zone.WITA)
        emergency.set_number(session, home, "PSC", "0380 555", checked_on=date(2026, 11, 1))

    await town.write(set_up)
    await complains(town, await town.asker("Sari"), "Anak saya batuk rejan")
    town.clock.move(14 * 60)
    await complains(town, await town.asker("Ani"), "Pusing tujuh keliling")
    await town.worker("Budi", ready=False)
    await town.worker("Citra", Profession.DOCTOR)
    shown = await asks(town, wayan)
    assert "Jam buka: ✅ Senin–Jumat 08.00–14.00 WITA" in shown
    assert "Nomor darurat: ✅ PSC: 0380 555 (diperiksa 1 November 2026)" in shown
    assert "✅ Perawat Budi, SIP sampai 1 Januari 2028" in shown
    assert "Sedang bertugas: dr. Citra\n" in shown
    assert "⏳ Puskesmas Contoh: 2 menunggu, paling lama 14 menit" in shown
    assert "batuk" not in hears(wayan)
    assert "Pusing" not in hears(wayan)


async def test_what_waits_is_told_by_facility(town: Town) -> None:
    wayan = await town.admin("Wayan")
    await complains(town, await town.asker("Sari"), "Batuk")

    def second(session: Session) -> None:
        home = facility.home(session, town.bot.id)
        facility.add(session, NEXT_DOOR, "Klinik Contoh", "drg. Contoh", "nomor contoh")
        home.name = "Puskesmas Contoh Lama"

    await town.write(second)
    shown = await asks(town, wayan)
    assert "Bot ini belum punya fasilitas" in shown  # two, and the bot has neither
    assert "⏳ Puskesmas Contoh Lama: 1 menunggu" in shown
    wayan.taps("Undang kader")
    await town.settle()
    assert "Bot ini belum punya fasilitas" in wayan.heard[-1]


async def test_a_licence_that_has_ended_is_marked(town: Town) -> None:
    wayan = await town.admin("Wayan")
    await town.worker("Budi")
    town.clock.move((date(2028, 1, 2) - town.clock.now().date()).total_seconds())
    assert "❗ Perawat Budi, SIP berakhir 1 Januari 2028" in await asks(town, wayan)


async def test_the_message_fits_whatever_a_large_facility_has(town: Town) -> None:
    wayan = await town.admin("Wayan")

    def fill(session: Session) -> None:
        home = facility.home(session, town.bot.id)
        for number in range(40):
            emergency.set_number(
                session, home, f"{number} {'x' * 57}", "0" * 15, checked_on=date(2026, 11, 1)
            )
            role = credential.verify(
                session, 7000 + number, home, name="N" * 80, profession=Profession.NURSE,
                str_number="CONTOH", sip_number="CONTOH", sip_ends_on=date(2028, 1, 1),
                at=town.clock.now(),
            )  # fmt: skip
            role.ready_at = town.clock.now()

    await town.write(fill)
    shown = await asks(town, wayan)
    assert shown.count("dan 30 lagi") == 3


async def test_updates_set_aside_are_counted(town: Town) -> None:
    wayan = await town.admin("Wayan")

    def aside(session: Session) -> None:
        row = Incoming(bot_id=town.bot.id, update_id=9, chat_id=9, received_at=town.clock.now())
        row.ending, row.ended_at = Ending.ASIDE, town.clock.now()
        session.add(row)

    await town.write(aside)
    assert "⚠️ 1 pesan disisihkan" in await asks(town, wayan)


async def test_open_invitations_are_listed_and_can_be_taken_back(town: Town) -> None:
    wayan = await town.admin("Wayan")
    for label in ("Undang tenaga kesehatan", "Undang kader"):
        await asks(town, wayan)
        wayan.taps(label)
        await town.settle()
    await asks(town, wayan)
    wayan.taps("Undangan terbuka (2)")
    await town.settle()
    assert (
        "Undangan kader Puskesmas Contoh: belum dibuka, berlaku sampai 1 Desember 2026."
        in (wayan.heard[-1])
    )
    assert "start=" not in wayan.heard[-1]  # the link was shown once
    wayan.taps("Batalkan undangan")
    await town.settle()
    assert "Undangan kader dibatalkan" in wayan.heard[-1]
    await asks(town, wayan)
    wayan.taps("Undangan terbuka (1)")
    await town.settle()
    assert "Undangan tenaga kesehatan" in wayan.heard[-1]


async def test_only_an_admin_s_menu_has_it(town: Town) -> None:
    await town.station._set_up(town.bot.username)
    wayan, sari = await town.admin("Wayan"), await town.asker("Sari")
    await asks(town, wayan)

    async def menu(person: Person) -> list[str]:
        scope = {"type": "chat", "chat_id": person.id}
        call = town.station.telegram.call
        own = await call("getMyCommands", {"scope": scope})
        return [one["command"] for one in own or await call("getMyCommands", {})]

    assert "admin" in await menu(wayan)
    assert "start" in await menu(wayan)
    assert "admin" not in await menu(sari)
    assert "start" in await menu(sari)


async def test_a_bot_whose_name_is_not_known_yet_makes_no_broken_link(town: Town) -> None:
    wayan = await town.admin("Wayan")
    await town.write(lambda session: town.station._name(session, ""))
    await asks(town, wayan)
    wayan.taps("Undang kader")
    await town.settle()
    assert "Coba lagi sebentar" in wayan.heard[-1]
