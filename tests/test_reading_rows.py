"""Tables: columns by any usual spelling of their names, and no text cut short in silence."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from test_reading_formats import found, only

from rag.errors import ReadError
from rag.reading import Reading, read

DAY = date(2024, 3, 4)


@pytest.mark.parametrize(
    ("text", "day", "publisher"),
    [
        ("articleBody", "datePublished", "sourceName"),
        ("article_body", "published_at", "source_name"),
        ("Article text", "Date published", "Newspaper"),
        ("maintext", "date_publish", "source_domain"),
        ("full-text", "Publication Date", "Site-Name"),
    ],
)
def test_a_name_has_many_spellings(text: str, day: str, publisher: str) -> None:
    """Case, spaces, hyphens and underlines make no difference."""
    row = {text: "The bridge is open.", day: "2024-03-04", publisher: "Herald"}

    reading = only("a.jsonl", json.dumps(row).encode())

    assert (reading.text, reading.published) == ("The bridge is open.", DAY)
    assert reading.publisher == "Herald"


def test_of_two_spellings_the_one_that_holds_something_is_taken() -> None:
    """An empty column does not hide the other of the same name."""
    row = {"text": "Open.", "date_published": "2024-03-04", "datePublished": ""}

    assert only("a.jsonl", json.dumps(row).encode()).published == DAY


def test_an_object_that_stands_for_a_name_gives_its_name() -> None:
    """Programs state publishers and authors as objects."""
    row = {"text": "Open.", "source": {"id": 7, "name": "Herald"}, "author": {"name": "Ines"}}

    reading = only("a.jsonl", json.dumps(row).encode())

    assert (reading.publisher, reading.author) == ("Herald", "Ines")


@pytest.mark.parametrize(
    "head",
    [
        b'"title, long","text;x","text"\n',
        b"title,text (a;b;c;d),text\n",
        b"sep=,\r\nx,y,text\r\n",
    ],
)
def test_the_sign_between_cells_is_the_one_that_parts_the_names(head: bytes) -> None:
    """Other signs inside the names do not count; a spreadsheet's own statement does."""
    assert only("a.csv", head + b'a,b,"The bridge; it is open"\n').text == "The bridge; it is open"


def test_a_cell_too_many_is_told() -> None:
    """A text with an unquoted comma would be cut there; empty cells at the end cost nothing."""
    first, second = found("a.csv", b"title,text\nA,The bridge, it is said, is open\nB,Open,,\n")

    assert isinstance(first, ReadError)
    assert str(first).startswith("a.csv:2: has 4 cells, the table 2 columns")
    assert isinstance(second, Reading)
    assert second.text == "Open"


def test_a_quote_that_is_never_closed_is_told() -> None:
    """The rows it swallows are no part of its text."""
    first, second = found("a.csv", b'title,text\nA,Open\nB,"The bridge\nC,is closed\n')

    assert isinstance(first, Reading)
    assert str(second) == (
        "a.csv:3: is not a row (a quote that opens in it is never closed): the rest is not read"
    )


def test_an_empty_line_inside_a_cell_stays() -> None:
    """Paragraphs of a quoted text stay apart, and rows after it have their own line."""
    first, second = found("a.csv", b'\ntitle,text\nA,"One.\n\nTwo."\nB,Open\n')

    assert isinstance(first, Reading)
    assert first.text == "One.\n\nTwo."
    assert isinstance(second, Reading)
    assert second.line == 6


def test_a_mapped_column_may_have_spaces_around_its_name(tmp_path: Path) -> None:
    """Names are mapped as they are read on the screen."""
    path = tmp_path / "a.csv"
    path.write_text("Inhalt ,Titel\nThe bridge is open.,A\n", encoding="utf-8")

    (reading,) = read(path, columns={"Inhalt": "text", "Titel": "title"})

    assert isinstance(reading, Reading)
    assert (reading.text, reading.title) == ("The bridge is open.", "A")


def test_a_table_without_texts_says_how_to_name_one() -> None:
    """The flag is named beside the columns that there are."""
    (error,) = found("a.csv", b"Inhalt,Titel\na,b\n")

    assert "they are Inhalt, Titel" in str(error)
    assert "--column text=NAME" in str(error)
