"""Workers: several processes that answer on one socket, each with the archive open."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.supervisors import Multiprocess

from rag.archive import Archive
from rag.service import logs, tracing
from rag.service.app import build_app
from rag.service.metrics import SHARED
from rag.service.running import Doors, config_of

if TYPE_CHECKING:
    from rag.settings import Settings

# A worker that is busy with a question may be slow to say that it is alive.
_SECONDS_TO_ANSWER = 30


def serve_by_many(archive: Archive, doors: Doors, listening: socket.socket, workers: int) -> None:
    """Serve by several processes until told to stop; one that dies is replaced."""
    listening.set_inheritable(True)
    # Set before they start, so that each can tell the figures of all.
    os.environ[SHARED] = tempfile.mkdtemp(prefix="dateline-metrics-")
    made = partial(
        worker_app, archive.folder, archive.settings, is_seeds=archive.is_seeds, doors=doors
    )
    config = config_of(
        made,
        archive.settings,
        factory=True,
        workers=workers,
        timeout_worker_healthcheck=_SECONDS_TO_ANSWER,
    )
    try:
        _Workers(config, sockets=[listening]).run()
    finally:
        shutil.rmtree(os.environ.pop(SHARED), ignore_errors=True)


class _Workers(Multiprocess):
    """The processes; told to stop, none of them is called any more.

    While this process held the socket, whoever came then would wait until the last answer is
    finished, to hear nothing.
    """

    def terminate_all(self) -> None:
        for listening in self.sockets:
            listening.close()
        super().terminate_all()


def worker_app(folder: Path, settings: Settings, *, is_seeds: bool, doors: Doors) -> ASGIApp:
    """The application of one worker, which opens the archive and closes it at the end."""
    logs.set_up(settings.log_format)
    if settings.otel:
        tracing.trace_to(settings.otel)
    archive = Archive(folder, settings, is_seeds=is_seeds)
    return _Closing(build_app(archive, locked=doors.locked, hosts=doors.names, page=False), archive)


class _Closing:
    """Closes the archive when the server has ended."""

    def __init__(self, app: ASGIApp, archive: Archive) -> None:
        self._app = app
        self._archive = archive

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        finally:
            if scope["type"] == "lifespan":
                self._archive.close()
