"""A reply on one side answers the same message on the other."""

from tests.stories.acts import arrives, complains, pair
from tests.town import Town


async def test_a_reply_answers_the_same_message_on_the_other_side(each_town: Town) -> None:
    town = each_town
    sari, budi = await pair(town)
    asked = sari.says("Boleh makan pedas?")
    await town.settle()
    sari.says("Dan minum es?")
    await town.settle()
    copy = next(one for one in budi.sees if "pedas" in (one.text or ""))
    budi.replies(copy, "Jangan dulu")
    await town.settle()
    assert sari.last.reply_to is asked

    sari.replies(sari.last, "Sampai kapan?")
    await town.settle()
    answered = budi.last.reply_to
    assert answered is not None
    assert answered.text == "Jangan dulu"


async def test_a_reply_to_a_message_still_on_its_way_finds_it(town: Town) -> None:
    sari, budi = await pair(town)
    town.telegram.trouble.add("sendMessage", "flood", chat_id=budi.id, retry_after=3)
    first = sari.says("Anaknya 3 tahun")
    sari.replies(first, "Eh, 4 tahun")
    await town.settle()
    assert budi.last.text == "🔵 No. 1 · Sari\nEh, 4 tahun"
    assert budi.last.reply_to is not None
    assert budi.last.reply_to.text == "🔵 No. 1 · Sari\nAnaknya 3 tahun"


async def test_a_reply_to_what_we_relayed_finds_the_original(town: Town) -> None:
    sari, budi = await pair(town)
    await complains(town, budi, "Boleh lihat ruamnya?")
    question = sari.last
    arrives(town, sari, reply_to_message=question.to_json(nested=True), text="Ini")
    await town.settle()
    assert budi.last.reply_to is not None
    assert budi.last.reply_to.text == "Boleh lihat ruamnya?"


async def test_a_reply_to_what_is_gone_goes_out_plain(town: Town) -> None:
    sari, budi = await pair(town)
    await complains(town, sari, "Boleh mandi?")
    copy = budi.last
    sari.deletes(next(one for one in sari.sees if one.text == "Boleh mandi?"))
    budi.replies(copy, "Boleh")
    await town.settle()
    assert sari.heard[-1] == "Perawat Budi\nBoleh"
    assert sari.last.reply_to is None
