"""What the tests of the service share: archives of the invented news."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from rag.archive import Archive
from rag.service import build_app
from rag.settings import Settings
from service.serving import PASSWORD, Opens


@pytest.fixture
def client(archive: Archive) -> TestClient:
    """A program that asks the six articles through open doors; it changes nothing."""
    return TestClient(build_app(archive, page=False), raise_server_exceptions=False)


@pytest.fixture
def opens(news: Path, tmp_path: Path) -> Opens:
    """Opens an archive of the six articles of one's own, with settings."""

    def opened(kind: type[Archive] = Archive, **settings: Any) -> AbstractContextManager[Archive]:
        archive = kind(tmp_path / "index", Settings(**settings))
        archive.ingest(news)
        return archive

    return opened


@pytest.fixture(scope="session")
def locked(news: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The six articles behind a password; tests give their keys names of their own."""
    folder = tmp_path_factory.mktemp("locked") / "index"
    with Archive(folder, Settings(password=SecretStr(PASSWORD))) as archive:
        archive.ingest(news)
        yield archive
