"""The server: says where it is, says so when it cannot be, and costs nothing before it is asked."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rag import settings
from rag.archive import Archive
from rag.errors import SettingsError
from rag.service import serve


def test_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    """A port in use is named, with what to do, before anything is built."""
    with socket.socket() as taken, Archive(tmp_path, settings.load()) as archive:
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
        Archive(tmp_path, settings.load()) as archive,
        pytest.raises(SettingsError, match=r"192\.0\.2\.1"),
    ):
        serve(archive, host="192.0.2.1", port=0)


@pytest.mark.parametrize("module", ["rag", "rag.service", "rag.page", "rag.page.evidence"])
def test_gradio_waits_until_a_page_is_built(module: str) -> None:
    """Importing the package or its server does not import Gradio."""
    program = f"import sys, {module}; sys.exit('gradio' in sys.modules)"

    finished = subprocess.run([sys.executable, "-c", program], check=False)

    assert finished.returncode == 0
