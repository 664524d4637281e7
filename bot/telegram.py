"""One call to Telegram over aiohttp, and what its outcome means for a retry.

result returned       it happened
Flood                 429: it did not happen; wait as long as Telegram says
NotSent               no connection was made: it did not happen, repeat freely
Unknown               time-out, 5xx, cut connection: it may have happened
Refused               400, 403, 404: it did not happen and never will
NoToken               401: the token is no longer valid
"""

import base64
import json
from typing import Any

import aiohttp

from services.mail import FILE

CONNECT_TIMEOUT = 10.0
CALL_TIMEOUT = 30.0
GONE = ("bot was blocked", "user is deactivated", "chat not found", "was kicked", "not a member")
UNCHANGED = "message is not modified"


class TelegramError(Exception):
    """Any outcome but a result; the message is Telegram's description and names no token."""

    event = "telegram.away"
    """What the log calls it: it will be better by itself, or (refused) somebody has to mend it."""


class Flood(TelegramError):
    """Too many requests; `retry_after` in seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"Too Many Requests: retry after {retry_after:g}")
        self.retry_after = retry_after


class NotSent(TelegramError):
    """The request never left."""


class Unknown(TelegramError):
    """Whether it happened cannot be known: Telegram has no idempotency key."""


class Refused(TelegramError):
    """Telegram will never do this."""

    event = "telegram.refused"

    @property
    def unreachable(self) -> bool:
        """Tell whether the person cannot be written to any more."""
        return any(words in str(self) for words in GONE)


class NoToken(TelegramError):
    """The token was revoked or is wrong."""

    event = "telegram.refused"


class Telegram:
    """The Bot API for one token. One per bot, so that connections are reused."""

    def __init__(self, api_url: str, token: str) -> None:
        self._base = f"{api_url}/bot{token}"
        self._session: aiohttp.ClientSession | None = None
        self.is_revoked = False
        """Whether Telegram no longer takes the token, as its last answer said."""

    async def call(
        self, method: str, params: dict[str, Any], *, seconds: float | None = None
    ) -> Any:
        """Call one method and give its result; raises a TelegramError that says what is known."""
        limit = aiohttp.ClientTimeout(
            total=seconds or CALL_TIMEOUT, sock_connect=CONNECT_TIMEOUT, connect=CONNECT_TIMEOUT
        )
        try:
            async with self._open().post(
                f"{self._base}/{method}", timeout=limit, **_body(params)
            ) as response:
                result = _result(response.status, await response.read())
        except NoToken:
            self.is_revoked = True
            raise
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unknown(type(error).__name__) from None
        self.is_revoked = False
        return result

    async def close(self) -> None:
        """Let the connections go."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100))
        return self._session


def _body(params: dict[str, Any]) -> dict[str, Any]:
    """Give the parameters as JSON, or as a form where one of them is a file of ours."""
    files = {k: v for k, v in params.items() if isinstance(v, dict) and FILE in v}
    if not files:
        return {"json": params}
    form = aiohttp.FormData()
    for name, value in params.items():
        if name in files:
            form.add_field(name, base64.b64decode(value[FILE]), filename=value["name"])
        else:
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    return {"data": form}


def _result(status: int, body: bytes) -> Any:
    try:
        answer = json.loads(body)
    except ValueError:
        raise Unknown(f"HTTP {status} without JSON") from None
    if not isinstance(answer, dict):
        raise Unknown(f"HTTP {status} without an object")
    if answer.get("ok"):
        return answer.get("result")
    description = str(answer.get("description", f"HTTP {status}"))
    code = answer.get("error_code", status)
    if code == 429:
        raise Flood(float(answer.get("parameters", {}).get("retry_after", 1)))
    if code == 401:
        raise NoToken(description)
    if code >= 500:
        raise Unknown(description)
    if UNCHANGED in description:
        return True
    raise Refused(description)
