"""The same calls over HTTP: encodings, files, headers, and cut connections."""

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from simulator.person import Person
from simulator.server import Server
from simulator.telegram import BotAccount, Telegram


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def base(server: Server, bot: BotAccount) -> str:
    return f"{server.url}/bot{bot.token}"


@pytest.mark.parametrize("encoding", ["json", "data", "params", "multipart"])
async def test_parameters_come_in_any_encoding(
    http: aiohttp.ClientSession, base: str, sari: Person, encoding: str
) -> None:
    sari.starts()
    markup = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    given = {"chat_id": str(sari.id), "text": "Halo 😀 & +", "reply_markup": json.dumps(markup)}
    if encoding == "multipart":
        form = aiohttp.FormData(given, default_to_multipart=True)
        answer = await http.post(f"{base}/sendMessage", data=form)
    else:
        answer = await http.post(f"{base}/sendmessage", **{encoding: given})  # type: ignore[arg-type]
    assert (await answer.json())["result"]["text"] == "Halo 😀 & +"
    assert sari.buttons() == ["Ya"]


async def test_files_are_uploaded_and_downloaded(
    http: aiohttp.ClientSession, server: Server, base: str, bot: BotAccount, sari: Person
) -> None:
    sari.starts()
    pictures = [bytes([number]) * 100_000 for number in range(2)]
    media = [{"type": "photo", "media": f"attach://file{number}"} for number in range(2)]
    form = aiohttp.FormData({"chat_id": str(sari.id), "media": json.dumps(media)})
    for number, picture in enumerate(pictures):
        form.add_field(f"file{number}", picture, filename=f"{number}.jpg")
    sent = (await (await http.post(f"{base}/sendMediaGroup", data=form)).json())["result"]
    for message, picture in zip(sent, pictures, strict=True):
        file_id = message["photo"][-1]["file_id"]
        asked = await http.get(f"{base}/getFile", params={"file_id": file_id})
        file = (await asked.json())["result"]
        assert file["file_size"] == len(picture)
        path = file["file_path"]
        found = await http.get(f"{server.url}/file/bot{bot.token}/{path}")
        assert await found.read() == picture
    gone = await http.get(f"{server.url}/file/bot{bot.token}/photos/no.jpg")
    assert gone.status == 404


async def test_refusals_have_their_status(
    telegram: Telegram, http: aiohttp.ClientSession, server: Server, base: str, sari: Person
) -> None:
    answers = {
        f"{server.url}/bot1:wrong/getMe": 401,
        f"{base}/sendNothing": 404,
        f"{base}/sendMessage": 400,
        f"{server.url}/other": 404,
    }
    for url, status in answers.items():
        answer = await http.post(url)
        body = await answer.json()
        assert (answer.status, body["error_code"], body["ok"]) == (status, status, False)
    telegram.trouble.add("getMe", "flood", retry_after=7)
    answer = await http.get(f"{base}/getMe")
    assert answer.headers["Retry-After"] == "7"
    assert (await answer.json())["parameters"] == {"retry_after": 7}
    answer = await http.post(
        f"{base}/getMe", data="{", headers={"Content-Type": "application/json"}
    )
    assert answer.status == 400


@pytest.mark.parametrize(("kind", "delivered"), [("cut_before", []), ("cut_after", ["a"])])
async def test_a_cut_connection_gives_no_answer(
    telegram: Telegram, http: aiohttp.ClientSession, base: str, sari: Person,
    kind: str, delivered: list[str],
) -> None:  # fmt: skip
    sari.starts()
    telegram.trouble.add("sendMessage", kind)  # type: ignore[arg-type]
    with pytest.raises(aiohttp.ClientError):
        await http.post(f"{base}/sendMessage", json={"chat_id": sari.id, "text": "a"})
    assert sari.heard == delivered
