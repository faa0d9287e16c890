"""Descriptions, put together with the names that they stand for: "the album", "that group"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.asking.followups.mentions import compounds, name_spans, names_of
from rag.asking.followups.salience import GROUP_NOUNS, Exchange, Salience
from rag.language.terms import STOPWORDS

_THE_NOUN = re.compile(
    r"\b(?:the|this|that) ([a-z][\w-]+)(?=\s*[?.,]|\s(?!of\b|that\b|in\b)[a-z]|$)"
)
# A noun with its owner or determiner, up to three words, before a word that ends the phrase.
_NOUN = re.compile(
    r"\b(?:(?:the|a|an|his|her|their|its|any|some|what|which|this|that|these|those)"
    r"|(?P<owner>(?:[A-Z][\w.-]*\s)*[A-Z][\w.-]*['’]s?))\s"
    r"(?P<noun>(?:[a-z][\w-]+\s){0,2}[a-z][\w-]+)(?=\s*[?.,]|\s(?:of|in|on|at|from|with|did|does|"
    r"do|was|were|is|are|that|which|by|for|had|has|have|to|about|he|she|they|it|when|after|before|"
    r"and)\b|$)",
)
_WHERE = r"(?P<where>\s(?:at|in|on|against|between|for|by)\s(?:the\s)?[A-Z][^?]*)?"
_BROUGHT_IN = re.compile(
    rf"\bthere (?:a|an|any) (?P<noun>[a-z][\w-]+(?: [a-z][\w-]+)?){_WHERE}(?=\s*\?|$)"
)
_ASKED_OF = re.compile(
    r"\b(?:does|did|is|was|will) the (?P<noun>[a-z][\w-]+)(?P<where>)"
    r"(?= (?:say|mean|cost|look|work|take|show|include|begin|start|end|happen)\b)"
)
_GENERIC = frozenset(
    """aspects aspect things thing facts fact details detail names name information others other
    ones one people public kind kinds type types sort reason reasons way ways example examples time
    period year years day month week point era moment decade season""".split()
)
# "that" before these is no pointer: "the band that he joined", "the law that passed".
_CLAUSE_AFTER = re.compile(
    r"\s+(?:he|she|it|they|we|you|i|his|her|their|its|the|a|an|are|were|had|have|has|can|could|"
    r"will|would|did|does|do)\b|['’]s\b|\s+\w+ed\b",
    re.IGNORECASE,
)
_POINTER_BEFORE = re.compile(
    r"(?:^|\b(?:is|was|are|were|did|does|do|has|had|of|in|on|at|for|about|with|by|to|from|after|"
    r"before|during|than|like|because|and|why|how|when|where|doing|following|since|until|"
    r"through|into|over|against|behind)\s+)$",
    re.IGNORECASE,
)
_SAID = re.compile(r"\b(?:say|said|says|tell|told|mean|meant|do|did|done)\s+$", re.IGNORECASE)
_ARTICLE = re.compile(r"\s+(?:article|page|story|passage|text)\b")
_CLAUSE_END = re.compile(r"\s*(?:[?.!,;]|$)")
_SHORT_ANSWER = 8  # words


def name_the(question: str, history: Sequence[Exchange], about: Salience) -> str:
    """ "the album" with its name, where the last turns or the topics tell it."""
    for match in _THE_NOUN.finditer(question):
        noun = match[1]
        if noun in STOPWORDS:
            continue
        before, after = question[: match.start()], question[match.end() :]
        whole = _whole(noun, after, history, about)
        if whole:
            return f"{before}{whole}{after}"
        named = named_as(noun, history)
        if named and named.lower() not in question.lower():
            return f"{question[: match.end()]} {named}{after}"
    return question


def _whole(noun: str, after: str, history: Sequence[Exchange], about: Salience) -> str | None:
    """The name that takes the place of "the <noun>" altogether."""
    name = about.ending_in(noun) or _compound(noun, history)
    following = after.split()[:1]
    if name and not (following and about.named_in(following[0])):
        return name
    topic = about.topic
    if topic is None or noun not in GROUP_NOUNS or about.gender:
        return None
    return topic.shown if about.given or topic.thing > 0 else None


def _compound(noun: str, history: Sequence[Exchange]) -> str | None:
    """ "the Kigali treaty" for "the treaty"."""
    for exchange in reversed(history[-2:]):
        for text in (exchange.question, exchange.answer):
            for found, whole in compounds(text):
                if found == noun:
                    return whole
    return None


def named_as(noun: str, history: Sequence[Exchange]) -> str | None:
    """The name that the last turns give to "the <noun>": beside it, or as the answer."""
    one = noun.removesuffix("s")
    for exchange in reversed(history[-2:]):
        for text in (exchange.answer, exchange.question):
            for start, end in name_spans(text):
                if re.search(rf"\b{one}s?,? [\"“]?$", text[:start], re.IGNORECASE):
                    return text[start:end]
                if re.match(rf"[\"”]?,? (?:an? |the )?{one}\b", text[end:]):
                    return text[start:end]
        names = names_of(exchange.answer)
        asked = re.match(rf"(?:what|which|name)\b.*\b{one}s?\b", exchange.question, re.I)
        if asked and len(names) == 1 and len(exchange.answer.split()) <= _SHORT_ANSWER:
            return names[0]
    return None


def asked_noun(question: str) -> str | None:
    """The thing a question brings in or is about: "a strike at Boeing", "the report"."""
    match = _BROUGHT_IN.search(question) or _ASKED_OF.search(question)
    if match is None or set(match["noun"].split()) & _GENERIC:
        return None
    return f"the {match['noun']}{match['where'] or ''}"


def last_noun(history: Sequence[Exchange], *, plural_only: bool = False) -> str | None:
    """The last thing with a common name that a question asked about, with its owner or "the"."""
    for exchange in reversed(history):
        for match in reversed(list(_NOUN.finditer(exchange.question))):
            noun = match["noun"]
            if {noun.split()[-1], noun.split()[0]} & _GENERIC:
                continue
            if plural_only and not (noun.endswith("s") and not noun.endswith("ss")):
                continue
            return f"{match['owner']} {noun}" if match["owner"] else f"the {noun}"
    return None


def pointed(
    question: str,
    match: re.Match[str],
    history: Sequence[Exchange],
    thing: str | None,
    about: Salience,
) -> tuple[str, int] | None:
    """What "this", "that group", "those" point at, and where in the question that ends.

    `thing` is what "it" would stand for.
    """
    before, after = question[: match.start()], question[match.end() :]
    word = match["word"].lower()
    ends = _CLAUSE_END.match(after)
    if _ARTICLE.match(after) or (word == "that" and not ends and _CLAUSE_AFTER.match(after)):
        return None
    noun = re.match(r"\s+([a-z][\w-]+)", after)
    if not ends and noun and noun[1] not in STOPWORDS:
        if word == "that" and not _POINTER_BEFORE.search(before):
            return None
        whole = _compound(noun[1], history)
        named = named_as(noun[1], history)
        text = whole or (f"the {noun[1]} {named}" if named else None)
        return (text, match.end() + noun.end()) if text else None
    if _SAID.search(before) or not (_POINTER_BEFORE.search(before) or ends):
        return None
    if word in ("these", "those"):
        things = last_noun(history[-1:], plural_only=True)
        return (things, match.end()) if things else None
    if thing is None or (about.given and about.topic and thing == about.topic.shown):
        return None
    return (thing + (match["tail"] or ""), match.end())
