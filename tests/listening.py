"""A real server for the tests, in a thread of its own, on a free port of loopback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

_SECONDS_TO_START = 60
_SECONDS_BETWEEN_LOOKS = 0.02


@contextmanager
def listening(config: uvicorn.Config) -> Iterator[str]:
    """Its address, without a slash at the end; it is stopped when the block ends."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([door],), daemon=True)
        thread.start()
        deadline = time.monotonic() + _SECONDS_TO_START
        while not server.started and time.monotonic() < deadline:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        assert server.started, "the server did not start"
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(_SECONDS_TO_START)
