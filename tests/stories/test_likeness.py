"""Somebody of the same sex, where the asker wishes for it: nobody is held back for long."""

from tests.stories.acts import complains, presses, taps
from tests.stories.test_rights import file_of
from tests.town import Town

WISH = "🙋 Minta petugas laki-laki"


async def test_an_asker_wishes_for_their_own_sex_and_is_not_held_back_for_it(town: Town) -> None:
    citra = await town.worker("Citra")
    sari, ani = await town.asker("Sari"), await town.asker("Ani")
    await complains(town, sari, "Gatal di selangkangan")
    assert WISH not in sari.buttons()  # nobody on duty has said to be a man
    await taps(town, citra, "Lewati")

    budi = await town.worker("Budi")
    assert "petugas laki-laki" in await taps(town, budi, "👨 Saya laki-laki")
    await taps(town, budi, "Lewati")
    presses(citra, "i_am:P")
    budi.says("/siap")
    citra.says("/siap")
    await town.settle()
    assert "👨 Saya laki-laki" not in budi.buttons()
    await taps(town, budi if "Terima" in budi.buttons() else citra, "Terima")

    await complains(town, ani, "Bisul di paha")
    offered = citra.last
    assert "Nomor 2" in (offered.text or "")
    await taps(town, ani, WISH)
    assert "petugas laki-laki, paling lama 30 menit" in ani.heard[-1]
    assert offered.text == "Nomor 2: penanya minta petugas laki-laki."
    assert "Terima" in budi.buttons()
    citra.says("/pasien")
    await town.settle()
    assert "Bisul" not in (citra.last.text or "")

    budi.says("/data_saya")
    await town.settle()
    await taps(town, budi, "Lihat data")
    await taps(town, budi, "Kirim sekarang")
    assert "jenis kelamin Laki-laki" in file_of(town, budi)
    await taps(town, budi, "Lewati")  # the one man lets it go
    await town.wait(minutes=1)
    assert "Terima" in citra.buttons()
    assert "Bisul" in (citra.last.text or "")
