"""A gate before a server: it lets requests through, or answers them itself, as it is told."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

# What the gate answers to a method, path and headers; None: what the server behind it says.
Act = Callable[[str, str, Mapping[str, str]], tuple[int, str] | None]


def through(method: str, path: str, headers: Mapping[str, str]) -> None:
    """Let everything through."""


@dataclass
class Gate:
    """Where it listens, what was asked, and what it does."""

    url: str
    act: Act = through
    asked: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def gate(behind: str, tls: ssl.SSLContext | None = None) -> Iterator[Gate]:
    """A gate before the server at an address; with `tls`, reached by https."""
    made = Gate("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            made.asked.append((self.command, self.path))
            said = made.act(
                self.command, self.path, {k.lower(): v for k, v in self.headers.items()}
            )
            if said is None:
                found = httpx.request(self.command, behind + self.path, content=body, timeout=60)
                said = found.status_code, found.text
            status, text = said
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_PUT = do_DELETE = answer

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing of who hangs up."""

    server = Quiet(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    made.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()
