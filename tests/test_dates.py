"""Dates: what is stated, what is meant, what is asked for."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given, strategies as st

from rag.language.dates import mentions, notes, period_of, published

ANCHOR = date(2023, 9, 13)  # a Wednesday
TODAY = date(2024, 6, 20)  # a Thursday


def meant(text: str, anchor: date | None = ANCHOR) -> list[tuple[str, str, str]]:
    """Each mention as its words and its first and last day."""
    return [(m.text, m.first.isoformat(), m.last.isoformat()) for m in mentions(text, anchor)]


@pytest.mark.parametrize(
    "text",
    [
        "2023-09-13",
        "2023-09-13T23:30:00-07:00",
        "20230913",
        "Wed, 13 Sep 2023 10:00:00 GMT",
        "September 13, 2023",
        "Wednesday, 13th of September, 2023",
        "13 Sept. 2023",
        "2023. 9. 13.",
        "13/09/2023",
        "Published: Sept 13, 2023 4:15 p.m. EDT",
        "13 septembre 2023",
    ],
)
def test_published_reads_every_way_of_writing_a_day(text: str) -> None:
    """A day written in full is read in any common form, in the zone it is written in."""
    assert published(text) == ANCHOR


@pytest.mark.parametrize(
    "text",
    [
        *("", "September 2023", "2023", "Sept 13", "yesterday", "2 days ago", "2023-02-30"),
        *("31/02/2023", "Feb 30, 2023", "May 5, 23", "03/04/2023", "0001-01-01", "12"),
        *("a quiet day", "x" * 500),
    ],
)
def test_published_never_invents_a_day(text: str) -> None:
    """Partial, impossible, relative and ambiguous dates are no date."""
    assert published(text) is None


def test_iso_dates_do_without_the_slow_parser() -> None:
    """Reading an ISO date does not import dateparser."""
    code = (
        "import sys; from rag.language.dates import published; published('2023-09-13');"
        "sys.exit('dateparser' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], check=False)

    assert done.returncode == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The pier opened in 2016.", ("2016", "2016-01-01", "2016-12-31")),
        ("a pier of the 1950s", ("1950s", "1950-01-01", "1959-12-31")),
        ("since September 2021", ("September 2021", "2021-09-01", "2021-09-30")),
        ("on Sept. 3, 2021", ("Sept. 3, 2021", "2021-09-03", "2021-09-03")),
        ("the 3rd of May 2021", ("3rd of May 2021", "2021-05-03", "2021-05-03")),
        ("from 3-5 May 2021", ("3-5 May 2021", "2021-05-03", "2021-05-05")),
        ("the 2018-19 season", ("2018-19", "2018-01-01", "2019-12-31")),
    ],
)
def test_written_dates_stand_for_themselves(text: str, expected: tuple[str, str, str]) -> None:
    """A date with its year needs no anchor and is not derived."""
    found = mentions(text, None)

    assert [(m.text, m.first.isoformat(), m.last.isoformat()) for m in found] == [expected]
    assert not found[0].derived


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayor resigned on Wednesday.", ("Wednesday", "2023-09-13", "2023-09-13")),
        ("The mayor resigned on Thursday.", ("Thursday", "2023-09-07", "2023-09-07")),
        ("The mayor will resign on Friday.", ("Friday", "2023-09-15", "2023-09-15")),
        ("On Friday, the court will rule.", ("Friday", "2023-09-15", "2023-09-15")),
        ("The firm said Monday it will close.", ("Monday", "2023-09-11", "2023-09-11")),
        ("It closes next Friday.", ("next Friday", "2023-09-15", "2023-09-15")),
        ("It closed last Wednesday.", ("last Wednesday", "2023-09-06", "2023-09-06")),
        ("It shut yesterday.", ("yesterday", "2023-09-12", "2023-09-12")),
        ("It shut two days ago.", ("two days ago", "2023-09-11", "2023-09-11")),
        ("It shut last month.", ("last month", "2023-08-01", "2023-08-31")),
        ("It shut earlier this year.", ("earlier this year", "2023-01-01", "2023-09-13")),
        ("It shut this week.", ("this week", "2023-09-11", "2023-09-17")),
        ("They plan to open it in October.", ("October", "2023-10-01", "2023-10-31")),
        ("In October, it reported a loss.", ("October", "2022-10-01", "2022-10-31")),
        ("It opened on May 5.", ("May 5", "2023-05-05", "2023-05-05")),
        ("He died Dec. 30.", ("Dec. 30", "2022-12-30", "2022-12-30")),
        ("in May last year", ("May last year", "2022-05-01", "2022-05-31")),
    ],
)
def test_relative_dates_count_from_the_day_of_publication(
    text: str, expected: tuple[str, str, str]
) -> None:
    """A relative date is worked out from the anchor, marked derived, and absent without one."""
    assert meant(text) == [expected]
    assert all(mention.derived for mention in mentions(text, ANCHOR))
    assert mentions(text, None) == []


@pytest.mark.parametrize(
    "text",
    [
        "It may be that 12 may come.",
        "They sold 2016 cars for $2023.",
        "The Sunday Times and USA Today reported it.",
        "Black Friday deals",
        "It opens every Monday.",
        "Open Monday through Friday.",
        "several days ago",
        "a decade ago",
        "on 31 February",
        "seen between October and March",
        "the fourth Thursday of the month",
        "They want to march on.",
        "Theresa May spoke.",
        "The 2016 deal was signed May 5.",
    ],
)
def test_open_words_name_no_day(text: str) -> None:
    """Names, habits, counts and vague words give no derived date."""
    assert [m for m in mentions(text, ANCHOR) if m.derived] == []


def test_a_year_is_lent_to_its_neighbours() -> None:
    """The first half of a range takes the year that only the second half states."""
    found = meant("from Sept. 13 to Oct. 4, 2021")

    assert [first for _, first, _ in found] == ["2021-09-13", "2021-10-04"]


@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "on Friday",
                    "in May",
                    "2016",
                    "May 5",
                    "3 May 2021",
                    "last week",
                    "will",
                    "said",
                ),
                *(".", "the", "–", "and", "“", "1950s", "next", "éa", "\n", "31", "Feb."),
            ]
        ),
        max_size=25,
    ),
    st.dates(),
)
def test_mentions_are_ordered_exact_and_apart(words: list[str], anchor: date) -> None:
    """Every mention is the text at its offsets, none overlaps, and no span runs backwards."""
    text = " ".join(words)

    found = mentions(text, anchor)

    place = 0
    for mention in found:
        assert place <= mention.start < mention.end
        assert text[mention.start : mention.end] == mention.text
        assert mention.first <= mention.last
        place = mention.end


def test_notes_keep_article_offsets_and_only_derived_dates() -> None:
    """A quote's notes point into the article and leave out dates that stand in full."""
    text = "It rained. The port, built in 2016, shut on Monday. It will open Friday."
    start = text.index("The port")

    found = notes(text, start, text.index(" It will"), ANCHOR)

    assert [(note.text, note.first) for note in found] == [("Monday", date(2023, 9, 11))]
    assert text[found[0].start : found[0].end] == "Monday"
    assert notes(text, start, len(text), None) == ()


