"""A Chroma server of our own, from the package that is installed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import httpx

from cluster.ports import free_port, wait_for


def program() -> Path | None:
    """The console script; None if it is not installed."""
    found = Path(sys.executable).parent / "chroma"
    return found if found.exists() else None


class Chroma:
    """The server; started, killed and started again on the same folder and port."""

    def __init__(self, script: Path, folder: Path) -> None:
        self._script = script
        self._folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self._folder / "log").open("ab") as log:
            listening = ("--host", "127.0.0.1", "--port", str(self.port))
            self._process = subprocess.Popen(
                [self._script, "run", "--path", self._folder / "data", *listening],
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )
        assert wait_for(self.port, self._process) and self._answers(), (
            self._folder / "log"
        ).read_text()

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        self._process.kill()
        self._process.wait()

    close = kill

    def collections(self) -> dict[str, int]:
        """How many rows each collection on the server has."""
        root = f"{self.url}/api/v2/tenants/default_tenant/databases/default_database/collections"
        return {
            held["name"]: httpx.get(f"{root}/{held['id']}/count").json()
            for held in httpx.get(root).json()
        }

    def _answers(self) -> bool:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.url}/api/v2/heartbeat", timeout=2).is_success:
                    return True
            except httpx.HTTPError:
                time.sleep(0.05)
        return False
