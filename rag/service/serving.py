"""Serving an archive: one process or several on one socket, until told to stop."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn

from rag.errors import SettingsError
from rag.service import logs, tracing
from rag.service.app import build_app, is_locked
from rag.service.leaving import Leaving
from rag.service.listening import is_loopback, listen, names
from rag.service.running import Doors, config_of, ended_well
from rag.service.workers import serve_by_many

if TYPE_CHECKING:
    from rag.archive import Archive


def serve(
    archive: Archive,
    host: str = "127.0.0.1",
    port: int = 7860,
    *,
    workers: int = 1,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the archive until stopped; `ready` gets the line that says where, else it is printed.

    Port 0 takes any free port. Told to stop, it takes no more requests and finishes what it has
    begun. Several workers are processes that share the socket; they serve programs alone, since
    the page keeps what it shows in the memory of one.

    Raises:
        SettingsError: the address cannot be listened on, or is open to others without a password
            or a key; with what to do.
    """
    settings = archive.settings
    locked = is_locked(archive)
    if not locked and not is_loopback(host):
        raise SettingsError(
            f"{host} can be reached from other machines: set a password (RAG_PASSWORD=…) or make a"
            " key (`rag keys add NAME`) first, or stay on --host 127.0.0.1"
        )
    listening = listen(host, port)
    taken = listening.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    where = f"Dateline is at http://{shown}:{taken} (stop it with Ctrl-C)"
    logs.set_up(settings.log_format)
    doors = Doors(locked, names(host, settings.hosts))
    if workers > 1:
        _say(f"{where}; {workers} workers, without the page", ready)
        serve_by_many(archive, doors, listening, workers)
        return
    if settings.otel:
        tracing.trace_to(settings.otel)
    app = Leaving(build_app(archive, locked=doors.locked, hosts=doors.names))
    _say(where, ready)
    with ended_well():
        _Server(config_of(app, settings), app).run(sockets=[listening])


class _Server(uvicorn.Server):
    """A server that lets go of streams that end only with the page, so that it can stop."""

    def __init__(self, config: uvicorn.Config, app: Leaving) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.leave()
        await super().shutdown(sockets)


def _say(where: str, ready: Callable[[str], None] | None) -> None:
    if ready:
        ready(where)
    else:
        print(where, flush=True)
