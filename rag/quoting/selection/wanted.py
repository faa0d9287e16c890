"""Where a sentence holds a thing of the sort that a question wants."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from rag.language.dates.mentions import mentions
from rag.language.figures import ORDINAL, Figure, figures
from rag.language.kinds import Kind, Measure, Wants, is_institution
from rag.language.names import Name, names
from rag.language.terms import STOPWORDS, fold, stem, terms, word_spans, words
from rag.quoting.selection.meanings import meanings
from rag.quoting.selection.reading import same

Span = tuple[int, int]

# Any day will do where only the place of a date is asked: relative dates need one to be found.
_SOME_DAY = date(2000, 1, 1)
# Dates without days: they answer "when" though no calendar can hold them.
_AGES = re.compile(
    r"\b(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    r"|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth"
    r"|nineteenth|twentieth|twenty-first)[- ]centur(?:y|ies)\b"
    r"|\b\d{1,5} ?(?:BCE?|CE|AD)\b|\bAD \d{1,4}\b"
    r"|\b(?:in|by|from|until|since|around|circa|c\.|between) (\d{3,4})\b(?![,.]\d)"
    r"|\b(?:World War (?:I{1,2}|One|Two)|(?:the )?Middle Ages|(?:the )?(?:spring|summer|autumn|fall"
    r"|winter) of \d{4})\b"
)
_UNITS = {
    Measure.LENGTH: frozenset("kilometre mile metre yard foot inch centimetre millimetre".split()),
    Measure.AREA: frozenset("acre hectare".split()),
    Measure.SIZE: frozenset("acre hectare".split()),
    Measure.WEIGHT: frozenset("kilogram gram tonne ton ounce".split()) | {"pound weight", "GBP"},
    Measure.SPEED: frozenset("mph kph".split()),
    Measure.DURATION: frozenset("year month week day hour minute decade century".split()),
    Measure.SHARE: frozenset({"percent"}),
    Measure.TEMPERATURE: frozenset({"degree"}),
}
_MONEY = frozenset(
    "dollar USD AUD CAD NZD HKD SGD TWD BRL GBP EUR JPY CNY KRW INR RUB TRY PHP MYR CHF AED ZAR"
    " peso franc krona riyal cent".split()
)
# Currencies are more than any list: where money is spoken of, a bare number may be an amount.
_COSTS = re.compile(r"\b(?:costs?|prices?|priced|paid|pays?|worth|spent|budgets?|valued)\b")
# What coins and notes are called the world over, one currency or another.
_COINS = re.compile(
    r"[- ](?:crowns?|kron(?:a|or|er|e)|pounds?|francs?|marks?|shillings?|florins?|guilders?|lira"
    r"|lire|dinars?|drachmas?|zlotys?|forints?|rand|baht|won|yuan|rupees?|roubles?|rubles?|pesos?"
    r"|cents?|pence)\b",
    re.IGNORECASE,
)
_SQUARE = re.compile(r"[- ](?:square|sq\.?)[- ]\w+")
_EXTENT = re.compile(
    r" (?:\([^)]*\) )?(?:long|wide|tall|high|deep|across|in (?:length|diameter))\b"
)
_RATE = re.compile(r"\s?(?:\w+ )?(?:per|an|a|/) ?(?:hour|h\b|second|minute)")
_OLD = re.compile(r"[- ]olds?\b")
_AGED = re.compile(
    r"\b(?:aged?|age (?:of|was|is)|turned|turns) (?:about |over |under )?$", re.IGNORECASE
)
_DEGREES = re.compile(r"\s?°|\s?(?:C|F|K)\b")
_AT = re.compile(
    r"\b(?:in|at|from|near|to|of|outside|across|between|through|into|on|within|around|along|throughout"
    r"|and|,)(?: the| a| an)?(?: [a-z-]+){0,2} $"
)
_NO_COUNT = re.compile(
    r"\b(?:no|any|every|some|each|this|that|which|whom|what|another|the) $|\b(?:if|as|when) $"
)
# "brings the number of dead to", "a toll of"
_TALLY = re.compile(
    r"\b(?:number|toll|total|count|tally)\b[^.;:!?]*\b(?:to|at|is|was|of|reached)"
    r"(?: (?:about|some|nearly|almost|over|at least|more than))? $",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.;:!?,]")
_COUNTED_WITHIN = 3  # content words after a figure among which the thing counted stands
_ARTICLE_BEFORE = re.compile(r"\b(?:the|an?) $", re.IGNORECASE)
_AT_BEFORE = re.compile(r"\b(?:in|at|from|near|outside|across|into) $", re.IGNORECASE)
_OFFICES = (
    r"(?:president|minister|premier|chancellor|leader|head|chief|chief executive"
    r"|chair(?:man|woman)?|director|managing director|manager|secretary|senator|governor|mayor"
    r"|judge|general|colonel|captain|commander|inspector|officer|commissioner|councillor|spokes(?:man|woman|person)"
    r"|ambassador|professor|prof|dr|editor|founder|owner|executive|coach|captain|mediator"
    r"|economist|analyst|architect|engineer|archbishop|bishop|king|queen|prince|princess)"
)
_OFFICE_BEFORE = re.compile(
    rf"\b{_OFFICES}\b\.?(?: (?:of|at) [\w' -]{{1,40}}?)?,? $", re.IGNORECASE
)
_OFFICE_BEHIND = re.compile(
    rf"(?:,? (?:who (?:is|was|leads|runs|heads|directs|chairs|led|ran|headed))\b"
    rf"|, (?:[\w'-]+ ){{0,5}}?{_OFFICES}\b)",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|due to|so that|in order to|as a result|therefore|thus|since|caused? by|reasons?"
    r"|owing to|to (?:avoid|prevent|protect|make|help|allow|keep)|led to|thanks to)\b",
    re.IGNORECASE,
)


def wanted(sentence: str, kind: Kind) -> tuple[Span, ...]:
    """Offsets, in the sentence, of what could answer, in order; what the question already says
    is left out. Empty too where the question wants nothing that can be told by its form."""
    return tuple(
        span
        for span in _found(sentence, kind.wants, kind.measure)
        if not _asked(sentence[slice(*span)], kind)
    )


@lru_cache(maxsize=4096)
def _found(sentence: str, wants: Wants, measure: Measure | None) -> tuple[Span, ...]:
    match wants:
        case Wants.DATE:
            return _dates(sentence)
        case Wants.NUMBER:
            return tuple(
                span
                for f in _figures(sentence)
                if not _stands_for_people(f, sentence) and (span := _measured(f, measure, sentence))
            )
        case Wants.PERSON | Wants.NAME:
            return tuple((name.start, name.end) for name in names_in(sentence) if name.certain)
        case Wants.PLACE:
            return tuple(
                (name.start, name.end)
                for name in names_in(sentence)
                if _AT.search(sentence[: name.start])
                and not sentence[name.end :].startswith(("'s", "’s"))
            )
        case Wants.REASON:
            return tuple(match.span() for match in _REASON.finditer(sentence))
        case Wants.ANYTHING:
            return ()


@lru_cache(maxsize=4096)
def names_in(sentence: str) -> tuple[Name, ...]:
    """The proper names of a sentence, in order."""
    return tuple(names(sentence))


@lru_cache(maxsize=4096)
def _figures(sentence: str) -> tuple[Figure, ...]:
    return tuple(figures(sentence))


def counted(sentence: str, kind: Kind) -> bool:
    """Whether a number is given of the very thing that "how many" asks for."""
    if kind.head is None:
        return False
    head = same(stem(kind.head))
    names_it = meanings(head) | {head}
    for figure in _figures(sentence):
        if figure.unit == ORDINAL:
            continue
        behind = _CLAUSE.split(sentence[figure.end :], maxsplit=1)[0]
        following = [same(term) for term in terms(behind)[:_COUNTED_WITHIN]]
        if names_it & set(following) or _TALLY.search(sentence[: figure.start]):
            return True
    return False


def somebody(sentence: str, kind: Kind) -> int:
    """2 where a person other than the question's is named with an office or a calling, 1 where
    one is named without, 0 where none is."""
    found = 0
    for name in names_in(sentence):
        if not name.certain or _asked(name.text, kind) or not _is_person(sentence, name):
            continue
        office = _OFFICE_BEFORE.search(sentence[: name.start]) or _OFFICE_BEHIND.match(
            sentence[name.end :]
        )
        found = max(found, 2 if office else 1)
    return found


def _is_person(sentence: str, name: Name) -> bool:
    """Whether a name may be a person's: no article before it, no word of an institution in it."""
    if _ARTICLE_BEFORE.search(sentence[: name.start]) or _AT_BEFORE.search(sentence[: name.start]):
        return False
    return not any(is_institution(word) for word in words(name.text))


