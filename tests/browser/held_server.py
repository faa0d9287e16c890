"""A server in a process of its own that can be held in an answer: `python -m … FOLDER PORT`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag import bundle, settings
from rag.archive import Archive
from rag.records import Answer
from rag.service import serve

# While a file of this name lies beside the index folder no answer goes on.
HELD = "held"
_SECONDS_BETWEEN_LOOKS = 0.05


class Holding(Archive):
    """An archive whose answers stay at the snapshot they have reached while they are held."""

    def stream(self, *asked: Any, **limits: Any) -> Iterator[Answer]:
        for snapshot in super().stream(*asked, **limits):
            yield snapshot
            while (self.folder.parent / HELD).exists():
                time.sleep(_SECONDS_BETWEEN_LOOKS)


def main(folder: str, port: str) -> None:
    """Serve the bundled articles from the folder until the process ends."""
    with Holding(Path(folder), settings.load()) as archive:
        if archive.is_empty():
            archive.ingest(bundle.folder("seeds"))
        serve(archive, port=int(port))


if __name__ == "__main__":
    main(*sys.argv[1:])
