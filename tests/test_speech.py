"""Speech: quotations go to their speakers, and to nobody where nobody is clear."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from rag.language.speech import quotations, statements


def speakers(text: str) -> list[str | None]:
    """The speaker of each quotation, in order."""
    return [quotation.speaker for quotation in quotations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"We won," said Ana Ruiz, a vet in Lima, on Monday.', "Ana Ruiz"),
        ("“We won,” Ana Ruiz said.", "Ana Ruiz"),
        ("“We won,” Ana Ruiz, a vet in Lima, said.", "Ana Ruiz"),
        ("‘We won,’ said Ana Ruiz.", "Ana Ruiz"),
        ("“Why?” asked Dr. Ana Ruiz.", "Ana Ruiz"),
        ('Mayor Ana Ruiz told reporters: "We won."', "Ana Ruiz"),
        ('According to Ana Ruiz, "nothing is lost."', "Ana Ruiz"),
        ('Ana Ruiz on Monday said the plan was "a mess".', "Ana Ruiz"),
        ('Ana Ruiz was quoted as saying that "it is over".', "Ana Ruiz"),
        ('Her aunt, Ana Ruiz, said: "We won."', "Ana Ruiz"),
        ('Secretary of State Ana Ruiz said: "We won."', "Ana Ruiz"),
        ('"It shut," a spokesman for the Orsk Port said.', "a spokesman for the Orsk Port"),
        ('"It shut," the ministry said in a statement.', "the ministry"),
    ],
)
def test_a_quotation_goes_to_its_speaker(text: str, expected: str) -> None:
    """Before, after, inverted, described: the speaker named is the speaker given."""
    assert speakers(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        'He had a "special" plan.',
        '"I left," she said.',
        '"We won." The rain began.',
        "Her songs include “What The River Knows,” and others.",
        "Ana Ruiz met Ola Berg. “It failed,” he said.",
        'The deal, it is said, was "large".',
    ],
)
def test_no_clear_speaker_is_none(text: str) -> None:
    """Scare quotes, titles and pronouns without a person are given to nobody."""
    assert speakers(text) == [None]


def test_a_split_quotation_has_one_speaker() -> None:
    """Both halves around "X said" belong to X."""
    found = quotations('"Go," Mr. Okafor said, "or stay."')

    assert [quotation.speaker for quotation in found] == ["Okafor", "Okafor"]


def test_speech_carries_on_within_a_paragraph() -> None:
    """A quotation that is its own sentence goes to the last speaker of the paragraph."""
    assert speakers('"We won," said Ana Ruiz. "It was hard."') == ["Ana Ruiz", "Ana Ruiz"]


def test_speech_carries_on_from_a_statement() -> None:
    """A quotation after a reported sentence goes to whom the report names."""
    assert speakers('Ana Ruiz said it would close. "We regret it."') == ["Ana Ruiz"]


def test_a_new_speaker_takes_over() -> None:
    """Two people quoted in one paragraph keep their own words."""
    text = '"We won," said Ana Ruiz. "We lost," said Ola Berg. "Badly."'

    assert speakers(text) == ["Ana Ruiz", "Ola Berg", "Ola Berg"]


def test_a_reopened_quotation_is_one_speech() -> None:
    """Paragraphs that reopen the marks share the speaker whom only the last one names."""
    assert speakers("“It began well.\n\n“Then it failed,” said Mary Poe.") == ["Mary Poe"] * 2


def test_a_paragraph_of_pure_speech_follows_its_speaker() -> None:
    """A quotation that fills a paragraph carries on the speech that closed the one before."""
    text = '"We won," said Ana Ruiz, a vet.\n\n"It was hard."\n\nIt rained on "them."'

    assert speakers(text) == ["Ana Ruiz", "Ana Ruiz", None]


def test_short_names_are_filled_in() -> None:
    """A surname stands for the full name given before; two bearers leave it as written."""
    one = "Ana Ruiz, a vet, came. “We won,” Ruiz said."
    two = "Ana Ruiz met Eva Ruiz.\n\n“We won,” Ruiz said."

    assert speakers(one) == ["Ana Ruiz"]
    assert speakers(two) == ["Ruiz"]


def test_a_family_name_that_comes_first_is_filled_in() -> None:
    """A name whose family part leads is found by it."""
    text = '"It failed," said Seo Min-ah, a professor in Busan. "We must try again," Seo said.'

    assert speakers(text) == ["Seo Min-ah", "Seo Min-ah"]


def test_a_firm_is_not_its_product() -> None:
    """A firm's name is not filled in with that of something named after it."""
    text = "Velmo Music grew. “We are proud,” Velmo said."

    assert speakers(text) == ["Velmo"]


