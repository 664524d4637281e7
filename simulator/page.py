"""The page on which people play with the small Telegram: who may ask, what changed, what is done.

It holds no secret but the rehearsal itself, yet it must not be a way into it: a site that someone
visits beside it can neither read it (the host is checked, against a name that turns to this
machine) nor act on it (the origin is checked, and only JSON is taken).
"""

import asyncio
import ipaddress
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from simulator import page_files
from simulator.clock import MovedClock
from simulator.errors import ApiError, Refused
from simulator.files import Json
from simulator.page_acts import Acts
from simulator.page_presses import Presses
from simulator.page_screen import Scene
from simulator.telegram import Telegram

LONGEST_WAIT = 20.0  # real seconds until the page hears that nothing is new
SPINNING = 3.0  # and how often to look whether a button has turned for long enough
ANSWERS = 1000  # acts that are known again when a browser that heard no answer repeats them
DONE = 50  # the newest of them are told with every change, for whoever will hear no answer
TOGETHER = 0.04  # real seconds in which changes are gathered into one answer
log = logging.getLogger(__name__)


class Page:
    """Phones side by side at `/`; `cast` says who someone is, by the person's number.

    `restart` is awaited for «Mulai lagi», in a task of its own: it may stop this very server and
    start another. `moved` is told by how many seconds to move the clock; without it nobody can.
    """

    def __init__(
        self,
        cast: dict[int, str] | None = None,
        restart: Callable[[], Awaitable[object]] | None = None,
        moved: Callable[[float], object] | None = None,
    ) -> None:
        self.cast = dict(cast or {})
        self._restart, self._moved = restart, moved
        self._restarting: asyncio.Task[None] | None = None
        self._notice = ""
        self._host = ""
        self._answers: dict[str, tuple[Json, int]] = {}  # by act, in the order they were given
        self._waiters: set[asyncio.Future[None]] = set()
        self._someone_watches = asyncio.Event()
        self._closed = False

    def mount(self, app: web.Application, telegram: Telegram, host: str) -> None:
        """Serve that Telegram's people; everything known of another one is forgotten."""
        self._telegram, self._host, self._closed = telegram, host, False
        self._presses = Presses(telegram)
        self._acts = Acts(telegram, self._presses, self.cast, self._moved)
        acts = self._acts
        self._scene = Scene(
            telegram, self._presses, acts.offline, self.cast, acts.troubles, acts.asked
        )
        self._epoch = secrets.token_hex(4)
        self._changes = Changes()
        telegram.watchers.append(lambda _: self.wake())
        app.router.add_get("/", self._index)
        app.router.add_get("/page/state", self._state)
        app.router.add_post("/page/act", self._act)
        app.router.add_get("/page/file/{bot}/{file}", self._file)
        app.router.add_get("/page/{name:.+}", self._own)

    async def watcher(self) -> None:
        """Return as soon as someone has seen everything and waits for a change."""
        while not self._waiters:
            self._someone_watches.clear()
            await self._someone_watches.wait()

    def wake(self) -> None:
        """Something may have changed: whoever watches looks again."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    def close(self) -> None:
        """Let everyone who watches go."""
        self._closed = True
        self.wake()

    async def _index(self, request: web.Request) -> web.StreamResponse:
        self._check_host(request)
        return page_files.own("index.html")

    async def _own(self, request: web.Request) -> web.StreamResponse:
        self._check_host(request)
        return page_files.own(request.match_info["name"])

    async def _file(self, request: web.Request) -> web.StreamResponse:
        self._check_host(request)
        for bot in self._telegram.bots.values():
            if str(bot.id) == request.match_info["bot"]:
                try:
                    return page_files.sent(bot.files.find(request.match_info["file"]))
                except ApiError:
                    break
        raise web.HTTPNotFound

    async def _state(self, request: web.Request) -> web.StreamResponse:
        """What changed since the mark that the page names; waits until something does."""
        self._check_host(request)
        epoch, _, number = request.query.get("since", "").partition(".")
        since = int(number) if epoch == self._epoch and number.isdigit() else 0
        deadline = asyncio.get_running_loop().time() + LONGEST_WAIT
        while True:
            self._note_changes()
            left = deadline - asyncio.get_running_loop().time()
            if self._changes.number > since or left <= 0 or self._closed:
                return _json(self._tell(since))
            await self._news(min(left, SPINNING) if self._scene.turning else left)
            await asyncio.sleep(TOGETHER)

    async def _act(self, request: web.Request) -> web.StreamResponse:
        self._check_host(request)
        _check_origin(request)
        try:
            given = json.loads(await request.read())
        except ValueError:
            given = None
        if not isinstance(given, dict):
            return _json({"error": "Permintaan ini bukan JSON."}, 400)
        once = given.get("once")
        if not isinstance(once, str):
            return _json(*self._do(given))
        if once not in self._answers:  # else only its answer was lost on the way
            self._answers[once] = self._do(given)
            for old in list(self._answers)[:-ANSWERS]:
                del self._answers[old]
        return _json(*self._answers[once])

    def _do(self, given: Json) -> tuple[Json, int]:
        try:
            if given.get("act") == "restart":
                self._start_again()
            else:
                self._acts.do(given)
        except Refused as refused:
            return {"error": str(refused)}, 400
        finally:
            self._presses.look()
            self.wake()
        self._note_changes()
        return {"ok": True, "mark": self._mark}, 200

    @property
    def _mark(self) -> str:
        return f"{self._epoch}.{self._changes.number}"

    def _note_changes(self) -> None:
        phones = self._scene.look()
        self._changes.note("page", {
            "people": [int(number) for number in phones],
            "movable": self._moved is not None,
            "restartable": self._restart is not None,
            "trouble": self._acts.troubles.get(0, ""),
            "notice": self._notice,
        })  # fmt: skip
        for number, phone in phones.items():
            self._changes.note(number, phone)

    def _tell(self, since: int) -> Json:
        new = self._changes.since(since)
        page = new.pop("page", None)
        return {
            "mark": self._mark,
            "done": [once for once, (_, status) in self._answers.items() if status == 200][-DONE:],
            "now": self._telegram.clock.now().timestamp(),
            "running": not isinstance(self._telegram.clock, MovedClock),
            "phones": new,
        } | ({"page": page} if page else {})

    async def _news(self, seconds: float) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        self._someone_watches.set()
        try:
            await asyncio.wait({waiter}, timeout=seconds)
        finally:
            self._waiters.discard(waiter)

    def _start_again(self) -> None:
        if self._restart is None:
            raise Refused("Di sini tidak bisa mulai lagi.")
        if self._restarting is not None and not self._restarting.done():
            raise Refused("Sedang memulai lagi; tunggu sebentar.")
        self._restarting = asyncio.create_task(self._run_restart(self._restart))

    async def _run_restart(self, restart: Callable[[], Awaitable[object]]) -> None:
        await asyncio.sleep(TOGETHER)  # the page that asked gets its answer first
        try:
            await restart()
            self._notice = ""
        except Exception:
            log.exception("page.restart_failed")
            self._notice = "Mulai lagi gagal; sebabnya tertulis di terminal."
        self.wake()

    def _check_host(self, request: web.Request) -> None:
        name = (urlsplit(f"//{request.host}").hostname or "").lower()
        if name != self._host and not _is_near(name):
            raise web.HTTPForbidden(text="Halaman ini hanya untuk komputer ini dan jaringannya.")


class Changes:
    """When each part of the page last changed, counted by one number that only grows."""

    def __init__(self) -> None:
        self.number = 0
        self._parts: dict[str, tuple[int, str, Json]] = {}

    def note(self, name: str, part: Json) -> None:
        """Keep a part as it is now."""
        text = json.dumps(part, ensure_ascii=True, default=str)
        if name not in self._parts or self._parts[name][1] != text:
            self.number += 1
            self._parts[name] = (self.number, text, part)

    def since(self, number: int) -> dict[str, Json]:
        """The parts that changed after that number."""
        return {name: part for name, (at, _, part) in self._parts.items() if at > number}


def _is_near(name: str) -> bool:
    """Whether only this machine or its network can answer to that name: no domain can."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return bool(name) and ("." not in name or name.endswith((".local", ".localhost")))
    return True


def _check_origin(request: web.Request) -> None:
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    foreign = origin is not None and urlsplit(origin).netloc.lower() != request.host.lower()
    if foreign or site not in ("same-origin", "none"):
        raise web.HTTPForbidden(text="Permintaan dari situs lain ditolak.")
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="Hanya JSON.")


def _json(body: Json, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, headers={"Cache-Control": "no-store"})