def _dates(sentence: str) -> tuple[Span, ...]:
    found = [(mention.start, mention.end) for mention in mentions(sentence, _SOME_DAY)]
    for match in _AGES.finditer(sentence):
        span = match.span(1) if match[1] else match.span()
        if not any(start < span[1] and span[0] < end for start, end in found):
            found.append(span)
    return tuple(sorted(found))


def _stands_for_people(figure: Figure, sentence: str) -> bool:
    """Whether a "one" counts nothing: "whom one asks", "no one", "one of them"."""
    if figure.text.lower() != "one":
        return False
    behind = sentence[figure.end :].lower()
    return _NO_COUNT.search(sentence[: figure.start].lower()) is not None or behind.startswith(
        " of "
    )


def _measured(figure: Figure, measure: Measure | None, sentence: str) -> Span | None:
    """The span of a figure with its unit; None where it does not count in the measure."""
    span, behind = (figure.start, figure.end), sentence[figure.end :]
    match measure:
        case None:
            return span
        case Measure.COUNT:
            return span if figure.unit is None and not _SQUARE.match(behind) else None
        case Measure.MONEY:
            told = figure.unit is None and _COSTS.search(sentence)
            coins = _COINS.match(behind)
            return span if figure.unit in _MONEY or coins or told else None
        case Measure.AREA | Measure.SIZE if square := _SQUARE.match(behind):
            return figure.start, figure.end + square.end()
        case Measure.SIZE if figure.unit in _UNITS[Measure.LENGTH]:
            extent = _EXTENT.match(behind)
            return (figure.start, figure.end + extent.end()) if extent else None
        case Measure.SPEED if rate := _RATE.match(behind):
            return figure.start, figure.end + rate.end()
        case Measure.AGE:
            return _age(figure, sentence)
        case Measure.TEMPERATURE if degrees := _DEGREES.match(behind):
            return figure.start, figure.end + degrees.end()
        case Measure.SHARE if figure.unit is None and 0 < figure.value < 1:
            return span
        case _:
            return span if figure.unit in _UNITS[measure] else None


def _age(figure: Figure, sentence: str) -> Span | None:
    """ "45 years", "45-year-old", "aged 45", ", 45,", but not the length of a "five-year plan"."""
    behind = sentence[figure.end :]
    if old := _OLD.match(behind):
        return figure.start, figure.end + old.end()
    years = figure.unit == "year" and "-" not in figure.text
    before = sentence[: figure.start]
    named = figure.unit is None and (
        _AGED.search(before) or (before.endswith(", ") and behind.startswith(","))
    )
    return (figure.start, figure.end) if years or named else None


def _asked(text: str, kind: Kind) -> bool:
    """Whether the question itself says it: every word of it is a word of the question."""
    stems = _stems(text)
    return bool(stems) and stems.issubset(kind.content)


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    written = (fold(text[a:b]) for a, b in word_spans(text))
    return frozenset(stem(word) for word in written if word not in STOPWORDS)