def test_a_pronoun_stands_for_the_only_person() -> None:
    """ "He said" goes to the one person who was named."""
    text = "Ola Berg, the mayor, spoke on the quay. “We rebuild,” he said."

    assert speakers(text) == ["Ola Berg"]


def test_the_description_is_given_as_offsets() -> None:
    """What a speaker is said to be can be read off the text."""
    text = '"It shut," said Ana Ruiz, a professor at Orsk University, on Monday.'

    (found,) = quotations(text)

    assert found.description is not None
    assert text[slice(*found.description)] == "a professor at Orsk University"
    assert text[found.speaker_start : found.speaker_end] == "Ana Ruiz"
    assert text[found.start : found.end] == '"It shut,"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana Ruiz told Ola Berg that the port shut.", ["Ana Ruiz"]),
        ("The company said it will close.", ["The company"]),
        ("The port shut, according to the ministry.", ["the ministry"]),
        ("The port shut, Orsk Radio reported.", ["Orsk Radio"]),
        ("Ana Ruiz, who runs the port, said it shut.", ["Ana Ruiz"]),
        ("The ministry noted that it shut.", ["The ministry"]),
        ("Berg reported to Ruiz.", []),
        ("The firm added 5 ships.", []),
        ("The ship was said to be lost.", []),
        ("Prices fell after ministers said no.", []),
    ],
)
def test_statements_name_who_said_it(text: str, expected: list[str]) -> None:
    """Reported speech has a speaker; verbs that report nothing have none."""
    assert [statement.speaker for statement in statements(text)] == expected


def test_a_statement_spans_its_sentence() -> None:
    """A statement is the whole sentence, without its neighbours."""
    text = "It rained. Ana Ruiz said the port shut. The sun came."

    (found,) = statements(text)

    assert text[found.start : found.end] == "Ana Ruiz said the port shut."


_PIECES = [
    *('"', "“", "”", "'", "said", "Ana Ruiz", "he", ",", ".", "the mayor", "\n\n", "told", "that"),
    *("according to", "Dr.", "we", "who", "?", "É"),
]


@given(st.lists(st.sampled_from(_PIECES), max_size=40), st.sampled_from(["", " "]))
def test_offsets_always_fit(pieces: list[str], glue: str) -> None:
    """Whatever the text, spans lie inside it, in order, apart, and speakers where they are told."""
    text = glue.join(pieces)

    found = quotations(text)

    place = 0
    for quotation in found:
        assert place <= quotation.start < quotation.end <= len(text)
        place = quotation.end
        if quotation.speaker is not None:
            assert quotation.speaker_start is not None and quotation.speaker_end is not None
            assert text[quotation.speaker_start : quotation.speaker_end].strip()
    assert all(0 <= s.start <= s.speaker_start < s.end <= len(text) for s in statements(text))


@pytest.mark.parametrize(
    "piece", ["a ", "said ", '"', "Ana ", "Ana Ruiz, ", "the ", "'a ", "lo-lo "]
)
def test_a_long_odd_text_is_read_quickly(piece: str) -> None:
    """No repetition makes the patterns backtrack without end."""
    assert quotations(piece * 3000 + "said it.") is not None
