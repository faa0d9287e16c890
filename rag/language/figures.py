"""Figures: the numbers of a text as values with units, comparable however they are written.

Years, days of a month and times of day are not figures (they are dates), nor are digits that
belong to a name ("GPT-4", "Pac-12").
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from itertools import pairwise

# The largest relative difference that rounding may hide: "about 20" for 19.5, never for 15.
ROUNDING_CAP = 0.05

PERCENT = "percent"
ORDINAL = "ordinal"
DOLLAR = "dollar"  # of which country is not said

_SMALL = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_MULTIPLES = {"dozen": 12.0, "hundred": 1e2, "thousand": 1e3}
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "lakh": 1e5,
    "million": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "m": 1e6,
    "crore": 1e7,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
    "trn": 1e12,
    "dozen": 12.0,
}
_ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth "
        "twentieth".split(),
        start=1,
    )
} | {"thirtieth": 30, "fortieth": 40, "fiftieth": 50, "hundredth": 100}
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_PREFIXES = {
    "$": DOLLAR,
    "us$": "USD",
    "a$": "AUD",
    "au$": "AUD",
    "c$": "CAD",
    "ca$": "CAD",
    "nz$": "NZD",
    "hk$": "HKD",
    "s$": "SGD",
    "nt$": "TWD",
    "r$": "BRL",
    "£": "GBP",
    "€": "EUR",
    "¥": "JPY",
    "cn¥": "CNY",
    "₩": "KRW",
    "₹": "INR",
    "rs": "INR",
    "rs.": "INR",
    "₽": "RUB",
    "₺": "TRY",
    "₱": "PHP",
    "p": "PHP",
    "php": "PHP",
    "rm": "MYR",
    "usd": "USD",
    "eur": "EUR",
    "gbp": "GBP",
    "jpy": "JPY",
    "cny": "CNY",
    "rmb": "CNY",
    "krw": "KRW",
    "inr": "INR",
    "chf": "CHF",
    "aud": "AUD",
    "cad": "CAD",
}
_SUFFIXES = {
    "%": PERCENT,
    "percent": PERCENT,
    "per cent": PERCENT,
    "pct": PERCENT,
    "percentage point": "percentage point",
    "basis point": "basis point",
    "dollar": DOLLAR,
    "us dollar": "USD",
    "u.s. dollar": "USD",
    "buck": DOLLAR,
    "cent": "cent",
    "pound": "GBP",
    "euro": "EUR",
    "yen": "JPY",
    "won": "KRW",
    "yuan": "CNY",
    "renminbi": "CNY",
    "rupee": "INR",
    "peso": "peso",
    "rouble": "RUB",
    "ruble": "RUB",
    "franc": "franc",
    "lira": "TRY",
    "krona": "krona",
    "riyal": "riyal",
    "dirham": "AED",
    "rand": "ZAR",
    "year": "year",
    "month": "month",
    "week": "week",
    "day": "day",
    "hour": "hour",
    "minute": "minute",
    "decade": "decade",
    "century": "century",
    "km": "kilometre",
    "kilometre": "kilometre",
    "kilometer": "kilometre",
    "mile": "mile",
    "metre": "metre",
    "meter": "metre",
    "yard": "yard",
    "foot": "foot",
    "feet": "foot",
    "ft": "foot",
    "inch": "inch",
    "inche": "inch",
    "cm": "centimetre",
    "mm": "millimetre",
    "kg": "kilogram",
    "kilogram": "kilogram",
    "kilo": "kilogram",
    "gram": "gram",
    "tonne": "tonne",
    "ton": "ton",
    "lb": "pound weight",
    "ounce": "ounce",
    "degree": "degree",
    "acre": "acre",
    "hectare": "hectare",
    "litre": "litre",
    "liter": "litre",
    "gallon": "gallon",
    "barrel": "barrel",
    "mph": "mph",
    "kph": "kph",
    "mw": "megawatt",
    "megawatt": "megawatt",
    "gw": "gigawatt",
    "gigawatt": "gigawatt",
    "gb": "gigabyte",
    "gigabyte": "gigabyte",
    "tb": "terabyte",
    "terabyte": "terabyte",
    "mb": "megabyte",
}
_DOLLARS = {"USD", "AUD", "CAD", "NZD", "HKD", "SGD", "TWD"}
_MONEY = set(_PREFIXES.values()) | {"peso", "franc", "krona", "riyal", "AED", "ZAR", "cent"}
# Units that change what a number says; years or miles may be left to the sentence around it.
_TELLING = _MONEY | {PERCENT, ORDINAL, "percentage point", "basis point"}

_BEFORE = {
    "about": "about",
    "around": "about",
    "roughly": "about",
    "approximately": "about",
    "some": "about",
    "estimated": "about",
    "close to": "about",
    "circa": "about",
    "~": "about",
    "nearly": "under",
    "almost": "under",
    "just under": "under",
    "under": "under",
    "below": "under",
    "less than": "under",
    "fewer than": "under",
    "up to": "under",
    "as many as": "under",
    "as much as": "under",
    "no more than": "under",
    "at most": "under",
    "over": "over",
    "above": "over",
    "more than": "over",
    "greater than": "over",
    "upwards of": "over",
    "at least": "over",
    "no less than": "over",
    "no fewer than": "over",
}

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?"
    r"|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
# What no match can begin with is ruled out first: it spares trying each form at every letter.
_DATE = re.compile(
    rf"(?=[JFMASOND\d'’])(?:"
    rf"\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:\s*[-–]\s*\d{{1,2}})?(?:,?\s+\d{{4}})?\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?(?:\s*[-–]\s*\d{{1,2}})?\s+(?:of\s+)?{_MONTH}(?!\w)(?:,?\s+\d{{4}})?"
    r"|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b"
    r"|\b\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\b\.?)|\b\d{1,2}:\d{2}\b(?!:)|\b\d{1,2}\s*[ap]\.?m\b\.?"
    r"|(?<![\w.,$£€¥₩₹])(?:1[5-9]|20)\d{2}(?:s\b|\s*[-–/]\s*(?:(?:1[5-9]|20)\d{2}|\d{2})(?!\d))"
    r"|(?<![\w.,$£€¥₩₹#])(?:1[5-9]|20)\d{2}(?![\d%])(?!,\d{3}|\.\d)"
    r"(?!\s*(?:percent|per cent|million|billion|trillion|dollars|pounds|euros|won|yuan|yen)\b)"
    r"(?![a-z])|['’]\d{2}s\b)",
)
_PREFIX = "|".join(re.escape(p) for p in sorted(_PREFIXES, key=len, reverse=True) if p != "p")
_SUFFIX = "|".join(
    re.escape(s).replace(r"\ ", r"[\s-]") for s in sorted(_SUFFIXES, key=len, reverse=True)
)
_SCALE = "|".join(s for s in sorted(_SCALES, key=len, reverse=True) if s not in ("k", "m", "b"))
_PLAIN = "|".join(sorted([*_SMALL, *_TENS], key=len, reverse=True))
_BIG = "|".join([*_MULTIPLES, "million", "billion", "trillion"])
_ORDER = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_PART = "|".join(sorted(_FRACTIONS, key=len, reverse=True))
# For texts in small letters: a pattern that ignores case takes twice the time.
_FIGURE = re.compile(
    rf"""
    (?:(?<![^\W\d_])|(?=[\d.]))
    (?P<prefix>(?<![^\W\d_])(?:{_PREFIX})\s?|(?<!\w)p(?=\d+(?:[.,]\d+|\s(?:m|b|tr)illion)))?
    (?P<sign>(?<![\w)\]])[-−](?=\d)|\bminus\s)?
    (?:
      (?P<numeral>(?<![\d.])(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+))
      (?: (?P<rank>st|nd|rd|th)(?!\w)
        | (?P<tight>k|m|b|bn|mn|tn|trn)(?!\w)
        | (?P<wide>(?:[\s-](?:{_SCALE}))+)(?!\w)
      )? (?P<glued>(?!(?:{_SUFFIX})s?(?![^\W\d_]))[^\W\d_])?
      | (?<!\w)(?P<fraction>(?:(?:{_PLAIN}|an?)[\s-])?(?:halves|half|(?:{_PART})s
          | (?:(?:{_PLAIN}|an?)[\s-])(?:{_PART})(?=\s+(?:of|the)\b)))(?!\w)
      | (?<!\w)(?P<order>(?:(?:{"|".join(_TENS)})[\s-])?(?:{_ORDER}))(?!\w)
      | (?<!\w)(?P<words>(?:(?:{_PLAIN})|an?(?=[\s-](?:{_BIG})\b))
          (?:[\s-](?:and[\s-](?=(?:{_PLAIN})\b))?(?:{_PLAIN}|{_BIG})(?!\w))*)(?!\w)
    )
    (?:(?P<gap>[\s-]?)(?P<suffix>{_SUFFIX})s?(?![^\W\d_])|(?P<plus>\+))?
    """,
    re.VERBOSE,
)
_ABOUT = re.compile(
    r"(?:^|[\s(])(?P<word>"
    + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(_BEFORE, key=len, reverse=True))
    + r")\s*(?:the\s+|an?\s+)?$",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(r"[^\W\d_]$|(?:^|[^\w-])[^\W\d_a-z][\w-]*[-’']$")
_AFTERWARDS = re.compile(r"^\s+or\s+(?P<way>so|more|less|fewer)\b|^-odd\b", re.IGNORECASE)
_RANGE = re.compile(r"^\s*(?:-|–|—|to|and|or)\s*$", re.IGNORECASE)
_LOOK_BACK = 24  # characters: room for the longest approximator


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a text: `text[start:end]` is its words, `value` what they mean.

    `unit` is a currency code, "percent", "ordinal", a measure, or None for a bare count.
    `relation` is "exact", "about", "over" or "under"; `step` is what one unit of the last digit
    that was meant is worth ("2.7 million": 100,000; "9,000": 1,000).
    """

    start: int
    end: int
    text: str
    value: float
    unit: str | None = None
    relation: str = "exact"
    step: float = 1.0

    @property
    def approximate(self) -> bool:
        """Whether the text says that the number is rounded or only a bound."""
        return self.relation != "exact"


