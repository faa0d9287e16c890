"""The leaves of a printed document as one text: what stands around them left out, lines whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rag.reading.byline import FIRST_LINES
from rag.reading.headline import is_source

# A word cut at the end of a line; the next line goes on with a small letter.
_HYPHEN = re.compile(r"(?<=[^\W\d_])-\n(?=[a-zà-ÿ])")
# A line end that ends no sentence and no heading: the next goes on in small letters.
_WRAP = re.compile(r"(?<=[^\s.!?:;”\"'’)])[ ]*\n(?=[a-zà-ÿ(“\"‘])")
# The same across two leaves, with the gap between them.
_TURNED = re.compile(r"(?<=[^\s.!?:;”\"'’)])\n\n(?=[a-zà-ÿ])")
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|p\.)\s*)?\d{1,4}(?:\s*(?:/|of|von|de|sur)\s*\d{1,4})?\W*", re.I
)
# "… page 2 of 3" after the name of a file or a paper.
_NUMBERED = re.compile(
    r".{0,80}\b(?:page|seite)\s+\d{1,4}(?:\s*(?:/|of|von|sur)\s*\d{1,4})?\W*", re.I
)
_DIGITS = re.compile(r"\d+")
# A line at the edge of so many leaves is a running head; of two it may be chance.
_FEWEST_LEAVES = 3
_ENDED = re.compile(r"[.!?:;,…”\"'’)]$")
# A heading is shorter than the line after it by more than a ragged edge.
_HEADING = 0.7


def joined(leaves: Sequence[str]) -> str:
    """One text of all leaves, in their order; empty where none holds words.

    Page numbers and running heads are left out; cut words, wrapped lines and sentences that go on
    overleaf are made whole; a heading stands in a paragraph of its own.
    """
    lines = [leaf.replace("\0", "").strip().split("\n") for leaf in leaves]
    heads = _running_heads(lines)
    bare = ["\n".join(_parted(_without_edges(leaf, heads))).strip() for leaf in lines]
    text = _TURNED.sub("\n", "\n\n".join(leaf for leaf in bare if leaf))
    return _WRAP.sub(" ", _HYPHEN.sub("", text)).strip()


def _running_heads(leaves: Sequence[list[str]]) -> set[str]:
    """What stands at the same edge of most leaves, whatever number is in it."""
    edges = [{_blanked(leaf[0]), _blanked(leaf[-1])} for leaf in leaves if any(leaf)]
    counted = Counter(edge for edges_of in edges for edge in edges_of)
    least = max(_FEWEST_LEAVES, len(edges) / 2)
    return {edge for edge, times in counted.items() if times >= least}


def _without_edges(lines: list[str], heads: set[str]) -> list[str]:
    """The lines of a leaf without the page number and the running heads around them."""
    while lines and _is_edge(lines[0], heads):
        lines = lines[1:]
    while lines and _is_edge(lines[-1], heads):
        lines = lines[:-1]
    return lines


def _is_edge(line: str, heads: set[str]) -> bool:
    line = line.strip()
    numbered = _PAGE_NUMBER.fullmatch(line) or _NUMBERED.fullmatch(line)
    return not line or numbered is not None or _blanked(line) in heads


def _blanked(line: str) -> str:
    return _DIGITS.sub("0", line.strip())


def _parted(lines: list[str]) -> list[str]:
    """The lines of a leaf, with an empty one around each heading and each line of the source."""
    parted: list[str] = []
    for at, line in enumerate(lines):
        source = at < FIRST_LINES and is_source(line.strip())
        apart = source or (_begins(parted) and _is_heading(line, "".join(lines[at + 1 : at + 2])))
        parted.extend(("", line, "") if apart else (line,))
    return parted


def _begins(above: list[str]) -> bool:
    """Whether what follows these lines begins a sentence or a paragraph."""
    last = above[-1].strip() if above else ""
    return not last or _ENDED.search(last) is not None


def _is_heading(line: str, below: str) -> bool:
    """Whether a line ends no sentence, is not continued and is short."""
    line, below = line.strip(), below.strip()
    goes_on = below[:1].islower() or not below
    return not goes_on and not _ENDED.search(line) and len(line) < _HEADING * len(below)
