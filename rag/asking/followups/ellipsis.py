"""Questions that leave out what the last one said: "why?", "Which ones?", "anything else?"."""

from __future__ import annotations

import re

from rag.asking.followups.description import last_noun
from rag.asking.followups.mentions import names_of, row_of_names
from rag.asking.followups.salience import Exchange

_LEAD = re.compile(r"^\s*(?:and|so|but|ok|okay|well|also|then)\b,?\s+(?=\S)", re.IGNORECASE)
_BARE = re.compile(
    r"^(?P<wh>why not|why|when|where|how so|how come|how|since when|until when|for how long|"
    r"how long|how often|by how much|by whom|with whom|for whom|to whom)"
    r"(?: (?:exactly|(?:was|is) (?:that|this|it)(?: so)?|did (?:that|this|it) happen))?$",
    re.IGNORECASE,
)
_AUXES = "(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should|may|might|must)"
_PREPOSITIONS = "(?:at|in|on|to|with|of|for|from|by|about|during|after|before|when|next|between)"
_AUX = f"(?P<aux>{_AUXES})"
_WH = re.compile(
    r"^(?:how (?:many|much|long|often|far|old)(?: \w+)??|what|which|who|whom|whose|when|where|why|"
    rf"how)(?: (?:kind of \w+|\w+ \w+|\w+))??\s+{_AUX}\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_YES_NO = re.compile(rf"^{_AUX}(?:n['’]t)?\s+(?P<rest>.+)$", re.IGNORECASE)
_WHO = re.compile(r"^who(?! (?:did|do|does)\b)\s+(?P<rest>.+)$", re.IGNORECASE)
_BEING = re.compile(r"^(?P<be>is|was|are|were)\s+(?P<rest>(?:the|a|an)\b.+)$", re.IGNORECASE)
_WHICH_DID = re.compile(
    rf"^(?:which|what|how many)\s+(?!{_AUXES}\b)(?P<noun>(?:[a-z-]+ )??[a-z-]+)\s+"
    rf"(?!{_AUXES}\b|{_PREPOSITIONS}\b)(?P<rest>[a-z]+\b.*)$",
    re.IGNORECASE,
)
_HAPPENED = re.compile(r"^what (?:happened|happens)(?P<rest>\s.*|)$", re.IGNORECASE)
_SAYS = re.compile(
    r"(?P<verb>\b(?:say|announce|propose|promise|claim|suggest|decide|mean|do))\b(?! (?:that|it))",
    re.IGNORECASE,
)
_SOME = re.compile(
    r"\b(?:any|some|other|any other|several|many)\s+(?P<noun>(?:[a-z-]+ )?[a-z-]+s)\b", re.I
)
_COUNT = re.compile(
    r"^how (?P<much>many|much)(?: (?:of (?:them|these|those|it)|were there|in all|in total))?$",
    re.I,
)
_WHICH = re.compile(r"^which(?: (?:ones?|of (?:them|these|those)))?$", re.IGNORECASE)
_ASKED_NOUN = re.compile(
    r"^(?:what|which|how many)(?: were| are| other)? (?:the )?(?P<noun>(?:[a-z-]+ )?[a-z-]+s)\b",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"^(?:(?:what|who|where|when) else|anything (?:else|more)|any others?|(?:any|tell me) more)$",
    re.I,
)
_SAID_THAT = re.compile(r"^who said (?:that|this|it|so)$", re.IGNORECASE)
_YES = re.compile(
    r"^(?:(?:yes|yeah|yep|sure|ok|okay|please|of course|please do|go on|go ahead|do)[, ]*)+$", re.I
)
_REPLY = re.compile(
    r"^(?:no|nope|not really|thanks|thank you|thx|great|good|hello|hi)"
    r"(?:[, ]+(?:thanks|thank you))?$",
    re.I,
)
_OFFER = re.compile(
    r"(?:would you like|do you want|shall i|should i|want)(?: me)?(?: to)? "
    r"(?:(?:know|hear|see|read|learn|tell you|search for|look for|look up|find|show you|look at)"
    r"\s+)?"
    r"(?P<what>[^?]+)\?\s*$",
    re.IGNORECASE,
)
_FIGURED = re.compile(r"\b\d[\d.,]*\s+(?P<noun>(?:[a-z-]+ )?[a-z-]+s)\b")
_SHORT_ANSWER = 8  # words
_LONG_QUOTE = 25  # words of the last answer that "Who said that?" may carry


def is_reply(question: str) -> bool:
    """Whether it is a bare "yes", "no" or "thanks" and asks nothing."""
    plain = _body(question)
    return bool(_YES.match(plain) or _REPLY.match(plain))


def complete(question: str, last: Exchange) -> str | None:
    """The elliptic question with what it leaves out; None where it is no such question."""
    body = _body(question)
    plain = _LEAD.sub("", body).strip()
    asked = _body(last.question)
    if not asked:
        return None
    for rule in (_offered, _who_said, _bare, _count, _which, _more):
        text = rule(plain, asked, last.answer)
        if text:
            return text
    return None


def _body(text: str) -> str:
    return text.strip().rstrip("?!. ").strip()


def _upper(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _offered(plain: str, _asked: str, answer: str) -> str | None:
    """What was offered, after "yes"."""
    offer = _OFFER.search(answer) if _YES.match(plain) else None
    return f"{_upper(_body(offer['what']))}?" if offer else None


def _who_said(plain: str, _asked: str, answer: str) -> str | None:
    """ "Who said that?" with what was said."""
    said = _body(answer)
    if not _SAID_THAT.match(plain) or not said:
        return None
    if said.startswith("The "):
        said = f"the {said[4:]}"
    return f"Who said that {' '.join(said.split()[:_LONG_QUOTE])}?"


def _bare(plain: str, asked: str, answer: str) -> str | None:
    """ "Why?" before what the last question said."""
    match = _BARE.match(plain)
    if match is None:
        return None
    wh = {"how so": "how", "how come": "why"}.get(match["wh"].lower(), match["wh"])
    wh = _upper(wh)
    happened = _HAPPENED.match(asked)
    if happened:
        return f"{wh} did that happen{happened['rest']}?"
    who, which = _WHO.match(asked), _WHICH_DID.match(asked)
    names = names_of(answer)
    if who:
        return _of_subject(wh, who["rest"], names[0] if names else None)
    if which:
        doer = row_of_names(answer) or which["noun"]
        return f"{wh} was it that {doer} {which['rest']}?"
    whole = _WH.match(asked) or _YES_NO.match(asked)
    if whole:
        rest = whole["rest"]
        if asked.lower().startswith("what"):
            rest = _SAYS.sub(r"\g<verb> that", rest, count=1)
        return f"{wh} {whole['aux'].lower()} {rest}?"
    return f"{wh}: {asked}?"


def _of_subject(wh: str, rest: str, name: str | None) -> str:
    """ "Why?" after "Who founded X?" or "Who is the head of X?"."""
    being = _BEING.match(rest)
    if being:
        return f"{wh} {being['be']} {f'{name} ' if name else ''}{being['rest']}?"
    return f"{wh} was it that {name or 'somebody'} {rest}?"


def _count(plain: str, asked: str, answer: str) -> str | None:
    """ "How many of them?" of the things last asked about."""
    match = _COUNT.match(plain)
    if match is None:
        return None
    much = f"How {match['much'].lower()}"
    listed, fronted = _ASKED_NOUN.match(asked), _fronted(asked)
    if listed:
        return f"{much} {listed['noun']}{asked[listed.end() :]}?"
    if fronted:
        return f"{much} {fronted}?"
    figured = _FIGURED.search(answer)
    noun = figured["noun"] if figured else last_noun([Exchange(asked, "")], plural_only=True)
    if noun is None:
        return None
    return f"{much} of the {noun.removeprefix('the ')}?"


def _which(plain: str, asked: str, _answer: str) -> str | None:
    """ "Which ones?" after a question for any."""
    if not _WHICH.match(plain):
        return None
    listed, fronted = _ASKED_NOUN.match(asked), _fronted(asked)
    if fronted:
        return f"Which {fronted}?"
    if listed:
        return f"Which {listed['noun']}{asked[listed.end() :]}?"
    return None


def _fronted(asked: str) -> str | None:
    """The yes-or-no question with its "any …" taken to the front."""
    some, yes_no = _SOME.search(asked), _YES_NO.match(asked)
    if some is None or yes_no is None:
        return None
    before = asked[: some.start()].rstrip()
    return f"{some['noun']} {before[:1].lower()}{before[1:]}{asked[some.end() :]}"


def _more(plain: str, asked: str, _answer: str) -> str | None:
    """ "Anything else?" about what was last asked."""
    if not _ELSE.match(plain):
        return None
    whole = _WH.match(asked)
    if whole and asked.lower().startswith("what "):
        return f"What else {whole['aux'].lower()} {whole['rest']}?"
    return None
