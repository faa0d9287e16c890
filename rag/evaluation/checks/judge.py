"""The judge: a chat model's opinion of the claims, beside the rules. It advises, it never gates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rag.evaluation.metrics.statistics import Share
from rag.evaluation.run import Measured
from rag.records import Answer, Claim, Verdict
from rag.writing.chat import Chat
from rag.writing.judging import JudgingChecker
from rag.writing.prompts import Prompt

FAITHFULNESS = "judged_faithfulness"
FAILURES = "judge_failures"
# With more replies that are no verdict than this, what is left is a choice of the judge's.
MOST_FAILURES = 0.02


@dataclass(frozen=True, slots=True)
class Judged:
    """What a judge said of the claims of an answer: a verdict each, None where it said none.

    `asked` are the questions put to it, `failed` those without a verdict in the reply.
    """

    verdicts: tuple[Verdict | None, ...]
    asked: int
    failed: int

    @property
    def shares(self) -> dict[str, Share]:
        """What this answer adds to the judge's metrics."""
        told = [verdict for verdict in self.verdicts if verdict is not None]
        shares: dict[str, Share] = {}
        if told:
            shares[FAITHFULNESS] = Share(told.count(Verdict.SUPPORTED), len(told))
        if self.asked:
            shares[FAILURES] = Share(self.failed, self.asked)
        return shares


class Judge:
    """Has a chat model read each claim beside each passage it cites, one at a time.

    A claim is as good as its best citation; one that cites nothing is not found. Nothing is
    remembered, so that epochs show how far the judge agrees with itself.
    """

    def __init__(self, chat: Chat, prompt: Prompt) -> None:
        self.name = f"{chat.name} judge/{prompt.version}"
        self._checker = JudgingChecker(_Undecided(), chat, prompt)

    def read(self, answer: Answer) -> Judged:
        """Its opinion of an answer; an abstention has no claims and is not shown to it."""
        verdicts: list[Verdict | None] = []
        asked = failed = 0
        for claim in answer.claims if not answer.abstained else ():
            told = [self._verdict(claim, place) for place in range(len(claim.citations))]
            asked += len(told)
            failed += told.count(None)
            verdicts.append(_best(told))
        return Judged(tuple(verdicts), asked, failed)

    def _verdict(self, claim: Claim, place: int) -> Verdict | None:
        alone = self._checker.check(replace(claim, citations=(claim.citations[place],)))
        return None if alone.verdict is Verdict.UNCHECKABLE else alone.verdict


def trusted(metrics: Mapping[str, Measured]) -> dict[str, Measured]:
    """The metrics; the judge's is unscored when too many of its replies were no verdict."""
    found = dict(metrics)
    failures, opinion = metrics.get(FAILURES), metrics.get(FAITHFULNESS)
    if failures is None or opinion is None or failures.value is None:
        return found
    if failures.value > MOST_FAILURES:
        reason = (
            f"unscored: {failures.points:g} of {failures.of:g} replies of the judge were no "
            f"verdict, more than {MOST_FAILURES:.0%}"
        )
        found[FAITHFULNESS] = Measured(FAITHFULNESS, None, 0, reason=reason)
    return found


class _Undecided:
    """Leaves every claim open, so that the model is asked about each."""

    def check(self, claim: Claim) -> Claim:
        return replace(claim, verdict=Verdict.UNCHECKABLE, reason="")


def _best(told: list[Verdict | None]) -> Verdict | None:
    if not told:
        return Verdict.NOT_FOUND
    return next((verdict for verdict in Verdict if verdict in told), None)
