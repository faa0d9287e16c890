"""Text that looks like instructions to software; to be shown as flagged, never followed.

Patterns see wording, not intent: a plain question planted in an article ("What is the capital of
…?") reads like any other and is not flagged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.language.sentences import sentence_spans

Flagged = tuple[int, int, str]

_REPLY = r"(?:responses?|repl(?:y|ies)|answers?|outputs?|completions?|summar(?:y|ies)|messages?)"
_RULES = (
    r"(?:instructions?|prompts?|rules|directions|directives|guidelines|guardrails|commands|"
    r"messages|context|constraints|programming|training|restrictions)"
)
_SOFTWARE = (
    r"(?:(?:AI|A\.I\.|language|large language|chat)[- ](?:model|assistant|agent|system|bot)s?"
    r"|chat-?bots?|LLMs?|assistants?|virtual assistants?|artificial intelligences?)"
)
_MACHINE = rf"(?:AIs?|A\.I\.|robots?|bots?|machines?|computers?|{_SOFTWARE})"
_MANNERED = r"(?:helpful|harmless|obedient|digital|virtual|automated|AI|A\.I\.)"
_POLITE = (
    r"(?:(?:please|kindly|now|then|also|first|next|finally|instead|simply|just|always|only|and|so)"
    r",?\s+|you (?:must|should|will|are to|need to)\s+(?:now\s+|only\s+|always\s+)?"
    r"|(?:can|could|would|will) you (?:please\s+)?)*"
)
# Verbs that ask for text, and what is asked for: an article may tell its readers to add flour,
# but hardly to compose a poem.
_MAKES = (
    r"(?:write|draft|compose|develop|provide|produce|generate|create|craft|give|show|make|"
    r"present|design|build|list|suggest|prepare)"
)
_TEXTS = (
    r"(?:essay|poem|haiku|limerick|sonnet|story|stories|letter|speech|paragraph|sentence|summary|"
    r"introduction|conclusion|outline|script|function|code|program|query|regex|example|email|"
    r"e-mail|tweet|translation|synonyms?|equivalent|definition|explanation|recipe|list|table|"
    r"headline|slogan|song|lyrics|rhyme|joke|review|blog post|article|json|markdown|password)s?"
)
_EXPLAINS = (
    r"(?:explain|describe|define|translate|summari[sz]e|paraphrase|rewrite|rephrase|calculate|"
    r"compute|solve|enumerate|proofread|classify|break down|outline)"
)
_CHANGES = (
    r"(?:modify|augment|enhance|replace|scramble|jumble|misspell|rearrange|anagram|render|"
    r"encode|convert|substitute|translate|format|group|combine|remove|include|integrate|insert|"
    r"append|prepend|add|begin|start|end|finish|introduce|incorporate|use|put|write|provide|"
    r"conceal|hide|base64|deliver|phrase|craft|tailor|alter|adjust|change|embed|mention)"
)
_SAYS = r"(?:say|state|claim|answer|reply|respond|output|print|repeat|return|write|tell|assert)"


_GOES_ON = "goes on from a sentence that does"


@dataclass(frozen=True, slots=True)
class _Sign:
    """A wording and what it looks like; `opening` ones count only at a sentence's beginning.

    Whatever the pattern finds holds one of `needs`, case-folded, where there are any.
    """

    reason: str
    pattern: re.Pattern[str]
    opening: bool = False
    needs: tuple[str, ...] = ()

    def may_show(self, folded: str) -> bool:
        """Whether a case-folded text may hold it: one of what it needs is there, if it needs any.

        Looking for these is many times faster than the search, and few texts hold them.
        """
        return not self.needs or any(need in folded for need in self.needs)


def _anywhere(
    reason: str, pattern: str, flags: int = re.IGNORECASE, *, needs: tuple[str, ...] = ()
) -> _Sign:
    return _Sign(reason, re.compile(pattern, flags), needs=needs)


def _at_opening(reason: str, pattern: str) -> _Sign:
    return _Sign(
        reason, re.compile(rf"\W*(?:\w+:\s+)?{_POLITE}(?:{pattern})", re.IGNORECASE), opening=True
    )


_SIGNS = (
    _anywhere(
        "asks to set instructions aside",
        rf"\b(?:ignore|disregard|forget|override|overrule|bypass|discard|drop)\b"
        rf"(?:\s+(?!\b(?:and|but|or)\b)\S+){{0,4}}?\s+"
        rf"(?:previous|prior|above|earlier|preceding|foregoing|initial|original|former|system|your|"
        rf"these|those|all|any|other|the)\s+"
        rf"(?:\S+\s+){{0,3}}?{_RULES}\b"
        rf"|\b(?:ignore|disregard|forget)\s+(?:everything|all|anything)\s+"
        rf"(?:above|before|you(?:'ve| have| were)|that came|so far)\b",
        needs=tuple("ignore disregard forget override overrule bypass discard drop".split()),
    ),
    _anywhere(
        "speaks of a prompt or of hidden instructions",
        rf"\b(?:system|hidden|initial|developer)\s+prompts?\b"
        rf"|\b(?:new|updated|additional|following|secret|hidden)\s+instructions?\s*:"
        rf"|\b(?:reveal|print|show|repeat|leak|disclose)\b.{{0,30}}\byour\s+(?:\S+\s+)?{_RULES}\b"
        rf"|\bdo not (?:mention|reveal|disclose|repeat)\b.{{0,30}}\b(?:this|these)\s+{_RULES}\b"
        rf"|\bfollow (?:these|the following|this|my)\s+(?:\S+\s+)?(?:instructions?|commands?)\b",
        needs=("prompt", "instruction", "command", "your", "do not "),
    ),
    _anywhere(
        "speaks to software",
        rf"\b(?:note|message|attention|important|instructions?|memo|reminder)\s+(?:to|for)\s+"
        rf"(?:\S+\s+){{0,2}}?{_SOFTWARE}\b"
        rf"|\b(?:attention|dear|hey|hello)\s*,?\s+(?:\S+\s+)?{_SOFTWARE}\b"
        rf"|\b{_SOFTWARE}\s+(?:that |which )?"
        r"(?:reading|processing|summari[sz]ing|parsing)\s+this\b",
        needs=("model", "assistant", "agent", "system", "bot", "llm", "artificial"),
    ),
    _anywhere(
        "speaks to software",
        rf"\bif you(?:'re| are)\s+(?:an?|the)\s+(?:\S+\s+)?{_MACHINE}\b"
        rf"|\byou(?:'re| are)\s+(?:now|no longer)\s+(?:an?|the)\s+(?:\S+\s+){{0,3}}?{_SOFTWARE}\b"
        rf"|\byou(?:'re| are)\s+an?\s+(?:\S+\s+)?{_MANNERED}\s+(?:\S+\s+)?{_SOFTWARE}\b"
        rf"|\byou(?:'re| are)\s+an?\s+(?:\S+\s+)?(?:large )?language model\b"
        rf"|\bfrom now on,?\s+you\b",
        needs=("you",),
    ),
    _anywhere(
        "speaks to software",
        r"\b(?:pretend|act|behave|respond)\s+(?:to be|as if you|as though you|like you)\b",
        needs=("to be", "as if you", "as though you", "like you"),
    ),
    _anywhere(
        "is written in the marks of a chat",
        r"<\|\s*(?:im_start|im_end|system|user|assistant|endoftext)[^>]*\|?>|\[/?INST\]|<<SYS>>"
        r"|^\s*#{2,}\s*(?:instruction|system|response)s?\b"
        r"|^\s*\W*(?:system|assistant|developer)\W*:\s",
        re.IGNORECASE | re.MULTILINE,
        needs=("<|", "inst]", "<<sys>>", "##", "system", "assistant", "developer"),
    ),
    _anywhere(
        "tells how to answer",
        rf"\bin your\s+(?:\w+\s+)?{_REPLY}\b"
        rf"|\byour\s+(?:\w+\s+)?{_REPLY}\s+(?:must|should)\b",
        needs=("your",),
    ),
    _anywhere(
        "tells how to answer",
        rf"\bonly\s+(?:correct|valid|acceptable|permitted|allowed|right)\s+{_REPLY}\b"
        rf"|\b(?:if|when|whenever)\s+(?:you(?:'re| are)\s+)?asked\b.*,\s+(?:then\s+)?{_SAYS}\b",
        needs=("only", "asked"),
    ),
    _at_opening(
        "tells how to answer",
        rf"{_CHANGES}\b[^.!?]*\b(?:your|the|this|each|every)\s+(?:\w+\s+){{0,2}}?{_REPLY}\b"
        rf"|{_CHANGES}\b.*\b(?:to|in|into|of|with|from|for|at)\s+your\s+(?:\w+\s+)?{_REPLY}\b"
        rf"|(?:answer|reply|respond|output)\s+(?:only\s+|just\s+|always\s+)?"
        rf"(?:with|in|using|as|that|(?:to )?(?:every|any|all|each|this)|to the)\b"
        rf"|{_SAYS}\s+(?:only|exactly|(?:the |these |this )?(?:following|words?)"
        rf"|nothing (?:but|else))\b"
        rf"|{_SAYS}\s+that\s+(?:the|an?|[A-Z])"
        rf"|tell\s+(?:the|your|every|any)\s+(?:\w+\s+)?(?:users?|readers?|person|reporter)\b",
    ),
    _at_opening(
        "asks for a text",
        rf"{_MAKES}\s+(?:me\s+|us\s+)?(?:an?|the|some|two|three|\d+)\s+"
        rf"(?:[\w-]+\s+){{0,3}}?{_TEXTS}\b(?!\s+of\s+(?:the|its|their|his|her)\b)",
    ),
    _at_opening(
        "sets a task", rf"{_EXPLAINS}\s+(?:the|this|that|these|an?|how|why|what|in|to|each|all)\b"
    ),
    _anywhere(
        "holds hidden text", r"[\U000E0000-\U000E007F]{4,}|[\u200b-\u200d\u2060\ufeff]{8,}", 0
    ),
)


def instructions(text: str) -> list[Flagged]:
    """The sentences of a text that look like instructions to software: start, end, reason.

    In order, each sentence once, under the first reason that fits. What follows such a sentence
    in its paragraph goes with it.
    """
    found: list[Flagged] = []
    folded = _folded(text)
    signs = [sign for sign in _SIGNS if sign.may_show(folded)]
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        reason = _reason(signs, sentence)
        if reason is None and found and "\n" not in text[found[-1][1] : start]:
            reason = _GOES_ON if found[-1][1] == _end_of_last(text, start) else None
        if reason:
            found.append((start, end, reason))
    return found


def _folded(text: str) -> str:
    """The text without cases, as patterns that ignore them see it: every sort of i is one."""
    return text.casefold().replace("i\u0307", "i").replace("ı", "i")


def _end_of_last(text: str, start: int) -> int:
    """Where the sentence before the one that starts here ends."""
    return len(text[:start].rstrip())


def _reason(signs: Sequence[_Sign], sentence: str) -> str | None:
    folded = _folded(sentence)
    shown = (s for s in signs if s.may_show(folded) and _shows(s, sentence))
    return next((sign.reason for sign in shown), None)


def _shows(sign: _Sign, sentence: str) -> bool:
    if sign.opening:
        return sign.pattern.match(sentence) is not None
    return sign.pattern.search(sentence) is not None
