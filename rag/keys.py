"""Keys of programs that use the service: what is known of one, and what one may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Key:
    """A key by its name; its text is shown once, when it is made, and not kept.

    `writes` allows adding and removing articles. Limits that are None do not limit; days are
    those of UTC, as is `made`. `revoked` is when it was taken back, None while it opens.
    """

    name: str
    made: datetime
    writes: bool = False
    per_minute: int | None = None
    per_day: int | None = None
    revoked: datetime | None = None
