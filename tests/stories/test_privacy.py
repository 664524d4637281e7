"""A phone that several people hold: advice behind a PIN, shown for a short while."""

import re

from simulator.person import Person
from tests.stories.acts import advised, complains, hears, pair, presses, readable, since, the_one
from tests.town import Town

SECRET = "Banyak minum air hangat."


def visible(person: Person) -> str:
    """What stands on somebody's screen now, of both sides."""
    return "\n".join(str(one.text) for one in person.sees if not one.deleted)


async def shared(town: Town) -> tuple[Person, Person]:
    """Sari shares her phone and has chosen a PIN while she waited; Budi has taken her."""
    sari, budi = await pair(town)
    await complains(town, sari, "/hpbersama")
    sari.taps("Ya, pakai PIN")
    await town.settle()
    await complains(town, sari, "4271")
    await complains(town, sari, "4271")
    assert "PIN disimpan" in sari.heard[-1]
    return sari, budi


async def test_advice_is_a_pointer_and_opens_with_the_pin_for_ten_minutes(each_town: Town) -> None:
    town = each_town
    sari, budi = await shared(town)
    assert "4271" not in hears(budi)
    assert "4271" not in visible(sari)
    assert "4271" not in await readable(town)
    budi.taps("Tutup dengan nasihat")
    await town.settle()
    await complains(town, budi, SECRET)
    budi.taps("perlu rujukan")
    await town.settle()
    assert "Ada balasan untuk nomor 1" in sari.heard[-1]
    assert SECRET not in hears(sari)
    assert "rujukan" not in hears(sari)
    pointer = sari.last
    sari.taps("Buka")
    await town.settle()
    assert "Tulis PIN" in sari.heard[-1]
    await complains(town, sari, "1111")
    assert "Masih bisa 4 kali" in sari.heard[-1]
    await complains(town, sari, "４２７１")
    assert SECRET in sari.heard[-1]
    assert "4271" not in visible(sari)
    sari.taps("Sudah paham")
    await town.settle()
    sari.taps("Simpan PDF")
    await town.settle()
    assert sari.last is not None
    assert sari.last.kind == "document"
    await town.wait(minutes=5)
    assert SECRET in visible(sari)
    await complains(town, sari, "/riwayat")  # still open: not asked again
    assert "nomor 1" in sari.heard[-1]
    await town.wait(minutes=6)
    assert SECRET not in visible(sari)
    assert "perlu rujukan" not in visible(sari)
    assert all(one.deleted or one.kind != "document" for one in sari.sees)
    count = len(sari.heard)
    await complains(town, sari, "riwayat")
    assert since(sari, count)[-1].startswith("🔒 Tulis PIN")
    await complains(town, sari, "4271")
    sari.taps("Nomor 1")
    await town.settle()
    sari.taps("Tutup")
    await town.settle()
    assert SECRET not in visible(sari)
    assert pointer is not None
    assert not pointer.deleted

    await complains(town, budi, "/siap")
    budi.taps("Koreksi nasihat")
    await town.settle()
    await complains(town, budi, "Air biasa saja")
    budi.taps("Kirim koreksi")
    await town.settle()
    assert "Air biasa" not in hears(sari)
    assert "Ada balasan untuk nomor 1" in sari.heard[-1]


async def test_five_wrong_ones_lock_until_tomorrow_and_the_facility_helps(town: Town) -> None:
    sari, budi = await shared(town)
    await advised(town, budi)
    nyoman = await town.admin("Nyoman")
    for _ in range(2):
        sari.taps("Buka")
        await town.settle()
        for wrong in ("0000", "1", "999999", "1234", "4272"):
            assert "terkunci" not in sari.heard[-1]
            await complains(town, sari, wrong)
        assert "hari ini terkunci" in sari.heard[-1]
        await complains(town, sari, "4271")
        assert SECRET not in hears(sari)
        assert "4271" not in visible(sari)
        await town.wait(hours=24)
    sari.taps("Buka")
    await town.settle()
    for wrong in ("0000", "1", "999999", "1234", "4272"):
        await complains(town, sari, wrong)
    sari.taps("Buka")
    await town.settle()
    assert "hari ini terkunci" in sari.heard[-1]
    sari.taps("Lupa PIN")
    await town.settle()
    found = re.search(r"\b\d{6}\b", sari.heard[-1])
    assert found is not None
    assert "Lupa PIN" in hears(nyoman)
    assert found[0] not in hears(nyoman)
    for who in (budi, sari):
        await complains(town, who, f"/pinbaru {found[0]}")
        assert "belum kami kenal" in who.heard[-1]
    await complains(town, nyoman, "/pinbaru")
    assert "Kode itu tidak ada" in nyoman.heard[-1]
    await complains(town, nyoman, f"/pinbaru {found[0]}")
    new = re.search(r"\b\d{6}\b", nyoman.heard[-1])
    assert new is not None
    assert "membuat PIN sementara" in sari.heard[-1]
    sari.taps("Buka")
    await town.settle()
    await complains(town, sari, new[0])
    assert "PIN baru" in sari.heard[-1]
    for typed in ("12", "1234", "7777777", "8053"):
        await complains(town, sari, typed)
    assert "sekali lagi" in sari.heard[-1]
    await complains(town, sari, "8054")
    assert "tidak sama" in sari.heard[-1]
    await complains(town, sari, "8053")
    await complains(town, sari, "8053")
    await complains(town, sari, "/riwayat")
    await complains(town, sari, "4271")
    assert "belum benar" in sari.heard[-1]
    await complains(town, sari, "8053")
    assert "Konsultasi yang sudah selesai" in sari.heard[-1]
    await complains(town, nyoman, f"/pinbaru {found[0]}")
    assert "Kode itu tidak ada" in nyoman.heard[-1]


async def test_words_of_need_are_never_taken_for_a_pin(town: Town) -> None:
    sari, budi = await shared(town)
    await complains(town, sari, "/riwayat")
    await complains(town, sari, "Masih demam, Pak")
    assert "Masih demam, Pak" in budi.heard[-1]
    await complains(town, sari, "38")
    assert budi.heard[-1].endswith("38")
    await complains(town, sari, "/riwayat")
    await town.wait(minutes=11)
    await complains(town, sari, "120")
    assert budi.heard[-1].endswith("120")
    await advised(town, budi)
    sari.taps("Buka")
    await town.settle()
    await complains(town, sari, "Anak saya kejang")
    assert "INI TANDA BAHAYA" in hears(sari)


async def test_it_is_switched_off_with_the_pin_only(town: Town) -> None:
    sari, budi = await shared(town)
    await complains(town, sari, "/hpbersama")
    sari.taps("Tidak dipakai bersama lagi")
    await town.settle()
    await complains(town, sari, "0000")
    assert "belum benar" in sari.heard[-1]
    await advised(town, budi)
    assert SECRET not in hears(sari)
    presses(sari, "unshare")
    await town.settle()
    await complains(town, sari, "4271")
    assert "tidak lagi dipakai bersama" in sari.heard[-1]
    await complains(town, sari, "/riwayat")
    sari.taps("Nomor 1")
    await town.settle()
    assert SECRET in sari.heard[-1]
    await town.wait(minutes=30)
    assert SECRET in visible(sari)
    assert (await the_one(town)).number == 1
    await complains(town, sari, "HP bersama")
    assert "HP dipakai bersama?" in sari.heard[-1]
    for payload in ("unshare", "forgotpin"):
        presses(sari, payload)
        await town.settle()
        assert "tidak berlaku" in sari.heard[-1]
