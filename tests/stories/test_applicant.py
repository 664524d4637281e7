"""Applicants: an invited worker enters a licence, an admin checks it, and not before that may
anybody advise."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import Audit
from models.invitation import Invitation
from models.role import Kind, Role
from services import credential, facility, specimen
from simulator.person import Person
from tests.stories.acts import answers, complains, hears, presses, readable, since, taken, the_one
from tests.stories.test_invitation import invited, newcomer, opens, roles, the_invitation
from tests.town import FACILITY, Town

ANSWERS = ("Ayu Contoh", "CONTOH-STR-12345", "503/CONTOH-SIP/2026", "31 Desember 2028")


async def says(town: Town, person: Person, *texts: str) -> None:
    for text in texts:
        person.says(text)
        await town.settle()


async def taps(town: Town, person: Person, *labels: str) -> None:
    for label in labels:
        person.taps(label)
        await town.settle()


async def invites_worker(town: Town, admin: Person, name: str = "Ayu") -> Person:
    """Somebody opens an invitation as worker for the first time."""
    token = await invited(town, admin, "Undang tenaga kesehatan")
    person = await newcomer(town, name)
    await opens(town, person, token)
    return person


async def applies(town: Town, person: Person) -> None:
    """Fill in everything and send it."""
    await taps(town, person, "Bidan")
    await says(town, person, *ANSWERS)
    await taps(town, person, "kirim ke admin")


async def worker_role(town: Town, person: Person) -> Role | None:
    def look(session: Session) -> Role | None:
        found = session.scalars(select(Role).where(Role.kind == Kind.WORKER))
        return next((role for role in found if role.person.telegram_id == person.id), None)

    return await town.read(look)


async def test_from_the_link_to_the_first_patient(each_town: Town) -> None:
    town = each_town
    wayan = await town.admin("Wayan")
    ayu = await invites_worker(town, wayan)
    assert "Apa profesi Anda?" in ayu.heard[-1]
    await applies(town, ayu)
    assert "sedang diperiksa" in ayu.heard[-1]
    card = wayan.heard[-1]
    for shown in ("Nama di Telegram: Ayu", "Bidan", *ANSWERS):
        assert shown in card
    assert await worker_role(town, ayu) is None

    await taps(town, wayan, "Terima")
    assert "Selamat, Bidan Ayu Contoh!" in ayu.heard[-1]
    assert "diterima sebagai tenaga kesehatan oleh Wayan" in wayan.heard[-1]
    role = await worker_role(town, ayu)
    assert role is not None
    assert role.sip_ends_on == date(2028, 12, 31)
    ring = town.app.database.ring
    assert role.read(ring) == {"name": ANSWERS[0], "str": ANSWERS[1], "sip": ANSWERS[2]}

    await says(town, ayu, "/siap")
    sari = await town.asker("Sari")
    await taken(town, sari, ayu)
    assert "Bidan Ayu Contoh" in sari.heard[-1]


async def test_the_admin_who_checked_is_named_in_the_trail(town: Town) -> None:
    wayan = await town.admin("Wayan")
    ayu = await invites_worker(town, wayan)
    await applies(town, ayu)
    await taps(town, wayan, "Terima")

    def verified(session: Session) -> list[str]:
        admin = credential.admins(session)[0].person_id
        return [one.act for one in session.scalars(select(Audit)) if one.by_id == admin]

    assert await town.read(verified) == ["invite", "show", "verify", "admit"]


async def test_before_an_admin_said_yes_nobody_advises_or_sees_anything(town: Town) -> None:
    sari = await town.asker("Sari")
    await complains(town, sari, "Anak saya kejang")
    ayu = await invites_worker(town, await town.admin("Wayan"))
    await applies(town, ayu)
    for act in ("/siap", "/selesai"):
        await says(town, ayu, act)
        assert "izinnya sudah diperiksa" in ayu.heard[-1]
    for act in ("accept", "pass", "return", "close"):
        presses(ayu, f"{act}:{(await the_one(town)).id}")
        await town.settle()
    assert "kejang" not in hears(ayu)
    assert (await the_one(town)).worker_id is None
    assert await roles(town, ayu) == []


async def test_wrong_answers_are_asked_again_and_nothing_is_lost(town: Town) -> None:
    ayu = await invites_worker(town, await town.admin("Wayan"))
    await says(town, ayu, "dokter hewan")
    assert "tekan salah satu tombol profesi" in ayu.heard[-1]
    await says(town, ayu, "bidan")
    for wrong in ("A1", "99", "x" * 81):
        await says(town, ayu, wrong)
        assert "nama lengkap saja" in ayu.heard[-1]
    await says(town, ayu, "Bidan Ayu")
    for wrong in ("belum ada", "12", "<b>1234</b>"):
        await says(town, ayu, wrong)
        assert "belum seperti nomor STR" in ayu.heard[-1]
    await says(town, ayu, ANSWERS[1])
    ayu.sends_photo("SIP saya 12345")
    await town.settle()
    assert "belum seperti nomor SIP" in ayu.heard[-1]
    await says(town, ayu, ANSWERS[2])
    for wrong in ("besok", "31 Februari 2028", "31-12-28", "1 Januari 2020"):
        await says(town, ayu, wrong)
        assert "tanggal, bulan, dan tahun lengkap" in ayu.heard[-1]
    await says(town, ayu, "31/12/2028")
    assert "Sudah benar?" in ayu.heard[-1]
    assert "Nama: Ayu\n" in ayu.heard[-1]  # the title is ours


async def becomes_real(town: Town) -> None:
    """The facility is none of demo and tests any more."""
    await town.write(
        lambda session: facility.add(session, FACILITY, "Puskesmas Uji", "dr. Uji", "Loket uji")
    )


async def test_what_is_marked_as_made_up_is_asked_again_where_people_are_served(
    town: Town,
) -> None:
    """It would keep the service from its next start."""
    await becomes_real(town)
    wayan = await town.admin("Wayan")
    ayu = await invites_worker(town, wayan)
    await taps(town, ayu, "Bidan")
    for marked, right in zip(
        ANSWERS[:3], ("Ayu Uji", "UJI-STR-12345", "503/UJI/2026"), strict=True
    ):
        await says(town, ayu, marked)
        assert "Mohon tulis lagi tanpa kata «contoh»" in ayu.heard[-1]
        await says(town, ayu, right)
    await says(town, ayu, ANSWERS[3])
    await taps(town, ayu, "kirim ke admin")
    await taps(town, wayan, "Terima")
    assert "Selamat, Bidan Ayu Uji" in ayu.heard[-1]
    assert await town.read(specimen.in_records) is None


async def test_what_was_entered_before_is_not_admitted_and_can_be_mended(town: Town) -> None:
    wayan = await town.admin("Wayan")
    ayu = await invites_worker(town, wayan)
    await applies(town, ayu)
    await becomes_real(town)
    await taps(town, wayan, "Terima")
    assert "hanya untuk latihan, jadi belum bisa diterima" in wayan.heard[-1]
    assert await worker_role(town, ayu) is None
    card = next(one for one in wayan.sees if "CONTOH-STR-12345" in one.words.text)
    wayan.taps("Tolak", card)
    await town.settle()
    await taps(town, wayan, "Nomor atau tanggal tidak cocok")
    await taps(town, ayu, "Isi ulang")
    assert "Apa profesi Anda?" in ayu.heard[-1]


async def test_what_was_wrong_is_written_anew_before_it_is_sent(town: Town) -> None:
    wayan = await town.admin("Wayan")
    ayu = await invites_worker(town, wayan)
    await taps(town, ayu, "Dokter gigi")
    await says(town, ayu, *ANSWERS)
    await taps(town, ayu, "Isi ulang")
    await applies(town, ayu)
    assert "Profesi: Bidan" in wayan.heard[-1]
    assert "Dokter gigi" not in hears(wayan)


async def test_it_can_be_left_and_gone_on_with(town: Town) -> None:
    wayan = await town.admin("Wayan")
    ayu = await invites_worker(town, wayan)
    await taps(town, ayu, "Bidan")
    await says(town, ayu, ANSWERS[0])
    await taps(town, ayu, "Berhenti dulu")
    assert "tetap tersimpan" in ayu.heard[-1]
    await taps(town, ayu, "Lanjutkan")
    assert "nomor STR" in ayu.heard[-1]
    await says(town, ayu, *ANSWERS[1:])
    await taps(town, ayu, "kirim ke admin")
    assert ANSWERS[0] in wayan.heard[-1]


async def test_a_complaint_in_the_middle_is_a_complaint(town: Town) -> None:
    """Words after an hour, danger signs, words to a worker: none ends as a name on a card."""
    wayan, budi = await town.admin("Wayan"), await town.worker("Budi")
    ayu = await invites_worker(town, wayan)
    await taps(town, ayu, "Bidan")
    town.clock.move(timedelta(hours=1))
    await complains(town, ayu, "Anak saya batuk")
    assert "Pesannya sudah kami simpan" in hears(ayu)
    await taps(town, ayu, "Setuju")
    await answers(town, ayu)
    assert "Anak saya batuk" in budi.heard[-1]
    await opens(town, ayu, "")
    await taps(town, ayu, "Lanjutkan")
    assert "Masih ada konsultasi yang terbuka" in ayu.heard[-1]
    await complains(town, ayu, "Sudah tiga hari")
    await taps(town, budi, "Terima")
    assert "Sudah tiga hari" in hears(budi)
    assert "Sudah tiga hari" not in hears(wayan)


async def test_words_to_a_patient_go_to_the_patient_not_into_the_form(town: Town) -> None:
    """A worker on duty renews a licence, and takes a consultation before the form is done."""
    token = await invited(town, await town.admin("Wayan"), "Undang tenaga kesehatan")
    budi, sari = await town.worker("Budi"), await town.asker("Sari")
    await opens(town, budi, token)
    await taps(town, budi, "Perawat")
    await complains(town, sari, "Anak batuk")
    await taps(town, budi, "Terima")
    await says(town, budi, "Ada demam, Bu?")
    assert "Ada demam, Bu?" in sari.heard[-1]
    entered = (await the_invitation(town)).read(town.app.database.ring)
    assert entered == {"profession": "perawat"}


async def test_danger_in_the_middle_comes_before_the_form(town: Town) -> None:
    budi = await town.worker("Budi")
    ayu = await invites_worker(town, await town.admin("Wayan"))
    await taps(town, ayu, "Bidan")
    await says(town, ayu, "Anak saya kejang")
    assert "INI TANDA BAHAYA" in hears(ayu)
    await taps(town, ayu, "Setuju")
    assert "Anak saya kejang" in budi.heard[-1]
    await says(town, ayu, "Tolong cepat")
    await taps(town, budi, "Terima")
    assert "Tolong cepat" in hears(budi)
    entered = (await the_invitation(town)).read(town.app.database.ring)
    assert entered == {"profession": "bidan"}


@pytest.mark.parametrize("step", ["/start", "Setuju"])
async def test_who_is_asked_for_the_complaint_is_heard_as_an_asker(town: Town, step: str) -> None:
    budi = await town.worker("Budi")
    wayan = await town.admin("Wayan")
    token = await invited(town, wayan, "Undang tenaga kesehatan")
    ayu = await town.asker("Ayu", agreed=step == "/start")
    if step == "Setuju":
        ayu.starts()
        await town.settle()
    await opens(town, ayu, token)
    await taps(town, ayu, "Bidan")
    town.clock.move(120)
    await (says(town, ayu, "/start") if step == "/start" else taps(town, ayu, "Setuju"))
    await complains(town, ayu, "Batuk berdahak")
    assert "Batuk berdahak" in budi.heard[-1]


async def test_a_declined_applicant_reads_why_and_may_mend_it(each_town: Town) -> None:
    town = each_town
    wayan, made = await town.admin("Wayan"), await town.admin("Made")
    ayu = await invites_worker(town, wayan)
    await applies(town, ayu)
    await taps(town, made, "Tolak", "Nomor atau tanggal tidak cocok")
    assert "tidak cocok" in ayu.heard[-1]
    assert "Calon Ayu Contoh ditolak oleh Made" in wayan.heard[-1]
    await taps(town, ayu, "Isi ulang")
    await taps(town, ayu, "Perawat")
    await says(town, ayu, "Ayu Contoh", "CONTOH-STR-9999", *ANSWERS[2:])
    await taps(town, ayu, "kirim ke admin")

    card = next(one for one in wayan.sees if "CONTOH-STR-12345" in one.words.text)
    wayan.taps("Terima", card)  # the old one, still on this screen
    await town.settle()
    assert "sudah diputuskan" in wayan.heard[-1]
    assert await worker_role(town, ayu) is None
    await taps(town, made, "Terima")
    assert "Selamat, Perawat Ayu Contoh!" in ayu.heard[-1]


async def test_a_stranger_is_out_for_good(town: Town) -> None:
    wayan = await town.admin("Wayan")
    token = await invited(town, wayan, "Undang tenaga kesehatan")
    entah = await newcomer(town, "Entah")
    await opens(town, entah, token)
    await applies(town, entah)
    await taps(town, wayan, "Tolak", "Bukan tenaga fasilitas ini")
    assert "tidak mengenal Anda" in entah.heard[-1]
    assert entah.sees[-1].buttons == []
    await opens(town, entah, token)
    assert "sudah selesai atau dibatalkan" in entah.heard[-1]
    assert "CONTOH-STR-12345" not in "".join(
        line for line in (await readable(town)).splitlines() if "params" not in line
    )


async def test_of_two_admins_the_first_decides(each_town: Town) -> None:
    town = each_town
    wayan, made = await town.admin("Wayan"), await town.admin("Made")
    ayu = await invites_worker(town, wayan)
    await applies(town, ayu)
    for admin in (wayan, made):
        admin.taps("Terima")
    await town.settle()
    assert "sudah diputuskan" in hears(wayan) + hears(made)
    assert hears(ayu).count("Selamat, Bidan") == 1


async def test_nobody_admits_themself(town: Town) -> None:
    wayan, made = await town.admin("Wayan"), await town.admin("Made")
    token = await invited(town, made, "Undang tenaga kesehatan")
    await opens(town, wayan, token)
    await applies(town, wayan)
    presses(wayan, f"admit:{(await the_invitation(town)).id}")
    await town.settle()
    assert "perlu diperiksa admin lain" in wayan.heard[-1]
    assert await worker_role(town, wayan) is None


@pytest.mark.parametrize("payload", ["admit:{}", "decline:{}", "decline:{}:name"])
async def test_nobody_but_an_admin_decides(town: Town, payload: str) -> None:
    ayu = await invites_worker(town, await town.admin("Wayan"))
    await applies(town, ayu)
    sari = await town.asker("Sari")
    for one in (sari, ayu):
        presses(one, payload.format((await the_invitation(town)).id))
        await town.settle()
        assert "tidak bisa dilakukan dari akun ini" in one.heard[-1]
    assert await worker_role(town, ayu) is None


@pytest.mark.parametrize("payload", ["send:{}", "restart:{}", "resume:{}", "pause:{}"])
async def test_an_application_is_its_applicant_s_alone(town: Town, payload: str) -> None:
    ayu = await invites_worker(town, await town.admin("Wayan"))
    await taps(town, ayu, "Bidan")
    await says(town, ayu, *ANSWERS)
    sari = await town.asker("Sari")
    presses(sari, payload.format((await the_invitation(town)).id))
    await town.settle()
    assert "sudah tidak berlaku" in sari.heard[-1]
    found = await the_invitation(town)
    assert found.sent_at is None
    assert found.read(town.app.database.ring)["name"] == "Ayu Contoh"


async def test_what_is_not_whole_is_not_sent(town: Town) -> None:
    wayan = await town.admin("Wayan")
    ayu = await invites_worker(town, wayan)
    await taps(town, ayu, "Bidan")
    told = len(wayan.heard)
    presses(ayu, f"send:{(await the_invitation(town)).id}")
    await town.settle()
    assert "nama lengkap" in ayu.heard[-1]
    assert since(wayan, told) == []
    presses(wayan, f"admit:{(await the_invitation(town)).id}")
    await town.settle()
    assert await worker_role(town, ayu) is None


async def test_a_sip_that_ended_while_it_waited_is_not_accepted(town: Town) -> None:
    wayan = await town.admin("Wayan")
    ayu = await invites_worker(town, wayan)
    await taps(town, ayu, "Bidan")
    await says(town, ayu, *ANSWERS[:3], "25 November 2026")
    await taps(town, ayu, "kirim ke admin")
    town.clock.move(timedelta(days=2))
    await taps(town, wayan, "Terima")
    assert "SIP itu sudah berakhir" in wayan.heard[-1]
    assert await worker_role(town, ayu) is None


async def test_who_applies_already_needs_no_second_invitation(town: Town) -> None:
    wayan = await town.admin("Wayan")
    ayu = await invites_worker(town, wayan)
    token = await invited(town, wayan, "Undang tenaga kesehatan")
    await opens(town, ayu, token)
    assert "masih berjalan" in ayu.heard[-1]
    other = await newcomer(town, "Komang")
    await opens(town, other, token)
    assert "Apa profesi Anda?" in other.heard[-1]


async def test_taken_back_it_takes_no_more_answers_and_no_words_are_lost(town: Town) -> None:
    wayan = await town.admin("Wayan")
    ayu = await invites_worker(town, wayan)
    await taps(town, wayan, "Batalkan undangan")
    assert "sudah dibatalkan oleh admin" in ayu.heard[-1]
    await complains(town, ayu, "Anak saya batuk")
    assert "Pesannya sudah kami simpan" in hears(ayu)


async def test_what_was_not_sent_for_a_week_is_forgotten(each_town: Town) -> None:
    town = each_town
    wayan = await town.admin("Wayan")
    ayu, made = await invites_worker(town, wayan), await invites_worker(town, wayan, "Made")
    await applies(town, made)
    await taps(town, ayu, "Bidan")
    await says(town, ayu, ANSWERS[0])
    await town.wait(days=6, hours=23)
    ring = town.app.database.ring
    first = select(Invitation).order_by(Invitation.id).limit(1)
    kept = await town.read(lambda session: session.scalars(first).one())
    assert kept.read(ring)["name"] == ANSWERS[0]
    await town.wait(hours=2)
    gone = await town.read(lambda session: session.scalars(first).one())
    assert gone.sealed is None
    await taps(town, ayu, "Berhenti dulu")
    assert "sudah tidak berlaku" in ayu.heard[-1]
    await taps(town, wayan, "Terima")  # what was sent waits for as long as it takes
    assert "Selamat, Bidan Ayu Contoh!" in made.heard[-1]


async def test_a_renewed_sip_goes_the_same_way(town: Town) -> None:
    wayan = await town.admin("Wayan")
    budi = await town.worker("Budi")
    token = await invited(town, wayan, "Undang tenaga kesehatan")
    await opens(town, budi, token)
    await taps(town, budi, "Perawat")
    await says(town, budi, "Budi", *ANSWERS[1:3], "1 Mei 2033")
    await taps(town, budi, "kirim ke admin")
    before = await worker_role(town, budi)
    assert before is not None
    assert before.sip_ends_on == date(2028, 1, 1)
    await taps(town, wayan, "Terima")
    after = await worker_role(town, budi)
    assert after is not None
    assert after.sip_ends_on == date(2033, 5, 1)
    assert after.id == before.id


async def test_waiting_applicants_are_shown_again_on_demand(town: Town) -> None:
    wayan = await town.admin("Wayan")
    await says(town, wayan, "/admin")
    await taps(town, wayan, "Calon nakes (0)")
    assert "Tidak ada calon" in wayan.heard[-1]
    ayu = await invites_worker(town, wayan)
    await applies(town, ayu)
    made = await town.admin("Made")
    await says(town, made, "/admin")
    await taps(town, made, "Calon nakes (1)", "Terima")
    assert "Selamat, Bidan Ayu Contoh!" in ayu.heard[-1]


async def test_what_is_entered_is_sealed(town: Town) -> None:
    ayu = await invites_worker(town, await town.admin("Wayan"))
    await taps(town, ayu, "Bidan")
    await says(town, ayu, *ANSWERS)
    found = await town.read(lambda session: session.scalars(select(Invitation)).one())
    assert found.sealed is not None
    assert b"Ayu" not in found.sealed
    assert b"CONTOH" not in found.sealed
