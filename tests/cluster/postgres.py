"""A PostgreSQL server of our own, from the binaries that are installed."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path

import psycopg

from cluster.ports import free_port, wait_for

# Ordering by language, so that a query that leaves its order to the database shows.
_LOCALE = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
_CALM = ("fsync=off", "unix_socket_directories=", "listen_addresses=127.0.0.1")


def binaries() -> Path | None:
    """The folder of `initdb` and `postgres`; None if they are not installed."""
    places = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "postgres").exists()), None)


class Postgres:
    """The server; started, killed and started again on the same folder and port."""

    def __init__(self, bin_folder: Path) -> None:
        self._bin = bin_folder
        self._folder = Path(tempfile.mkdtemp(prefix="rag-postgres-"))
        # The server refuses to run as root.
        self._user = _somebody() if os.geteuid() == 0 else getpass.getuser()
        if os.geteuid() == 0:
            shutil.chown(self._folder, self._user)
        self._numbers = count()
        self.port = free_port()
        self._run("initdb", "-D", "data", "-A", "trust", "-U", "press", "-E", "UTF8", *_LOCALE)
        self.start()

    def start(self) -> None:
        """Start it, and wait until it lets somebody in."""
        settings = [part for setting in _CALM for part in ("-c", setting)]
        until = time.monotonic() + 30
        while True:
            self._process = self._popen("postgres", "-D", "data", "-p", str(self.port), *settings)
            if wait_for(self.port, self._process) and self._lets_in():
                return
            # Connections of a killed server end a moment after it, and hold its memory till then.
            self.kill()
            assert time.monotonic() < until, (self._folder / "log").read_text()

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"news{next(self._numbers)}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self._address(name)

    def _address(self, name: str) -> str:
        return f"postgresql://press:s3cret@127.0.0.1:{self.port}/{name}"

    def _lets_in(self) -> bool:
        until = time.monotonic() + 30
        while self._process.poll() is None and time.monotonic() < until:
            try:
                psycopg.connect(self._address("postgres"), connect_timeout=3).close()
            except psycopg.OperationalError:
                time.sleep(0.05)  # it recovers what a kill left
            else:
                return True
        return False

    def _run(self, program: str, *arguments: str) -> None:
        process = self._popen(program, *arguments)
        assert process.wait(120) == 0, (self._folder / "log").read_text()

    def _popen(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        other = {"user": self._user, "extra_groups": []} if os.geteuid() == 0 else {}
        with (self._folder / "log").open("ab") as log:
            started: subprocess.Popen[bytes] = subprocess.Popen(
                [self._bin / program, *arguments],
                cwd=self._folder,
                stdout=log,
                stderr=log,
                **other,  # type: ignore[call-overload]
            )
        return started


def _somebody() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)
