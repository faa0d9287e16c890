"""Patterns: how dates are written, and the words around them that make them none."""

from __future__ import annotations

import re

MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?"
    r"|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)(?!\w)"
)
FULL_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|sept\.|oct\.|nov\.|dec\.|jan\.|feb\.|aug\.)(?!\w)"
)
DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
YEAR = r"(?:1[5-9]|20)\d\d"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})"
WEEKDAY_BEFORE = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+(?:the\s+)?)?"
)
DASH = r"\s*(?:[-–—]|to|through|until)\s*"
DASH_AND = r"\s*(?:[-–—]|to|through|until|and)\s*"
COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6} | {
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12
}  # fmt: skip
COUNT = rf"(?:{'|'.join(COUNTS)}|\d{{1,2}})"

DATE = re.compile(
    rf"""(?<![\w$£€¥#@/.-])(?:
      (?P<iso>(?P<iso_y>{YEAR})(?P<mark>[-/])(?P<iso_m>\d\d?)(?P=mark)(?P<iso_d>\d\d?)
        (?:T\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)?)?(?![\w/-]))
    | (?P<dmy>{WEEKDAY_BEFORE}(?P<dmy_d>{DAY})(?:{DASH_AND}(?P<dmy_d2>{DAY}))?\s+(?:of\s+)?
        (?P<dmy_m>{MONTH}),?\s+(?P<dmy_y>{YEAR})(?![\w%]))
    | (?P<mdy>{WEEKDAY_BEFORE}(?P<mdy_m>{MONTH})\s+(?:the\s+)?(?P<mdy_d>{DAY})
        (?:{DASH_AND}(?P<mdy_d2>{DAY}))?(?:,\s*|\s+)(?:of\s+|in\s+)?(?P<mdy_y>{YEAR})(?![\w%]))
    | (?P<my>(?:(?:early|mid|late)[\s-]+)?(?P<my_m>{MONTH})(?:,\s*|\s+)(?:of\s+)?
        (?P<my_y>{YEAR})(?![\w%]))
    | (?P<dm>{WEEKDAY_BEFORE}(?P<dm_d>{DAY})(?:{DASH}(?P<dm_d2>{DAY}))?\s+(?P<dm_of>of\s+)?
        (?P<dm_m>{FULL_MONTH}))
    | (?P<md>{WEEKDAY_BEFORE}(?P<md_m>{MONTH})\s+(?:the\s+)?(?P<md_d>{DAY})
        (?:{DASH}(?P<md_d2>{DAY})(?![\w]))?
        (?![\w%:]|[.,]\d|\s+(?:percent|per\s+cent|million|billion|points?)\b))
    | (?P<m_rel>(?P<m_rel_m>{FULL_MONTH})\s+(?:of\s+)?(?P<m_rel_which>last|this|next)\s+year\b)
    | (?P<years>(?P<years_1>{YEAR})(?:\s*[-–—/]\s*|\s+to\s+|\s+through\s+)
        (?P<years_2>{YEAR}|\d\d)(?![\w%,.-]*\d))
    | (?P<decade>(?:(?:early|mid|late)[\s-]+)?
        (?:(?P<decade_y>(?:1[5-9]|20)\d0)(?:s|(?<=the\ ....)['’]s)|['‘’](?P<decade_2>[2-9]0)s)\b)
    | (?P<year>(?:(?:early|mid|late)[\s-]+)?(?P<year_y>{YEAR})(?![\w%°]|[.,:/-]\d|-\w))
    | (?P<day>the\s+day\s+before\s+yesterday|yesterday|today|tonight|tomorrow|last\s+night
        |this\s+(?:morning|afternoon|evening))\b
    | (?P<rolling>(?:the\s+)?(?P<rolling_which>last|past|next|coming|previous)\s+
        (?P<rolling_n>{COUNT})\s+(?P<rolling_unit>day|week|month|year)s?\b)
    | (?P<unit>(?:(?P<unit_part>earlier|later|early|late)\s+)?
        (?P<unit_which>last|this|next|this\s+past|this\s+coming|over\s+the|at\s+the|past|coming)\s+
        (?P<unit_unit>weekend|week|month|year)\b)
    | (?P<ago>(?P<ago_n>{COUNT})\s+(?P<ago_unit>day|week|month|year)s?\s+ago\b)
    | (?P<weekday>(?:(?P<weekday_which>last|next|this\s+past|this\s+coming|this|past|coming)\s+)?
        (?P<weekday_d>{WEEKDAY})(?:\s+(?:morning|afternoon|evening|night)\b(?!\s+[A-Z]))?)(?!\w)
    | (?P<month>(?P<month_lead>(?:in|since|until|till|during|from|last|this|next|for|of|before|after
        |by|between|through|as\s+of|to|and|or|early|late|mid|,)[\s-]+(?:(?:early|late|mid)[\s-]+)?
        (?:last\s+|this\s+|next\s+)?)(?P<month_m>{FULL_MONTH})
        (?!\s+(?:the\s+)?\d|,?\s+(?:of\s+)?(?:(?:last|this|next)\s+year\b|{YEAR})))
    )""",
    re.X | re.I,
)

