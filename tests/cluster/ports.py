"""A port that is free, and waiting until somebody listens on one."""

from __future__ import annotations

import secrets
import socket
import subprocess
import time

# Below the ports that systems give to outgoing connections: while a server is away between a kill
# and its next start, such a connection could be given the server's port, even one to itself.
_LOWEST, _HIGHEST = 20_000, 32_000


def free_port() -> int:
    """A port of this machine on which nobody listens; it stays free for a server that restarts."""
    while True:
        port = _LOWEST + secrets.randbelow(_HIGHEST - _LOWEST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 60.0) -> bool:
    """Whether the process listens on the port before it ends or the seconds are over."""
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False
