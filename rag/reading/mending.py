"""Text as it should be: mojibake mended, one Unicode form, nothing said twice in a row."""

from __future__ import annotations

import dataclasses
import re
import unicodedata

from rag.errors import ReadError
from rag.reading.packages import package
from rag.reading.record import Reading
from rag.reading.repeats import without_repeats

# What UTF-8 looks like when read as a one-byte encoding: a lead letter and a sign after it.
_SUSPECT = re.compile(
    "[\u00c2\u00c3\u00c4\u00c5\u00d0\u00d1\u00e2\u00ef\u0102\u0393\u221a\u0413\u0420\u0421\u0432]"
    "[^\\sa-zA-Z0-9.,;:!?'\"()\\-]"
)
# Marks that no reader sees and no search finds: soft hyphens, byte order marks, other controls.
_UNSEEN = re.compile("[\u00ad\ufeff\x00-\x08\x0e-\x1f\x7f]")
_BREAKS = re.compile("[\x0b\x0c\u0085\u2028\u2029]")


def mended(reading: Reading) -> Reading:
    """The reading with its text and words mended; the stored text is what offsets count in."""
    return dataclasses.replace(
        reading,
        text=without_repeats(clean(reading.text)).strip(),
        title=_line(reading.title),
        publisher=_line(reading.publisher),
        author=_line(reading.author),
    )


def clean(text: str) -> str:
    """Mojibake mended where certain, composed characters (NFC), no unseen marks."""
    if _SUSPECT.search(text):
        text = "\n".join(_decoded_again(line) for line in text.split("\n"))
    text = _UNSEEN.sub("", _BREAKS.sub("\n", text))
    return unicodedata.normalize("NFC", text)


def _line(words: str | None) -> str | None:
    return " ".join(clean(words).split()) or None if words else None


def _decoded_again(line: str) -> str:
    """A line that was decoded wrongly, decoded rightly; any doubt leaves it as it is."""
    if not _SUSPECT.search(line):
        return line
    try:
        ftfy = package("ftfy")
    except ReadError:
        return line
    if not ftfy.badness.is_bad(line):
        return line
    mended: str = ftfy.fix_encoding(line)
    certain = len(mended) < len(line) and mended.count("\ufffd") <= line.count("\ufffd")
    return mended if certain else line
