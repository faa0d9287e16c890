"""Pronouns, put back into the names that they stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.asking.followups.description import asked_noun, last_noun, pointed
from rag.asking.followups.mentions import (
    compound_with,
    name_spans,
    names_of,
    row_of_names,
    with_article,
)
from rag.asking.followups.salience import Entity, Exchange, Salience, people

_SINGULAR = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f", "hers": "f"}
_PLURAL = frozenset(["they", "them", "their", "theirs"])
_POINTING = frozenset(["this", "that", "these", "those"])
_POSSESSIVE = frozenset(["his", "their", "its", "hers", "theirs"])
_PRONOUN = re.compile(
    r"\b(?P<word>he|him|his|she|her|hers|they|them|their|theirs|it|its|this|that|these|those)"
    r"(?P<tail>['’](?:s|d|ll|ve|re))?(?![\w'’-])",
    re.IGNORECASE,
)
# After "her", these do not begin a thing that is hers.
NOT_OWNED = frozenset(
    """a an the to for from with in on at by of as and or but when while after before during about
    do does did be is was get go have how that this if so then too again because into out up
    over not any anything""".split()
)
# "Is it true that …", "How long did it take …", "Was it because …": it stands for nothing.
_EMPTY_IT = re.compile(
    r"\bit\b(?= (?:true|possible|likely|legal|take|took|rain|snow|mean that|because|that)\b)"
    r"|\b(?:what|when|where|why|who) (?:is|was) it that\b|\bdoes it say\b|\bit seems?\b",
    re.IGNORECASE,
)
# A name behind one of these may be the pronoun's own antecedent; in "the next Disney film" it is
# not.
_ACTOR_AFTER = re.compile(
    r"(?:^|[,;]|\b(?:did|does|do|is|was|were|are|has|have|had|will|can|could|would|should|by|with|"
    r"about|to|of|and|that|when|if|why|how|for|from|after|before|because|as))\s*[\"“]?(?:the )?$",
    re.IGNORECASE,
)
_OBJECT_END = re.compile(
    r"\s*(?:[?.!,]|$)|\s+(?:too|also|as well|again|in|on|by|at|to|for)\b", re.I
)
_WHO_IS = re.compile(r"\s*(?:and |so )?who\b(?! (?:did|does|do|has|had)\b)", re.IGNORECASE)
_SAYING = re.compile(
    r"\b(?:say|said|tell|told|mean|meant|add|claim|argue|suggest)\b", re.IGNORECASE
)
_SAYS_AFTER = re.compile(
    r"(?:,[^,.]{2,60},)? (?:also |later )?(?:said|says|told|added|warned|argued|claimed|wrote)\b"
)
_SAYS_BEFORE = re.compile(r"\b(?:said|says|added|according to) $", re.IGNORECASE)
_SHORT_ANSWER = 8  # words; a longer answer says more than a name
_KIN = {
    "f": ("mother", "wife", "sister", "daughter", "girlfriend", "grandmother", "aunt", "widow"),
    "m": ("father", "husband", "brother", "son", "boyfriend", "grandfather", "uncle", "widower"),
}


def possessive(name: str) -> str:
    """The owner's form: Zappa's, the Beatles'."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def replace_pronouns(question: str, history: Sequence[Exchange], about: Salience) -> str:
    """The question with its pronouns and pointers replaced where the conversation tells by what.

    A pronoun that a name of its own question may explain stays, and so does a second one of its
    kind.
    """
    done: set[str] = set()
    pieces: list[str] = []
    last = 0
    actors = [a for a, _ in name_spans(question) if _ACTOR_AFTER.search(question[:a])]
    empty = [match.span() for match in _EMPTY_IT.finditer(question)]
    for match in _PRONOUN.finditer(question):
        kind = _kind(match["word"].lower())
        if kind in done or any(a <= match.start() < b for a, b in empty):
            continue
        explained = any(start < match.start() for start in actors)
        if explained and kind != "pointing" and not _is_object(match, question):
            continue
        found = _replacement(question, match, history, about)
        if found is None:
            continue
        text, end = found
        done.add(kind)
        pieces += [question[last : match.start()], text]
        last = end
    pieces.append(question[last:])
    return "".join(pieces)


def _kind(word: str) -> str:
    if word in _SINGULAR:
        return _SINGULAR[word]
    if word in _PLURAL:
        return "plural"
    return "pointing" if word in _POINTING else "neuter"


def _is_object(match: re.Match[str], question: str) -> bool:
    """Whether it is an object: "What did Putin say about him?" never means Putin."""
    word = match["word"].lower()
    if word in ("him", "them"):
        return True
    return word in ("it", "her") and bool(_OBJECT_END.match(question[match.end() :]))


