"""The server as a process: says where it is, who may not come, and ends when it has finished."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from rag.archive import Archive, open_archive
from rag.errors import SettingsError
from rag.service import serve
from rag.settings import Settings

# Serves an archive whose snapshots come slowly, as a chat model's would, the last so often again.
SLOW = """
import sys, time
from rag.archive import Archive
from rag.service import serve
from rag.settings import load
from pathlib import Path

class Slow(Archive):
    def stream(self, *asked, **limits):
        for snapshot in super().stream(*asked, **limits):
            time.sleep(0.5)
            yield snapshot
        for _ in range(int(sys.argv[2])):
            time.sleep(0.5)
            yield snapshot

with Slow(Path(sys.argv[1]), load()) as archive:
    serve(archive, port=0)
"""
ASKED = {"question": "How many tonnes of apples are expected?", "stream": True}
_SECONDS_TO_START = 60

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")


@contextmanager
def running(*command: str, **variables: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server and its address; killed if it has not ended when the block does."""
    with subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **variables},
    ) as server:
        try:
            assert server.stdout is not None
            said = server.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert address is not None, said
            _await(f"{address[0]}/healthz")
            yield server, address[0]
        finally:
            server.kill()


def _await(url: str) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        try:
            httpx.get(url, timeout=5).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise TimeoutError(url)


def _await_refusal(url: str) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    with pytest.raises(httpx.TransportError):
        while time.monotonic() < deadline:
            httpx.get(url, timeout=5)
            time.sleep(0.1)


@pytest.fixture(scope="module")
def index(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index folder of the six articles, which these tests serve one after the other."""
    return Path(shutil.copytree(made, tmp_path_factory.mktemp("served") / "index"))


def test_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    """A port in use is named, with what to do, before anything is built."""
    with socket.socket() as taken, open_archive(tmp_path / "index") as archive:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(SettingsError) as refusal:
            serve(archive, port=port)

    assert f"127.0.0.1:{port}" in str(refusal.value)
    assert "--port" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_unknown_host_is_one_clear_line(tmp_path: Path) -> None:
    """A host that is not this machine's is named in a line."""
    with (
        Archive(tmp_path / "index", Settings(password="secret")) as archive,  # type: ignore[arg-type]
        pytest.raises(SettingsError, match=r"192\.0\.2\.1"),
    ):
        serve(archive, host="192.0.2.1", port=0)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4"])
def test_other_machines_are_not_let_in_without_a_password(tmp_path: Path, host: str) -> None:
    """An address that others can reach demands a password or a key, and says how to set them."""
    with (
        open_archive(tmp_path / "index") as archive,
        pytest.raises(SettingsError, match=r"RAG_PASSWORD.*rag keys add"),
    ):
        serve(archive, host=host, port=0)


@on_posix
def test_ctrl_c_stops_the_server(tmp_path: Path) -> None:
    """The server says where it is, serves, and ends without a word when it is interrupted."""
    program = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from rag.archive import open_archive; from rag.service import serve\n"
        "serve(open_archive(sys.argv[1]), port=0)"
    )
    with running("-c", program, str(tmp_path / "index")) as (server, url):
        alive = httpx.get(f"{url}/healthz").json()

        server.send_signal(signal.SIGINT)
        _, complaint = server.communicate(timeout=30)

    assert alive == {"status": "ok"}
    assert server.returncode == 0
    assert "Traceback" not in complaint


@on_posix
def test_a_stream_is_finished_before_the_server_ends(index: Path) -> None:
    """Told to stop, it takes no new request, finishes what is streaming, and ends with 0."""
    with running("-c", SLOW, str(index), "0", RAG_LOG_FORMAT="json") as (server, url):
        with (
            httpx.stream("GET", f"{url}/gradio_api/heartbeat/abc", timeout=30) as page,
            httpx.stream("POST", f"{url}/v1/ask", json=ASKED, timeout=30) as stream,
        ):
            lines = stream.iter_lines()
            first = next(lines)

            server.send_signal(signal.SIGTERM)
            _await_refusal(f"{url}/healthz")
            rest = list(lines)
            page.close()
        _, log = server.communicate(timeout=30)

    assert first == "event: answer"
    assert rest[-3] == "event: done"
    assert server.returncode == 0
    logged = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert [one["status"] for one in logged if one.get("route") == "/v1/ask"] == [200]
    assert "Traceback" not in log, log


@on_posix
def test_a_stream_that_lasts_too_long_is_cut(index: Path) -> None:
    """What is not finished in the time allowed is ended, and so is the server."""
    with (
        running("-c", SLOW, str(index), "1000", RAG_SHUTDOWN_SECONDS="1") as (server, url),
        httpx.stream("POST", f"{url}/v1/ask", json=ASKED, timeout=90) as stream,
    ):
        next(stream.iter_lines())
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=90)  # long before the stream would end

    assert server.returncode == 0


@on_posix
def test_workers_share_a_socket_and_are_replaced(index: Path) -> None:
    """Several processes answer; one that is killed is replaced; all end when told to."""
    command = ("-m", "rag", "serve", "--port", "0", "--workers", "2", "--index", str(index))
    with running(*command, RAG_PASSWORD="secret") as (server, url):
        with open_archive(index) as archive:
            key = archive.keys.add("program")
        headers = {"Authorization": f"Bearer {key}"}
        asked = {"question": ASKED["question"]}

        before = httpx.post(f"{url}/v1/ask", json=asked, headers=headers, timeout=30)
        counted = httpx.get(f"{url}/metrics", headers=headers, timeout=30).text
        os.kill(_children(server.pid)[-1], signal.SIGKILL)
        time.sleep(1)
        after = httpx.post(f"{url}/v1/ask", json=asked, headers=headers, timeout=60)
        page = httpx.get(f"{url}/", headers=headers, timeout=30)
        with open_archive(index) as archive:
            archive.keys.revoke("program")
        revoked = httpx.post(f"{url}/v1/ask", json=asked, headers=headers, timeout=30)

        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=60)

    assert (before.status_code, after.status_code, revoked.status_code) == (200, 200, 401)
    assert 'dateline_answers_total{said="something"} 1.0' in counted
    assert page.status_code in (401, 404)
    assert server.returncode == 0


def _children(pid: int) -> list[int]:
    """The processes that a process has started, the last of them last."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    if not listed.exists():
        pytest.skip("only Linux tells the children of a process")
    return [int(child) for child in listed.read_text().split()]


@pytest.mark.parametrize("module", ["rag", "rag.service", "rag.page", "rag.page.evidence"])
def test_gradio_waits_until_a_page_is_built(module: str) -> None:
    """Importing the package or its server does not import Gradio."""
    program = f"import sys, {module}; sys.exit('gradio' in sys.modules)"

    finished = subprocess.run([sys.executable, "-c", program], check=False)

    assert finished.returncode == 0
