"""The characters of a file."""

from __future__ import annotations

import codecs
from pathlib import Path

from rag.errors import ReadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def text_of(path: Path) -> str:
    """The text of a file: Unicode by its mark, else UTF-8; line ends become `\\n`.

    Raises:
        ReadError: the file is not text.
        OSError: it cannot be read.
    """
    data = path.read_bytes()
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{path}: is not {encoding.removesuffix('-sig').upper()} text (byte"
            f" {error.start:,}): save it as UTF-8"
        ) from error
    if "\0" in text:
        raise ReadError(f"{path}: is not text (it holds NUL characters)")
    return text.replace("\r\n", "\n").replace("\r", "\n")
