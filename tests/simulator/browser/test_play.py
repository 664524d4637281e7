"""The page in a real browser: two people play, and nothing they write becomes code."""

import pytest

from simulator.person import Person
from simulator.telegram import BotAccount, Telegram
from tests.simulator.browser.conftest import Bot, Opened

TRICK = "<img src=x onerror=\"document.title='hacked'\"> <script>document.title='hacked'</script>"


pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_people_play_on_the_page(opened: Opened, ask: Bot, sari: Person) -> None:
    async with opened(1280, 800) as page:
        phone = page.get_by_role("region", name="Ponsel Sari")
        await phone.get_by_role("button", name="Mulai").click()
        await phone.get_by_label("Pesan dari Sari").fill(TRICK)
        await page.keyboard.press("Enter")
        await (
            phone.locator(".mine", has_text="<img src=x")
            .get_by_label("sudah di Telegram")
            .wait_for()
        )

        rows = [[{"text": "✅ Setuju", "callback_data": "yes"}]]
        await ask("sendMessage", chat_id=sari.id, text="<b>Setuju?</b>", parse_mode="HTML",
                  reply_markup={"inline_keyboard": rows})  # fmt: skip
        await phone.get_by_role("button", name="Setuju").click()
        await phone.locator(".turning").wait_for()
        query = (await ask.updates())[-1]["callback_query"]
        await ask("answerCallbackQuery", callback_query_id=query["id"], text="Terima kasih")
        await ask("editMessageText", chat_id=sari.id, message_id=3, text="Sudah setuju")
        await phone.get_by_text("Terima kasih").wait_for()
        await phone.get_by_text("diubah").wait_for()

        await phone.get_by_role("switch", name="Tanpa sinyal").click()
        await phone.get_by_text("menunggu jaringan").wait_for()
        await phone.get_by_label("Pesan dari Sari").fill("di sawah")
        await page.keyboard.press("Enter")
        await phone.get_by_label("masih di ponsel").wait_for()
        assert len(sari.chat().messages) == 3
        await phone.get_by_role("switch", name="Tanpa sinyal").click()
        await phone.get_by_label("sudah di Telegram").last.wait_for()
        assert len(sari.chat().messages) == 4

        await page.set_viewport_size({"width": 390, "height": 844})
        await page.get_by_role("button", name="Budi").click()
        await page.get_by_role("region", name="Ponsel Budi").wait_for()
        assert not await phone.is_visible()
        await ask("sendMessage", chat_id=sari.id, text="Ada kabar")
        await page.get_by_label("1 belum dibaca").wait_for()
        assert await page.title() != "hacked"


