"""Packages that read formats, imported when a file needs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from rag.errors import ReadError


def package(name: str, *, extra: str | None = None) -> Any:
    """The module of a package; `extra` names the optional set that it belongs to, if any.

    Raises:
        ReadError: it is not installed; names the command that installs it.
    """
    try:
        return import_module(name)
    except ImportError as error:
        wanted = f"'dateline[{extra}]'" if extra else "dateline"
        raise ReadError(
            f"needs the package {name.partition('.')[0]}, which is not installed: run"
            f" `pip install {wanted} -c constraints.txt`"
        ) from error
