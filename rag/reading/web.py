"""A page from the web, fetched only when somebody asks for its address.

Only http and https, only public addresses: every name is looked up once, each of its addresses
must be public, and the connection goes to the address that was checked, so that a name cannot
answer differently the second time. Redirects are checked the same way. Size and time are limited.
"""

from __future__ import annotations

import dataclasses
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from urllib.parse import SplitResult, urljoin, urlsplit

from rag.errors import ReadError
from rag.reading.file import TEXT_LIMIT, File

SECONDS = 20.0
REDIRECTS = 5
_PORTS = {"http": 80, "https": 443}
_MOVED = frozenset({301, 302, 303, 307, 308})
_PIECE = 2**16
_LATE = "it took too long"
# A page's kind as the server states it, as the ending of a file.
_ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/pdf": ".pdf",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".atom",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/x-ndjson": ".jsonl",
}

# The addresses of a host; raises OSError where there are none.
Resolve = Callable[[str, int], list[str]]
# A connection to an address within so many seconds.
Connect = Callable[[str, int, float], socket.socket]


@dataclass(frozen=True, slots=True)
class Web:
    """The way out; a test gives its own resolver and its own connection."""

    resolve: Resolve
    connect: Connect
    limit: int = TEXT_LIMIT
    seconds: float = SECONDS

    def fetch(self, address: str) -> File:
        """The file behind an address, named by the address that it was found at.

        Raises:
            ReadError: it is no public web address, too large, too slow, or not there.
        """
        deadline = time.monotonic() + self.seconds
        for _ in range(REDIRECTS + 1):
            try:
                status, headers, data = self._get(_split(address), deadline)
                moved = status in _MOVED and headers["location"]
                further = urljoin(address, headers["location"]) if moved else None
            except (OSError, http.client.HTTPException, ValueError) as error:
                # Hung up at the deadline, a connection fails in many ways.
                is_late = time.monotonic() >= deadline
                said = _LATE if is_late else str(error) or type(error).__name__
                raise ReadError(f"{address}: cannot be fetched: {said}") from error
            if further:
                address = further
            elif status != 200:
                raise ReadError(f"{address}: cannot be fetched: the server answers {status}")
            else:
                file = File.of_bytes(_name(address, headers), data)
                return dataclasses.replace(file, address=address)
        raise ReadError(f"{address}: cannot be fetched: redirected more than {REDIRECTS} times")

    def _get(self, parts: SplitResult, deadline: float) -> tuple[int, Message, bytes]:
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        connection = http.client.HTTPConnection(host, port, timeout=_left(deadline))
        bare = self.connect(self._public(parts, host, port), port, _left(deadline))
        try:
            connection.sock = _secured(bare, host) if parts.scheme == "https" else bare
            with _hanging_up(connection.sock, deadline):
                return self._answered(parts, connection, deadline)
        finally:
            connection.close()
            bare.close()

    def _answered(
        self, parts: SplitResult, connection: http.client.HTTPConnection, deadline: float
    ) -> tuple[int, Message, bytes]:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(
            "GET", target, headers={"User-Agent": "dateline", "Accept-Encoding": "identity"}
        )
        answer = connection.getresponse()
        _left(deadline)
        if answer.status != 200:
            return answer.status, answer.headers, b""
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise ReadError(f"{parts.geturl()}: came packed, which was not asked for")
        return answer.status, answer.headers, self._body(parts, answer, deadline)

    def _body(self, parts: SplitResult, answer: http.client.HTTPResponse, deadline: float) -> bytes:
        pieces, size = [], 0
        while piece := answer.read1(_PIECE):
            size += len(piece)
            if size > self.limit:
                limit = f"{self.limit / 2**20:g} MB"
                raise ReadError(f"{parts.geturl()}: is larger than {limit}")
            pieces.append(piece)
            _left(deadline)
        _left(deadline)
        if answer.length:
            raise ReadError(f"{parts.geturl()}: broke off, {answer.length:,} bytes before its end")
        return b"".join(pieces)

    def _public(self, parts: SplitResult, host: str, port: int) -> str:
        """The first address of a host, all of which are public."""
        found = self.resolve(host, port)
        for each in found:
            if not is_public(each):
                raise ReadError(f"{parts.geturl()}: {host} is not a public address: refused")
        if not found:
            raise ReadError(f"{parts.geturl()}: {host} has no address")
        return found[0]


def open_web() -> Web:
    """The real web."""
    return Web(_resolve, _connect)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet, also one dressed as IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is not None:
            return inner.is_global and not inner.is_multicast
        if ip in _TRANSLATED or ip.teredo is not None:
            return False
    return ip.is_global and not ip.is_multicast


# NAT64: the last four bytes are an IPv4 address, which may be a private one.
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


def _split(address: str) -> SplitResult:
    parts = urlsplit(address)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ReadError(f"{address}: is not an http or https address")
    if parts.username or parts.password:
        raise ReadError(f"{address}: names a user: refused")
    if any(character.isspace() or not character.isprintable() for character in address):
        raise ReadError(f"{address!r}: is not an address")
    return parts


def _name(address: str, headers: Message) -> str:
    """The address, with an ending that tells the kind where the address has none that does."""
    ending = _ENDINGS.get(headers.get_content_type())
    return address + ending if ending and not address.endswith(ending) else address


@contextmanager
def _hanging_up(sock: socket.socket, deadline: float) -> Iterator[None]:
    """Hang up at the deadline, wherever the block is by then.

    A server that sends a byte a second never lets a socket's own clock run out.
    """

    def hang_up() -> None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(_left(deadline), hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError(_LATE)
    return left


def _secured(bare: socket.socket, host: str) -> socket.socket:
    return ssl.create_default_context().wrap_socket(bare, server_hostname=host)


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))


def _connect(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), timeout=seconds)
