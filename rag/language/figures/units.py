"""The words and signs that numbers and their units are written with."""

from __future__ import annotations

PERCENT = "percent"
ORDINAL = "ordinal"
DOLLAR = "dollar"  # of which country is not said

SMALL = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
MULTIPLES = {"dozen": 12.0, "hundred": 1e2, "thousand": 1e3}
SCALES = {
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
ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth "
        "twentieth".split(),
        start=1,
    )
} | {"thirtieth": 30, "fortieth": 40, "fiftieth": 50, "hundredth": 100}
FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "tenth": 10}
PREFIXES = {
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
SUFFIXES = {
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
DOLLARS = {"USD", "AUD", "CAD", "NZD", "HKD", "SGD", "TWD"}
MONEY = set(PREFIXES.values()) | {"peso", "franc", "krona", "riyal", "AED", "ZAR", "cent"}
# Units that change what a number says; years or miles may be left to the sentence around it.
TELLING = MONEY | {PERCENT, ORDINAL, "percentage point", "basis point"}
