"""What went wrong with a chat model, in a line; never holds a key."""

from __future__ import annotations

import random
import re

from rag.errors import DatelineError, ModelError, PromptTooLong

_FIRST_WAIT = 0.5  # seconds before the first retry; doubles with each
_LONGEST_WAIT = 20.0  # seconds that a server may ask us to wait
_LONGEST_DETAIL = 160  # characters of a server's own words
_KEY = re.compile(r"\b(?:sk|pk|key|token)-[\w*.-]{4,}|\bBearer\s+\S+", re.IGNORECASE)
_KEY_MISSING = re.compile(r"api_key|credentials|auth_token", re.IGNORECASE)
_TOO_LONG = re.compile(
    r"context.{0,20}(?:length|window|size)|maximum.{0,20}tokens|prompt is too long"
    r"|too many (?:input )?tokens|exceeds?.{0,40}context",
    re.IGNORECASE,
)


def translated(error: BaseException, name: str) -> DatelineError:
    """The error of the model `name` as one of ours, in a line that says what to do."""
    if isinstance(error, DatelineError):
        return error
    status, said = _status(error), _detail(error)
    if status in (401, 403):
        return ModelError(f"{name} refused the key ({status}): check {_key_name(name)}")
    if status is None and _KEY_MISSING.search(said):
        return ModelError(f"there is no key for {name}: set {_key_name(name)}")
    if status in (400, 413, 422) and (_TOO_LONG.search(str(error)) or status == 413):
        return PromptTooLong(f"{name} cannot read so much at once")
    if status == 404:
        return ModelError(f"the server knows no model {name.partition(':')[2]!r} (404)")
    if status == 429:
        return ModelError(f"{name} takes no more requests for now (429)")
    if status is not None:
        return ModelError(f"{name} failed with status {status}: {said}")
    if _is_timeout(error):
        return ModelError(f"{name} did not answer in time")
    if _is_connection(error):
        return ModelError(f"the connection to {name} failed: {said}")
    return ModelError(f"{name} failed: {type(error).__name__}: {said}")


def refuses_temperature(error: BaseException) -> bool:
    """Whether the model takes no temperature, as those that think before they write."""
    return _status(error) == 400 and "temperature" in str(error).lower()


def _status(error: BaseException) -> int | None:
    response = getattr(error, "response", None)
    for holder in (error, response):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int) and status >= 400:
            return status
    return None


def _is_timeout(error: BaseException) -> bool:
    return isinstance(error, TimeoutError) or "Timeout" in type(error).__name__


def _is_connection(error: BaseException) -> bool:
    named = ("ConnectError", "ConnectionError", "ProtocolError", "ReadError")
    return isinstance(error, OSError) or any(kind in type(error).__name__ for kind in named)


def wait_before_retry(error: BaseException, tried: int) -> float | None:
    """Seconds to wait before trying again; None where another try would fail the same way."""
    status = _status(error)
    passing = status in (408, 409, 429) or (status is not None and status >= 500)
    if not passing and not (status is None and (_is_connection(error) or _is_timeout(error))):
        return None
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return min(max(0.0, float(str(headers.get("retry-after")))), _LONGEST_WAIT)
    except ValueError:
        return min(_FIRST_WAIT * random.uniform(0.75, 1.25) * 2.0**tried, _LONGEST_WAIT)


def _detail(error: BaseException) -> str:
    while error.__cause__ is not None:  # the connection's own words, not its wrapping
        error = error.__cause__
    line = " ".join(str(error).split()) or type(error).__name__
    return _KEY.sub("…", line)[:_LONGEST_DETAIL]


def _key_name(name: str) -> str:
    return f"{name.partition(':')[0].upper()}_API_KEY"
