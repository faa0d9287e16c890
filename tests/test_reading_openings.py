"""First lines: the headline, the byline, the place and the card that a written file opens with."""

from __future__ import annotations

from datetime import date

import pytest
from test_reading_formats import docx, only, pdf

from rag.reading.byline import byline
from rag.reading.dateline import Dateline, dateline
from rag.reading.headline import headline

DAY = date(2024, 3, 4)
PROSE = "The bridge over the Skarn is open again, said mayor Tomas Velde on Monday evening."


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ines Calder", "Ines Calder"),
        ("*By INES CALDER, Staff Writer*", "INES CALDER"),
        ("By Ines Calder and Leo Marsh in Skarn", "Ines Calder, Leo Marsh"),
        (
            "By Ines Calder, Leo Marsh and Ana de la Cruz | Herald",
            "Ines Calder, Leo Marsh, Ana de la Cruz",
        ),
        ("Von Jürgen Groß und Lea Kurz", "Jürgen Groß, Lea Kurz"),
        ("Par Inès Calder", "Inès Calder"),
        ("By Ines Calder, 4 March 2024", "Ines Calder"),
        ("By Monday evening the bridge was open.", None),
        ("By Order of the Council", None),
        ("By Staff Reporter", None),
        ("by the river", None),
        ("The bridge by Ines Calder", None),
    ],
)
def test_a_byline_is_a_few_names(line: str, names: str | None) -> None:
    """Trades, places and sentences that begin alike are nobody."""
    assert byline(f"{line}\n\n{PROSE}") == names


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Bridge opens at last\n\n{PROSE}", "Bridge opens at last"),
        (f"Bridge opens at last\nBy Ines Calder\n{PROSE}", "Bridge opens at last"),
        (f"Bridge opens at last\n4 March 2024\n{PROSE}", "Bridge opens at last"),
        (f"The bridge is open.\n\n{PROSE}", None),
        (f"Bridge opens at last\n{PROSE}", None),
        (f"By Ines Calder\n\n{PROSE}", None),
        (f"4 March 2024\n\n{PROSE}", None),
        (f"{PROSE[:-1]}\n\nYes.", None),
        ("Bridge opens at last", None),
    ],
)
def test_a_headline_stands_apart_and_ends_no_sentence(text: str, title: str | None) -> None:
    """A first line is a title only where the rest is the article."""
    assert headline(text)[0] == title


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (f"SKARN, March 4, 2024 (Wire) -- {PROSE}", DAY),
        (f"PORT SKARN, Norway, 4 March 2024 - {PROSE}", DAY),
        (f"SKARN--(PRESS WIRE)--March 4, 2024-- {PROSE}", DAY),
        (f"SKARN (Wire) — 2024-03-04 — {PROSE}", DAY),
        (f"SKARN – The 4 March 2024 storm – {PROSE}", None),
        (f"Skarn was flooded, March 4, 2024 - {PROSE}", None),
        (f"SKARN (Wire) - {PROSE}", None),
    ],
)
def test_an_agency_s_place_line_dates_its_report(text: str, day: date | None) -> None:
    """A day between the place in capitals and the dash is that of the report; no other is."""
    assert dateline(text) == Dateline(day)


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("Stand: 04.03.2024", Dateline(DAY)),
        ("Veröffentlicht am 4. März 2024", Dateline(DAY)),
        ("Aktualisiert am 4. März 2024", Dateline(None, DAY)),
        (
            "Publié le 4 mars 2024 à 18h03, mis à jour le 5 mai 2024",
            Dateline(DAY, date(2024, 5, 5)),
        ),
        ("Publicado el 4 de marzo de 2024", Dateline(DAY)),
        ("By Ines Calder, 4 March 2024", Dateline(DAY)),
    ],
)
def test_days_are_stated_in_other_languages(line: str, days: Dateline) -> None:
    """Labels of publication and of change are known, and days that are written with full stops."""
    assert dateline(f"{line}\n{PROSE}") == days


def test_lines_of_fields_above_a_text_are_its_card() -> None:
    """A text file may begin with its title, source, author, day and address, a line each."""
    card = "Title: Bridge opens\nSource: Herald\nAuthor: Ines Calder\nDate: 2024-03-04\nURL: https://h.example/1"

    reading = only("a.txt", f"{card}\n\n{PROSE}".encode())

    assert reading.text == PROSE
    assert (reading.title, reading.publisher, reading.author) == (
        "Bridge opens",
        "Herald",
        "Ines Calder",
    )
    assert (reading.published, reading.url) == (DAY, "https://h.example/1")


@pytest.mark.parametrize(
    "opening",
    [
        "Title: Bridge opens\nWeather: fine",
        "Velde: it is open\nMarsh: is it",
    ],
)
def test_words_with_colons_are_words(opening: str) -> None:
    """One field, or lines that are none, stay in the text."""
    assert only("a.txt", f"{opening}\n\n{PROSE}".encode()).text == f"{opening}\n\n{PROSE}"


def test_every_written_format_reads_its_byline() -> None:
    """The names in the text are believed before those of whoever saved the file."""
    lines = ("By Leo Marsh", "4 March 2024", PROSE)
    plain = "\n\n".join(lines).encode()
    files = {"a.txt": plain, "a.md": plain, "a.pdf": pdf(*lines), "a.docx": docx(*lines)}

    for name, data in files.items():
        assert only(name, data).author == "Leo Marsh", name
