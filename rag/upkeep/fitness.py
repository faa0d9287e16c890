"""The machine an archive lives on: its packages, its disk, its permissions."""

from __future__ import annotations

import os
import shutil
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

PACKAGE = "dateline"


def unfit_packages() -> list[str]:
    """A line for each package that is missing or of a version that this one was not made for."""
    from packaging.requirements import Requirement

    found = []
    for text in requires(PACKAGE) or ():
        needed = Requirement(text)
        if needed.marker is not None and not needed.marker.evaluate({"extra": ""}):
            continue
        try:
            there = version(needed.name)
        except PackageNotFoundError:
            found.append(f"{needed.name} is not installed")
            continue
        if not needed.specifier.contains(there, prereleases=True):
            found.append(f"{needed.name} is {there}, wanted {needed.specifier}")
    return found


def free_bytes(folder: Path) -> int:
    """The bytes that are free on the disk of a folder."""
    return shutil.disk_usage(folder).free


def locked_files(folder: Path) -> list[Path]:
    """What this user cannot read or change of a folder, the folder itself first."""
    wanted = os.R_OK | os.W_OK
    paths = [folder, *sorted(folder.rglob("*"))]
    return [path for path in paths if path.exists() and not os.access(path, wanted)]
