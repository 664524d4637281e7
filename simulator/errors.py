"""How Telegram says no."""

from typing import Any


class ApiError(Exception):
    """An answer with `ok: false`: Telegram's code and its words."""

    def __init__(
        self,
        code: int,
        description: str,
        *,
        retry_after: int | None = None,
        migrate_to_chat_id: int | None = None,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        named = {"retry_after": retry_after, "migrate_to_chat_id": migrate_to_chat_id}
        self.parameters = {name: value for name, value in named.items() if value is not None}

    def to_json(self) -> dict[str, Any]:
        """The body of the HTTP answer."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class NotFetched(ApiError):
    """A 400 for an address in place of a file; `name` is what Telegram's servers call it."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(400, f"Bad Request: {reason}")
        self.name = name


class Refused(Exception):
    """What somebody wants to do on the page cannot be done; the words are for them."""


def bad_request(reason: str) -> ApiError:
    """A 400, with the reason in Telegram's words."""
    return ApiError(400, f"Bad Request: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    """A 429 that names the seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
