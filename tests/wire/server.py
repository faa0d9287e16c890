"""A server that speaks the chat protocol of OpenAI on loopback, well or badly, as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Act = Callable[["Handler"], None]


@dataclass
class Server:
    """What the server was sent, and where it listens. Each request takes the next act."""

    acts: Sequence[Act]
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    broken: threading.Event = field(default_factory=threading.Event)

    def next_act(self, request: dict[str, Any]) -> Act:
        act = self.acts[min(len(self.requests), len(self.acts) - 1)]
        self.requests.append(request)
        return act


class Handler(BaseHTTPRequestHandler):
    """One request; `server.told` says what to do with it."""

    protocol_version = "HTTP/1.1"
    told: Server

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        request = json.loads(self.rfile.read(length))
        try:
            self.told.next_act(request)(self)
        except OSError:
            self.told.broken.set()  # the caller has hung up

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def send(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def say(self, text: str, finish: str | None = None) -> None:
        self.send(event(text, finish))

    def end(self) -> None:
        self.send(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.close()


def event(text: str, finish: str | None = None) -> bytes:
    """A piece of a reply as a server-sent event."""
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    chunk = {"id": "r", "object": "chat.completion.chunk", "created": 0, "model": "toy"}
    return f"data: {json.dumps({**chunk, 'choices': [choice]}, ensure_ascii=False)}\n\n".encode()


def says(reply: str, *, pause: float = 0.0, finish: str = "stop") -> Act:
    """Stream a reply, word by word."""

    def act(handler: Handler) -> None:
        handler.begin()
        for word in reply.split(" "):
            time.sleep(pause)
            handler.say(f"{word} ")
        handler.say("", finish)
        handler.end()

    return act


def stalls(reply: str, *, seconds: float) -> Act:
    """Say something, then nothing, with the connection open."""

    def act(handler: Handler) -> None:
        handler.begin()
        handler.say(reply)
        time.sleep(seconds)
        handler.end()

    return act


def drops(reply: str) -> Act:
    """Say something, then break the connection."""

    def act(handler: Handler) -> None:
        handler.begin()
        handler.say(reply)
        handler.hang_up()

    return act


def ends_early(reply: str) -> Act:
    """End the stream in good order, but with the reply unfinished."""

    def act(handler: Handler) -> None:
        handler.begin()
        handler.say(reply)
        handler.wfile.write(b"0\r\n\r\n")

    return act


def refuses(status: int, message: str = "no", **headers: str) -> Act:
    """Answer with an error."""

    def act(handler: Handler) -> None:
        body = json.dumps({"error": {"message": message, "type": "t", "code": None}}).encode()
        handler.send_response(status)
        handler.send_header("content-type", "application/json")
        handler.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return act


def sends(*pieces: bytes) -> Act:
    """Stream these bytes as they are."""

    def act(handler: Handler) -> None:
        handler.begin()
        for piece in pieces:
            handler.send(piece)
            time.sleep(0.005)
        handler.wfile.write(b"0\r\n\r\n")

    return act


@contextmanager
def serving(*acts: Act) -> Iterator[Server]:
    """A server that does one act after the other, the last again and again."""
    told = Server(acts)
    handler = type("Told", (Handler,), {"told": told})
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    http.daemon_threads = True
    http.block_on_close = False
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
    try:
        yield told
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
