"""What stands around an article on its page: links to others, notices, the title once more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_WORD = re.compile(r"\w+")
# A paragraph whose words are links is a way elsewhere, whatever label stands before them.
_LINKED = 0.8
_LABEL = re.compile(
    r"""\s*(?:
      related(?:\s(?:stor(?:y|ies)|articles?|links?|content))?
      | read(?:\s(?:more|also|next))? | see(?:\s(?:also|more))? | also\s(?:on|read)(?:\s\S+\.\w+)?
      | more(?:\s(?:on\sthis|from|stories))? | recommended | watch(?:\snow)? | listen
      | don.?t\smiss
      | lesen\ssie\s(?:auch|dazu|mehr) | mehr\szum\sthema | à\slire\s(?:aussi|également)
      | lire\s(?:aussi|également) | le(?:a|er|ia)\s(?:también|mais|também) | leggi\sanche
      | lees\sook
    )\s*[:|\-–—]?\s*""",
    re.I | re.X,
)
# No notice is longer; a sentence of an article that begins like one goes on.
_LONGEST_NOTICE = 300
_NOTICE = re.compile(
    r"""\W*(?:
      (?:please\s+)?(?:follow|like|join|find)\s+(?:us|@\w+|[\w']+(?:\s+[\w']+){0,3})\s+on\s+
        (?:twitter|facebook|instagram|x\b|linkedin|youtube|whatsapp|telegram)
      | (?:sign\s+up|subscribe)\b.{0,80}\b(?:newsletters?|e-?mails?|updates|inbox|alerts?)
      | get\b.{0,80}\b(?:newsletter|in\s+your\s+inbox|delivered\s+(?:to|through)\s+your)
      | like\s+this\s+(?:story|article)\?
      | share\s+(?:this(?:\s+(?:story|article|post|page))?\W*$|(?:on|via)\s+\w+\W*$)
      | (?:we|this\s+(?:web)?site)\s+uses?\s+cookies
      | by\s+(?:using|continuing)\b.{0,80}\bcookies
      | this\s+copy\s+is\s+for\s+your\s+personal
      | (?:©|\(c\)\s*\d|copyright\s*(?:©|\(c\)|\d{4}\b)).{0,200}$
      | all\s+rights\s+reserved\W*$
      | (?:advertisement|sponsored(?:\s+content)?|story\s+continues(?:\s+below)?)\W*$
      | (?:tags?|filed\s+under|categor(?:y|ies)|topics?)\s*(?::.{0,120}$|$)
      | (?:leave\s+a\s+|\d+\s+)?(?:comments?|reply|replies)\W*$
      | (?:don.?t\s+miss|related(?:\s+(?:stories|articles|links))?|read\s+more)\W*$
      | (?:see\s+also|most\s+read|trending)\W*$
      | (?:subscribe|sign\s+in|log\s+in|register)\s+(?:now\s+)?to\s+(?:continue|keep|read)\b.{0,80}$
      | already\s+(?:a\s+subscriber|a\s+member|subscribed|registered)\b.{0,80}$
      | (?:get|enjoy)\s+(?:unlimited|full)\s+(?:digital\s+)?access\b.{0,120}$
      | this\s+(?:article|story|content)\s+is\s+(?:only\s+)?(?:for|available\s+to)\s+
        (?:\w+\s+)?(?:subscribers|members)\b.{0,80}$
      | the\s+post\b.{0,200}\bappeared\s+first\s+on\b.{0,80}$
    )""",
    re.I | re.X,
)


def pruned(tree: Any) -> None:
    """Take out of a page the paragraphs and list items that are links elsewhere."""
    for block in list(tree.iter("p", "li", "h2", "h3", "h4", "h5", "h6")):
        if _leads_elsewhere(block):
            _drop(block)


def without_boilerplate(lines: Sequence[str], titles: Sequence[str]) -> list[str]:
    """The lines of an article without notices and without its titles before the first."""
    kept = [line for line in lines if line and not _is_notice(line)]
    headings = [_said(title) for title in titles]
    while kept and _said(kept[0]) in headings:
        kept = kept[1:]
    return kept


def _is_notice(line: str) -> bool:
    return len(line) <= _LONGEST_NOTICE and bool(_NOTICE.match(line))


def _leads_elsewhere(block: Any) -> bool:
    linked = sum(len("".join(link.itertext())) for link in block.iter("a"))
    if not linked:
        return False
    words = "".join(block.itertext()).strip()
    label = _LABEL.match(words)
    rest = words[label.end() :] if label else words
    return bool(label and label[0].strip()) and linked >= _LINKED * len(rest)


def _drop(block: Any) -> None:
    parent = block.getparent()
    if parent is None:
        return
    before = block.getprevious()
    if block.tail and before is not None:
        before.tail = (before.tail or "") + block.tail
    elif block.tail:
        parent.text = (parent.text or "") + block.tail
    parent.remove(block)


def _said(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
