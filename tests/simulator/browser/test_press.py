"""Nothing that a finger or a key does on the page is swallowed, done twice, or done to another."""

import pytest
from playwright.async_api import Locator, Page

from simulator.person import Person
from tests.simulator.browser.conftest import Bot, Opened

pytestmark = pytest.mark.asyncio(loop_scope="package")

ASKED = {"inline_keyboard": [[{"text": "Setuju", "callback_data": "yes"}],
                             [{"text": "Tidak setuju", "callback_data": "no"}]]}  # fmt: skip
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Question:
    """A message with two buttons, as the page shows it."""

    def __init__(self, page: Page, ask: Bot, sari: Person, text: str) -> None:
        self.page, self.ask, self.sari, self.text = page, ask, sari, text
        phone = page.get_by_role("region", name="Ponsel Sari")
        self.line = phone.locator(".line", has_text=text)
        self.yes = self.line.get_by_role("button", name="Setuju", exact=True)
        self.no = self.line.get_by_role("button", name="Tidak setuju")

    async def comes(self) -> None:
        sent = await self.ask("sendMessage", chat_id=self.sari.id, text=self.text,
                              reply_markup=ASKED)  # fmt: skip
        self.id = sent["message_id"]
        await self.line.wait_for()

    async def changes(self) -> None:
        """It reads otherwise, and something long comes that pushes everything up."""
        async with self.page.expect_response("**/page/state*"):
            await self.ask("editMessageText", chat_id=self.sari.id, message_id=self.id,
                           text=f"{self.text} Bu?", reply_markup=ASKED)  # fmt: skip
            await self.ask("sendMessage", chat_id=self.sari.id, text="\n".join(["Kabar"] * 40))
        await self.page.evaluate(PAINTED)

    async def turns(self, label: str) -> None:
        await self.line.locator(".turning", has_text=label).wait_for()

    async def reads(self, text: str) -> None:
        await self.line.get_by_text(text).wait_for()


async def put(page: Page, button: Locator) -> None:
    """Put a finger on it."""
    await button.hover()
    await page.mouse.down()


async def test_what_a_finger_or_a_key_is_on_is_pressed_once_and_nothing_else_is(
    opened: Opened, ask: Bot, sari: Person
) -> None:
    sari.starts()
    async with opened(390, 844) as page:
        phone = page.get_by_role("region", name="Ponsel Sari")

        # What comes under a finger takes no tap away.
        first = Question(page, ask, sari, "Satu,")
        await first.comes()
        await put(page, first.yes)
        await first.changes()
        await page.mouse.up()
        await first.turns("Setuju")
        assert await ask.presses() == ["yes"]
        await first.reads("Satu, Bu?")

        # Who reads further up stays where they are, whatever changes above and below.
        await first.line.evaluate("(line) => { line.parentElement.scrollTop = line.offsetTop; }")
        await page.evaluate(PAINTED)
        before = await first.line.bounding_box()
        sari.edits(sari.sees[0], "/start\nlagi\nlagi")
        await ask("sendMessage", chat_id=sari.id, text="Kabar lagi")
        await phone.get_by_text("Kabar lagi").wait_for()
        assert await first.line.bounding_box() == before

        # A key held down and the focus outlast a change.
        second = Question(page, ask, sari, "Dua,")
        await second.comes()
        await second.no.focus()
        await page.keyboard.down("Space")
        await second.changes()
        await second.reads("Dua, Bu?")
        await page.keyboard.up("Space")
        await second.turns("Tidak setuju")
        assert await ask.presses() == ["no"]

        # Two taps on one button are one press, also without signal.
        third = Question(page, ask, sari, "Tiga,")
        await third.comes()
        await third.yes.dblclick()
        await third.turns("Setuju")
        await third.yes.click()
        await phone.get_by_role("switch", name="Tanpa sinyal").click()
        await third.no.click()
        await third.turns("Tidak setuju")
        await third.no.click()
        await phone.get_by_role("switch", name="Tanpa sinyal").click()
        await phone.get_by_text("ada sinyal", exact=True).wait_for()
        assert await ask.presses() == ["yes", "no"]

        # A button that became another one is not pressed in its place; it had not the focus before.
        fourth = Question(page, ask, sari, "Empat,")
        await fourth.comes()
        other = {"inline_keyboard": [[{"text": "Hapus semua", "callback_data": "wipe"}]]}
        await phone.get_by_label("Pesan dari Sari").focus()
        await put(page, fourth.yes)
        async with page.expect_response("**/page/state*"):
            await ask("editMessageReplyMarkup", chat_id=sari.id, message_id=fourth.id,
                      reply_markup=other)  # fmt: skip
        await page.mouse.up()
        await phone.get_by_text("sudah berganti").wait_for()
        await phone.get_by_role("button", name="Hapus semua").wait_for()
        assert await ask.presses() == []
