"""Markup in what a model wrote, taken off: nothing to click, load or run is left."""

from __future__ import annotations

import html
import re

_SCRIPT = re.compile(r"<(script|style|iframe|svg)\b.*?(?:</\1\s*>|$)", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z!?/][^<>]*(?:>|$)")
_IMAGE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?")
_WHOLE_OBJECT = re.compile(
    r"!\[[^\]]*\]\([^)]*\)|<(script|style|iframe|svg)\b.*?</\1\s*>|<!--.*?-->",
    re.DOTALL | re.IGNORECASE,
)
_LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_ADDRESS = re.compile(
    r"<?\b(?:[a-z][a-z0-9+.-]{1,12}://|www\.|(?:javascript|data|mailto|vbscript):)[^\s<>\"”]*>?",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3}|~~|`+)(?=\S)(.+?)(?<=\S)\1(?![^\W_])")
# Control characters, marks of direction, joiners and tags: they change what is seen, not said.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    r"\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?")


def without_objects(text: str) -> str:
    """The text without pictures, scripts and comments, as far as they are closed in it."""
    return _WHOLE_OBJECT.sub(" ", text)


def plain_text(text: str) -> str:
    """The words of a text without markup: no link, picture, tag, address or hidden character."""
    bare = _UNSEEN.sub("", _ESCAPE.sub("", html.unescape(text)))
    for pattern in (_COMMENT, _SCRIPT, _IMAGE):
        bare = pattern.sub(" ", bare)
    bare = _LINK.sub(r"\1", bare)
    bare = _TAG.sub("", _ADDRESS.sub("", bare))
    for _ in range(3):  # bold in italics in strike-through
        bare = _EMPHASIS.sub(r"\2", bare)
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(bare.split())).strip("*`~ ")
