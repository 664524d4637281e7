"""A doctor refers: to which poli and hospital, with a summary that its code proves genuine."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Outcome, Status
from models.facility import Facility, Kind
from models.message import Message
from models.role import Profession
from services import atlas
from services.referral import check
from simulator.person import Person
from tests.stories.acts import advice_ids, hears, pair, presses, says, since, taken, taps, the_one
from tests.town import Town

HOSPITALS = {"RSUD Contoh Utara": (-8.6, 120.5), "RS Contoh Selatan": (-8.9, 120.5)}


async def hospitals(town: Town) -> None:
    """Two hospitals, and a place for the facility that answers."""

    def add(session: Session) -> None:
        home = session.scalars(select(Facility).where(Facility.is_ours)).first()
        assert home is not None
        home.latitude, home.longitude = -8.61, 120.5
        for name, (latitude, longitude) in HOSPITALS.items():
            session.add(
                Facility(code=name, name=name, kind=Kind.HOSPITAL, latitude=latitude,
                         longitude=longitude)
            )  # fmt: skip
        atlas.changed(session)

    await town.write(add)


async def written(town: Town) -> tuple[Person, Person]:
    """A doctor has written what is the matter."""
    await hospitals(town)
    citra = await town.worker("Citra", Profession.DOCTOR)
    sari = await town.asker("Sari")
    await taken(town, sari, citra, "Dada sering berdebar")
    await taps(town, citra, "Tutup dengan nasihat")
    await says(town, citra, "Dx: susp gangguan irama\nJangan kerja berat dulu.")
    return sari, citra


async def test_the_summary_is_verified_by_its_link_and_by_no_other(town: Town) -> None:
    sari, citra = await written(town)
    await taps(town, citra, "perlu rujukan")
    await taps(town, citra, "Jantung")
    assert citra.buttons()[:2] == [
        "RSUD Contoh Utara · 1 km", "RS Contoh Selatan · 32 km",
    ], "nearest first"  # fmt: skip
    await taps(town, citra, "RS lain")
    await says(town, citra, "kereta api")
    assert "belum ketemu" in citra.heard[-1]
    await says(town, citra, "rs contoh selatn")
    await taps(town, citra, "RS Contoh Selatan")
    assert "Rujukan: RS Contoh Selatan, Jantung" in hears(citra)
    assert (await the_one(town)).status is Status.ACTIVE, "nothing is sent by choosing"
    await taps(town, citra, "perlu rujukan")
    assert (await the_one(town)).outcome is Outcome.REFERRED
    assert "Rujukan: RS Contoh Selatan, Jantung. Ringkasannya ada di PDF" in hears(sari)
    document = next(one for one in sari.sees if one.kind == "document")
    assert "Ringkasan rujukan nomor 1" in str(document.caption)

    message_id = max(await advice_ids(town))
    code = await town.read(lambda session: payload(session, message_id))
    dewi = await town.asker("Dewi")
    told = await says(town, dewi, f"/start {code}")
    assert "Ringkasan rujukan ini asli" in told
    assert "dr. Citra, SIP CONTOH-SIP-Citra" in told
    assert "Kepada: RS Contoh Selatan, Jantung" in told
    assert "irama" not in told
    assert "berdebar" not in told
    forged = [f"{code}x", f"{code[:-3]}abc", "c_" + "_" * 25]
    for one in forged:
        assert "tidak cocok" in await says(town, dewi, f"/start {one}"), one

    await taps(town, citra, "Koreksi nasihat")
    await says(town, citra, "Dx: aritmia\nBoleh jalan pelan")
    await taps(town, citra, "Kirim koreksi")
    await says(town, dewi, f"/start {code}")
    assert "ada koreksi" in dewi.heard[-1]
    count = len(sari.heard)
    await taps(town, sari, "Ringkasan rujukan")
    assert len(since(sari, count)) == 1


async def test_only_doctors_refer_prescribe_and_assess(town: Town) -> None:
    sari, budi = await pair(town)
    await taps(town, budi, "Tutup dengan nasihat")
    await says(town, budi, "Perlu ke rumah sakit")
    assert "💊 Obat" not in budi.buttons()
    draft = (await advice_ids(town))[-1]
    for pressed, refused in (
        (f"refer:{draft}:0", "dibuat oleh dokter"),
        (f"choose_medicine:{draft}:0", "dipilih oleh dokter"),
        (f"code:{draft}:I10", "ditulis oleh dokter"),
        (f"other_code:{draft}", "ditulis oleh dokter"),
    ):
        presses(budi, pressed)
        await town.settle()
        assert refused in budi.heard[-1]
    await taps(town, budi, "perlu rujukan")
    assert (await the_one(town)).outcome is Outcome.REFERRED
    assert "📄 Ringkasan rujukan" not in sari.buttons()
    assert not [one for one in sari.sees if one.kind == "document"]
    presses(sari, f"referral:{(await the_one(town)).id}")
    await town.settle()
    assert "tidak punya ringkasan" in sari.heard[-1]


async def test_on_a_shared_phone_the_summary_waits_for_the_pin(town: Town) -> None:
    sari, citra = await written(town)
    await says(town, sari, "/hpbersama")
    await taps(town, sari, "Ya, pakai PIN")
    await says(town, sari, "2580")
    await says(town, sari, "2580")
    await taps(town, citra, "perlu rujukan")
    await taps(town, citra, "Poli menyusul")
    await taps(town, citra, "Ditentukan di FKTP")
    await taps(town, citra, "perlu rujukan")
    assert not [one for one in sari.sees if one.kind == "document"]
    await taps(town, sari, "Buka")
    await says(town, sari, "2580")
    await taps(town, sari, "Ringkasan rujukan")
    assert [one for one in sari.sees if one.kind == "document"]
    await town.wait(minutes=11)
    assert not [one for one in sari.sees if one.kind == "document"], "it is taken away again"
    presses(sari, f"referral:{(await the_one(town)).id}")
    await town.settle()
    assert "Tulis PIN" in sari.heard[-1]


def payload(session: Session, message_id: int) -> str:
    """What stands in the link on the page."""
    message = session.get_one(Message, message_id)
    return check.payload(message, message.read(session)["closing"]["referral"]["secret"])
