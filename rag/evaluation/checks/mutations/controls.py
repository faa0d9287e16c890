"""Sentences that stay true: typeset otherwise, cut short, reworded, reordered."""

from __future__ import annotations

import re
from itertools import pairwise

from rag.evaluation.checks.mutations.mutant import Pool, TrueSentence, put

_CURLED = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
_ANY_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nor|neither|without|cannot)\b|n['’]t\b", re.IGNORECASE
)
_SYNONYMS = {
    "said": "stated", "says": "states", "also": "too", "but": "yet", "because": "since",
    "big": "large", "large": "big", "began": "started", "started": "began", "many": "numerous",
    "about": "around", "around": "about", "over": "more than", "such as": "like",
    "help": "assist", "helped": "assisted", "show": "display", "buy": "purchase",
    "while": "whereas", "will": "is going to", "however": "though", "although": "though",
    "which": "that", "the": "a", "a": "the", "in": "within", "use": "employ", "used": "employed",
    "company": "firm", "companies": "firms", "got": "received", "children": "kids",
    "film": "movie", "movie": "film", "nearly": "almost", "almost": "nearly", "during": "in",
    "important": "key", "quickly": "rapidly", "entire": "whole", "recent": "latest",
    "huge": "enormous", "wants": "wishes", "needs": "requires", "last": "past", "and": "as well as",
    "before": "prior to", "after": "following", "make": "create",
    "made": "created", "people": "persons", "get": "obtain", "may": "might",
}  # fmt: skip
_MOST_SYNONYMS = 3


def unchanged(sentence: TrueSentence, _pool: Pool) -> str | None:
    """The sentence as it is."""
    return sentence.text


def typeset_otherwise(sentence: TrueSentence, _pool: Pool) -> str | None:
    """Other quotation marks, dashes and blanks."""
    plain = sentence.text.translate(_CURLED).replace("…", "...")
    if plain != sentence.text:
        return plain
    curly = re.sub(r"(?<=\w)'(?=\w)", "’", sentence.text)
    curly = re.sub(r'"([^"]*)"', r"“\1”", curly)
    return curly.replace(" - ", " – ").replace(" ", "\u00a0", 1).replace(" ", "  ", 1)


def cut_short(sentence: TrueSentence, pool: Pool) -> str | None:
    """A part between commas is left out, no negation with it."""
    text = sentence.text
    commas = [m.start() for m in re.finditer(r",(?=\s)", text)]
    options = [text[:at].rstrip() + "." for at in commas]
    options += [text[at + 1 :].lstrip() for at in commas]
    options += [text[:a] + text[b + 1 :] for a, b in pairwise(commas)]
    wanted = len(_ANY_NEGATION.findall(text))
    fair = [
        option[0].upper() + option[1:]
        for option in options
        if len(option.split()) >= max(6, len(text.split()) // 3)
        and len(_ANY_NEGATION.findall(option)) == wanted
    ]
    return pool.die.choice(fair) if fair else None


def reworded(sentence: TrueSentence, pool: Pool) -> str | None:
    """Up to three words are others that mean the same."""
    places = [m for m in re.finditer(r"\b[a-z]+\b", sentence.text) if m[0] in _SYNONYMS]
    chosen = pool.die.sample(places, min(_MOST_SYNONYMS, len(places)))
    text = sentence.text
    for match in sorted(chosen, key=lambda m: m.start(), reverse=True):
        text = put(text, match.start(), match.end(), _SYNONYMS[match[0]])
    return text if chosen else None


def reordered(sentence: TrueSentence, _pool: Pool) -> str | None:
    """What stands before a comma stands behind it."""
    lead = re.match(
        r"((?:In|On|At|After|Before|During|While|When|If|For|With|As) [^,]+), (.+?)[.]?$",
        sentence.text,
    )
    if lead:
        return f"{lead[2][0].upper()}{lead[2][1:]}, {lead[1][0].lower()}{lead[1][1:]}."
    tail = re.match(r"(.+), ([^,]{8,60}?)[.]?$", sentence.text)
    if not tail:
        return None
    return f"{tail[2][0].upper()}{tail[2][1:]}, {tail[1]}."
