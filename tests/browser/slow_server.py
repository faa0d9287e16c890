"""A server in a process of its own whose answers come slowly: `python -m … FOLDER PORT`."""

from __future__ import annotations

import sys
from pathlib import Path

from rag import bundle, settings
from rag.service import serve

from .conftest import Unhurried


def main(folder: str, port: str) -> None:
    """Serve the bundled articles from the folder until the process ends."""
    with Unhurried(Path(folder), settings.load()) as archive:
        if archive.is_empty():
            archive.ingest(bundle.folder("seeds"))
        serve(archive, port=int(port))


if __name__ == "__main__":
    main(*sys.argv[1:])
