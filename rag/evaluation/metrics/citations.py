"""Citations: ALCE's recall and precision, with any support check, and the fate of each quote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.evaluation.labels import Shelf, folded
from rag.evaluation.metrics.statistics import Share
from rag.language.sentences import sentence_spans
from rag.language.terms import words
from rag.records import Article, Citation, Quote

Supports = Callable[[Sequence[str], str], bool]
Fate = Literal["exact", "misplaced", "misattributed", "spliced", "fabricated"]

# Shorter pieces stand in some article by chance.
_PIECE = 4  # words
_GOVERNING = frozenset(
    """not no never neither nor none nobody nothing nowhere without cannot hardly scarcely
    deny denies denied false falsely untrue reject rejected""".split()
)


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of an answer and the passages it cites; None stands for one that is not there."""

    text: str
    passages: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Alce:
    """Citation recall and precision of one answer, as points out of sentences and citations."""

    recall: Share
    precision: Share


def alce(sentences: Sequence[CitedSentence], supports: Supports) -> Alce:
    """Citation recall and precision (Gao et al. 2023, as the authors' program computes them).

    Recall: a sentence counts when it cites something, nothing it cites is missing, and the cited
    passages together support it. Precision: of the citations of sentences whose citations are
    all there, those that count; a citation of a recalled sentence does not count when it does not
    support the sentence alone and the others support it without it; no citation of a sentence
    that is not recalled counts.
    """
    recalled = kept = cited = 0
    for sentence in sentences:
        passages = [passage for passage in sentence.passages if passage is not None]
        if not passages or len(passages) < len(sentence.passages):
            continue
        cited += len(passages)
        if supports(passages, sentence.text):
            recalled += 1
            kept += sum(_needed(passages, i, sentence.text, supports) for i in range(len(passages)))
    return Alce(Share(recalled, len(sentences)), Share(kept, cited))


def _needed(passages: list[str], index: int, text: str, supports: Supports) -> bool:
    others = passages[:index] + passages[index + 1 :]
    return not others or supports([passages[index]], text) or not supports(others, text)


def stands(citation: Citation, shelf: Shelf) -> bool:
    """Whether a citation points at something: a stored article, its passage, a quote inside it."""
    passage, quote = citation.passage, citation.quote
    article = shelf.articles.get(quote.source.article_id)
    return (
        article is not None
        and passage.source.article_id == article.id
        and article.text[passage.start : passage.end] == passage.text
        and passage.start < quote.end
        and quote.start < passage.end
    )


def fate(quote: Quote, shelf: Shelf) -> Fate:
    """What became of a quote: exact where it says it is, or what is wrong with it.

    Misplaced: in its article, elsewhere. Misattributed: in another article. Spliced: made of
    pieces that stand apart. Fabricated: none of these.
    """
    article = shelf.articles.get(quote.source.article_id)
    if article is not None and article.text[quote.start : quote.end] == quote.text:
        return "exact"
    if article is not None and folded(quote.text) in folded(article.text):
        return "misplaced"
    if any(folded(quote.text) in folded(other.text) for other in shelf.articles.values()):
        return "misattributed"
    return "spliced" if _spliced(quote.text, shelf) else "fabricated"


def lost_negation(quote: Quote, article: Article) -> bool:
    """Whether the quote is cut out of a sentence that negates it before or after the cut."""
    for start, end in sentence_spans(article.text):
        if start <= quote.start and quote.end <= end:
            outside = article.text[start : quote.start] + " " + article.text[quote.end : end]
            return any(word in _GOVERNING or word.endswith("n't") for word in words(outside))
    return False


def _spliced(text: str, shelf: Shelf) -> bool:
    """Whether the text falls into pieces of some words that each stand in an article."""
    parts = folded(text.replace("…", " ... ")).split(" ")
    pieces = " ".join(part for part in parts if part != "...").split(" ")
    cut = _longest_start(pieces, shelf)
    return cut >= _PIECE and _longest_start(pieces[cut:], shelf) == len(pieces) - cut >= _PIECE


def _longest_start(pieces: list[str], shelf: Shelf) -> int:
    texts = [folded(article.text) for article in shelf.articles.values()]
    length = 0
    while length < len(pieces):
        start = " ".join(pieces[: length + 1])
        if not any(start in text for text in texts):
            break
        length += 1
    return length
