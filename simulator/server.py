"""The small Telegram over HTTP, for any bot library."""

import json
import socket
from urllib.parse import parse_qsl, urlsplit

from aiohttp import BodyPartReader, web

from simulator.api import Answer, CutError, call
from simulator.errors import ApiError
from simulator.files import UPLOAD_LIMIT, Json, Upload
from simulator.page import Page
from simulator.telegram import Telegram
from simulator.webhook import Courier

EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not listened at
OUTSIDE = ("192.0.2.1", 9)  # an address that nobody has: RFC 5737
LARGEST_REQUEST = UPLOAD_LIMIT + (1 << 20)


class Server:
    """Serves one `Telegram` at `/bot<token>/<method>` and `/file/bot<token>/<path>`.

    With a page, people play at `/`.
    """

    def __init__(
        self,
        telegram: Telegram,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        page: Page | None = None,
    ) -> None:
        self.telegram = telegram
        self._page = page
        self.url = ""
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None
        self._courier = Courier(telegram)

    async def start(self) -> str:
        """Listen, deliver to webhooks, and return the base URL, `http://host:port`."""
        app = web.Application(client_max_size=LARGEST_REQUEST)
        if self._page is not None:
            self._page.mount(app, self.telegram, self._host)
        app.router.add_route("*", "/{rest:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        port = self._runner.addresses[0][1]
        self.url = f"http://{'127.0.0.1' if self._host in EVERYWHERE else self._host}:{port}"
        self._courier.start()
        return self.url

    @property
    def is_private(self) -> bool:
        """Whether nobody but this computer can reach it."""
        return self._host == "localhost" or self._host.startswith("127.") or self._host == "::1"

    @property
    def shown_at(self) -> str:
        """The address for people: where it listens everywhere, this computer's in its network."""
        if self._host not in EVERYWHERE:
            return self.url
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(OUTSIDE)  # sends nothing; only asks which way it would go
            except OSError:  # no network at all
                return self.url
            return f"http://{probe.getsockname()[0]}:{urlsplit(self.url).port}"

    async def stop(self) -> None:
        """Stop listening; calls that still wait are answered first."""
        await self._courier.stop()
        if self._page is not None:
            self._page.close()
        for bot in self.telegram.bots.values():
            bot.updates.wake()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if path.startswith("/bot"):
            token, _, method = path[4:].partition("/")
            return await self._call(request, token, method)
        if path.startswith("/file/bot"):
            token, _, file_path = path[9:].partition("/")
            return self._download(token, file_path)
        return _refuse(404, "Not Found")

    async def _call(self, request: web.Request, token: str, method: str) -> web.StreamResponse:
        try:
            given, files = await _read(request)
        except web.HTTPRequestEntityTooLarge:
            return _refuse(413, "Request Entity Too Large")
        except (ValueError, LookupError):
            return _refuse(400, "Bad Request: can't parse request")
        try:
            return _respond(await call(self.telegram, token, method, given, files))
        except CutError:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        finally:
            if self._page is not None:
                self._page.wake()

    def _download(self, token: str, path: str) -> web.StreamResponse:
        bot = self.telegram.bots.get(token)
        if bot is None:
            return _refuse(401, "Unauthorized")
        file = bot.files.at_path(path)
        if file is None:
            return _refuse(404, "Not Found")
        return web.Response(body=file.data, content_type="application/octet-stream")


async def _read(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    given: Json = dict(request.query) if request.query_string else {}
    files: dict[str, Upload] = {}
    kind = request.content_type
    if kind == "application/json":
        body = await request.read()
        if body:
            given |= json.loads(body)
    elif kind == "application/x-www-form-urlencoded":
        body = await request.read()
        given |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    elif kind == "multipart/form-data":
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or not part.name:
                continue
            data = bytes(await part.read(decode=True))
            if part.filename is None:
                given[part.name] = data.decode()
            else:
                mime = part.headers.get("Content-Type", "")
                files[part.name] = Upload(data, part.filename, mime)
    return given, files


def _refuse(code: int, reason: str) -> web.Response:
    return _respond(Answer(code, ApiError(code, reason).to_json()))


def _respond(answer: Answer) -> web.Response:
    headers = {}
    if answer.retry_after is not None:
        headers["Retry-After"] = str(answer.retry_after)
    return web.Response(
        body=json.dumps(answer.body, ensure_ascii=False).encode(),
        status=answer.status,
        headers=headers,
        content_type="application/json",
    )
