"""Spelling: typing errors are mended with the archive's words, and nothing else is."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from rag.asking.spelling import Mended, Speller
from rag.indexes.words import Words
from rag.records import Passage, Source

TEXT = """Police in Port Ellery opened an inquiry after the Velstrand Star ran aground. The
engineers of the harbour found copper on the street that was hit worst, and investigators
recovered seventeen coins. The police inquiry goes on, said mayor Ruth Harlow of Iraq Street.
Copper thieves were demonstrating in Halden; the accommodation burned. Many people watched it,
which the people of the harbour announced to Sorrell and Martina."""
ARCHIVE_WORDS = sorted({word.strip(".,;") for word in TEXT.split()})
LANGUAGE = frozenset("major mayor people which could battle bottle announce winner dinner".split())


@pytest.fixture(scope="module")
def speller(tmp_path_factory: pytest.TempPathFactory) -> Speller:
    return speller_of(tmp_path_factory.mktemp("words"), TEXT, "The people of the harbour.")


def speller_of(folder: Path, *texts: str) -> Speller:
    words = Words(folder)
    words.add(Passage(str(n), Source(str(n)), text, 0, len(text)) for n, text in enumerate(texts))
    words.commit()
    return Speller(lambda: words, lambda: LANGUAGE)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Which steret was hit wrost?", "Which street was hit worst?"),
        ("Where did the Velstrnad Star run agruond?", "Where did the Velstrand Star run aground?"),
        ("the polcie inquiry of Port Elllery", "the police inquiry of Port Ellery"),
        ("Who found the coper?", "Who found the copper?"),
        ("Who found the coppper?", "Who found the copper?"),
        ("How many peaple saw it?", "How many people saw it?"),
        ("How many poeple saw it?", "How many people saw it?"),
        ("How many ocins were found?", "How many coins were found?"),
        ("Where was the accomodaton?", "Where was the accommodation?"),
        ("Whcih street was hit?", "Which street was hit?"),
        ("POLCIE INQUIRY", "POLICE INQUIRY"),
        ("What is the polcie's inquiry?", "What is the police's inquiry?"),
    ],
)
def test_typing_errors_are_mended(speller: Speller, typed: str, meant: str) -> None:
    """Swapped, lost, doubled and wrong letters, with the capitals and endings of what was typed."""
    assert speller.mended(typed).text == meant


def test_the_changes_are_told_in_order(speller: Speller) -> None:
    """Each change is the word as typed and as it reads now."""
    mended = speller.mended("Which steret was hit wrost?")

    assert mended.changes == (("steret", "street"), ("wrost", "worst"))


@pytest.mark.parametrize(
    "question",
    [
        "Was Marlow there?",  # another name, by another first letter
        "Was Karlow there?",
        "What of Iran Street?",
        "Was it Harlaw who spoke?",  # a wrong letter makes another name
        "Is Martin with her?",  # a letter more makes another name
        "what did harlaw say?",  # without capitals any word may be a name
        "Who is the major?",  # a word of the language
        "Which majors announces it?",  # forms of such words, or of the archive's
        "What of the glod?",  # too short
        "Was it in 1984 or 19845?",
        "Did McKopper or the USAA see it?",
        "Was the hárbor Sörrel's?",  # accents are typed on purpose
        "What was the xylophone?",
        "ololice",  # the first letter is not lost
        "",
        "?!",
    ],
)
def test_what_may_be_right_stays(speller: Speller, question: str) -> None:
    """Names, words of the language, short words and figures are left as they are."""
    assert speller.mended(question) == Mended(question)


def test_a_word_that_may_have_been_another_stays(tmp_path: Path) -> None:
    """Between two words that are as probable nothing is chosen, though the archive holds one."""
    speller = speller_of(tmp_path, "A bottle was found. The stable, the staple.")

    assert not speller.mended("Who saw the bttle?").changes
    assert not speller.mended("Who saw the stadle?").changes


def test_the_more_frequent_word_is_chosen(tmp_path: Path) -> None:
    """A word that passages hold much more often than the other is clear."""
    speller = speller_of(tmp_path, "The stable and the staple.", *["The stable."] * 8)

    assert speller.mended("Who saw the stadle?").text == "Who saw the stable?"


def test_an_empty_archive_changes_nothing(tmp_path: Path) -> None:
    """Without words there is nothing to mend with, but for the words questions are made of."""
    assert not speller_of(tmp_path).mended("the polcie inquiry").changes


def test_new_words_count_once_they_are_committed(tmp_path: Path) -> None:
    """The archive is asked as it is now, for every question."""
    words = Words(tmp_path)
    speller = Speller(lambda: words, lambda: LANGUAGE)
    before = speller.mended("the polcie inquiry").changes
    words.add([Passage("p", Source("a"), TEXT, 0, len(TEXT))])
    words.commit()

    assert (before, speller.mended("the polcie inquiry").changes) == ((), (("polcie", "police"),))


@given(st.lists(st.sampled_from(ARCHIVE_WORDS), max_size=12), st.sampled_from(["{}?", "{}'s"]))
def test_the_words_of_the_archive_are_never_changed(
    speller: Speller, chosen: list[str], form: str
) -> None:
    """A question made of the archive's words stays, in any order and case."""
    question = form.format(" ".join(chosen))

    for asked in (question, question.lower(), question.upper(), question.capitalize()):
        assert speller.mended(asked) == Mended(asked)


@given(st.lists(st.sampled_from(ARCHIVE_WORDS), min_size=1, max_size=8), st.randoms())
def test_what_was_mended_is_right(
    speller: Speller, chosen: list[str], chance: random.Random
) -> None:
    """A mended question, mended again, stays; the changes tell the whole difference."""
    typed = " ".join(scrambled(word, chance) for word in chosen)

    mended = speller.mended(typed)
    again = speller.mended(mended.text)

    assert again == Mended(mended.text)
    assert replayed(typed, mended) == mended.text


@given(st.text(max_size=80))
def test_any_text_can_be_given(speller: Speller, text: str) -> None:
    """Whatever is typed, mending does not fail, and once is enough."""
    mended = speller.mended(text)

    assert speller.mended(mended.text) == Mended(mended.text)


def scrambled(word: str, chance: random.Random) -> str:
    """The word with an error in it, perhaps."""
    at = chance.randrange(len(word))
    return chance.choice(
        [
            word,
            word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + "e" + word[at + 1 :],
        ]
    )


def replayed(typed: str, mended: Mended) -> str:
    """The typed text with the changes made one after the other."""
    done, rest = "", typed
    for was, now in mended.changes:
        before, _, rest = rest.partition(was)
        done += before + now
    return done + rest
