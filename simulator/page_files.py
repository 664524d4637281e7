"""The files of the page itself, and those in messages; samples stand in for real photos.

People only ever send drawn samples: a rehearsal must not tempt anyone to use a patient's photo.
"""

from pathlib import Path

from aiohttp import web

from simulator.files import POINT, File

FOLDER = Path(__file__).parent / "page"
SAMPLES = ("obat", "ruam", "termometer", "surat")
# Nothing that came in a message may run as a page of ours.
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cache-Control": "private, max-age=3600",
}
OWN = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",
}
KINDS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"GIF8": "image/gif",
    b"OggS": "audio/ogg",
    b"ID3": "audio/mpeg",
}
SILENT = 64  # bytes: what is shorter is a stand-in that no phone could play


def drawn(sample: str) -> bytes:
    """The smallest JPEG, with the name of a sample in its comment: a photo to send."""
    words = f"LATIHAN: {sample}".encode()
    return POINT[:2] + b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words + POINT[2:]


def playable(file: File) -> bool:
    """Whether a browser can make a sound of it."""
    return len(file.data) > SILENT and (_kind(file.data) or "").startswith("audio/")


def own(name: str) -> web.StreamResponse:
    """A file of the page, by its name in the folder."""
    known = {path.relative_to(FOLDER).as_posix(): path for path in FOLDER.rglob("*.*")}
    if name not in known:
        raise web.HTTPNotFound
    return web.FileResponse(known[name], headers=OWN)


def sent(file: File) -> web.StreamResponse:
    """The file of a message; a drawing where the photo is only a stand-in."""
    kind = _kind(file.data)
    if file.kind == "photo" and (kind is None or len(file.data) < 2 * len(POINT)):
        return web.FileResponse(FOLDER / "samples" / f"{_sample(file)}.svg", headers=SAFE)
    headers = SAFE if kind else SAFE | {"Content-Disposition": "attachment"}
    return web.Response(
        body=file.data, content_type=kind or "application/octet-stream", headers=headers
    )


def _sample(file: File) -> str:
    for sample in SAMPLES:
        if f"LATIHAN: {sample}".encode() in file.data:
            return sample
    return SAMPLES[sum(file.unique_id.encode()) % len(SAMPLES)]


def _kind(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in KINDS.items() if data.startswith(start)), None)