def figures(text: str) -> list[Figure]:
    """The figures of a text, in order; the parts of a range share its scale and unit."""
    dates = [match.span() for match in _DATE.finditer(text)]
    found = []
    for match in _FIGURE.finditer(_lowered(text)):
        if any(start < match.end() and match.start() < end for start, end in dates):
            continue
        if match["numeral"] and _in_a_name(match, text):
            continue
        figure = _read(match, text)
        if figure is not None:
            found.append(figure)
    return _spread(found, text)


def _lowered(text: str) -> str:
    """The text in small letters, each in its place: the one whose small form is longer, and
    those that are forms of i and s to a pattern that ignores case, become i and s."""
    if text.isascii():
        return text.lower()
    return text.replace("İ", "i").lower().replace("ı", "i").replace("ſ", "s")


def same(a: Figure, b: Figure) -> bool:
    """Whether two figures state the same value in the same unit."""
    return _units_meet(a.unit, b.unit) and math.isclose(a.value, b.value, rel_tol=1e-9)


def agrees(a: Figure, b: Figure) -> bool:
    """Whether two figures can both be true: the same, or one is a rounding of the other.

    Rounding is allowed only to the figure that says it is approximate, and only within
    `ROUNDING_CAP`. "More than 50" and "fewer than 50" do not agree.
    """
    if {a.relation, b.relation} == {"over", "under"}:
        return False
    if same(a, b):
        return True
    return _units_meet(a.unit, b.unit) and (_rounds(a, b) or _rounds(b, a))


