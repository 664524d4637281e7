"""One message tells of several people: each gets a request of their own, and none is lost."""

from models.consultation import Status
from tests.stories.acts import answers, hears, says, taps, the_one
from tests.town import Town


async def test_each_of_two_is_asked_about_by_themselves(each_town: Town) -> None:
    town = each_town
    budi, citra = await town.worker("Budi"), await town.worker("Citra")
    sari = await town.asker("Sari")
    asked = await says(town, sari, "Anak saya umur 3 th demam 2 hari, ibu saya juga batuk")
    assert "Tentang: Anak penanya, 3 tahun." in asked
    assert "«ibu saya juga batuk»" in await taps(town, sari, "Tidak ada")
    assert "Nomor Ibu/Bapak: 1" in hears(sari)
    assert "Anak penanya, 3 tahun" in budi.heard[-1]
    await taps(town, budi, "Terima")
    assert "juga disebut orang lain" in hears(budi)
    assert "Umurnya berapa?" in await taps(town, sari, "Ya, lanjutkan")
    assert "18 – 55 tahun" in sari.buttons()
    asked = await says(town, sari, "61 th")
    assert "Tentang: Ibu/Bapak penanya, 61 tahun" in asked, "though Budi answers about the child"
    await taps(town, sari, "Tidak ada")
    assert "Nomor Ibu/Bapak: 2" in sari.heard[-1]
    offered = next(text for text in (*budi.heard, *citra.heard) if "Nomor 2" in text)
    assert "Ibu/Bapak penanya, 61 tahun" in offered
    assert "demam" not in offered
    await says(town, sari, "demamnya sudah turun")
    assert "demamnya sudah turun" in budi.heard[-1]


async def test_a_second_message_about_somebody_else_is_theirs(town: Town) -> None:
    await town.worker("Budi")
    sari = await town.asker("Sari")
    assert "Umurnya berapa?" in await says(town, sari, "Anak saya demam")
    assert "Umurnya berapa?" in await says(town, sari, "suami saya 40 th juga pusing")
    await answers(town, sari, "2 bulan – 5 tahun", "Tidak ada")
    assert "«suami saya 40 th juga pusing»" in sari.heard[-1]
    assert "Baik." in await taps(town, sari, "Tidak perlu")
    assert (await the_one(town)).status is Status.WAITING
