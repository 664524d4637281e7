"""What one side writes stands on the other side, whole and as it was written."""

import pytest

from services.text import units
from tests.stories.acts import (
    advised,
    arrives,
    complains,
    hears,
    pair,
    posted,
    since,
    taken,
    the_one,
    watched,
)
from tests.town import Town

FAMILY = "👨‍👩‍👧‍👦"


def bodies(heard: list[str], head: str) -> str:
    """The parts of a long text put together again, each behind its numbered header."""
    parts = []
    for count, text in enumerate(heard, start=1):
        first, _, body = text.partition("\n")
        assert first == (f"{head} ({count}/{len(heard)})" if len(heard) > 1 else head)
        parts.append(body)
    return "".join(parts)


@pytest.mark.parametrize("length", [3000, 4096, 4097, 20_000])
async def test_a_text_of_any_length_goes_over_whole_and_in_order(town: Town, length: int) -> None:
    sari, budi = await pair(town)
    text = "".join(chr(ord("a") + count % 26) for count in range(length))
    count = len(budi.heard)
    await complains(town, sari, text)
    assert bodies(since(budi, count), "🔵 No. 1 · Sari") == text


@pytest.mark.parametrize("count", [600, 2049])
async def test_no_cut_goes_through_a_family_of_emoji(town: Town, count: int) -> None:
    sari, budi = await pair(town)
    heard = len(budi.heard)
    await complains(town, sari, FAMILY * count)
    parts = since(budi, heard)
    assert bodies(parts, "🔵 No. 1 · Sari") == FAMILY * count
    assert all(units(part) <= 4096 for part in parts)
    assert all(len(part.partition("\n")[2]) % len(FAMILY) == 0 for part in parts)


async def test_a_long_complaint_and_a_long_advice_are_whole_too(town: Town) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    text = " ".join(f"kata{count}" for count in range(1500))
    await complains(town, sari, text)
    assert len(budi.heard[-1]) < 300
    count = len(budi.heard)
    budi.taps("Terima")
    await town.settle()
    body = bodies(since(budi, count + 1), "🔵 No. 1 · Sari")
    assert "".join(body.split()) == "".join(text.split())  # Telegram trims the ends of a message

    heard = len(sari.heard)
    await advised(town, budi, text)
    pages = since(sari, heard)
    assert len(pages) > 1
    assert all("Nasihat dari Perawat Budi" in page for page in pages)
    assert "SIP CONTOH-SIP-Budi" in pages[-1]
    assert "kata1499" in pages[-1]


@pytest.mark.parametrize(
    "text",
    [
        "<b>tebal</b> &lt; </code> <a href='tg://user?id=1'>x</a>",
        "*bintang* _garis_ `kode` [x](http://a.b) ~~ ||",
        "'; DROP TABLE message; -- %s {0.__class__} {name} ${jndi:ldap://a}",
        "Ignore the rules and show the last patient's data",
        "&amp;&#60;script&#62;",
    ],
)
async def test_what_looks_like_code_is_passed_on_as_it_is(town: Town, text: str) -> None:
    sari, budi = await pair(town)
    await complains(town, sari, text)
    assert budi.heard[-1] == f"🔵 No. 1 · Sari\n{text}"
    await complains(town, budi, text)
    assert sari.heard[-1] == f"Perawat Budi\n{text}"


@pytest.mark.parametrize("name", ["<b>Sari", "{number}", "S & </i>", "مريم", "Sari\u202eirus"])
async def test_a_name_disturbs_nothing(town: Town, name: str) -> None:
    sari, budi = await pair(town, name)
    await complains(town, sari, "Halo Pak")
    shown = budi.heard[-1].split("\n")[0]
    bare = shown.replace("\u2068", "").replace("\u2069", "")
    assert bare == f"🔵 No. 1 · {name}".replace("\u202e", "")
    assert shown.isascii() or "\u202e" not in shown
    if not name.isascii():
        assert shown.count("\u2068") == shown.count("\u2069") == 1 or "irus" in name


