"""Entailing: models that say whether a text entails a claim, as checkers, by name.

They need packages and weights of their own (`pip install 'dateline[entailment]'`), are loaded
when first asked, and print their own card: look at it before believing them.

- `hhem`: Vectara's model; it runs code that comes with its weights.
- `nli:MODEL`: any sequence classifier of `transformers` with a label such as ENTAILMENT.
- `own:MODULE:NAME`: what NAME of an importable module makes; see `Entails`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from rag.errors import MissingPackage
from rag.evaluation.checks.support import RULES, SupportCheck
from rag.evaluation.suite import SuiteError
from rag.language.terms import terms
from rag.records import Verdict

_ENTAILED = 0.5  # the threshold of the models' authors
_HHEM = "vectara/hallucination_evaluation_model"
_YES = ("entail", "support", "consistent")
_NO = ("not", "non", "in", "un")


class Entails(Protocol):
    """Says of each text and claim how likely the text entails the claim, from 0 to 1."""

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> Sequence[float]: ...


def entailment_named(name: str) -> SupportCheck:
    """The checker of a model by its name; the model is loaded when it is first asked.

    Raises:
        SuiteError: no such kind is known.
        MissingPackage: its package is not installed.
    """
    kind, _, model = name.partition(":")
    if kind not in _LOADERS:
        known = ", ".join((RULES, *_LOADERS))
        raise SuiteError(f"no checker {name!r}: it is one of {known} (nli:MODEL, own:MODULE:NAME)")
    package, load = _LOADERS[kind]
    if package and find_spec(package) is None:
        raise MissingPackage(
            f"checker {kind!r} needs the package {package!r}, which is not installed: run "
            "`pip install 'dateline[entailment]'`"
        )
    if kind in ("nli", "own") and not model:
        raise SuiteError(f"checker {name!r} lacks its model: write {kind}:NAME")
    return entailment_check(cache(lambda: load(model)))


def entailment_check(load: Callable[[], Entails]) -> SupportCheck:
    """A model as a checker: a claim is supported when one passage, or all together, entail it."""

    def grade(passages: Sequence[str], claim: str) -> float:
        texts = [*passages, "\n".join(passages)] if len(passages) > 1 else list(passages)
        return max(map(float, load()([(text, claim) for text in texts])), default=0.0)

    def verdict(passages: Sequence[str], claim: str) -> Verdict:
        if not terms(claim):
            return Verdict.UNCHECKABLE
        return Verdict.SUPPORTED if grade(passages, claim) >= _ENTAILED else Verdict.NOT_FOUND

    return SupportCheck(verdict, grade)


def _hhem(model: str) -> Entails:
    transformers = import_module("transformers")
    made = transformers.AutoModelForSequenceClassification.from_pretrained(
        model or _HHEM, trust_remote_code=True
    )
    return lambda pairs: [float(value) for value in made.predict(list(pairs))]


def _nli(model: str) -> Entails:
    classify: Any = import_module("transformers").pipeline("text-classification", model=model)
    label = _label(classify.model.config.id2label, model)

    def entails(pairs: Sequence[tuple[str, str]]) -> Sequence[float]:
        asked = [{"text": text, "text_pair": claim} for text, claim in pairs]
        return [
            next(float(one["score"]) for one in scores if one["label"] == label)
            for scores in classify(asked, top_k=None, truncation=True)
        ]

    return entails


def _label(labels: Mapping[int, str], model: str) -> str:
    """The label that means yes: "entailment", not "not_entailment"."""
    for label in labels.values():
        low = label.lower()
        if any(word in low for word in _YES) and not low.startswith(_NO):
            return label
    listed = ", ".join(labels.values())
    raise SuiteError(f"no label of {model} says that a text entails a claim: {listed}")


def _own(place: str) -> Entails:
    module, _, name = place.partition(":")
    try:
        made: Entails = getattr(import_module(module), name)()
    except (ImportError, AttributeError, ValueError) as error:
        raise SuiteError(f"checker own:{place} cannot be loaded: {error}") from error
    return made


# By kind: the package it needs, and what loads it.
_LOADERS: Mapping[str, tuple[str, Callable[[str], Entails]]] = {
    "hhem": ("transformers", _hhem),
    "nli": ("transformers", _nli),
    "own": ("", _own),
}
