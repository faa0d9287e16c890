"""A real server for the tests, an archive that takes its time, and the password of the doors."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from listening import listening

from rag.archive import Archive
from rag.records import Answer
from rag.service import build_app
from rag.service.running import config_of

PASSWORD = "an open secret"

Opens = Callable[..., AbstractContextManager[Archive]]


class Slow(Archive):
    """An archive whose snapshots come slowly, as a chat model's would."""

    pause = 0.3  # seconds before each

    def stream(self, *asked: Any, **limits: Any) -> Iterator[Answer]:
        for snapshot in super().stream(*asked, **limits):
            time.sleep(self.pause)
            yield snapshot


class Held(Archive):
    """An archive whose answers wait until they are let go."""

    _SECONDS_HELD = 60  # by a test that fails

    def __init__(self, *opened: Any, **settings: Any) -> None:
        self.asked, self.free = threading.Event(), threading.Event()
        super().__init__(*opened, **settings)

    def stream(self, *asked: Any, **limits: Any) -> Iterator[Answer]:
        self.asked.set()
        self.free.wait(self._SECONDS_HELD)
        yield from super().stream(*asked, **limits)


@contextlib.contextmanager
def served(archive: Archive, **build: Any) -> Iterator[str]:
    """A real server on loopback; its address without a slash at the end."""
    app = build_app(archive, **{"page": False, **build})
    with listening(config_of(app, archive.settings)) as home:
        yield home