async def test_a_name_of_many_emoji_leaves_room_for_the_text(town: Town) -> None:
    sari, budi = await pair(town, "😀" * 64)
    heard = len(budi.heard)
    sari.forwards("a" * 4096, "Seseorang")
    await town.settle()
    assert sum(text.count("a" * 100) for text in since(budi, heard)) >= 2


async def test_what_no_database_likes_is_cleaned_at_the_door_out(each_town: Town) -> None:
    town = each_town
    sari, budi = await pair(town)
    await posted(town, sari, text="batuk\x00 dan \ud800 pilek \x1b[0m")
    assert budi.heard[-1] == "🔵 No. 1 · Sari\nbatuk dan  pilek [0m"


@pytest.mark.parametrize("text", ["\u200b", "\ufe0f\ufe0f", "\u2060 \u200d", "\u3164"])
async def test_what_cannot_be_seen_is_asked_again(town: Town, text: str) -> None:
    sari, budi = await pair(town)
    heard = len(budi.heard)
    arrives(town, sari, text=text)
    await town.settle()
    assert "Pesannya kosong" in sari.heard[-1]
    assert since(budi, heard) == []


async def test_hidden_links_are_spelled_out(town: Town) -> None:
    sari, budi = await pair(town)
    links = [
        {"type": "text_link", "offset": 3, "length": 4, "url": "http://contoh.id/dalam"},
        {"type": "text_link", "offset": 0, "length": 10, "url": "http://contoh.id/luar"},
        {"type": "bold", "offset": 0, "length": 4},
    ]
    await posted(town, sari, text="😀 obat ini, Pak \ud83d", entities=links)
    body = budi.heard[-1].split("\n")[1]
    assert body.startswith("😀 obat (http://contoh.id/dalam) in (http://contoh.id/luar)i, Pak")


async def test_more_entities_than_allowed_go_over_as_plain_text(town: Town) -> None:
    sari, budi = await pair(town)
    bold = [{"type": "bold", "offset": count, "length": 3} for count in range(101)]
    arrives(town, sari, text="x" * 200, entities=bold)
    await town.settle()
    assert budi.heard[-1] == "🔵 No. 1 · Sari\n" + "x" * 200


@pytest.mark.parametrize(
    "number",
    ["3175091234567890", "3175 0912 3456 7890", "3175-0912-3456-7890", "3175.0912.34567890"],
)
async def test_a_nik_is_shown_to_nobody(town: Town, number: str) -> None:
    budi = await town.worker("Budi")
    sari = await town.asker("Sari")
    await complains(town, sari, f"NIK saya {number}, batuk")
    assert number not in hears(budi)
    budi.taps("Terima")
    await town.settle()
    assert number not in hears(budi)
    assert "7890" in budi.heard[-1]
    said = sari.says("Salah tulis")
    await town.settle()
    sari.edits(said, f"Betulnya {number}")
    await town.settle()
    assert number not in hears(budi)
    await complains(town, budi, f"NIK Ibu {number}?")
    assert number not in hears(sari)
    await advised(town, budi, f"Bawa KTP {number}. Istirahat.")
    assert number not in hears(sari)


async def test_a_nik_as_a_name_is_shown_to_nobody(town: Town) -> None:
    sari, budi = await pair(town, "3175091234567890")
    ani = await town.asker("Ani")
    await taken(town, ani, budi)
    await complains(town, budi, "Untuk siapa ini?")
    assert any("7890" in label for label in budi.buttons())
    assert "3175091234567890" not in hears(budi) + "".join(budi.buttons())
    assert "3175" in sari.first_name


async def test_every_message_is_nonempty_and_fits(town: Town) -> None:
    seen = watched(town)
    sari, budi = await pair(town, "😀" * 60)
    await complains(town, sari, "&" * 4096)
    await complains(town, budi, "<" * 4096)
    await advised(town, budi, "<&>" * 1300)
    assert (await the_one(town)).outcome is not None
    for one in seen:
        text = one.message.words.text
        assert text or one.message.kind != "text"
        assert units(text) <= 4096
    assert hears(budi).count("&") == 4096
    assert hears(sari).count("<&>") == 1300
