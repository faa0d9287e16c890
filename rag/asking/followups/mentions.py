"""Names as they stand in questions and answers: where, with or without "the", in rows."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.language.terms import STOPWORDS, fold

_INITIAL = r"(?:[A-Z]\.)+"
_CAPITAL = r"[^\W\d_a-zà-ÿ][\w’'.&/-]*\w|[a-z]{1,2}[A-Z]\w+|[A-Z]"
_JOIN = r"of the|of|the|and the|&|de la|de|del|da|di|van der|van|von|bin|al|for|la|le"
_NAME = re.compile(
    rf"(?<![\w'’])(?:{_INITIAL}|{_CAPITAL})"
    rf"(?:(?:,? (?:{_JOIN})(?= [^\W\d_a-z]))? (?:{_INITIAL}|{_CAPITAL}|\d+\b))*"
)
_QUOTED = re.compile(r"[\"“]([A-Z][^\"“”]{1,60}?)[,.]?[\"”]")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]['\"”]?\s+|[\"“(]\s*|,\s*[\"“])$")
_POSSESSIVE = re.compile(r"['’]s?$")
_THE = re.compile(r"\bthe (?:\d{4} )?$", re.IGNORECASE)
_ROW = re.compile(r",?\s+(?:and\s+)?(?:the\s+)?|,\s*", re.IGNORECASE)

# Words written with a capital that name nobody.
NOT_NAMES = STOPWORDS | frozenset(
    """january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday beginning following according despite although
    besides whether since today yesterday tomorrow one two three four five six seven eight nine ten
    first second third many several another yes no later early late around within among upon
    however meanwhile subsequently eventually initially originally
    name tell give list show find explain describe let please okay thanks thank hello
    anything something nothing everyone anyone someone people aside rather like unlike instead given
    cannot answer also even still yet both either neither whenever whatever
    album song band book article""".split()
)
# Alone these are adjectives or languages; "British Museum" is a name all the same.
_NATIONAL = frozenset(
    """american british english french german russian chinese japanese italian spanish european
    african asian israeli iranian indian ukrainian polish turkish dutch swedish australian canadian
    mexican brazilian korean""".split()
)
# Before a name these say what somebody is, not who.
_ROLES = frozenset(
    """mr mrs ms dr sir president vice prime minister senator chancellor chairman chairwoman judge
    professor governor mayor secretary general spokesman spokeswoman ceo cfo coo cto director
    author writer actor actress singer producer designer former""".split()
)


def name_words(text: str) -> list[str]:
    """The folded words of a name, without possessive endings."""
    return [_POSSESSIVE.sub("", word) for word in re.findall(r"[\w'’]+", fold(text))]


@lru_cache(maxsize=4096)
def name_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Offsets of the names of a text, and of titles in quotation marks, in order."""
    spans = [match.span(1) for match in _QUOTED.finditer(text)]
    for match in _NAME.finditer(text):
        start, end = match.span()
        if any(start < b and a < end for a, b in spans):
            continue
        trimmed = _trim(text, start, end)
        if trimmed:
            spans.append(trimmed)
    return tuple(sorted(spans))


def names_of(text: str) -> list[str]:
    """The names of a text, in order, without possessive endings."""
    return [text[start:end] for start, end in name_spans(text)]


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without openings, roles and possessive ending; None when nothing is left."""
    first = bool(_SENTENCE_START.search(text[:start]))
    while start < end:
        word = re.match(r"\S+", text[start:end])
        assert word is not None
        plain = _POSSESSIVE.sub("", fold(word.group()).strip(".,"))
        if plain == "the" and " " in text[start:end] and not first:
            break
        if plain not in NOT_NAMES and plain not in _ROLES:
            if first and word.end() == end - start and plain.endswith(("ing", "ly", "ed")):
                return None
            break
        start += word.end()
        start += len(text[start:end]) - len(text[start:end].lstrip())
    if fold(text[start:end]) in _NATIONAL:
        return None
    possessive = _POSSESSIVE.search(text[start:end])
    if possessive:
        end = start + possessive.start()
    if re.search(r"-[a-z]+$", text[start:end]):
        return None
    while end > start and text[end - 1] in ".,;:’'-/ &":
        if text[end - 1] == "." and re.search(r"(?:\b[A-Z]|Jr|Sr|Inc|Co)\.$", text[start:end]):
            break
        end -= 1
    return (start, end) if end - start > 1 and not text[start:end].isdigit() else None


def begins_sentence(text: str, start: int) -> bool:
    """Whether a name opens its sentence, where a capital says little."""
    return bool(_SENTENCE_START.search(text[:start]))


def with_article(text: str, start: int) -> int:
    """Where a name begins when its "the" is counted in."""
    article = _THE.search(text[:start])
    return article.start() if article else start


def row_of_names(text: str) -> str | None:
    """The first names that stand in a row, as the text has them: "France, Germany and Japan"."""
    spans = name_spans(text)
    for first in range(len(spans) - 1):
        last = first
        while last + 1 < len(spans) and _ROW.fullmatch(text[spans[last][1] : spans[last + 1][0]]):
            last += 1
        row = text[with_article(text, spans[first][0]) : spans[last][1]]
        if last > first and " and " in text[spans[first][1] : spans[last][0]]:
            return row
    return None


_COMPOUND = re.compile(
    r"(?<!did )(?<!does )(?<!do )\b[Tt]he (?P<name>(?:(?:[A-Z]|\d)[\w’'.&-]* )+)(?P<noun>[a-z]{3,})"
    r"(?=\s*[?.,;]|\s*$|\s(?:of|in|on|at|from|with|to|by|for|about|after|before|during|and|is|was|"
    r"are|were|has|had|that|which)\b)"
)


def compound_with(name: str, text: str) -> str | None:
    """ "the Kigali treaty" where the name stands before such a noun, else None."""
    return next((whole for _, whole in compounds(text) if name in whole), None)


def compounds(text: str) -> list[tuple[str, str]]:
    """Noun and whole of each "the Kigali treaty" of a text."""
    return [
        (match["noun"], f"the {match['name']}{match['noun']}")
        for match in _COMPOUND.finditer(text)
        if match["noun"] not in STOPWORDS
    ]
