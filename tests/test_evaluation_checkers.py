"""The checkers by name: the product's rules, and models of others."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType

import pytest

from rag.errors import MissingPackage
from rag.evaluation import SuiteError
from rag.evaluation.checks.checkers import checker_named, rules, rules_grade
from rag.evaluation.checks.entailing import entailment_check
from rag.records import Verdict

PASSAGE = (
    "The council met on Tuesday. Mayor Ada Brandt said the bridge cost 412 million crowns. "
    "It was not finished in 2016. Rain fell for three days."
)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("Mayor Ada Brandt said the bridge cost 412 million crowns.", Verdict.SUPPORTED),
        ("The bridge cost 412 million crowns, Ada Brandt said.", Verdict.SUPPORTED),
        ("Mayor Ada Brandt said the bridge cost 418 million crowns.", Verdict.CONTRADICTED),
        ("It was finished in 2016.", Verdict.CONTRADICTED),
        ("A ferry sank near the island with all hands.", Verdict.NOT_FOUND),
        ("It is what it is.", Verdict.UNCHECKABLE),
    ],
)
def test_the_rules_tell_three_verdicts(claim: str, verdict: Verdict) -> None:
    """Numbers and negations decide where the words alone would agree."""
    assert rules([PASSAGE], claim) is verdict


def test_a_claim_that_cites_nothing_is_not_found() -> None:
    """Without a passage nothing is supported; what states nothing is not held against anybody."""
    assert rules([], "The bridge cost 412 million crowns.") is Verdict.NOT_FOUND
    assert rules([], "It is what it is.") is Verdict.UNCHECKABLE


def test_the_grade_orders_claims() -> None:
    """What is said grades above what is said with another number, and that above what is not."""
    said, changed, strange = (
        rules_grade([PASSAGE], claim)
        for claim in (
            "The bridge cost 412 million crowns.",
            "The bridge cost 418 million crowns.",
            "A ferry sank near the island with all hands.",
        )
    )

    assert said > changed > strange


class Shared:
    """A stand-in for a model: the share of the claim's words that the text holds."""

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> Sequence[float]:
        return [
            len(set(claim.lower().split()) & set(text.lower().split())) / len(claim.split())
            for text, claim in pairs
        ]


def test_a_model_of_one_s_own_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """`own:MODULE:NAME` is a checker: any passage, or all together, may entail the claim."""
    module = ModuleType("my_models")
    module.Shared = Shared  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "my_models", module)

    check = checker_named("own:my_models:Shared")

    assert check.verdict(["the bridge opened"], "the bridge opened") is Verdict.SUPPORTED
    assert check.verdict(["the bridge", "opened late"], "bridge opened late") is Verdict.SUPPORTED
    assert check.verdict(["it rained"], "the bridge opened") is Verdict.NOT_FOUND
    assert check.verdict([], "the bridge opened") is Verdict.NOT_FOUND


def test_a_model_is_loaded_once_and_only_when_asked() -> None:
    """Naming a model costs nothing; asking it twice loads it once."""
    loaded: list[Shared] = []

    def load() -> Shared:
        loaded.append(Shared())
        return loaded[-1]

    from functools import cache

    check = entailment_check(cache(load))
    assert loaded == []
    check.grade(["a b"], "a b")
    check.grade(["a b"], "a c")
    assert len(loaded) == 1


@pytest.mark.parametrize("name", ["hhem", "nli:some/model"])
def test_a_missing_package_is_named_with_its_command(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model whose package is not installed is refused in a line that says what to run."""
    monkeypatch.setattr("rag.evaluation.checks.entailing.find_spec", lambda _: None)

    with pytest.raises(MissingPackage, match="pip install"):
        checker_named(name)


@pytest.mark.parametrize("name", ["sunniness", "own:no_such_module:Name", "own:json:Nothing"])
def test_what_is_no_checker_is_refused(name: str) -> None:
    """An unknown name, or a place where nothing is, is the user's to mend."""
    with pytest.raises(SuiteError):
        checker_named(name).verdict(["text"], "The bridge opened.")
