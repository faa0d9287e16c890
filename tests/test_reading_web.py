"""The web: only when asked, only public addresses, never without a limit."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rag.errors import ReadError
from rag.reading import Reading, read_file
from rag.reading.web import Web, is_public

PUBLIC = "93.184.215.14"


class Desk(BaseHTTPRequestHandler):
    """A newspaper's server."""

    def do_GET(self) -> None:
        if self.path == "/slow":
            self._answer(200, {"Content-Type": "text/plain"})
            for _ in range(100):
                self.wfile.write(b"a")
                time.sleep(0.05)
        elif self.path == "/big":
            self._answer(200, {"Content-Type": "text/plain"})
            self.wfile.write(b"a" * 20_000)
        elif self.path == "/hesitating":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(100):
                self.wfile.write(b"X-More: to come\r\n")
                time.sleep(0.05)
        elif self.path == "/cut":
            self._answer(200, {"Content-Type": "text/plain", "Content-Length": "5000"})
            self.wfile.write(b"The ferry sails.")
        elif self.path == "/odd":
            self._answer(302, {"Location": "http://[::1"})
        elif self.path == "/loop":
            self._answer(302, {"Location": "/loop"})
        elif self.path == "/inside":
            self._answer(302, {"Location": "http://inside.example/secret"})
        elif self.path == "/file":
            self._answer(302, {"Location": "file:///etc/passwd"})
        elif self.path == "/moved":
            self._answer(301, {"Location": "/news?id=1"})
        elif self.path == "/news?id=1":
            self._answer(200, {"Content-Type": "text/html; charset=utf-8"})
            self.wfile.write("<p>Die Brücke ist offen.</p>".encode())
        else:
            self._answer(404, {})

    def _answer(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


class Server(ThreadingHTTPServer):
    """Serves each reader in a thread."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing of who hangs up."""


@pytest.fixture
def port() -> Iterator[int]:
    server = Server(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def web(port: int, *, limit: int = 10_000, seconds: float = 5) -> Web:
    """A web whose public host is the test's server and whose other host is a private one."""

    def resolve(host: str, _port: int) -> list[str]:
        return ["10.0.0.7"] if host == "inside.example" else [PUBLIC]

    def connect(address: str, _asked: int, seconds: float) -> socket.socket:
        assert address == PUBLIC
        return socket.create_connection(("127.0.0.1", port), timeout=seconds)

    return Web(resolve, connect, limit=limit, seconds=seconds)


def test_a_page_is_fetched_and_read(port: int) -> None:
    """A redirect is followed, and the page read as its kind says."""
    file = web(port).fetch("http://herald.example/moved")

    (reading,) = read_file(file)

    assert file.name == "http://herald.example/news?id=1.html"
    assert isinstance(reading, Reading) and reading.text == "Die Brücke ist offen."
    assert reading.url == "http://herald.example/news?id=1"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/big", "larger than"),
        ("/slow", "too long"),
        ("/hesitating", "too long"),
        ("/cut", "broke off"),
        ("/odd", "Invalid IPv6"),
        ("/loop", "redirected more than"),
        ("/inside", "not a public address"),
        ("/file", "not an http or https address"),
        ("/gone", "answers 404"),
    ],
)
def test_what_is_not_fetched_is_told(port: int, path: str, reason: str) -> None:
    """Size, time, redirects and where they lead have limits, each told; half a page is none."""
    begun = time.monotonic()

    with pytest.raises(ReadError, match=reason):
        web(port, seconds=1).fetch(f"http://herald.example{path}")

    assert time.monotonic() - begun < 4  # all that the slow pages would send takes longer


@pytest.mark.parametrize(
    "address",
    [
        "ftp://herald.example/a",
        "file:///etc/passwd",
        "herald.example",
        "http://",
        "http://user:word@herald.example/",
        "http://herald.example/a b",
        "http://herald.example/a\nb",
        "http://herald.example:99999/",
        "http://[::1/",
        "http://inside.example/",
    ],
)
def test_an_address_that_is_none_is_refused(port: int, address: str) -> None:
    """What is no public web address is refused before anything is sent."""
    with pytest.raises(ReadError):
        web(port).fetch(address)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("::", False),
    ],
)
def test_private_addresses_are_known(address: str, public: bool) -> None:
    """Loopback, private, link-local and shared addresses, also dressed as others, are private."""
    assert is_public(address) is public


def test_one_private_address_refuses_a_host(port: int) -> None:
    """A name that answers with a public and a private address is not tried at all."""
    both = Web(lambda _host, _port: [PUBLIC, "127.0.0.1"], web(port).connect)

    with pytest.raises(ReadError, match="not a public address"):
        both.fetch("http://herald.example/moved")