async def test_people_use_all_that_a_phone_can_do_on_the_page(
    opened: Opened, telegram: Telegram, ask: Bot, bot: BotAccount, sari: Person
) -> None:
    bot.inline = True
    group = telegram.add_group("Warga", sari, bot=bot)
    sari.adds_bot(group)
    sari.starts()
    place = [[{"text": "Kirim lokasi", "request_location": True}]]
    await ask("sendMessage", chat_id=sari.id, text="Di mana? Telepon 0380 000 999.",
              reply_markup={"keyboard": place})  # fmt: skip
    async with opened(390, 844) as page:
        phone = page.get_by_role("region", name="Ponsel Sari")
        await phone.get_by_role("button", name="0380 000 999").click()
        await phone.get_by_text("tidak ada panggilan").wait_for()
        await phone.get_by_role("button", name="Kirim lokasi").click()
        await page.get_by_label("Tempat contoh").select_option("Tegal")
        await page.get_by_role("dialog").get_by_role("button", name="Kirim lokasi").click()
        await phone.get_by_text("-6.8694, 109.1402").wait_for()
        await phone.get_by_role("button", name="Lampirkan").click()
        await page.get_by_role("menuitem", name="Lokasi").click()
        await page.get_by_role("textbox", name="koordinat").fill("-10.1772, 123.6")
        await page.keyboard.press("Enter")
        await phone.get_by_text("-10.1772, 123.6000").wait_for()

        link = f"https://t.me/{bot.username}?start=tanya"
        row = [{"text": "Cari", "switch_inline_query_current_chat": "puskes"},
               {"text": "Tanya", "url": link}]  # fmt: skip
        await ask("sendVenue", chat_id=sari.id, latitude=1, longitude=2, title="Puskesmas Contoh",
                  address="Jalan Contoh", reply_markup={"inline_keyboard": [row]})  # fmt: skip
        await ask("pinChatMessage", chat_id=sari.id, message_id=sari.last.id)
        pinned = phone.get_by_role("button", name="Pesan tersemat")
        await pinned.get_by_text("Puskesmas Contoh").wait_for()
        mapped = await phone.get_by_role("link", name="Buka peta").last.get_attribute("href")
        assert "mlat=1&mlon=2" in str(mapped)
        field = phone.get_by_label("Pesan dari Sari")
        await field.fill("sedang menulis")
        await phone.get_by_role("button", name="Cari").click()
        await phone.get_by_text("sedang mencari").wait_for()
        query = (await ask.updates())[-1]["inline_query"]
        assert query["query"] == "puskes"
        found = {"type": "article", "id": "1", "title": "Loket", "description": "lantai 1",
                 "input_message_content": {"message_text": "Loket buka"}}  # fmt: skip
        await ask("answerInlineQuery", inline_query_id=query["id"], results=[found])
        await phone.get_by_text("lantai 1").wait_for()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await phone.get_by_text("Loket buka").wait_for()
        assert await field.input_value() == "sedang menulis", "it comes back after the question"
        await field.fill("")
        await phone.get_by_role("button", name="Tanya").click()
        await phone.get_by_text("/start tanya").wait_for()

        await ask("sendMessage", chat_id=sari.id, text=f"Undangan: {link}2")
        await phone.locator(".bubble", has_text="Undangan").press("Enter")
        await page.get_by_role("menuitem", name="Buka tautannya").press("Enter")
        await page.get_by_role("menuitem", name="Budi").press("Enter")
        assert sari.last.reactions == {}, "the key that opens the menu chooses nothing in it"
        budi = page.get_by_role("region", name="Ponsel Budi")
        await budi.get_by_text("/start tanya2").wait_for()

        await page.get_by_role("button", name="Sari").click()
        await ask("sendMessage", chat_id=sari.id, text="Boleh kirim foto?")
        await phone.get_by_text("Boleh kirim foto?").click()
        await page.get_by_role("menuitem", name="Balas").click()
        await phone.get_by_role("button", name="Lampirkan").click()
        await page.get_by_role("menuitem", name="Obat di rumah").click()
        await phone.locator(".mine .quote").wait_for()
        assert sari.sees[-1].reply is not None

        await phone.locator(".mine .bubble.photo .foot").click()
        await page.get_by_role("menuitem", name="Teruskan").click()
        await page.get_by_role("menuitem", name="Warga").click()
        await phone.get_by_text("Diteruskan ke Warga").wait_for()
        await phone.get_by_role("button", name="Menu ponsel").click()
        await page.get_by_role("menuitem", name="Buka Warga").click()
        await phone.get_by_text("Diteruskan dari Sari").wait_for()

        await ask("sendPoll", chat_id=group.id, question="Hari?", options=["Rabu", "Kamis"])
        await phone.get_by_role("button", name="Kamis").click()
        await phone.get_by_role("button", name="✓ Kamis", pressed=True).wait_for()

        await phone.get_by_role("button", name="Menu ponsel").click()
        await page.get_by_role("menuitem", name="Gangguan untuk ponsel ini").press("Enter")
        await page.get_by_role("menuitem", name="lambat").press("Enter")
        await phone.get_by_role("button", name="gangguan").wait_for()
