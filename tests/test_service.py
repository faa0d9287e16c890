"""The server: says where it is, says so when it cannot be, and costs nothing before it is asked."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from rag.archive import open_archive
from rag.errors import SettingsError
from rag.service import serve


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
        open_archive(tmp_path / "index") as archive,
        pytest.raises(SettingsError, match=r"192\.0\.2\.1"),
    ):
        serve(archive, host="192.0.2.1", port=0)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter on Windows")
def test_ctrl_c_stops_the_server(tmp_path: Path) -> None:
    """The server says where it is, serves, and ends without a word when it is interrupted."""
    program = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from rag.archive import open_archive; from rag.service import serve\n"
        "serve(open_archive(sys.argv[1]), port=0)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "index")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        said = server.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert address is not None, said
        assert answered(f"{address[0]}/healthz") == {"status": "ok", "articles": 0}

        server.send_signal(signal.SIGINT)
        _, complaint = server.communicate(timeout=30)

    assert server.returncode == 0
    assert "Traceback" not in complaint


def answered(url: str) -> object:
    """What the address answers, waiting a little while the server starts."""
    for _ in range(100):
        try:
            with urlopen(url) as answer:
                return json.load(answer)
        except URLError:
            time.sleep(0.1)
    raise TimeoutError(url)


@pytest.mark.parametrize("module", ["rag", "rag.service", "rag.page", "rag.page.evidence"])
def test_gradio_waits_until_a_page_is_built(module: str) -> None:
    """Importing the package or its server does not import Gradio."""
    program = f"import sys, {module}; sys.exit('gradio' in sys.modules)"

    finished = subprocess.run([sys.executable, "-c", program], check=False)

    assert finished.returncode == 0
