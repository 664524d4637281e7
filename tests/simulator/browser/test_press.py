"""Nothing that a finger or a key does on the page is swallowed, done twice, or done to another."""

import asyncio

import pytest
from playwright.async_api import Locator, Page, Route

from simulator.person import Person
from simulator.telegram import BotAccount, Telegram
from tests.simulator.browser.conftest import Bot, Opened

pytestmark = pytest.mark.asyncio(loop_scope="package")

ASKED = {"inline_keyboard": [[{"text": "Setuju", "callback_data": "yes"}],
                             [{"text": "Tidak setuju", "callback_data": "no"}]]}  # fmt: skip
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture
async def asked(ask: Bot, sari: Person) -> None:
    sari.starts()
    await ask("sendMessage", chat_id=sari.id, text="Setuju?", reply_markup=ASKED)


async def put(page: Page, button: Locator) -> None:
    """Put a finger on it."""
    await button.hover()
    await page.mouse.down()


async def news_reaches(page: Page, ask: Bot, sari: Person) -> None:
    """Change what is asked, and send something long that pushes everything up."""
    async with page.expect_response("**/page/state*"):
        await ask("editMessageText", chat_id=sari.id, message_id=2, text="Setuju, Bu?",
                  reply_markup=ASKED)  # fmt: skip
        await ask("sendMessage", chat_id=sari.id, text="\n".join("Kabar" for _ in range(40)))
    await page.evaluate(PAINTED)


@pytest.mark.usefixtures("asked")
async def test_what_comes_under_a_finger_takes_no_tap_away(
    opened: Opened, ask: Bot, sari: Person
) -> None:
    async with opened(390, 844) as page:
        phone = page.get_by_role("region", name="Ponsel Sari")
        await put(page, phone.get_by_role("button", name="Setuju", exact=True))
        await news_reaches(page, ask, sari)
        await page.mouse.up()
        await phone.locator(".turning", has_text="Setuju").wait_for()
        assert await ask.presses() == ["yes"]
        await phone.get_by_text("Setuju, Bu?").wait_for()

        # Who reads further up stays where they are, whatever changes above and below.
        line = phone.locator(".line", has_text="Setuju, Bu?")
        await line.evaluate("(line) => { line.parentElement.scrollTop = line.offsetTop; }")
        await page.evaluate(PAINTED)
        before = await line.bounding_box()
        sari.edits(sari.sees[0], "/start\nlagi\nlagi")
        await ask("sendMessage", chat_id=sari.id, text="Kabar lagi")
        await phone.get_by_text("Kabar lagi").wait_for()
        assert await line.bounding_box() == before


@pytest.mark.usefixtures("asked")
async def test_a_key_held_down_and_the_focus_outlast_a_change(
    opened: Opened, ask: Bot, sari: Person
) -> None:
    async with opened(390, 844) as page:
        phone = page.get_by_role("region", name="Ponsel Sari")
        await phone.get_by_role("button", name="Tidak setuju").focus()
        await page.keyboard.down("Space")
        await news_reaches(page, ask, sari)
        await phone.get_by_text("Setuju, Bu?").wait_for()
        await page.keyboard.up("Space")
        await phone.locator(".turning", has_text="Tidak setuju").wait_for()
        assert await ask.presses() == ["no"]


@pytest.mark.usefixtures("asked")
async def test_two_taps_on_one_button_are_one_press(opened: Opened, ask: Bot, sari: Person) -> None:
    async with opened(390, 844) as page:
        phone = page.get_by_role("region", name="Ponsel Sari")
        button = phone.get_by_role("button", name="Setuju", exact=True)
        await button.dblclick()
        await phone.locator(".turning").wait_for()
        await button.click()
        await phone.get_by_role("switch", name="Tanpa sinyal").click()
        other = phone.get_by_role("button", name="Tidak setuju")
        await other.click()
        await phone.locator(".turning", has_text="Tidak setuju").wait_for()
        await other.click()
        await phone.get_by_role("switch", name="Tanpa sinyal").click()
        await phone.get_by_text("ada sinyal", exact=True).wait_for()
        assert await ask.presses() == ["yes", "no"]


@pytest.mark.usefixtures("asked")
async def test_a_button_that_became_another_is_not_pressed_in_its_place(
    opened: Opened, ask: Bot, sari: Person
) -> None:
    other = {"inline_keyboard": [[{"text": "Hapus semua", "callback_data": "wipe"}]]}
    async with opened(390, 844) as page:
        phone = page.get_by_role("region", name="Ponsel Sari")
        await put(page, phone.get_by_role("button", name="Setuju", exact=True))
        async with page.expect_response("**/page/state*"):
            await ask("editMessageReplyMarkup", chat_id=sari.id, message_id=2, reply_markup=other)
        await page.mouse.up()
        await phone.get_by_text("sudah berganti").wait_for()
        await phone.get_by_role("button", name="Hapus semua").wait_for()
        assert await ask.presses() == []


async def test_a_tap_that_closes_the_tools_does_what_it_is_on(
    opened: Opened, ask: Bot, sari: Person
) -> None:
    async with opened(390, 844) as page:
        await page.get_by_role("button", name="Alat").click()
        phone = page.get_by_role("region", name="Ponsel Sari")
        await phone.get_by_role("button", name="Mulai").click()
        await phone.get_by_text("/start").wait_for()
        assert not await page.get_by_role("button", name="Tambah orang").is_visible()
        assert [one["message"]["text"] for one in await ask.updates()] == ["/start"]


async def test_nothing_that_was_written_is_lost_or_sent_twice(
    opened: Opened, telegram: Telegram, bot: BotAccount, sari: Person
) -> None:
    telegram.add_group("Warga", sari, bot=bot)
    arrives = asyncio.Event()

    async def late(route: Route) -> None:
        await arrives.wait()
        await route.continue_()

    async with opened(390, 844) as page:
        phone = page.get_by_role("region", name="Ponsel Sari")
        await phone.get_by_role("button", name="Mulai").click()
        await phone.get_by_text("/start").wait_for()
        field = phone.get_by_label("Pesan dari Sari")
        await field.focus()
        await page.route("**/page/act", late)
        await field.press_sequentially("satu")
        await field.press("Enter")
        await field.press("Enter")
        await field.press_sequentially("dua")
        arrives.set()
        await phone.locator(".mine", has_text="satu").wait_for()
        assert await field.input_value() == "dua", "what is written meanwhile stays"

        async def opens(name: str) -> None:
            await phone.get_by_role("button", name="Menu ponsel").click()
            await page.get_by_role("menuitem", name=f"Buka {name}").click()
            await phone.locator(".title", has_text=name).wait_for()

        await opens("Warga")
        assert await field.input_value() == "", "it was begun in another chat"
        await opens(bot.first_name)
        assert await field.input_value() == "dua"

        sari.blocks()  # the page does not know it yet
        await field.press("Enter")
        await phone.get_by_text("Bot ini diblokir").wait_for()
        assert await field.input_value() == "dua", "what was refused can be sent again"
    assert [one.text for one in sari.sees] == ["/start", "satu"]
