"""The end of a server whose answers do not end: they are given up, and so is nobody's time."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from rag.service.ending import Ending

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")

# Serves an archive whose answers begin, and then take longer than anybody waits.
ENDLESS = """
import sys, time
from pathlib import Path
from rag.archive import Archive
from rag.service import serve
from rag.settings import load

class Endless(Archive):
    def stream(self, *asked, **limits):
        for snapshot in super().stream(*asked, **limits):
            yield snapshot
            if snapshot.coverage:
                sys.stdout.write("begun\\n")  # at once, whichever thread
                sys.stdout.flush()
                time.sleep(600)

with Endless(Path(sys.argv[1]), load()) as archive:
    serve(archive, port=0)
"""
ASKED = {"question": "How many tonnes of apples are expected?"}
ALLOWED = "1"  # seconds for answers under way
# What the end takes on a busy machine, and far less than an answer.
PROMPT = 60


@contextmanager
def endless(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of endless answers, and its address."""
    with subprocess.Popen(
        [sys.executable, "-c", ENDLESS, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "RAG_SHUTDOWN_SECONDS": ALLOWED},
    ) as server:
        try:
            assert server.stdout is not None
            address = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
            assert address is not None
            yield server, address[0]
        finally:
            server.kill()


def test_what_is_given_up_is_told_and_not_waited_for(made: Path, tmp_path: Path) -> None:
    """A stream ends with a problem, an answer is one; the server ends at once, with 0."""
    folder = Path(shutil.copytree(made, tmp_path / "index"))
    with ThreadPoolExecutor(2) as threads, endless(folder) as (server, url):
        assert server.stdout is not None
        asked = {**ASKED, "stream": True}
        streamed = threads.submit(httpx.post, f"{url}/v1/ask", json=asked, timeout=PROMPT)
        whole = threads.submit(httpx.post, f"{url}/v1/ask", json=ASKED, timeout=PROMPT)
        for _ in (streamed, whole):
            assert server.stdout.readline() == "begun\n"
        began = time.monotonic()

        server.send_signal(signal.SIGTERM)
        _, log = server.communicate(timeout=PROMPT)

        seconds = time.monotonic() - began
        cut, refused = streamed.result(), whole.result()

    name, data = cut.text.strip().split("\n\n")[-1].split("\n")
    assert name == "event: error"
    assert '"urn:dateline:problem:stopping"' in data
    assert refused.status_code == 503
    assert refused.json()["type"].endswith(":stopping")
    assert "retry-after" in refused.headers
    assert server.returncode == 0
    assert seconds < PROMPT
    assert "Traceback" not in log, log


@pytest.mark.parametrize(("seconds", "order"), [(0.2, "request, end"), (5, "end")])
def test_what_is_held_is_let_go_after_the_last_request(
    monkeypatch: pytest.MonkeyPatch, seconds: float, order: str
) -> None:
    """The application hears that it is over when no request is under way, or none for too long."""
    monkeypatch.setattr("rag.service.ending._SECONDS", 1.0)
    ended: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            ended.append("end")
        else:
            await asyncio.sleep(seconds)
            ended.append("request")

    async def over() -> Message:
        return {"type": "lifespan.shutdown"}

    async def send(message: Message) -> None:
        raise AssertionError("nothing is sent")

    async def run() -> None:
        ending = Ending(app)
        request = asyncio.create_task(ending({"type": "http"}, over, send))
        await asyncio.sleep(0)
        await ending({"type": "lifespan"}, over, send)
        request.cancel()

    asyncio.run(run())

    assert ", ".join(ended) == order