def _replacement(
    question: str, match: re.Match[str], history: Sequence[Exchange], about: Salience
) -> tuple[str, int] | None:
    """The text to put, and where in the question it ends."""
    word = match["word"].lower()
    if word in _POINTING:
        return pointed(question, match, history, neuter(history, about), about)
    if word in _SINGULAR:
        speaker = _speaker(history, about) if _SAYING.search(question) else None
        referent = speaker or singular(_SINGULAR[word], history, about)
    elif word in _PLURAL:
        referent = plural(history, about)
    else:
        referent = neuter(history, about)
    if referent is None or referent.lower() in question.lower():
        return None
    owned = word in _POSSESSIVE or (word == "her" and _owns(question[match.end() :]))
    text = possessive(referent) if owned else referent + (match["tail"] or "")
    return (text[0].upper() + text[1:] if match.start() == 0 else text), match.end()


def _speaker(history: Sequence[Exchange], about: Salience) -> str | None:
    """The one whom the last answer quotes: "…, Boeing's chief, said" or "said Ortberg"."""
    answer = history[-1].answer if history and not about.given else ""
    for start, end in name_spans(answer):
        if _SAYS_AFTER.match(answer[end:]) or _SAYS_BEFORE.search(answer[:start]):
            entity = about.find(answer[start:end])
            return entity.text if entity else answer[start:end]
    return None


def _owns(after: str) -> bool:
    following = re.match(r"\s+([\w'’-]+)", after)
    return following is not None and following[1].lower() not in NOT_OWNED


def singular(gender: str, history: Sequence[Exchange], about: Salience) -> str | None:
    """Who "he" or "she" is: the person spoken of, or one of the family when genders differ."""
    asked = _asked_for(history[-1], about) if history else None
    if asked:
        return asked.shown
    if about.gender and about.gender != gender and history:
        kin = _relative(gender, history[-1], about)
        if kin:
            return kin
    topic = about.topic
    if topic and about.given and not (topic.group or topic.work):
        return topic.shown
    person = next(iter(people(about.entities)), None)
    if person:
        return person.shown
    return topic.shown if topic and about.given else None


def _asked_for(last: Exchange, about: Salience) -> Entity | None:
    """The one person that the last answer gives to a question for a person."""
    if not _WHO_IS.match(last.question):
        return None
    names = names_of(last.answer)
    if len(names) != 1 or len(last.answer.split()) > _SHORT_ANSWER:
        return None
    return next((e for e in about.entities if e.text.endswith(names[0]) and not e.group), None)


def _relative(gender: str, last: Exchange, about: Salience) -> str | None:
    text = f"{last.question} {last.answer}".lower()
    nouns = [noun for noun in _KIN[gender] if re.search(rf"\b{noun}\b", text)]
    if not nouns or about.topic is None:
        return None
    return f"{possessive(about.topic.text)} {max(nouns, key=text.rfind)}"


def plural(history: Sequence[Exchange], about: Salience) -> str | None:
    """Who "they" are: a group, a row of names just given, things asked about, the topic."""
    topic = about.topic
    if topic and (topic.group or (about.given and not about.gender)):
        return topic.shown
    row = None
    if history and not about.given:
        row = row_of_names(history[-1].answer) or row_of_names(history[-1].question)
    noun = row or last_noun(history[-1:], plural_only=True)
    if noun:
        return noun
    if topic and about.given:
        return topic.shown
    group = next((e for e in about.entities if e.group), topic)
    return group.shown if group else None


def neuter(history: Sequence[Exchange], about: Salience) -> str | None:
    """What "it" is: a thing just named or asked about, else a topic that is no person."""
    topic = about.topic
    if history:
        named = _thing_named(history[-1], about)
        if named:
            return named
        noun = last_noun(history[-1:])
        if noun and (topic is None or not about.given or about.gender):
            return noun
    if topic and not about.gender and (about.given or topic.thing > 0):
        return topic.shown
    return None


def _thing_named(last: Exchange, about: Salience) -> str | None:
    """The work, the short answer or the thing that the last exchange names."""
    work = next((e for e in about.entities if e.work and e.text in last.answer), None)
    if work:
        return work.shown
    answered = [about.find(name) for name in names_of(last.answer)]
    if len(answered) == 1 and len(last.answer.split()) < _SHORT_ANSWER:
        only = answered[0]
        if only and only.thing > 0:
            return only.shown
    if not about.given and (noun := asked_noun(last.question)):
        return noun
    asked = [about.find(name) for name in names_of(last.question)]
    things = [e for e in asked if e and e.thing > 0 and not _is_topic(e, about)]
    if not things:
        letters = [e for e in map(about.find, names_of(last.answer)) if e and e.text.isupper()]
        return letters[0].shown if len(letters) == 1 and len(letters[0].text) > 1 else None
    best = max(things, key=lambda e: e.thing)
    start, end = next(
        (a, b) for a, b in name_spans(last.question) if about.find(last.question[a:b]) is best
    )
    whole = last.question[with_article(last.question, start) : end]
    return compound_with(last.question[start:end], last.question) or whole


def _is_topic(entity: Entity, about: Salience) -> bool:
    topic = about.topic if about.given else None
    return topic is not None and (entity.words <= topic.words or topic.words <= entity.words)
