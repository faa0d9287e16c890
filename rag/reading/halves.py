"""Articles that a page cuts into several blocks, with an advertisement between, made whole."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

# A block of an article holds paragraphs; one alone may be a caption or a teaser.
_PARAGRAPHS = 2
# Words of a paragraph that is prose, not a label.
_PROSE = 10
# So much of a paragraph tells it from others, before any mark or link in it.
_BEGINNING = 40
# Elements that hold one article each: blocks in different ones belong to different articles.
_WHOLE = ("article", "main", "section", "li", "body")


def joined(tree: Any, text: str) -> bool:
    """Move the later blocks of a cut article into its first where the text lacks one of them.

    Blocks belong together when they have the same tag and class, lie in the same article, and no
    headline stands between them. The text is what was found of the article so far; whether there
    is more to find now.
    """
    found = " ".join(text.split())
    lacking = [
        blocks for blocks in _groups(tree) if len({_is_in(each, found) for each in blocks}) > 1
    ]
    for first, *later in lacking:
        for block in later:
            for child in list(block):
                first.append(child)
    return bool(lacking)


def _groups(tree: Any) -> list[list[Any]]:
    groups = defaultdict(list)
    headlines = 0
    for element in tree.iter("h1", "div", "section"):
        if element.tag == "h1":
            headlines += 1
        elif element.get("class") and len(_prose(element)) >= _PARAGRAPHS:
            groups[(element.tag, element.get("class"), _home(element), headlines)].append(element)
    return [blocks for blocks in groups.values() if len(blocks) > 1 and _apart(blocks)]


def _prose(block: Any) -> list[str]:
    words = ("".join(each.itertext()).split() for each in block.iterchildren("p"))
    return [" ".join(each) for each in words if len(each) >= _PROSE]


def _is_in(block: Any, text: str) -> bool:
    """Whether the text holds most paragraphs of the block, by how they begin."""
    prose = _prose(block)
    return sum(each[:_BEGINNING] in text for each in prose) * 2 > len(prose)


def _home(block: Any) -> Any:
    return next((each for each in block.iterancestors() if each.tag in _WHOLE), None)


def _apart(blocks: list[Any]) -> bool:
    """Whether no block lies in another."""
    held = set(blocks)
    return not any(each in held for block in blocks for each in block.iterancestors())
