"""The folders that travel with the package: prompts, seed articles, eval suites."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """The folder `prompts`, `seeds` or `eval`: inside an installed wheel, else the checkout's.

    Raises:
        FileNotFoundError: the installation holds no such folder.
    """
    for place in (_PACKAGE / "bundled" / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"this installation of dateline has no folder {name!r}")
