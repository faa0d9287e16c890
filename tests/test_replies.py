"""Replies are read sentence by sentence, whatever format a model drifts into."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from rag.writing.markup import plain_text
from rag.writing.replies import ReplyReader, Written


def read(reply: str, *, size: int = 1, passages: int = 12) -> list[Written]:
    """The sentences of a reply that comes in pieces of a size."""
    reader = ReplyReader(passages)
    found = [
        written
        for at in range(0, len(reply), size)
        for written in reader.feed(reply[at : at + size])
    ]
    return found + reader.finish()


@pytest.mark.parametrize(
    ("marker", "cited"),
    [
        ("[1]", (1,)),
        ("[1, 3]", (1, 3)),
        ("[1,3]", (1, 3)),
        ("[1][3]", (1, 3)),
        ("[1] [3]", (1, 3)),
        ("[1; 3]", (1, 3)),
        ("[1 and 3]", (1, 3)),
        ("[1-3]", (1, 2, 3)),
        ("【1】", (1,)),
        ("【1†source】", (1,)),
        ("(1)", (1,)),
        ("(1, 3)", (1, 3)),
        ("[^1]", (1,)),
        ("[Passage 3]", (3,)),
        ("[passages 1 and 3]", (1, 3)),
        ("(Source 3)", (3,)),
        ("[#3]", (3,)),
        ("<sup>1</sup>", (1,)),
        ("^1^", (1,)),
        ("[3](https://gazette.example/3)", (3,)),
    ],
)
@pytest.mark.parametrize("size", [1, 5, 1000])
def test_markers_of_every_fashion_are_understood(
    marker: str, cited: tuple[int, ...], size: int
) -> None:
    """A marker points to its passages, before the full stop and after it."""
    before = read(f"It cost 5 crowns {marker}. It is over [2].", size=size)
    after = read(f"It cost 5 crowns. {marker} It is over. [2]", size=size)

    assert before == after
    assert [(written.text, written.cited) for written in before] == [
        ("It cost 5 crowns.", cited),
        ("It is over.", (2,)),
    ]


def test_numbers_that_are_no_markers_stay() -> None:
    """An age, a year and an editor's note are part of the sentence."""
    [written] = read("Ann Example (28) said in (2021) that it was “gon [sic]” [2].")

    assert written.text == "Ann Example (28) said in (2021) that it was “gon [sic]”."
    assert written.cited == (2,)


def test_invented_markers_are_struck_out() -> None:
    """A marker that stands for no passage leaves nothing behind."""
    [written] = read("It cost 5 crowns [1][17][0].", passages=3)

    assert written == Written("It cost 5 crowns.", (1,))


def test_footnotes_are_looked_up_at_the_end() -> None:
    """A footnote's definition names its passage and is no sentence."""
    reader = ReplyReader(12)

    found = reader.feed("It is so.[^1] It was so.[^2]\n\n[^1]: Passage 3, the Gazette\n[^2]: [4]")
    found += reader.finish()

    assert [(written.text, written.footnotes) for written in found] == [
        ("It is so.", True),
        ("It was so.", True),
    ]
    assert reader.definitions == {1: (3,), 2: (4,)}


def test_headings_lists_and_sources_are_no_sentences() -> None:
    """Only prose is read; bullets are taken off, a list of sources is left out."""
    reply = (
        "## Answer\n\n- **It** cost _5_ crowns [1].\n2. It is `over` [2].\n\n"
        "Sources:\n[1] Gazette.\n"
    )

    assert [written.text for written in read(reply)] == ["It cost 5 crowns.", "It is over."]


def test_a_thought_is_not_read() -> None:
    """What a model thinks aloud before it answers is no part of the answer."""
    reply = "<think>\nPassage 1 says so [1].\n</think>\nIt cost 5 crowns [1]."

    assert [written.text for written in read(reply)] == ["It cost 5 crowns."]


@pytest.mark.parametrize(
    "reply",
    ["The archive does not say.", "**The archive does not say**", "“the archive does not say.”"],
)
def test_the_fixed_sentence_is_recognised(reply: str) -> None:
    """The sentence for questions without an answer is known in any dress."""
    [written] = read(reply)

    assert written.refuses
    assert not Written("The archive does not say so, he said.").refuses


