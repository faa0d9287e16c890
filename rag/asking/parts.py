"""The look-ups that a question about several things needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from rag.language.names import Name, names
from rag.language.terms import terms

MOST = 4

_AUX = (
    r"(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should|may|might)(?:n['’]t)?"
)
_ASKS = rf"(?:who|whom|whose|what|when|where|why|which|how|{_AUX})"
_SAYS = (
    r"(?:say|said|think|thought|report|reported|claim|claimed|predict|predicted|promise|promised|"
    r"announce|announced|argue|argued|warn|warned|tell|told|describe|described|propose|proposed|"
    r"earn|earned|spend|spent|cost|charge|believe|suggest|suggested|mention|mentioned|write|"
    r"written|call for|respond|responded|react|reacted|comment)"
)
_REPORTS = r"(?:report|mention|publish|discuss|describ|cover|suggest|claim|writ|announc)\w*"
_PIECE = r"(?:report|article|piece|story|coverage|analysis|interview|review|statement|post)s?"

_HIGHER = r"(?:(?:much|far|even)\s+)?(?:(?:more|less|fewer)\b[^?]*?|better|worse|\w{2,}er)"

_YES_NO = re.compile(rf"^{_AUX}\b", re.IGNORECASE)
_QUESTION = re.compile(rf"^{_ASKS}\b", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=\?)\s+(?=\S)")
_CLAUSES = re.compile(
    rf",?\s+(?:while|whereas)\s+(?!also\b|still\b|\w+ing\b)|,\s+(?:but|and|or)\s+(?={_ASKS}\b)|\s+and\s+(?={_ASKS}\s+\S+\s+\S)",
    re.IGNORECASE,
)
_NEXT_CLAUSE = re.compile(rf",\s+(?=(?:what|when|where|why|how(?: many| much)?)\s+{_AUX}\b)", re.I)
# The same preposition before both: "in January or in August", "on this vote and on that one".
_BOTH = re.compile(
    r"^(?P<head>.+\s)(?P<before>in|on|at|after|before|during|under|for|from|by)\s(?P<one>[^,?]+?)"
    r"\s(?:or|and)\s(?P=before)\s(?P<two>[^,?]+?)\??$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b[12]\d{3}\b")
_THAT_YEAR = re.compile(r"\b(?:of )?(?:that|the same) year\b", re.IGNORECASE)
_THAT_OF = re.compile(
    r"^(?:that|the one|those|the ones)(?= (?:of|in|at|from|by|before|after|earlier)\b)", re.I
)
_PHRASE = re.compile(r"^(?:the |an? )?[\w'’-]+?(?: [\w'’-]+?)*?(?= (?:of|in|at|from|by)\b|$)", re.I)
_EITHER = re.compile(
    rf"^(?P<aux>(?i:{_AUX}))\s+(?P<one>[^,]+?)\s+or\s+"
    r"(?P<two>(?:[\w'’-]+ )*(?:[A-Z][\w'’-]*|[12]\d{3})(?! [A-Z\d]))\s+(?P<rest>[a-z][^?]*)\??$"
)
_MORE_THINGS = re.compile(r"(?P<verb>[\w'’-]+) (?:more|fewer) (?P<things>[\w'’-]+)(?P<tail>.*)$")
_APART = re.compile(
    r"^(?:how (?:far apart|different) (?:are|were)|(?:what|how (?:big|large|great|wide)) (?:is|was)"
    r" the (?:difference|gap|distance) between)\s+(?P<one>[^?]+?)\s+and\s+(?P<two>[^?]+?)\??$",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    rf"^(?P<be>is|are|was|were)\s+(?P<thing>.+?)\s(?P<link>in|of|at|for|among)\s(?P<one>.+?)\s"
    rf"(?:above|below|{_HIGHER})(?:\s+or\s+\w+)?(?:\s+than)?\s+(?:that|those)\s"
    r"(?P<two>(?:of|in|at|for|among)\s[^?]+?)\??$",
    re.IGNORECASE,
)
# Halves of a pair of places: "Upper or Lower Egypt".
_SIDES = frozenset(
    "upper lower north south east west northern southern eastern western old new inner outer"
    " greater lesser".split()
)
_ONE = re.compile(r"\b(?P<ask>which|what) one\b", re.IGNORECASE)
_OF_THEM = re.compile(r"\b(?P<of>of )(?:them|these|those)\b", re.IGNORECASE)
_COUNTED = re.compile(rf"^how many\s+(?P<things>.+?)\s+{_AUX}\b", re.IGNORECASE)
_NAMED_SORT = re.compile(
    rf"^(?:which|what)\s+(?:(?:one|two|three|four)\s+)?(?P<sort>(?!of\b|{_AUX}\b)[a-z][\w'’-]*)\s",
    re.IGNORECASE,
)
_OFFICE = r"\bthe (?:[a-z]+ ){1,2}of (?:the )?"
_ORDER = re.compile(
    rf"^(?P<left>{_AUX}\b.*\b{_REPORTS}\b.*?),?\s+(?:before|after)\s+(?P<right>.*\b{_REPORTS}\b.*)$",
    re.IGNORECASE,
)
_OPTIONS = re.compile(
    r"^(?P<stem>(?:which|who|what|where|when|whose)\b[^,:]*?)(?:[,:]|\s+between)\s+"
    r"(?P<options>[^?]*?\b(?:or|and)\b[^?]*)\??$",
    re.IGNORECASE,
)
_THAN = re.compile(
    rf"^(?P<head>(?P<be>is|are|was|were)?(?(be)|{_AUX})\s+)(?P<one>.+?)"
    rf"(?P<stem>(?(be)|(?:\s+\S+){{1,3}}?)\s+{_HIGHER})\s+than\s+(?P<two>[^?]+?)\??$",
    re.IGNORECASE,
)
_COMPARE_WITH = re.compile(
    rf"^(?:how\s+)?{_AUX}\s+(?P<one>.+?)\s+(?:compare|differ)\s+(?:to|with|from)\s+(?P<two>[^?]+?)\??$",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:differ(?:s|ed|ent|ence|ences)?|compar(?:e|es|ed|ing|ison)|contrast(?:s|ed)?|versus|vs|"
    r"disagree[sd]?|similar(?:ities|ity|ly)?|in common|respectively)\b\.?",
    re.IGNORECASE,
)
# These compare only what stands beside them.
_COMPARES_BESIDE = re.compile(
    r"\b(?:both|each|consistent|inconsisten(?:t|cy)|unchanged)\b", re.IGNORECASE
)
_BESIDE = 20  # characters
_JOINED = re.compile(r"(?:,| and|, and| or|, or| vs\.?| versus) ?(?:the )?", re.I)
_ARTICLE = re.compile(r"\bthe $", re.IGNORECASE)
_QUOTING = re.compile(r"(?<!\w)['\"‘“](?=\w)|(?<=\w)['\"’”](?!\w)")
_TAIL = re.compile(rf",\s+(?={_ASKS}\b)", re.IGNORECASE)
_RANKS = re.compile(r"\b(?:more|less|fewer|better|worse|most|\w{2,}er|\w{2,}est)\b", re.IGNORECASE)
_MEASURES = re.compile(
    r"^how (?:old|tall|big|large|high|rich|heavy|popular|long|far|expensive)\b", re.IGNORECASE
)
_PIECES = re.compile(
    rf"^(?P<head>.*?)(?P<one>\b(?:the|an?)\s+(?:[^\s,]+\s+){{0,4}}?{_PIECE}\b.+?),?\s+and\s+"
    rf"(?P<two>(?:the|an?|another)\s+(?:[^\s,]+\s+){{0,4}}?{_PIECE}\b.+?)\??$",
    re.IGNORECASE,
)
_SAYING = re.compile(rf"\b{_AUX}\s+(?P<who>.+?)\s+(?:each\s+|both\s+)?{_SAYS}\b", re.IGNORECASE)
_STANDS_FOR = re.compile(r"\b(he|she|it|they|him|them|his|her|its|their)\b", re.IGNORECASE)
_OPENING = re.compile(
    rf"^(?:(?:how|what|in what way|which|{_AUX}|the|of|in|between|on|there|any)\s+)+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _List:
    """Names that stand in one row: where the row begins and ends, and the names."""

    start: int
    end: int
    names: tuple[str, ...]


def split_question(text: str) -> tuple[str, ...]:
    """The look-ups a question needs, in its order, at most four; () where one is enough.

    Only comparisons and several questions in one are split: two that act together ("A and B
    signed a treaty") are one look-up.
    """
    question = " ".join(text.split())
    parts = _look_ups(question)
    if _several(question):
        parts = [side for part in parts for side in (_both(part) or _either(part) or [part])]
    return tuple(dict.fromkeys(parts))[:MOST]


def _look_ups(question: str) -> list[str]:
    """The parts that the first fitting rule makes of a question; [] where it is one look-up."""
    rules: tuple[Callable[[str], list[str]], ...] = (
        _several,
        _in_order,
        _both,
        _either,
        _level,
        _apart,
        _than,
        _pieces,
        _options,
        _compared,
        _each_said,
    )
    for rule in rules:
        parts = [part for part in rule(question) if terms(part)]
        if len(set(parts)) > 1:
            return list(dict.fromkeys(parts))
    return []


def _several(question: str) -> list[str]:
    """Each question of several: "Who leads A and when was B founded?"."""
    sentences = _SENTENCES.split(question)
    if len(sentences) > 1:
        return _stand_alone(sentences)
    clauses = _CLAUSES.split(question)
    if len(clauses) > 1:
        clauses = [
            piece
            for clause in clauses
            for piece in (_NEXT_CLAUSE.split(clause) if _QUESTION.match(clause) else [clause])
        ]
    if len(clauses) < 2 or not all(terms(clause) for clause in clauses):
        return []
    if not _YES_NO.match(question) and any(_YES_NO.match(clause) for clause in clauses[1:]):
        return []
    return _stand_alone([_asked(clause) for clause in clauses])


def _asked(clause: str) -> str:
    mark = "?" if _QUESTION.match(clause) else ""
    return f"{clause.strip(' ,?')}{mark}"


def _stand_alone(clauses: list[str]) -> list[str]:
    """Later questions with what they leave out of the first: its things for "them" and "one", a
    name of it for a pronoun; names of it in brackets where they have none at all."""
    first = clauses[0]
    named = [name.text for name in names(first)]
    return [
        first,
        *(_with_name(_with_things(clause, first), first, named) for clause in clauses[1:]),
    ]


def _with_things(clause: str, first: str) -> str:
    """ "How many of them?" with the things counted, "which one" and "it" with their sort."""
    counted, sort = _COUNTED.match(first), _NAMED_SORT.match(first)
    if counted:
        return _OF_THEM.sub(lambda m: f"{m['of']}the {counted['things']}", clause, count=1)
    if sort and _QUESTION.match(first):
        clause = _OF_THEM.sub(lambda m: f"{m['of']}the {sort['sort']}", clause, count=1)
        clause = _ONE.sub(lambda m: f"{m['ask']} {sort['sort']}", clause, count=1)
        return re.sub(r"\bit\b", f"the {sort['sort']}", clause, count=1)
    return clause


def _with_name(clause: str, first: str, named: list[str]) -> str:
    if names(clause) or not named:
        return clause

    def put(match: re.Match[str]) -> str:
        word = match[0].lower()
        name = named[-1] if word in ("it", "its") else _person(first, named[0])
        return f"{name}'s" if word in ("his", "her", "its", "their") else name

    put_in, count = _STANDS_FOR.subn(put, clause, count=1)
    if count:
        return put_in
    return f"{clause.rstrip('?')} ({', '.join(named)})?"


def _person(first: str, name: str) -> str:
    """A name, with the office before it: "the mayor of London"."""
    office = re.search(_OFFICE + "$", first[: first.find(name)])
    return f"{office[0]}{name}" if office else name


def _in_order(question: str) -> list[str]:
    """Both events of "Did A report … before B mentioned …?"."""
    match = _ORDER.match(question)
    if match is None or not (names(match["left"]) and names(match["right"])):
        return []
    return [_asked(match["left"]), _asked(match["right"])]


def _both(question: str) -> list[str]:
    """Both cases of "Was it higher in January or in August?"."""
    match = _BOTH.match(question)
    if match is None:
        return []
    one, two = match["one"], match["two"]
    years = _YEAR.findall(one), _YEAR.findall(two)
    if _THAT_YEAR.search(two) and years[0]:
        two = _THAT_YEAR.sub(years[0][-1], two)
    elif years[1] and not years[0]:
        one = f"{one} of {years[1][-1]}"
    phrase = _PHRASE.match(one)
    if phrase:
        two = _THAT_OF.sub(phrase[0], two)
    if years[0] and not _YEAR.search(two) and names(two) == names(one) == []:
        two = f"{two} {years[0][-1]}"
    return [f"{match['head']}{match['before']} {side}?" for side in (one, two)]


def _either(question: str) -> list[str]:
    """Both sides of "Did A of 1957 or B of 2021 kill more people?", as "how many" each."""
    match = _EITHER.match(question)
    if match is None or not _RANKS.search(match["rest"]):
        return []
    more = _MORE_THINGS.match(match["rest"])
    if more and match["aux"].lower() in ("do", "does", "did"):
        ask = f"how many {more['things']} {match['aux'].lower()}"
        return [f"{ask} {match[side]} {more['verb']}{more['tail']}?" for side in ("one", "two")]
    return [f"{match['aux']} {match[side]} {match['rest']}?" for side in ("one", "two")]


def _apart(question: str) -> list[str]:
    """Both things of "How far apart are A and B?"."""
    match = _APART.match(question)
    if match is None:
        return []
    return [f"how much is {match[side]}?" for side in ("one", "two")]


def _level(question: str) -> list[str]:
    """Both values of "Was turnout in A above or below that of B?"."""
    match = _LEVEL.match(question)
    if match is None:
        return []
    sides = (f"{match['link']} {match['one']}", match["two"])
    return [f"how high {match['be'].lower()} {match['thing']} {side}?" for side in sides]


def _than(question: str) -> list[str]:
    """Both sides of "Is A larger than B?" and of "How does A compare with B?"."""
    with_ = _COMPARE_WITH.match(question)
    if with_ is not None:
        return [with_["one"], with_["two"]]
    match = _THAN.match(question)
    if match is None:
        return []
    one, two = match["one"], match["two"]
    named = names(two)
    if not named or len(two.split()) > 8:
        return []
    like = re.match(r"(?:the one|that|those|the ones)(?= (?:in|of|at|from|by)\b)", two)
    if like:
        two = re.split(r" (?:in|of|at|from|by) ", one)[0] + two[like.end() :]
        tail = ""
    else:
        two, tail = two[: named[0].end], two[named[0].end :]
    head, stem = match["head"], match["stem"].rstrip()
    return [f"{head}{side}{stem}{tail}?" for side in (one, two)]


def _pieces(question: str) -> list[str]:
    """Both articles of "the report of A on … and the article of B on …"."""
    match = _PIECES.match(question)
    if match is None or not (names(match["one"]) and names(match["two"])):
        return []
    two, *tail = _TAIL.split(match["two"], maxsplit=1)
    rest = f", {tail[0]}?" if tail else ""
    return [f"{match['one']}{rest}", f"{two}{rest}"]


def _options(question: str) -> list[str]:
    """One look-up for each choice of "Which is larger, A or B?"."""
    match = _OPTIONS.match(question)
    if match is None:
        return []
    options = re.split(r",?\s+(?:or|and)\s+|,\s+", match["options"].strip())
    if not 2 <= len(options) <= MOST or any(len(option.split()) > 6 for option in options):
        return []
    if not re.search(r"\bor\b", match["options"]) and not _RANKS.search(match["stem"]):
        return []
    *firsts, last = options
    head, _, rest = last.partition(" ")
    if rest and head.lower() in _SIDES:
        firsts = [f"{one} {rest}" if one.lower() in _SIDES else one for one in firsts]
    return [f"{match['stem']}: {option}?" for option in (*firsts, last)]


def _compared(question: str) -> list[str]:
    """One look-up for each side of a comparison of names."""
    question = _QUOTING.sub("", question)
    row = _row(question)
    if row is None:
        return []
    near = question[max(0, row.start - _BESIDE) : row.end + _BESIDE]
    if not _COMPARES.search(question) and not _COMPARES_BESIDE.search(near):
        return []
    parts = []
    for name in row.names:
        text = f"{question[: row.start]}{name}{question[row.end :]}"
        bare = _COMPARES_BESIDE.sub(" ", _COMPARES.sub(" ", _OPENING.sub("", text)))
        parts.append(" ".join(bare.replace(" ?", "?").split()).strip(" ?,"))
    return parts


def _each_said(question: str) -> list[str]:
    """One question for each of those who are asked about saying something, or are measured."""
    question = _QUOTING.sub("", question)
    row = _row(question)
    if row is None:
        return []
    match = _SAYING.search(question)
    says = match is not None and match.start("who") <= row.start < match.end("who")
    if not says and not _MEASURES.match(question):
        return []
    return [f"{question[: row.start]}{name}{question[row.end :]}" for name in row.names]


def _row(question: str) -> _List | None:
    """The first names that stand in one row: "A, B and the C"."""
    found = names(question)
    first = 0
    while first < len(found) - 1:
        last = first
        while last + 1 < len(found) and _JOINED.fullmatch(
            question[found[last].end : found[last + 1].start]
        ):
            last += 1
        joins = question[found[first].end : found[last].start]
        if last > first and re.search(r"\b(?:and|or|vs|versus)\b", joins):
            whole = tuple(_with_article(question, name) for name in found[first : last + 1])
            return _List(found[first].end - len(whole[0]), found[last].end, whole)
        first = last + 1
    return None


def _with_article(question: str, name: Name) -> str:
    article = _ARTICLE.search(question[: name.start])
    start = article.start() if article else name.start
    return question[start : name.end]
