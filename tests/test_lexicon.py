"""Lexicon: common English words, from the tokenizer of the built-in embedding."""

from __future__ import annotations

from rag.language.lexicon import common_words


def test_common_words_are_listed_folded() -> None:
    """Everyday words and well-known names are there; pieces of words and misspellings are not."""
    found = common_words()

    assert {"mayor", "police", "iran", "which"} <= found
    assert not {"##ing", "polcie", "Police"} & found
    assert all(word == word.lower() for word in found)
