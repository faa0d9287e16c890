"""The words of an HTML fragment as a reader sees them: a paragraph a line."""

from __future__ import annotations

import re
from typing import Any

from rag.reading.packages import package

_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6"
    " header hr li main nav ol p pre section table td th tr ul".split()
)
_UNSEEN = frozenset("head iframe noscript object script style svg template".split())
_SPACES = re.compile(r"[^\S\n]+")


def text_of_fragment(markup: str) -> str:
    """The text of a fragment, blocks apart by an empty line; never follows a link in it."""
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    html = package("lxml.html")
    try:
        root = html.fragment_fromstring(markup, create_parent="div")
    except (ValueError, html.etree.LxmlError):
        return ""
    return visible(root)


def visible(root: Any) -> str:
    """The text of an element; walks without recursion, so that no depth is too deep."""
    parts: list[str] = []
    walk: list[tuple[Any, bool]] = [(root, False)]
    while walk:
        element, left = walk.pop()
        named = isinstance(element.tag, str)
        block = named and element.tag in _BLOCKS
        if left:
            parts.append("\n" if block else "")
            if element is not root:
                parts.append(_flat(element.tail))
            continue
        walk.append((element, True))
        if named and element.tag not in _UNSEEN:
            parts.append("\n" if block else "")
            parts.append(_flat(element.text))
            walk.extend((child, False) for child in reversed(element))
    lines = (_SPACES.sub(" ", line).strip() for line in "".join(parts).split("\n"))
    return "\n\n".join(line for line in lines if line)


def _flat(text: str | None) -> str:
    return (text or "").replace("\n", " ")
