"""Who printed an article and on which day, as the line under its headline tells."""

from __future__ import annotations

from datetime import date

import pytest
from test_reading_formats import docx, only, page, pdf

from rag.reading.byline import byline
from rag.reading.dateline import Dateline, dateline
from rag.reading.headline import headline
from rag.reading.papers import is_paper
from rag.reading.source import paper

DAY = date(2024, 5, 4)
PROSE = "The bridge over the Skarn is open again, said mayor Tomas Velde on Monday evening."


@pytest.mark.parametrize(
    ("line", "name", "author"),
    [
        ("Harbour Times, 4 May 2024", "Harbour Times", None),
        ("Harbour Times - Saturday, May 4, 2024", "Harbour Times", None),
        ("Harbour Times Saturday 4 May 2024", "Harbour Times", None),
        ("Harbour Times (4 May 2024)", "Harbour Times", None),
        ("Market Wire | 2024-05-04", "Market Wire", None),
        ("Inland Courier | May 4, 2024 | Reporter: Ines Calder", "Inland Courier", "Ines Calder"),
        ("Inland Courier, 4 May 2024 – by Ines Calder", "Inland Courier", "Ines Calder"),
        ("The Skarn Review, 4 May 2024. By Ines Calder", "The Skarn Review", "Ines Calder"),
        ("Skarner Anzeiger, 4. Mai 2024", "Skarner Anzeiger", None),
        ("Süddeutsche Zeitung vom 4. Mai 2024", "Süddeutsche Zeitung", None),
        ("Le Courrier du Sud, 4 mai 2024", "Le Courrier du Sud", None),
        ("해랑일보 2024년 5월 4일", "해랑일보", None),
        ("Published on 4 May 2024 by Coast Echo", "Coast Echo", None),
        ("Market Wire\n4 May 2024", "Market Wire", None),
        ("Source: Inland Office\nPublished: 4 May 2024", "Inland Office", None),
        ("By Ines Calder, 4 May 2024", None, "Ines Calder"),
        ("Press release, 4 May 2024", None, None),
    ],
)
def test_the_line_of_the_day_names_the_paper(
    line: str, name: str | None, author: str | None
) -> None:
    """The paper, the day and the names are told apart, and the headline above stands apart."""
    text = f"{line}\n\n{PROSE}"

    assert paper(text) == name
    assert dateline(text) == Dateline(DAY)
    assert byline(text) == author
    assert headline(f"Bridge opens at last\n{text}") == ("Bridge opens at last", text)


@pytest.mark.parametrize(
    "line",
    [
        "Oslo, 4 May 2024",
        "Storm Ingrid, 4 May 2024",
        "The Times, 4 May 2024, told of it.",
        "What the Harbour Times said on 4 May 2024",
        "Harbour Times",
    ],
)
def test_a_place_an_event_and_a_sentence_are_no_source(line: str) -> None:
    """A day beside what may be a place or an event is not said to be that of publication."""
    text = f"{line}\n\n{PROSE}"

    assert paper(text) is None
    assert dateline(text) == Dateline()


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("Daily Courier", True),
        ("Tagblatt", True),
        ("부산신문", True),
        ("daily news", False),
        ("Daily news of the bridge", False),
        ("Velde: no news", False),
        ("Tomas Velde", False),
    ],
)
def test_a_paper_is_known_by_its_kind(words: str, known: bool) -> None:
    """A short name in capitals that says what it is; other names are not known to be papers."""
    assert is_paper(words) is known


def test_every_written_format_reads_its_source() -> None:
    """Text, Markdown, PDF, Word and web pages name paper, day and author in the same way."""
    line = "Harbour Times, 4 May 2024 - by Leo Marsh"
    plain = f"{line}\n\n{PROSE}".encode()
    under = page().replace(b"</h1>", b"</h1><p>%s</p>" % line.encode())
    files = {
        "a.txt": plain,
        "a.md": plain,
        "a.pdf": pdf(line, PROSE),
        "a.docx": docx(line, PROSE),
        "a.html": under,
    }

    for name, data in files.items():
        found = only(name, data)
        assert (found.publisher, found.published) == ("Harbour Times", DAY), name
        assert found.author == "Leo Marsh", name


def test_a_stated_publisher_goes_before_the_lines() -> None:
    """Front matter and fields say it themselves."""
    card = "---\npublisher: Herald\n---\nHarbour Times, 4 May 2024\n\n"

    assert only("a.md", (card + PROSE).encode()).publisher == "Herald"


@pytest.mark.parametrize("first", ["Is the bridge safe?", 'Velde: "It holds!"'])
def test_a_question_may_be_a_headline_over_its_source(first: str) -> None:
    """What ends like a sentence is a headline where the line after tells who printed it."""
    assert headline(f"{first}\nHarbour Times, 4 May 2024\n{PROSE}")[0] == first
    assert headline(f"{first}\n\n{PROSE}")[0] is None


def test_a_headline_is_no_part_of_the_text() -> None:
    """It is the title alone, in plain text and in PDF, as in every other format."""
    lines = ("Bridge opens at last", "4 May 2024", PROSE)

    for name, data in {"a.txt": "\n".join(lines).encode(), "a.pdf": pdf(*lines)}.items():
        found = only(name, data)
        assert "at last" not in found.text, name
        assert found.published == DAY, name


def test_a_labelled_headline_is_its_words() -> None:
    """`Title:` before it is no part of it."""
    found = only("a.txt", f"Title: Bridge opens\n\n{PROSE}".encode())

    assert (found.title, found.text) == ("Bridge opens", PROSE)
