"""Answers with their proof, to take away."""

from __future__ import annotations

import json
import re
from datetime import date

from hypothesis import given, strategies as st

from rag.archive import Archive
from rag.export import as_html, as_json, as_markdown, link_to
from rag.records import Answer, Citation, Claim, Passage, Quote, Source, Verdict

HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) ![i](http://evil.example/p.png)"


def _answer(text: str, source: Source) -> Answer:
    quote = Quote(source, 0, len(text), text)
    citation = Citation(1, quote, Passage("p", source, text, 0, len(text)))
    claim = Claim(text, (citation,), Verdict.SUPPORTED, "quoted word for word")
    return Answer("What was said?", "What was said?", claims=(claim,), complete=True)


def test_every_export_holds_quote_publisher_and_date(archive: Archive) -> None:
    """The proof goes along: exact quote, publisher and date stand in every format."""
    answer = archive.ask("Who wanted a tunnel?")

    for form in (as_markdown, as_html, as_json):
        text = form([answer])
        assert "Opponents wanted a tunnel" in text
        assert str(answer.citations[0].source.publisher) in text
        assert "2024" in text


def test_sources_are_numbered_through_a_chat(archive: Archive) -> None:
    """Two answers' sources never share a number."""
    answers = [archive.ask(q) for q in ("What did the bridge cost?", "Who is Leo Marsh?")]

    text = as_markdown(answers)

    cited = sum(len(answer.citations) for answer in answers)
    assert f"\n{cited}. " in text
    assert f"\n{cited + 1}. " not in text


def test_correction_goes_along() -> None:
    """What is taken away says that the article was corrected, and when."""
    day = date(2024, 5, 5)
    answer = _answer("It rained.", Source("a", "Rain", "Herald", modified=day, corrected=day))

    assert all("corrected on 5 May 2024" in form([answer]) for form in (as_markdown, as_html))
    assert json.loads(as_json([answer]))[0]["citations"][0]["source"]["corrected"] == "2024-05-05"


def test_article_text_stays_text() -> None:
    """Markup in an article is shown, not obeyed."""
    answer = _answer(HOSTILE, Source("a", title=HOSTILE, publisher=HOSTILE))

    html, markdown = as_html([answer]), as_markdown([answer])

    assert "<script>" not in html
    assert "<script>" not in markdown
    assert not re.search(r"(?<!\\)[\[\]<!]", markdown.replace("[1]", ""))


def test_link_opens_the_article_at_the_quote() -> None:
    """A text fragment holds the quote, with the characters escaped that mean something there."""
    source = Source("a", published=date(2024, 3, 4), url="https://herald.example/bridge#top")

    link = link_to(Quote(source, 0, 9, "A twenty-two, no & yes"))

    assert link == ("https://herald.example/bridge#:~:text=A%20twenty%2Dtwo%2C%20no%20%26%20yes")


def test_no_link_without_a_web_address() -> None:
    """An address that a browser should not open makes no link."""
    for url in (None, "javascript:alert(1)", "file:///etc/passwd"):
        assert link_to(Quote(Source("a", url=url), 0, 1, "x")) is None


@given(st.text(min_size=1))
def test_json_is_read_back_as_it_was(text: str) -> None:
    """Whatever an article says, the JSON export holds exactly that."""
    answer = _answer(text, Source("a"))

    (plain,) = json.loads(as_json([answer]))

    assert plain["claims"][0]["text"] == text