# Every date holds a figure or one of these: a look for them spares most sentences the search.
_SIGNS = tuple(
    "jan feb mar apr may jun jul aug sep oct nov dec day night morrow morning noon evening week"
    " month year".split()
)
_FIGURE = re.compile(r"\d")


def may_hold_date(text: str) -> bool:
    """Whether `DATE` may be found in a text; False only where it cannot be."""
    if _FIGURE.search(text):
        return True
    # As a pattern that ignores case sees it: every sort of i is one.
    folded = text.casefold().replace("i\u0307", "i").replace("ı", "i")
    return any(sign in folded for sign in _SIGNS)


# What stands before a number that is no year, or a weekday or count that is no day.
NO_YEAR_BEFORE = re.compile(
    r"(?:\b(?:than|about|nearly|almost|over|some|roughly|approximately|least|most|up to|no\.|number"
    r"|page|room|route|highway|flight|model|article|section|rule|boeing|all|only|another|total of"
    r"|just)|[$£€¥#+×*])\s*$",
    re.I,
)
YEAR_BEFORE = re.compile(
    r"(?:^|[(\[/–—-]|[,;]|\b(?:in|since|by|until|till|from|of|during|before|after|through|to|between|and|or"
    r"|the|its|his|her|their|our|a|late|early|mid|year|years|as of|this|that|fiscal|spring|summer"
    r"|autumn|fall|winter|season|for|with|around|circa|to|on|both|when|back|also|was|is|like|than"
    r"|\w+['’]s|[A-Z][a-z]+))\s*$"
)
THING_AFTER = re.compile(
    r"\s+(?:people|men|women|children|km|kilomet\w+|met(?:er|re)s?|miles?|feet|acres?|hectares?"
    r"|dollars?|euros?|pounds?|won|yen|points?|votes?|soldiers|troops|workers|jobs|employees|cases"
    r"|deaths|homes|houses|units|copies|percent|per cent|million|billion|trillion|hours?|minutes?"
    r"|seconds?|days|weeks|months|degrees|tons|tonnes|kg|kilograms?|mAh|watts?|calories|passengers"
    r"|vehicles|cars|students|members|players|years|times|different|new|more|of\s+(?:them|these"
    r"|those|the))\b",
    re.I,
)
HABIT_BEFORE = re.compile(
    r"\b(?:every|each|any|per|most|some|other|a|one|alternate|first|second|third|fourth|fifth|previous|following|same|that|black"
    r"|good|ash|cyber|super|bloody|giving|holy|easter|palm|fat|sheffield|casual|taco|ruby|freaky"
    r"|to|through)\s+$|[-–]$",
    re.I,
)
HABIT_AFTER = re.compile(
    rf"\s*(?:[-–]|to\b|through\b|and\s+{WEEKDAY})\s*{WEEKDAY}|\s+of\s+(?:the|each|every)\b", re.I
)
NAME_AFTER = re.compile(r"\s+(?:Night|Times|Ticket|Mirror|Telegraph|Addams|Post|Express|Review)\b")
ON_BEFORE = re.compile(r"\b(?:on|since|until|by|before|after|from|late|early|last|of)\s+$", re.I)
ABOUT_BEFORE = re.compile(
    r"\b(?:about|nearly|almost|over|than|around|some|roughly|least|and|to|or|half)\s+$", re.I
)
JOINED = re.compile(r"\s*,?\s*(?:to|and|or|until|through|till|[-–—]|,)\s*(?:the\s+)?", re.I)
SPANNING = r"\s*(?:to|and|until|through|till|[-–—])\s*"
MONTH_BEFORE = re.compile(rf"\b(?P<month>{FULL_MONTH}){SPANNING}$", re.I)
MONTH_AFTER = re.compile(rf"{SPANNING}(?P<month>{FULL_MONTH})(?!,?\s*\d)", re.I)
SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s+(?=[\"“‘(]?[A-Z])|\n")
ABBREVIATED = re.compile(
    r"\b(?:jan|feb|mar|apr|aug|sept?|oct|nov|dec|mr|mrs|ms|dr|gen|sen|rep|gov|st|no|[a-z])\.\s*$",
    re.I,
)
