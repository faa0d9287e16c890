"""A balancer before several servers: each connection goes to the next one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle
from urllib.parse import urlsplit


@contextmanager
def balanced(servers: Sequence[str]) -> Iterator[str]:
    """The address that leads to all of them, in turn."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        taking = threading.Thread(target=_take, args=(listening, servers), daemon=True)
        taking.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        taking.join()


def _take(listening: socket.socket, servers: Sequence[str]) -> None:
    """Lead connections on until nobody listens any more."""
    with suppress(OSError):
        for server in cycle(servers):
            client, _ = listening.accept()
            place = urlsplit(server)
            behind = socket.create_connection((place.hostname or "", place.port or 0))
            for one, other in ((client, behind), (behind, client)):
                threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    """What one says, to the other; both are closed when one of them is done."""
    with suppress(OSError), one, other:
        while said := one.recv(65536):
            other.sendall(said)
        other.shutdown(socket.SHUT_RDWR)
