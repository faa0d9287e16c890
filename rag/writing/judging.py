"""A chat model as a second reader: asked only what the ladder leaves open."""

from __future__ import annotations

import dataclasses
import html
import re

from rag.errors import DatelineError
from rag.records import Citation, Claim, Verdict
from rag.writing.chat import Chat
from rag.writing.galley import Checker
from rag.writing.prompts import Prompt

_WORD = re.compile(r"\W*(supported|contradicted|missing)\b", re.IGNORECASE)
_VERDICTS = {
    "supported": Verdict.SUPPORTED,
    "contradicted": Verdict.CONTRADICTED,
    "missing": Verdict.NOT_FOUND,
}


class JudgingChecker:
    """Has a chat model judge the claims that `first` calls uncheckable though they cite something.

    What `first` has found contradicted or missing is never judged supported after all. When the
    model fails or answers in other words than it is told to, the first verdict stands.
    """

    def __init__(self, first: Checker, chat: Chat, prompt: Prompt) -> None:
        self._first = first
        self._chat = chat
        self._prompt = prompt

    def check(self, claim: Claim) -> Claim:
        """The claim with its verdict."""
        checked = self._first.check(claim)
        if checked.verdict is not Verdict.UNCHECKABLE or not checked.citations:
            return checked
        judged = [self._judge(claim.text, citation) for citation in checked.citations]
        verdict = next((v for v in Verdict if v in judged), Verdict.UNCHECKABLE)
        if verdict is Verdict.UNCHECKABLE:
            return checked
        reason = f"{self._chat.name} judged it {verdict.value}; {checked.reason}"
        return dataclasses.replace(checked, verdict=verdict, reason=reason)

    def _judge(self, text: str, citation: Citation) -> Verdict:
        passage = html.escape(citation.passage.text, quote=False)
        try:
            reply, _ = self._chat.say(self._prompt.fill(passage=passage, claim=text))
        except DatelineError:
            return Verdict.UNCHECKABLE
        match = _WORD.match(reply)
        return _VERDICTS[match[1].lower()] if match else Verdict.UNCHECKABLE