@pytest.mark.parametrize(
    ("question", "since", "until", "as_of"),
    [
        ("What has changed since May?", "2024-05-01", None, None),
        ("What has been built since last December?", "2023-12-01", None, None),
        ("What was reported before 3 March?", None, "2024-03-02", None),
        ("Which articles until 3 March 2022?", None, "2022-03-03", None),
        ("What happened between 3 and 9 May 2023?", "2023-05-03", "2023-05-09", None),
        ("What happened between May 3 and 9, 2023?", "2023-05-03", "2023-05-09", None),
        ("Who met between May and July 2023?", "2023-05-01", "2023-07-31", None),
        ("How many had left as of 1 June 2023?", None, None, "2023-06-01"),
        ("What came after the 5th of May 2024?", "2024-05-06", None, None),
        ("articles published in 2021", "2021-01-01", "2021-12-31", None),
        ("What was reported on 3 May 2022?", "2022-05-03", "2022-05-03", None),
        ("news from last month", "2024-05-01", "2024-05-31", None),
        ("from May 2023 on", "2023-05-01", None, None),
    ],
)
def test_explicit_limits_filter(
    question: str, since: str | None, until: str | None, as_of: str | None
) -> None:
    """Words that set a limit become one, and no preference."""
    dates = period_of(question, TODAY)

    found = [day and day.isoformat() for day in (dates.since, dates.until, dates.as_of)]
    assert found == [since, until, as_of]
    assert dates.period is None


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("When did the pier open in 2016?", "2016-01-01", "2016-12-31"),
        ("What happened in september 2023?", "2023-09-01", "2023-09-30"),
        ("What did she say on 13 September 2023?", "2023-09-13", "2023-09-13"),
        ("What happened last week?", "2024-06-10", "2024-06-16"),
        ("What happened in december?", "2023-12-01", "2023-12-31"),
        ("What did they promise before the 2016 election?", "2016-01-01", "2016-12-31"),
        (
            "Did the report published on 1 May 2024 agree with the article of 3 June 2024?",
            "2024-05-01",
            "2024-06-03",
        ),
    ],
)
def test_a_bare_date_only_prefers(question: str, first: str, last: str) -> None:
    """The time of an event, and dates of reports compared, shut no article out."""
    dates = period_of(question, TODAY)

    assert dates.period == (date.fromisoformat(first), date.fromisoformat(last))
    assert (dates.since, dates.until, dates.as_of) == (None, None, None)


def test_a_state_that_ended_is_no_limit() -> None:
    """ "Who was mayor until 2016?" may be answered by any later article."""
    dates = period_of("Who was mayor until 2016?", TODAY)

    assert (dates.since, dates.until, dates.period) == (None, None, None)


@pytest.mark.parametrize(
    ("question", "newest"),
    [
        ("What is the latest on the strike?", True),
        ("Who is the current mayor?", True),
        ("Who leads the port now?", True),
        ("What did USA Today say?", False),
        ("Who led the now-defunct port?", False),
        ("Who led the port?", False),
    ],
)
def test_words_for_now_ask_for_the_newest(question: str, newest: bool) -> None:
    """Latest, current and now ask for the newest report; names and compounds do not."""
    assert period_of(question, TODAY).newest is newest


def test_spans_show_the_words_that_were_read() -> None:
    """The spans hold the cue and the date, so that both can be shown or taken out."""
    question = "What has the port said since May, and what is the latest?"

    dates = period_of(question, TODAY)

    assert [question[start:end] for start, end in dates.spans] == ["since May", "latest"]
