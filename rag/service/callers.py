"""Callers: on whose behalf a request is made, and what that allows."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.types import Scope

from rag.service.problems import Problem


@dataclass(frozen=True, slots=True)
class Caller:
    """`name` is that of the key or of the reader who logged in, None where doors are open."""

    name: str | None = None
    writes: bool = False


OPEN = Caller(writes=True)


def caller_of(scope: Scope) -> Caller:
    """Who makes the request of this scope, as the doors have seen it."""
    found = scope.get("state", {}).get("caller")
    return found if isinstance(found, Caller) else Caller()


def must_write(scope: Scope) -> None:
    """See that the caller may change the archive.

    Raises:
        Problem: it may not.
    """
    if not caller_of(scope).writes:
        raise Problem(
            403, "read-only", "This needs a key that may write: `rag keys add NAME --write`."
        )
