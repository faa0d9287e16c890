"""The case browser of report.html: each question, its answer, its evidence, what was before."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from rag.evaluation.run import CaseResult, Run

_WORDS = {True: ("passed", "good"), False: ("failed", "bad"), None: ("not measured", "warn")}


def browser(run: Run, before: Run | None) -> str:
    """All cases as foldable blocks; a list above them shows only some."""
    earlier = {case.id: case for case in before.cases} if before else {}
    blocks = [_case(case, earlier.get(case.id)) for case in run.cases]
    return _CHOICE + "".join(blocks) + _SCRIPT


def _case(case: CaseResult, before: CaseResult | None) -> str:
    word, tone = _WORDS[case.passed]
    flipped = before is not None and before.passed is not case.passed
    sides = _side("Answer", case)
    if before is not None:
        sides += _side("Answer of the baseline", before)
    why = "".join(f'<p class="{tone}">{escape(reason)}</p>' for reason in case.why)
    return (
        f'<details class="case" data-result="{word}" data-flipped="{str(flipped).lower()}">'
        f'<summary><strong class="{tone}">{word}</strong> {escape(case.question)}'
        f'<span class="id">{escape(case.category)} · {escape(case.id)}</span></summary>'
        f'{why}<div class="sides">{sides}</div>{_measures(case)}</details>'
    )


def _side(heading: str, case: CaseResult) -> str:
    if case.answer is None:
        return f"<section><h3>{heading}</h3><p>none</p></section>"
    answer = case.answer
    if answer["abstained"]:
        body = f"<p>{escape(answer['text'])}</p>"
    else:
        body = "".join(_claim(claim) for claim in answer["claims"])
    asked = ""
    if answer["understood"] != case.question:
        asked = f"<p>searched as: {escape(answer['understood'])}</p>"
    confidence = f"<p>confidence {answer['confidence']:.2f}</p>"
    return f"<section><h3>{heading}</h3>{asked}{body}{confidence}</section>"


def _claim(claim: Mapping[str, Any]) -> str:
    """A sentence coloured by the verdict of what it cites, and its citations to open."""
    verdict = claim["attributed"]
    tone = verdict.replace(" ", "-")
    text = f'<span class="claim {escape(tone)}" title="{escape(verdict)}">{escape(claim["text"])}'
    return f"<p>{text}</span></p>" + "".join(_citation(item) for item in claim["citations"])


def _citation(citation: Mapping[str, Any]) -> str:
    source = [citation["publisher"], citation["published"], citation["title"]]
    card = " · ".join(escape(str(part)) for part in source if part) or escape(citation["article"])
    return (
        f"<details><summary>[{int(citation['marker'])}] {card}</summary>"
        f'<div class="passage">{_marked(citation)}</div></details>'
    )


def _marked(citation: Mapping[str, Any]) -> str:
    """The passage with the quote marked where it stands; the quote alone if it does not."""
    passage, first = citation["passage"], citation["passage_start"]
    start, end = citation["start"] - first, citation["end"] - first
    start, end = max(0, start), min(len(passage), end)
    if start >= end:
        return f"<mark>{escape(citation['text'])}</mark>"
    return (
        escape(passage[:start])
        + f"<mark>{escape(passage[start:end])}</mark>"
        + escape(passage[end:])
    )


def _measures(case: CaseResult) -> str:
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{share.points:g}</td><td>{share.of:g}</td></tr>"
        for name, share in sorted(case.shares.items())
    )
    head = "<tr><th>metric</th><th>points</th><th>of</th></tr>"
    return f"<details><summary>Measures</summary><table>{head}{rows}</table></details>"


_CHOICE = """
<p><label for="shown">Show </label><select id="shown">
<option value="all">all cases</option><option value="failed">failed cases</option>
<option value="passed">passed cases</option><option value="not measured">not measured</option>
<option value="flipped">cases that changed since the baseline</option></select></p>
"""
_SCRIPT = """
<script>
document.getElementById("shown").addEventListener("change", (event) => {
  const wanted = event.target.value;
  for (const block of document.querySelectorAll(".case")) {
    const { result, flipped } = block.dataset;
    const shown = wanted === "all" || wanted === result ||
      (wanted === "flipped" && flipped === "true");
    block.hidden = !shown;
  }
});
</script>
"""