def test_a_sentence_is_given_with_its_last_character() -> None:
    """No later character is needed once the marker and the full stop are there."""
    reader = ReplyReader(3)

    early = reader.feed("The ferry ran aground at 6.30 a.m. off Kelmar [1]")
    found = reader.feed(".")

    assert early == []
    assert [written.text for written in found] == ["The ferry ran aground at 6.30 a.m. off Kelmar."]


def test_a_pause_ends_a_sentence_that_looks_finished() -> None:
    """A sentence with its marker after the full stop waits for nothing but a moment."""
    reader = ReplyReader(3)
    reader.feed("It is over. [1]")

    found = reader.pause()

    assert [(written.text, written.cited) for written in found] == [("It is over.", (1,))]
    assert reader.finish() == []


@pytest.mark.parametrize("text", ["It is over.", "It is over. [1", "In the U.S. [1]", "It is [1]"])
def test_a_pause_ends_nothing_else(text: str) -> None:
    """Without a marker, or after an abbreviation, more may come."""
    reader = ReplyReader(3)
    reader.feed(text)

    assert reader.pause() == []


def test_a_marker_ends_a_sentence_that_ends_in_an_abbreviation() -> None:
    """After a full stop and a marker a capital begins the next sentence."""
    reply = 'It began at 2 a.m. [1] "Run," she said. [2] The U.S. [3] is far.'

    assert [(written.text, written.cited) for written in read(reply)] == [
        ("It began at 2 a.m.", (1,)),
        ('"Run," she said.', (2,)),
        ("The U.S. is far.", (3,)),
    ]


def test_a_quotation_of_several_sentences_stays_whole() -> None:
    """The sentences of one quotation belong to its marker."""
    reply = '"I ran. It rang at one," he said [1]. It is over [2].'

    assert [written.text for written in read(reply)] == [
        '"I ran. It rang at one," he said.',
        "It is over.",
    ]


def test_a_reply_that_was_cut_loses_its_unfinished_sentence() -> None:
    """Half a sentence says something else than the whole."""
    reader = ReplyReader(3)
    found = reader.feed("It is over [1]. The mayor did not")

    assert [written.text for written in found + reader.finish(cut=True)] == ["It is over."]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("See [the report](https://evil.example/x) now", "See the report now"),
        ("![alt](https://evil.example/pixel.png) Look", "Look"),
        ("Go to https://evil.example/a?b=c today", "Go to today"),
        ("Go to <https://evil.example> or www.evil.example", "Go to or"),
        ("javascript:alert(1) runs", "runs"),
        ('<img src=x onerror="alert(1)">Look', "Look"),
        ("&lt;img src=x onerror=alert(1)&gt;Look", "Look"),
        ("Look <script>alert(1)</script>here", "Look here"),
        ("Look <img src=x", "Look"),
        ("Look<!-- hidden -->", "Look"),
        ("**bold** and *slant* and `code` and ~~gone~~", "bold and slant and code and gone"),
        ("2 * 3 * 4 = 24, snake_case_word", "2 * 3 * 4 = 24, snake_case_word"),
        ("\x1b[31mred\x1b[0m and a\u202eb\u200bc", "red and abc"),
        ("AT&amp;T paid < 5 and > 3", "AT&T paid < 5 and > 3"),
    ],
)
def test_nothing_to_click_load_or_run_is_left(text: str, plain: str) -> None:
    """Links, pictures, tags, addresses and hidden characters go; the words stay."""
    assert plain_text(text) == plain


@given(st.text(max_size=80))
def test_any_text_is_read_without_fail(text: str) -> None:
    """No reply breaks the reader, and no sentence it gives holds a tag or a line break."""
    for written in read(text, size=3):
        assert "\n" not in written.text
        assert "<script" not in written.text
        assert all(0 < number <= 12 for number in written.cited)


@given(
    st.lists(st.sampled_from(["It is so", "He left", "Six were hurt"]), min_size=1, max_size=5),
    st.integers(1, 30),
)
def test_the_size_of_the_pieces_changes_nothing(sentences: list[str], size: int) -> None:
    """A reply read in pieces of any size gives the same sentences."""
    reply = " ".join(f"{text} [{place}]." for place, text in enumerate(sentences, start=1))

    found = read(reply, size=size)

    assert [(written.text, written.cited) for written in found] == [
        (f"{text}.", (place,)) for place, text in enumerate(sentences, start=1)
    ]
