"""The HTTP side: Telegram's webhook, and what a watchman asks (/healthz, /readyz, /metrics)."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

BODY_LIMIT = 1 << 20
"""Bytes; a real update is a few kilobytes."""
RETRY_AFTER = "5"
"""Seconds; Telegram's server honours it on a 503. A 410 would end the webhook."""


class Away(Exception):
    """Storage is down: nothing was kept, and the sender should come again."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the pages need of the process."""

    keep: Callable[[int, bytes], Awaitable[None]]
    """Store one update of a bot; raises LookupError for another's bot, Away when it cannot."""
    problems: Callable[[], Awaitable[list[str]]]
    """What keeps the service from being ready, one line each."""
    metrics: Callable[[], Awaitable[bytes]]
    secret: str = field(repr=False)


HOOKS: web.AppKey[Hooks] = web.AppKey("hooks", Hooks)


def build(hooks: Hooks) -> web.Application:
    """Make the application; without a secret there is no webhook."""
    app = web.Application(client_max_size=BODY_LIMIT)
    app[HOOKS] = hooks
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
    if hooks.secret:
        app.router.add_post(r"/telegram/{bot:\d+}", webhook)
    return app


async def healthz(request: web.Request) -> web.Response:
    """Say that the process is alive."""
    return web.Response(text="alive\n")


async def readyz(request: web.Request) -> web.Response:
    """Say whether people can be served now, and if not, why."""
    problems = await request.app[HOOKS].problems()
    return web.Response(
        text="\n".join(problems or ["ready"]) + "\n", status=503 if problems else 200
    )


async def metrics(request: web.Request) -> web.Response:
    """Give the figures in Prometheus' text format."""
    body = await request.app[HOOKS].metrics()
    return web.Response(body=body, headers={"Content-Type": "text/plain; version=0.0.4"})


async def webhook(request: web.Request) -> web.Response:
    """Store one update and only then say 200; a wrong secret is refused before the body is read."""
    hooks = request.app[HOOKS]
    given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
    if not hmac.compare_digest(given.encode(errors="replace"), hooks.secret.encode()):
        return web.Response(status=401)
    try:
        await hooks.keep(int(request.match_info["bot"]), await request.read())
    except LookupError:
        return web.Response(status=404)
    except Away:
        return web.Response(status=503, headers={"Retry-After": RETRY_AFTER})
    return web.Response()
