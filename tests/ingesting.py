"""A process that ingests a folder with embeddings that need no model; made to be killed.

python ingesting.py INDEX FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from conftest import HashedWords

from rag.indexes.index import Index
from rag.ingest import Ingest, Splitting
from rag.store import Database, Store


def main(folder: Path, news: Path) -> None:
    """Ingest, and print a line when it begins and when it is done."""
    store = Store(Database(folder / "store.sqlite3"), embedding="words")
    index = Index(folder, store)
    ingest = Ingest(store, index, HashedWords(), Splitting(400, 50))
    print("begun", flush=True)
    report = ingest.run([news])
    print(report.added, report.unchanged, flush=True)
    index.close()
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
