"""Words never vanish: they stand as sent, as waiting, or in the field again with the reason."""

import asyncio

import pytest
from playwright.async_api import Page, Route

from simulator.person import Person
from simulator.telegram import BotAccount, Telegram
from tests.simulator.browser.conftest import Bot, Opened

pytestmark = pytest.mark.asyncio(loop_scope="package")


class Line:
    """The way of acts to the simulator and of the answers back."""

    def __init__(self) -> None:
        self.free = asyncio.Event()
        self.free.set()
        self.loses = ""
        self.tried = asyncio.Event()

    async def __call__(self, route: Route) -> None:
        await self.free.wait()
        if not self.loses:
            await route.continue_()
            return
        if self.loses == "answer":
            self.loses = ""
            await route.fetch()
        self.tried.set()
        await route.fulfill(body="")


class Writer:
    """Sari, who writes on her phone."""

    def __init__(self, page: Page, sari: Person) -> None:
        self.page = page
        self.phone = page.get_by_role("region", name="Ponsel Sari")
        self.field = self.phone.get_by_label("Pesan dari Sari")

    async def writes(self, text: str) -> None:
        await self.field.press_sequentially(text)

    async def sends(self, text: str = "") -> None:
        await self.writes(text)
        await self.field.press("Enter")

    async def sees(self, text: str, way: str) -> None:
        line = self.phone.locator(".mine", has_text=text)
        await line.get_by_label(way).wait_for()

    async def changes(self, text: str, into: str) -> None:
        await self.phone.locator(".mine .bubble", has_text=text).press("Enter")
        await self.page.get_by_role("menuitem", name="Ubah").click()
        await self.field.fill(into)

    async def turns_to(self, name: str) -> None:
        await self.phone.get_by_role("button", name="Menu ponsel").click()
        await self.page.get_by_role("menuitem", name=f"Buka {name}").click()

    async def opens(self, name: str) -> None:
        await self.turns_to(name)
        await self.phone.locator(".title", has_text=name).wait_for()

    async def reads(self, text: str) -> None:
        await self.phone.get_by_text(text).last.wait_for()

    async def has_written(self) -> str:
        return await self.field.input_value()


async def begins_anew(page: Page, ask: Bot, sari: Person) -> None:
    """The page hears once from a simulator that knows nothing of before."""

    async def other(route: Route) -> None:
        answer = await route.fetch(url=route.request.url.partition("?")[0])
        await route.fulfill(json=await answer.json() | {"mark": "another.1"})
        heard.set()

    heard = asyncio.Event()
    await page.route("**/page/state*", other, times=1)
    await ask("sendMessage", chat_id=sari.id, text="Kabar")
    await heard.wait()


WAITS, SENT = "sedang dikirim", "sudah di Telegram"


async def test_nothing_that_was_written_is_lost_or_sent_twice(
    opened: Opened, telegram: Telegram, ask: Bot, bot: BotAccount, sari: Person
) -> None:
    group = telegram.add_group("Warga", sari, bot=bot)
    line = Line()
    async with opened(390, 844) as page:
        await page.route("**/page/act", line)
        writer = Writer(page, sari)

        # Two taps on «Mulai» over a slow line, of which the first closes the tools; then words.
        line.free.clear()
        await page.get_by_role("button", name="Alat").click()
        await writer.phone.get_by_role("button", name="Mulai").dblclick()
        assert not await page.get_by_role("button", name="Tambah orang").is_visible()
        await writer.sends("satu")
        await writer.field.press("Enter")
        await writer.writes("dua")
        await writer.sees("/start", WAITS)
        await writer.sees("satu", WAITS)
        line.free.set()
        await writer.sees("satu", SENT)
        assert await writer.has_written() == "dua", "what is written meanwhile stays"
        assert [one["message"]["text"] for one in await ask.updates()] == ["/start", "satu"]

        line.loses = "answer"
        await writer.sends()
        await writer.sees("dua", SENT)
        assert await writer.phone.locator(".mine", has_text="dua").count() == 1
        assert [one.text for one in sari.sees] == ["/start", "satu", "dua"]

        # What is begun while a change is on its way outlasts that.
        line.free.clear()
        await writer.changes("dua", "dua ekor")
        await writer.sends()
        await writer.field.press("Escape")
        await writer.writes("tiga")
        await writer.changes("satu", "satu anak")
        line.free.set()
        await writer.reads("dua ekor")
        assert await writer.has_written() == "satu anak"
        await writer.field.press("Escape")

        # What is refused comes back in its order, and mixes with nothing.
        line.free.clear()
        await writer.sends()
        await writer.sends("empat")
        await writer.changes("satu", "satu anak")
        sari.blocks()  # the page does not know it yet
        line.free.set()
        await writer.reads("Bot ini diblokir")
        await writer.phone.get_by_label(WAITS).first.wait_for(state="hidden")
        assert await writer.has_written() == "satu anak"
        await writer.opens("Warga")
        assert await writer.has_written() == "", "it was begun in another chat"
        await writer.opens(bot.first_name)
        assert await writer.has_written() == "satu anak"
        await writer.field.press("Escape")
        assert await writer.has_written() == "tiga\nempat", "what was refused can be sent again"

        # It outlasts another beginning.
        await writer.phone.get_by_role("button", name="Buka blokir").click()
        await writer.phone.get_by_role("button", name="Buka blokir").wait_for(state="hidden")
        await begins_anew(page, ask, sari)
        await writer.reads("Kabar")
        assert await writer.has_written() == "tiga\nempat"

        # It arrives in the chat in which it was written.
        line.free.clear()
        await writer.turns_to("Warga")
        await writer.sends()
        line.free.set()
        await writer.phone.locator(".title", has_text="Warga").wait_for()

        # And it outlasts a simulator that does not answer.
        await page.clock.install()
        line.loses = "everything"
        line.tried.clear()
        await writer.sends("lima")
        async with asyncio.timeout(30):
            for _ in range(4):
                await line.tried.wait()
                line.tried.clear()
                while not line.tried.is_set():
                    await page.clock.fast_forward(1000)  # less than a toast stays
        await writer.reads("Simulator tidak menjawab")
        assert await writer.has_written() == "lima"
    said = [one.text for one in sari.sees_in(bot) if not one.from_bot]
    assert said == ["/start", "satu", "dua ekor", "tiga\nempat"]
    assert not group.messages
