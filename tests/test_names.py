"""Names: found by rules, matched with their short forms."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from rag.language.names import matches, names


def found(text: str) -> list[str]:
    """The names of a text."""
    return [name.text for name in names(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was Anna de la Cruz of Port Lumen.", ["Anna de la Cruz of Port Lumen"]),
        ("He met Lim Eul-chul and Omar bin Rashid.", ["Lim Eul-chul", "Omar bin Rashid"]),
        ("They asked President Ada Moss and Dr. Finch.", ["Ada Moss", "Finch"]),
        ("In March, the Bank of Norland closed.", ["Bank of Norland"]),
        ("The Norland Prime Minister Ada Moss left.", ["Norland", "Ada Moss"]),
        ("On Monday the E.U. and NATO met J. K. Stone.", ["E.U.", "NATO", "J. K. Stone"]),
        ("It hit Norland’s coast and Moss' house.", ["Norland", "Moss"]),
        ("the iPhone that al-Haddad bought", ["iPhone", "al-Haddad"]),
    ],
)
def test_names_are_found_whole(text: str, expected: list[str]) -> None:
    """Particles, hyphens, initials and titles are read as news writes them."""
    assert found(text) == expected


def test_opening_words_are_no_names() -> None:
    """A capital at the start of a sentence does not make a name of a common word."""
    assert found("Officials said no. However, boats sailed. “We won,” they said.") == []


def test_a_name_stands_where_it_is_a_word() -> None:
    """Not where another word holds its letters before."""
    text = "The disanne of Annexed lands, said Anne, pleased Annexed Anne Lee"

    found = [(name.text, name.start) for name in names(text)]

    assert ("Anne", text.index("Anne,")) in found
    assert ("Annexed Anne Lee", text.index("Annexed Anne")) in found


def test_a_lone_opening_name_is_uncertain() -> None:
    """A lone capitalised word that opens a sentence is kept, but marked as uncertain."""
    (name,) = names("Moss resigned.")

    assert name.text == "Moss"
    assert not name.certain


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Moss", "Ada Moss"),
        ("Kim Jong-un", "Kim Jong Un"),
        ("US", "United States"),
        ("U.S.", "the United States"),
        ("WHO", "World Health Organization"),
        ("DOJ", "Department of Justice"),
        ("Moss’s", "Ada Moss"),
        ("President Moss", "Ada Moss"),
        ("J.K. Stone", "J. K. Stone"),
        ("Britain", "United Kingdom"),
    ],
)
def test_short_forms_and_aliases_match(short: str, full: str) -> None:
    """Surnames, acronyms, hyphens, possessives, titles and state aliases are seen through."""
    assert matches(short, full)


@pytest.mark.parametrize(
    ("short", "full"),
    [("Ada Moss", "Moss"), ("Bela Moss", "Ada Moss"), ("WHO", "World Bank"), ("Moss", "Mossad")],
)
def test_other_names_do_not_match(short: str, full: str) -> None:
    """A longer or different name is not a short form."""
    assert not matches(short, full)


@given(st.text(max_size=80))
def test_a_name_slices_out_of_its_text(text: str) -> None:
    """The offsets of every name give back its text."""
    for name in names(text):
        assert text[name.start : name.end] == name.text
