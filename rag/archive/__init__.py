"""The archive: the one face that the command line, the page, scripts and the eval all use."""

from rag.archive.archive import Archive
from rag.archive.opening import (
    ask,
    folder_of,
    open_archive,
    open_default,
    open_seeds,
    rebuild,
)
from rag.archive.status import Status

__all__ = [
    "Archive",
    "Status",
    "ask",
    "folder_of",
    "open_archive",
    "open_default",
    "open_seeds",
    "rebuild",
]
