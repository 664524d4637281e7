"""Files, and what a message says about them. A file id belongs to one bot."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from simulator.errors import NotFetched, bad_request

Json = dict[str, Any]

SHAPE = re.compile(r"[a-z_]+-\d+-\d+")  # of our own ids: the kind, the bot, a number
BASE64 = re.compile(r"[A-Za-z0-9_-]*")
DOWNLOAD_LIMIT = 20 << 20  # core.telegram.org/bots/api#getfile
UPLOAD_LIMIT = 50 << 20  # core.telegram.org/bots/api#sending-files
PHOTO_LIMIT = 10 << 20
FETCHED = {  # the types that an address may lead to: core.telegram.org/bots/api#sending-files
    "photo": ("image/",),
    "voice": ("audio/ogg",),
    "audio": ("audio/mpeg", "audio/mp4"),
    "document": ("application/pdf", "application/zip", "image/gif"),
    "video": ("video/mp4",),
    "animation": ("image/gif", "video/mp4"),
    "sticker": ("image/webp",),
}
# The smallest JPEG there is: one grey point.
POINT = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c"
    "1912130f141d1a1f1e1d1a1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc000"
    "0b080001000101011100ffc4001f0000010501010101010100000000000000000102030405060708090a0bffc400"
    "b5100002010303020403050504040000017d01020300041105122131410613516107227114328191a1082342b1c1"
    "1552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a63"
    "6465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6"
    "b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffda0008"
    "010100003f00fbd3ffd9"
)


@dataclass(frozen=True)
class Upload:
    """A file as it comes in a request."""

    data: bytes
    name: str = ""
    mime: str = ""


@dataclass(frozen=True)
class Kind:
    """How one kind of file looks in a message."""

    folder: str
    ending: str
    mime: str
    fields: Json
    named: bool = False


KINDS = {
    "photo": Kind("photos", "jpg", "image/jpeg", {}),
    "voice": Kind("voice", "oga", "audio/ogg", {"duration": 0}),
    "audio": Kind("music", "mp3", "audio/mpeg", {"duration": 0}, named=True),
    "document": Kind("documents", "bin", "application/octet-stream", {}, named=True),
    "video": Kind(
        "videos", "mp4", "video/mp4", {"duration": 0, "width": 640, "height": 360}, named=True
    ),
    "animation": Kind(
        "animations", "mp4", "video/mp4", {"duration": 0, "width": 320, "height": 240}, named=True
    ),
    "video_note": Kind("video_notes", "mp4", "", {"duration": 0, "length": 240}),
    "sticker": Kind(
        "stickers",
        "webp",
        "",
        {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "🙂",
        },
    ),
}
GIVEN = {"duration", "width", "height", "length", "performer", "title", "emoji"}


@dataclass(frozen=True)
class File:
    """One file as one bot knows it."""

    file_id: str
    unique_id: str
    kind: str
    data: bytes
    name: str
    mime: str
    path: str

    def to_json(self) -> Json:
        """What every kind of file has."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.data),
        }


class Files:
    """The files of one bot; `web` is all that it could be told to fetch, by its address."""

    def __init__(self, owner: int, web: Mapping[str, Upload]) -> None:
        self._owner, self._web = owner, web
        self._numbers = count(1)
        self._by_id: dict[str, File] = {}
        self._by_path: dict[str, File] = {}

    def add(self, kind: str, upload: Upload) -> File:
        """Keep a file; its id works for this bot only, and for good."""
        shape = KINDS[kind]
        number = next(self._numbers)
        name = upload.name or f"file_{number}.{shape.ending}"
        ending = name.rpartition(".")[2] if "." in name else shape.ending
        file = File(
            file_id=f"{kind}-{self._owner}-{number}",
            unique_id=f"{self._owner:x}u{number:x}",
            kind=kind,
            data=upload.data,
            name=name,
            mime=upload.mime or shape.mime,
            path=f"{shape.folder}/file_{number}.{ending}",
        )
        self._by_id[file.file_id] = self._by_path[file.path] = file
        return file

    def fetch(self, kind: str, address: str) -> File:
        """Keep what stands at an address; raises `NotFetched` as Telegram's servers would."""
        found = self._web.get(address)
        if found is None:
            raise NotFetched("WEBPAGE_CURL_FAILED", "failed to get HTTP URL content")
        if not found.mime.startswith(FETCHED.get(kind, ())):
            raise NotFetched("WEBPAGE_MEDIA_EMPTY", "wrong type of the web page content")
        return self.add(kind, found)

    def find(self, file_id: str, *, kind: str | None = None) -> File:
        """The file of that id, refused if it is another bot's or of another kind."""
        file = self._by_id.get(file_id)
        if file is None:
            raise bad_request(_fault(file_id))
        if kind not in (None, file.kind):
            was, wanted = (_title(name) for name in (file.kind, kind or ""))
            raise bad_request(f"can't use file of type {was} as {wanted}")
        return file

    def at_path(self, path: str) -> File | None:
        """The file that can be downloaded there."""
        return self._by_path.get(path)


def content(file: File, given: Json) -> Json:
    """The fields of a message that shows this file."""
    shape = KINDS[file.kind]
    about = file.to_json()
    if file.kind == "photo":
        small = about | {"width": 90, "height": 67}
        large = about | {"width": 1280, "height": 960}
        small["file_unique_id"] += "s"
        return {"photo": [small, large]}
    if shape.named:
        about["file_name"] = file.name
    if file.mime:
        about["mime_type"] = file.mime
    about |= shape.fields
    about |= {
        key: value for key, value in given.items() if key in GIVEN and value not in ("", None)
    }
    fields: Json = {file.kind: about}
    if file.kind == "animation":  # kept by Telegram for old bots
        fields["document"] = file.to_json() | {"file_name": file.name, "mime_type": file.mime}
    return fields


def is_file_id(text: str) -> bool:
    """Whether some bot's file could have that id."""
    return SHAPE.fullmatch(text) is not None


def _fault(file_id: str) -> str:
    """What Telegram reads in an id that is none (base64url), or is another bot's."""
    if is_file_id(file_id):
        return "wrong file identifier/HTTP URL specified"
    fault = "wrong remote file identifier specified: "
    if len(file_id) % 4 == 1:
        return f"{fault}Wrong string length"
    if not BASE64.fullmatch(file_id):
        return f"{fault}Wrong character in the string"
    return f"{fault}can't unserialize it. Wrong last symbol"


def _title(kind: str) -> str:
    return kind.title().replace("_", "")
