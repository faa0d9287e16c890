"""Text of articles and readers, made inert: it shows as written, whatever it contains."""

from __future__ import annotations

import html
import re

# `$`, `{` and `}` would start a placeholder in a page template.
_HTML_EXTRA = str.maketrans({"$": "&#36;", "{": "&#123;", "}": "&#125;"})

# Characters that can open markup in the middle of a line; `&` only where it would start an entity.
_MARKDOWN_CHARACTERS = re.compile(r"[<>\\`*_\[\]~|]|&(?=#?\w+;)")
# What becomes markup at the start of a line: headings, lists, rules, quotes, tables.
_MARKDOWN_LINE_START = re.compile(r"^(\s*)([#+=:-]|\d+(?=[.)]))", re.MULTILINE)
# Addresses become links by themselves: the character that makes them one is written as an entity.
_BARE_ADDRESS = re.compile(r":(?=//)|(?<=www)\.|(?<=\w)@(?=\w)|(?<=mailto):|(?<=xmpp):", re.I)

# Letters of the scripts that run from right to left, and the marks that set such a text apart.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_ISOLATE, _END = "\u2068", "\u2069"


def in_html(text: str) -> str:
    """The text for an HTML element or a quoted attribute."""
    return html.escape(text).translate(_HTML_EXTRA)


def in_markdown(text: str) -> str:
    """The text for one Markdown paragraph; white space is folded to single blanks.

    Only characters that could become markup are written as entities, so that plain prose stays
    readable to whoever copies the message or hears its source read aloud.
    `from_markdown` gives the folded text back.
    """
    folded = " ".join(text.split())
    inert = _MARKDOWN_CHARACTERS.sub(_entity, folded)
    inert = _BARE_ADDRESS.sub(_entity, inert)
    return _MARKDOWN_LINE_START.sub(lambda m: m[1] + _entities(m[2]), inert)


def apart(text: str) -> str:
    """The text so that it does not turn what stands beside it, if it runs from right to left."""
    return f"{_ISOLATE}{text}{_END}" if _RIGHT_TO_LEFT.search(text) else text


def from_markdown(shown: str) -> str:
    """The text that `in_markdown` made inert."""
    return re.sub(r"&#(\d+);", lambda entity: chr(int(entity[1])), shown)


def _entity(found: re.Match[str]) -> str:
    return _entities(found[0])


def _entities(characters: str) -> str:
    return "".join(f"&#{ord(character)};" for character in characters)
