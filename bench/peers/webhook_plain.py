"""A webhook on aiohttp that checks the secret, reads the update and forgets it."""

import hmac
import json
import os

from aiohttp import web

SECRET = os.environ["WEBHOOK_SECRET"]


async def receive(request: web.Request) -> web.Response:
    """Say 200 to an update that carries the secret."""
    if not hmac.compare_digest(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), SECRET):
        raise web.HTTPForbidden
    json.loads(await request.read())
    return web.Response()


async def alive(_: web.Request) -> web.Response:
    """Say that the process runs."""
    return web.Response(text="ok")


def main() -> None:
    """Run until the process is ended."""
    application = web.Application(client_max_size=2**20)
    application.add_routes([web.post("/telegram/{bot}", receive), web.get("/healthz", alive)])
    web.run_app(
        application,
        host="127.0.0.1",
        port=int(os.environ["HTTP_PORT"]),
        access_log=None,
        print=None,
    )


if __name__ == "__main__":
    main()
