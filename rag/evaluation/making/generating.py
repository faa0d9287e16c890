"""Generating: questions made from the articles by rule, for a person to review.

A sentence becomes a question by asking for one thing it says: who, how many, in which year.
Swapping its name for another of the archive's makes a question that looks answerable and is not.
Nothing made here decides a gate before somebody has reviewed it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Self

from rag.evaluation.cases import Case, Evidence, Provenance, Reference
from rag.language.names import names
from rag.language.questions import questions
from rag.language.sentences import sentence_spans
from rag.language.terms import STOPWORDS, terms, words
from rag.records import Article

GENERATOR = "rules"
EASY = "easy"
_SHORTEST, _LONGEST = 6, 32  # words of a sentence that stands on its own
# A name and this share of a question's other words in one sentence may answer it.
_ANSWERABLE = 0.5
_KEYBOARD = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuiopqsdfghjklaxcvbnmz", strict=True))
_TYPO_LENGTH = 5  # letters that a word needs to be misspelt and still be read


@dataclass(frozen=True, slots=True)
class Generated:
    """The cases that were made, and of each candidate that was dropped why."""

    cases: tuple[Case, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that may be asked about; `lead` is an article's first."""

    article: str
    text: str
    lead: bool


@dataclass(frozen=True, slots=True)
class Stock:
    """The sentences of a length to be asked about, by article and in order."""

    sentences: tuple[Sentence, ...]
    counted: Counter[str]  # how often each text stands in them

    @classmethod
    def of(cls, articles: Iterable[Article]) -> Self:
        """Those of these articles."""
        stored = sorted(articles, key=lambda article: article.id)
        sentences = tuple(sentence for article in stored for sentence in _sentences(article))
        return cls(sentences, Counter(sentence.text for sentence in sentences))

    def problem(self, sentence: Sentence, question: str, answer: str) -> str:
        """Why a question on one of them is not worth asking; empty when it is."""
        if self.counted[sentence.text] > 1:
            return "the sentence stands in several places"
        wanted, given = set(terms(question)), set(terms(answer))
        if not any(name.end - name.start > 1 for name in names(question)):
            return "it names nothing"
        if given <= wanted:
            return "it gives its answer away"
        for other in self.sentences:
            if other.article != sentence.article:
                there = set(terms(other.text))
                if len(wanted & there) > _ANSWERABLE * len(wanted) and given - there:
                    return f"{other.article} may answer it otherwise"
        return ""


def generate(articles: Iterable[Article], *, most: int = 60) -> Generated:
    """Up to `most` questions of each kind; the same articles give the same questions."""
    stock = Stock.of(articles)
    asked: dict[str, list[Case]] = {"who": [], "how-many": [], "year": []}
    dropped: list[str] = []
    for sentence in stock.sentences:
        for made in questions(sentence.text):
            problem = stock.problem(sentence, made.text, made.answer)
            if problem:
                dropped.append(f"{made.text!r}: {problem}")
            elif len(asked[made.kind]) < most:
                name = f"{made.kind}-{len(asked[made.kind]) + 1:03}"
                case = case_of(name, made.kind, made.text, made.answer, sentence)
                asked[made.kind].append(case)
    answerable = [case for cases in asked.values() for case in cases]
    swapped = list(islice(_near_misses(answerable, stock.sentences), most))
    return Generated((*answerable, *swapped), tuple(dropped))


def twins(case: Case) -> tuple[Case, ...]:
    """The case in lower case, as keywords, and with a slip of the finger; those that differ."""
    question = case.question
    keywords = " ".join(word for word in words(question) if word not in STOPWORDS)
    forms = {"case": question.lower(), "keyword": keywords, "typo": _misspelt(question)}
    return tuple(
        replace(case, id=f"{case.id}-{form}", question=text, parent=case.id, perturbation=form)
        for form, text in forms.items()
        if text and text != question
    )


def _sentences(article: Article) -> Iterator[Sentence]:
    for place, (start, end) in enumerate(sentence_spans(article.text)):
        text = article.text[start:end]
        length = len(text.split())
        if _SHORTEST <= length <= _LONGEST and text[-1] == "." and "\n" not in text:
            yield Sentence(article.id, text, lead=place == 0)


def case_of(name: str, kind: str, question: str, answer: str, sentence: Sentence) -> Case:
    """The unreviewed case of a question on a sentence."""
    return Case(
        id=name,
        category=kind,
        question=question,
        answerable=True,
        expect="answer",
        tags=(EASY,) if sentence.lead else (),
        reference=Reference(answers=(answer,), must_include=((answer,),)),
        evidence=(Evidence("a", sentence.article, sentence.text),),
        provenance=Provenance("rule", reviewed=False, generator=GENERATOR),
    )


def _near_misses(cases: Sequence[Case], sentences: Sequence[Sentence]) -> Iterator[Case]:
    """The questions with their name swapped for another that no sentence links to the rest."""
    everyone = sorted({s.text[n.start : n.end] for s in sentences for n in names(s.text)})
    several = [name for name in everyone if " " in name]
    known = [(sentence.text, set(terms(sentence.text))) for sentence in sentences]
    for place, case in enumerate(cases):
        found = [name for name in names(case.question) if " " in name.text]
        if not found:
            continue
        name = found[0]
        rest = set(terms(case.question[: name.start] + case.question[name.end :]))
        turned = several[place % len(several) :] + several[: place % len(several)]
        for other in turned:
            if other not in case.question and not _linked(other, rest, known):
                question = case.question[: name.start] + other + case.question[name.end :]
                yield replace(
                    case,
                    id=f"near-{case.id}",
                    category="near-miss",
                    question=question,
                    answerable=False,
                    expect="abstain",
                    reference=Reference(),
                    evidence=(),
                    near_miss=(case.evidence[0].article,),
                )
                break


def _linked(name: str, rest: set[str], known: Sequence[tuple[str, set[str]]]) -> bool:
    return any(
        name in text and len(rest & there) >= _ANSWERABLE * len(rest) for text, there in known
    )


def _misspelt(question: str) -> str:
    """The longest word with its middle letter hit one key to the right."""
    longest = max(question.split(), key=len, default="")
    middle = len(longest) // 2
    if len(longest) < _TYPO_LENGTH or longest[middle].lower() not in _KEYBOARD:
        return question
    slip = longest[:middle] + _KEYBOARD[longest[middle].lower()] + longest[middle + 1 :]
    return question.replace(longest, slip, 1)
