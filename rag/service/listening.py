"""Where the server listens, and by which names it may be called."""

from __future__ import annotations

import ipaddress
import socket

from rag.errors import SettingsError
from rag.service.origins import LOOPBACK


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens, so that a taken port is known before anything is built.

    Who calls before the server is there waits for it.

    Raises:
        SettingsError: the address cannot be listened on, with what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()
    except (OSError, OverflowError) as error:
        listening.close()
        raise SettingsError(
            f"cannot listen on {host}:{port} ({error.args[-1]}): stop what listens there, or "
            "choose another port with `rag serve --port N`"
        ) from error
    return listening


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def names(host: str, configured: str) -> tuple[str, ...]:
    """The names that requests may call the server by; none for any.

    On this machine alone there are few, and any other is another site's trick.
    """
    more = tuple(name.strip() for name in configured.split(",") if name.strip())
    if is_loopback(host):
        return tuple(dict.fromkeys((*LOOPBACK, host.casefold(), *more)))
    # With names configured, health checks from the machine itself still get through.
    return (*more, *LOOPBACK) if more else ()
