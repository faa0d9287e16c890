"""Subject and verb of a plain sentence, turned round as a question has them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.language.lexicon import common_words
from rag.language.names import Name, names
from rag.language.terms import STOPWORDS

_BE = frozenset("is are was were".split())
_MODALS = frozenset(["can", "will"])
_HAVE = {"has": "does", "have": "do", "had": "did"}
# Behind "has" these begin what somebody has; anything else is what somebody has done.
_HAD = frozenset("a an any no some the".split())
# Past forms that do not end in "-ed", with their infinitives.
_IRREGULAR = {
    past: plain
    for plain, past in {
        "become": "became", "begin": "began", "break": "broke", "bring": "brought",
        "build": "built", "buy": "bought", "catch": "caught", "choose": "chose", "come": "came",
        "cost": "cost", "cut": "cut", "draw": "drew", "drive": "drove", "fall": "fell",
        "fight": "fought", "find": "found", "fly": "flew", "get": "got", "give": "gave",
        "go": "went", "grow": "grew", "hear": "heard", "hit": "hit", "hold": "held",
        "keep": "kept", "lead": "led", "leave": "left", "lend": "lent",
        "lose": "lost", "make": "made", "meet": "met", "pay": "paid", "put": "put",
        "rise": "rose", "run": "ran", "say": "said", "see": "saw", "sell": "sold", "send": "sent",
        "set": "set", "shoot": "shot", "shut": "shut", "sink": "sank", "spend": "spent",
        "stand": "stood", "steal": "stole", "strike": "struck", "take": "took",
        "teach": "taught", "tell": "told", "think": "thought", "win": "won", "write": "wrote",
    }.items()
}  # fmt: skip
# The longest subject that still reads well behind an auxiliary, in words.
_LONGEST = 8
_BOUNDARY = re.compile(r"[,;:()/\"“”–—]")
# A subject that is no name: "The old ferry", "Engineers", "Work on the bridge".
_PHRASE = re.compile(r"(?:The|A|An) |[A-Z]\w+(?: (?:at|for|of|on) .*)?$")
_PLACED = re.compile(r" (?:at|for|of|on)\b")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Predicate:
    """A sentence as `subject` and what is said of it.

    `auxiliary` stands before the subject in a question and `verb`, which may be empty, behind it;
    the verb as the sentence has it ends at `end`.
    """

    subject: str
    auxiliary: str
    verb: str
    end: int

    def asked(self, rest: str) -> str:
        """The words of a question from its auxiliary on: `did the ferry carry` and the rest."""
        return " ".join(filter(None, (self.auxiliary, self.subject, self.verb, rest.strip())))


def predicate(text: str, *, before: int) -> Predicate | None:
    """The subject and the verb that stand in front of the offset `before`.

    None where the sentence does not begin with its subject, where the subject is long, and where
    more than one word might be the verb.
    """
    found = names(text)[:1]
    named = bool(found) and found[0].start == 0 and not _opens(found[0], text)
    least = found[0].end if named else 1
    verbs = _verbs(text[:before], least, text[before:])
    if len(verbs) != 1:
        return None
    start, end, auxiliary, verb = verbs[0]
    subject = text[:start].rstrip()
    if not (named or _PHRASE.match(subject)) or subject.lower() in STOPWORDS:
        return None
    if _BOUNDARY.search(subject) or len(subject.split()) > _LONGEST:
        return None
    inside = subject if named else subject[0].lower() + subject[1:]
    return Predicate(inside, auxiliary, verb, end)


def _opens(name: Name, text: str) -> bool:
    """Whether what may be a name is a word that opens its sentence: "Drivers", "Work on the"."""
    if name.certain or " " in name.text:
        return False
    plural = name.text.endswith("s") and name.text[:-1].lower() in common_words()
    return plural or _PLACED.match(text, name.end) is not None


def _verbs(text: str, least: int, rest: str) -> list[tuple[int, int, str, str]]:
    """Start, end, auxiliary and infinitive of what may be the verb, from the offset `least` on.

    What follows an auxiliary belongs to it; of the others all that might be one are given.
    """
    verbs: list[tuple[int, int, str, str]] = []
    found = [word for word in _WORD.finditer(text) if word.start() >= least]
    for number, word in enumerate(found):
        form = word[0]
        following = found[number + 1][0] if number + 1 < len(found) else None
        if form in _BE or form in _MODALS:
            verbs.append((*word.span(), form, ""))
            break
        if form in _HAVE:
            is_own = following is None or following in _HAD
            verbs.append((*word.span(), *((_HAVE[form], "have") if is_own else (form, ""))))
            break
        if past := infinitive(form):
            verbs.append((*word.span(), "did", past))
    # "Schools" is no verb, "employs 1,150" is one.
    if not verbs and found and rest[:1].isdigit() and (present := _present(found[-1][0])):
        verbs.append((*found[-1].span(), "does", present))
    return verbs


def infinitive(form: str) -> str | None:
    """The infinitive of a past form; None for what is no past form that we know."""
    if form in _IRREGULAR:
        return _IRREGULAR[form]
    if not form.endswith("ed") or len(form) < 4:
        return None
    if form.endswith("eed"):
        return _known(form[:-1]) if len(form) > len("need") else None
    stem = form.removesuffix("ed")
    if stem.endswith("i"):
        return _known(f"{stem[:-1]}y")
    if stem[-1] == stem[-2]:
        return _known(stem, stem[:-1], f"{stem}e")
    return _known(f"{stem}e", stem)


def _present(form: str) -> str | None:
    """The infinitive of a form in "-s"."""
    if not form.endswith("s") or form.endswith("ss"):
        return None
    if form.endswith("ies"):
        return _known(f"{form[:-3]}y")
    return _known(form[:-1], form[:-2])


def _known(*infinitives: str) -> str | None:
    return next((word for word in infinitives if word in common_words()), None)
