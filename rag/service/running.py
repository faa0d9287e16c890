"""How a process of the server runs: its doors, uvicorn's configuration, and how it ends."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.service.connections import Config

if TYPE_CHECKING:
    from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Doors:
    """Whether the doors are locked, and the names that the server may be called by (none: any)."""

    locked: bool
    names: tuple[str, ...]


def config_of(app: Any, settings: Settings, **more: Any) -> Config:
    """uvicorn's configuration; `more` are settings of its own."""
    return Config(
        app,
        head_seconds=settings.receive_seconds,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies,
        timeout_graceful_shutdown=int(settings.shutdown_seconds),
        **more,
    )


@contextmanager
def ended_well() -> Iterator[None]:
    """Being told to stop is no failure: the process ends with status 0 when all is finished.

    uvicorn gives the signal on when it is done, to whoever would have had it.
    """
    is_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, _end) if is_main else None
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        if is_main:
            signal.signal(signal.SIGTERM, before)


def _end(number: int, frame: object) -> None:
    sys.exit(0)