def _rounds(rough: Figure, fine: Figure) -> bool:
    if not rough.approximate or rough.step <= fine.step:
        return False
    difference = fine.value - rough.value
    if abs(difference) > min(rough.step, ROUNDING_CAP * abs(fine.value)):
        return False
    if rough.relation == "over":
        return difference >= 0
    if rough.relation == "under":
        return difference <= 0
    return abs(difference) <= rough.step / 2


def _units_meet(a: str | None, b: str | None) -> bool:
    if a == b:
        return True
    if DOLLAR in (a, b):
        return a in _DOLLARS or b in _DOLLARS
    if a is None or b is None:
        return (a or b) not in _TELLING
    return False


def _in_a_name(match: re.Match[str], text: str) -> bool:
    """Whether digits belong to a word: "F1", "3D", "GPT-4", but not "top-10" or "10km"."""
    start = match.start("numeral")
    if match["glued"] and not match["suffix"]:
        return True
    if match["prefix"] or match["sign"]:
        return False
    before = _NAME_BEFORE.search(text[max(0, start - _LOOK_BACK) : start])
    return before is not None


def _read(match: re.Match[str], text: str) -> Figure | None:
    value, step, unit = _value(match)
    if value is None:
        return None
    prefix = match["prefix"]
    suffix = match["suffix"]
    end = match.end()
    if prefix:
        unit = _PREFIXES[prefix.strip().lower()]
    elif suffix:
        kind = _SUFFIXES[re.sub(r"[\s-]+", " ", suffix.lower())]
        if kind == "KRW" and value < 100:  # "the two won": a verb, not a currency
            end = match.start("gap")
        else:
            unit = kind
    if match["sign"]:
        value = -value
    start = match.start()
    start += len(text[start:end]) - len(text[start:end].lstrip())
    relation = "over" if match["plus"] else _relation(text, start, end)
    return Figure(start, end, text[start:end], value, unit, relation, step)


