"""Figures: numbers as values with units."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from rag.language.figures import Figure, agrees, figures, same


def one(text: str) -> Figure:
    """The only figure of a text."""
    found = figures(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1,250 seats", 1250, None),
        ("a fee of $4.5 million", 4.5e6, "dollar"),
        ("£300m", 3e8, "GBP"),
        ("€2bn", 2e9, "EUR"),
        ("A$3.2 million", 3.2e6, "AUD"),
        ("40 million won", 4e7, "KRW"),
        ("700 yuan", 700, "CNY"),
        ("seven per cent", 7, "percent"),
        ("7%", 7, "percent"),
        ("thirty-one boats", 31, None),
        ("two hundred and five thousand", 205_000, None),
        ("a dozen", 12, None),
        ("two-thirds of them", 2 / 3, None),
        ("the 21st ferry", 21, "ordinal"),
        ("the twenty-first ferry", 21, "ordinal"),
        ("a 12-mile road", 12, "mile"),
        ("a 90-year-old", 90, "year"),
        ("it fell to -3 degrees", -3, "degree"),
        ("the top-10 list", 10, None),
        ("a 10km run", 10, "kilometre"),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, value: float, unit: str | None) -> None:
    """However a number is written, its value and its unit are read."""
    figure = one(text)

    assert figure.value == pytest.approx(value)
    assert figure.unit == unit


@pytest.mark.parametrize(
    "text",
    [
        "in 2016",
        "on March 5, 2021",
        "on 5 March",
        "at 11:09 p.m.",
        "in the 1990s",
        "season 2023-24",
        "the GPT-4 and the Pac-12",
        "a 3D film on 5G",
        "on 2024-01-31",
    ],
)
def test_dates_times_and_names_are_no_figures(text: str) -> None:
    """Years, days, times of day and digits inside names are not read as numbers."""
    assert figures(text) == []


def test_a_range_shares_scale_and_unit() -> None:
    """Both ends of a range get the scale and the currency that is written once."""
    low, high = figures("between $5 and $10 million")
    first, second = figures("€3-4bn")

    assert (low.value, high.value) == (5e6, 10e6)
    assert (first.value, second.value) == (3e9, 4e9)
    assert (first.unit, second.unit) == ("EUR", "EUR")


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("about 50", "about"),
        ("more than 50", "over"),
        ("nearly 50", "under"),
        ("50 or so", "about"),
        ("50+", "over"),
        ("50", "exact"),
    ],
)
def test_approximators_are_read(text: str, relation: str) -> None:
    """Words like "about" and "more than" mark a figure as approximate."""
    assert one(text).relation == relation


def test_rounding_is_allowed_to_approximate_figures_only() -> None:
    """ "About 20,000" agrees with 19,870; "20,000" does not."""
    exact = one("19,870")

    assert agrees(one("about 20,000"), exact)
    assert not agrees(one("20,000"), exact)
    assert not agrees(one("about 30,000"), exact)


def test_over_and_under_never_agree() -> None:
    """ "More than 50" contradicts "fewer than 50"."""
    assert not agrees(one("more than 50"), one("fewer than 50"))


def test_units_must_meet() -> None:
    """Percent, currencies and measures are compared with their like; a dollar with any dollar."""
    assert same(one("$5"), one("US$5"))
    assert same(one("5 percent"), one("five %"))
    assert not same(one("$5"), one("£5"))
    assert not same(one("5 percent"), one("5 boats"))
    assert not same(one("5 years"), one("5 months"))


@given(st.text(alphabet="0123456789,. $£€%-–amnbtwohundredpersilk()\n", max_size=60))
def test_a_figure_slices_out_of_its_text(text: str) -> None:
    """The offsets of every figure give back its text."""
    for figure in figures(text):
        assert text[figure.start : figure.end] == figure.text


@given(st.integers(min_value=3000, max_value=10**9))
def test_thousands_marks_do_not_change_a_number(number: int) -> None:
    """12,345 and 12345 are the same figure."""
    assert same(one(f"{number:,} birds"), one(f"{number} birds"))