def _value(match: re.Match[str]) -> tuple[float | None, float, str | None]:
    if match["numeral"]:
        digits = match["numeral"].replace(",", "")
        step = _step(digits)
        scale = 1.0
        if match["tight"]:
            scale = _SCALES[match["tight"].lower()]
        for word in re.split(r"[\s-]+", (match["wide"] or "").strip(" -").lower()):
            scale *= _SCALES.get(word, 1.0)
        value = float(digits) * scale
        return value, step * scale, ORDINAL if match["rank"] else None
    if match["fraction"]:
        return (*_fraction(match["fraction"].lower()), None)
    if match["order"]:
        *tens, last = re.split(r"[\s-]+", match["order"].lower())
        return float(sum(_TENS[t] for t in tens) + _ORDINALS[last]), 1.0, ORDINAL
    value = _spelled(match["words"].lower())
    return value, _step(f"{value:.0f}"), None


def _fraction(words: str) -> tuple[float, float]:
    *count, part = re.split(r"[\s-]+", words)
    above = 1 if not count or count[0] in ("a", "an") else (_SMALL | _TENS)[count[0]]
    below = 2 if part == "halves" else _FRACTIONS.get(part.removesuffix("s"), 2)
    return above / below, 0.01


def _spelled(words: str) -> float:
    total, current = 0.0, 0.0
    for word in re.split(r"[\s-]+", words):
        if word in _SMALL or word in _TENS:
            current += (_SMALL | _TENS)[word]
        elif word in ("a", "an"):
            current += 1
        elif word in ("hundred", "dozen"):
            current = max(current, 1) * _MULTIPLES[word]
        elif word in _SCALES:
            total += max(current, 1) * _SCALES[word]
            current = 0.0
    return total + current


def _step(digits: str) -> float:
    whole, _, part = digits.partition(".")
    if part:
        return float(10 ** -len(part))
    bare = whole.rstrip("0")
    return float(10 ** (len(whole) - len(bare))) if bare else 1.0


def _relation(text: str, start: int, end: int) -> str:
    before = _ABOUT.search(text[max(0, start - _LOOK_BACK) : start])
    if before:
        return _BEFORE[re.sub(r"\s+", " ", before["word"].lower())]
    after = _AFTERWARDS.match(text[end : end + _LOOK_BACK])
    if after:
        return {"more": "over", "less": "under", "fewer": "under"}.get(after["way"] or "", "about")
    return "exact"


def _spread(found: list[Figure], text: str) -> list[Figure]:
    """Give both ends of a range ("between 5 and 10 million", "$5-6bn") one scale and unit."""
    for index, (low, high) in enumerate(pairwise(list(found))):
        if not _RANGE.match(text[low.end : high.start]):
            continue
        scale = _written_scale(high.text)
        if scale > 1 and _written_scale(low.text) == 1 and low.value < high.value / scale:
            low = replace(low, value=low.value * scale, step=low.step * scale)
        low = replace(low, unit=low.unit or (high.unit if high.unit != ORDINAL else None))
        if low.unit in _MONEY:
            high = replace(high, unit=high.unit or low.unit)
        found[index : index + 2] = [low, high]
    return found


def _written_scale(words: str) -> float:
    scale = re.search(
        r"(?:\d[\s-]?|\b)(hundred|thousand|million|billion|trillion|k|m|bn|mn|b|tn)\b",
        words.lower(),
    )
    return _SCALES[scale[1]] if scale else 1.0
