"""Voices: the speaker that a verb of saying names, before it or after it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UP = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶĻŁŃŅŇŌŐŒŘŚŞŠŤŪŮŰŹŻŽ"
_CAPITAL = (
    rf"(?:[{_UP}](?:\.[{_UP}])+\.?|[{_UP}]\.|[{_UP}][\w&]*(?:[-'’][\w]+)*|[a-z]{{1,2}}[{_UP}]\w+)"
)
_LINK = r"(?:of|for|the|&|al|bin|ibn|da|de|del|della|der|den|di|dos|du|el|la|le|van|von|ter|y)"
# Case counts here even inside a pattern that ignores it: otherwise every word could be a name.
NAME = rf"(?-i:{_CAPITAL}(?:\s+(?:{_LINK}\s+){{0,2}}{_CAPITAL})*)"

TITLES = frozenset(
    """President Vice Prime Minister Chancellor King Queen Prince Princess Pope Sir Dame Dr Dr. Mr
    Mr. Mrs Mrs. Ms Ms. Prof Prof. Professor Senator Sen. Representative Rep. Governor Gov. Mayor
    General Gen. Colonel Col. Captain Capt. Lieutenant Lt. Sergeant Sgt. Admiral Adm. Judge Justice
    Secretary Chairman Chairwoman Chair Director CEO CFO COO CTO Chief Executive Officer Coach
    Rev. Reverend Ambassador Commissioner Congressman Congresswoman Councillor Detective Inspector
    Sheriff Spokesman Spokeswoman Spokesperson Lord Lady Bishop Archbishop Cardinal Speaker Leader
    Attorney Superintendent Deputy Founder Analyst Economist""".split()
)
PRONOUNS = frozenset("he she it they".split())
_NOT_A_NAME = frozenset(
    """The A An In On At But And He She It They We I You This That These Those There As If When
    While After Before Since Although Though Because Yet So For By With From To However Meanwhile
    According Then Later What Who Which His Her Its Their Our My Your One Some Many Most Several
    Both All No Not Now Here Asked Monday Tuesday Wednesday Thursday Friday Saturday Sunday January
    February March April June July August September October November December""".split()
)
_DETERMINER = (
    r"(?:the|a|an|one|another|his|her|their|its|our|my|some|many|several|most|both|two|three|four"
    rf"|five|six|other|every|each|no|{NAME}['’]s?)"
)
_GROUP = (
    r"(?:officials|analysts|experts|authorities|police|investigators|prosecutors|critics|sources"
    r"|researchers|scientists|economists|lawyers|doctors|witnesses|residents|supporters"
    r"|organi[sz]ers|observers|lawmakers|activists|organizers|company\s+officials)"
)
# A verb inside what should be a noun phrase: it is a clause, and the speaker is not in it.
_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|be|been|am|has|have|had|will|would|can|could|may|might|should|must|did"
    r"|does|do|that|which|said|says|told|because|not|if|when|whether|to)\b",
    re.I,
)
_SAID = re.compile(r"\b(?:said|says|told|tells|asked|added|wrote)\b")
# A form of address or an article says nothing about who somebody is.
_EMPTY_DESCRIPTION = re.compile(r"(?:the|an?|mr|mrs|ms|miss|mx|dr|sir|dame|and|but)\.?", re.I)
_LEAD = re.compile(
    r"(?:(?:and|but|yet|so|however|meanwhile|then|later|still|also|as|while|though|although|because"
    r"|that|whereas|or|for\s+(?:his|her|its|their)\s+part|what|earlier|separately|instead)\b,?\s*)+",
    re.I,
)
_TIME = (
    r"(?:(?:on|in|at|late|early|earlier|later|last|this|next|since|during)\s+)*"
    r"(?:(?:the\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|today|tonight|week|month|year"
    r"|weekend|(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december|jan\.|feb\.|aug\.|sept\.|oct\.|nov\.|dec\.)(?:\s+\d{1,2})?(?:,?\s+\d{4},?)?"
    r"|(?:in\s+)?\d{4})(?:\s+(?:morning|afternoon|evening|night))?"
)
_AUXILIARY = re.compile(
    r"(?:(?:^|(?<=[\s,]))(?:has|have|had|would|also|later|then|further|himself|herself|itself|previously"
    r"|recently|earlier|once|again|still|already|often|always|never|both|first|since|even|later|just"
    rf"|simply|now|famously|did|\w+ly|{_TIME}))[\s,]*$",
    re.I,
)
_APPOSITION = re.compile(
    r"\s*(?:(?:an?|the|who|whose|which|one|now|then|aged?|head|co-?founder|founder|chief|director"
    r"|president|professor|vice|senior|former|deputy|chair\w*|executive|managing|general|spokes\w+"
    r"|analyst|his|her|its|their|\d\d?\b|another|CEO|CFO|COO|CTO|[a-z-]+\s+(?:at|of|for|with|in))\b"
    rf"|{NAME}['’]s?\s)",
    re.I,
)
_STOP = re.compile(
    r"[,.;:—–(\"“”?!\n]|\s+(?:in|on|at|during|after|before|while|when|as|to|who|that|adding|about|with"
    rf"|by|{_TIME})\b(?=\s|[,.])",
    re.I,
)
_LONGEST_PHRASE = 14
# The subject of the last clause speaks: "… because officials said". After "after" and "before" a
# noun may follow as well as a clause, so nobody is named there.
_CLAUSE_OPENS = re.compile(r".*\b(?:when|while|because|that|if|although|though|whereas)\s+", re.S)
_OTHER_CLAUSE = re.compile(r"\b(?:after|before|until)\b")


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker as written: `text[start:end]`; `description` are offsets of what he or she is.

    `kind` is "name", "pronoun" or "phrase" ("a spokesman for the ministry").
    """

    start: int
    end: int
    text: str
    kind: str
    description: tuple[int, int] | None = None


_NAME_APPOSED = re.compile(rf",\s+(?P<name>{NAME})(?=[,.:;])")


def subject_before(text: str, start: int, end: int) -> Voice | None:
    """The subject that ends right before a verb; `text[start:end]` is what precedes it."""
    end = _without_auxiliaries(text, start, end)
    segment = text[start:end]
    if relative := re.search(r",?\s+(?:who|which)$", segment):
        end = start + relative.start()
        segment = text[start:end]
    elif segment.endswith(","):
        return _with_apposition(text, start, end - 1)
    clause = max(segment.rfind(mark) for mark in (",", ";", ":", "—", "–", "(", ")", " - ")) + 1
    voice = _phrase(text, start + clause, end)
    if voice is None and clause:
        # "Lim, a professor at X said": the closing comma was forgotten.
        voice = _with_apposition(text, start, end)
    return voice


def speaker_after(text: str, start: int, end: int) -> Voice | None:
    """The speaker that follows a verb of saying ("said Ana Ruiz, a vet"); None if none does."""
    start += len(text[start:end]) - len(text[start:end].lstrip())
    stop = _phrase_end(text, start, end)
    voice = _phrase(text, start, stop)
    if voice is None or voice.start - start > 80:
        return None
    if voice.kind == "phrase" and (named := _NAME_APPOSED.match(text, stop, end)):
        return _apposed(voice, named)
    if voice.kind == "name" and stop < end and text[stop] == "," and voice.description is None:
        closing = re.compile(
            r",(?=\s+(?:who|which|adding|in|on|after|during)\b)|[.;:\"“”—]"
        ).search(text, stop + 1, end)
        close = closing.start() if closing else end
        if _APPOSITION.match(text, stop + 1, close):
            described = (
                stop + 1 + len(text[stop + 1 : close]) - len(text[stop + 1 : close].lstrip())
            )
            close -= len(text[described:close]) - len(text[described:close].rstrip(" ,"))
            return Voice(voice.start, voice.end, voice.text, voice.kind, (described, close))
    return voice


def _apposed(voice: Voice, named: re.Match[str]) -> Voice:
    """The name that is added to a description ("his aunt, Ana Ruiz, said")."""
    return Voice(*named.span("name"), named["name"], "name", (voice.start, voice.end))


def _phrase_end(text: str, start: int, end: int) -> int:
    """Where the noun phrase at `start` ends; the dot of "Mr." or of an initial ends nothing."""
    name = re.compile(rf"(?:[\w'’-]+\s+){{0,6}}?{NAME}").match(text, start, end)
    title = re.compile(r"(?:Dr|Mr|Mrs|Ms|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|St)\.\s").match(
        text, start
    )
    stop = _STOP.search(text, max(start + 1, title.end() if title else 0), end)
    place = stop.start() if stop else end
    if name and re.match(r"[.,]?\s", text[place : place + 2]) and start < place < name.end():
        inside = text[place]
        if inside == "." and re.search(rf"\b(?:[{_UP}]|Jr|St|Mr|Mrs|Ms|Dr)$", text[start:place]):
            later = _STOP.search(text, place + 1, end)
            return later.start() if later else end
    return place


def _without_auxiliaries(text: str, start: int, end: int) -> int:
    while True:
        end = start + len(text[start:end].rstrip())
        found = _AUXILIARY.search(text, max(start, end - 60), end)
        if found is None or found.start() <= start:
            return end
        # "Kim, the leader, also said" keeps the comma that closes the apposition.
        kept = text[max(start, found.start() - 2) : found.start()].rstrip().endswith(",")
        end = found.start() if not kept else start + len(text[start : found.start()].rstrip())
        if kept:
            return end


def _with_apposition(text: str, start: int, end: int) -> Voice | None:
    """The name before the first comma whose rest describes it."""
    begin = start
    for comma in re.finditer(",", text[start:end]):
        place = start + comma.start()
        if _APPOSITION.match(text, place + 1, end):
            voice = _phrase(text, begin, place)
            if voice is not None and voice.kind != "pronoun" and not _SAID.search(text, place, end):
                described = (
                    place + 1 + len(text[place + 1 : end]) - len(text[place + 1 : end].lstrip())
                )
                return Voice(voice.start, voice.end, voice.text, voice.kind, (described, end))
        if (named := _NAME_APPOSED.match(text, place, end + 1)) and named.end("name") == end:
            voice = _phrase(text, begin, place)
            if voice is not None and voice.kind == "phrase":
                return _apposed(voice, named)
        begin = place + 1
    # "Kim, in a statement, said" and "Kim, however, said" describe nothing.
    opening = text.find(",", start, end)
    if opening > 0 and re.match(
        r"\s*(?:in|on|at|during|speaking|however|too|meanwhile|citing)\b", text[opening + 1 : end]
    ):
        return _phrase(text, start, opening)
    return None


def _phrase(text: str, start: int, end: int) -> Voice | None:
    """The speaker in a noun phrase; None where it is none."""
    lead = _LEAD.match(text, start + len(text[start:end]) - len(text[start:end].lstrip()), end)
    start = lead.end() if lead else start
    start += len(text[start:end]) - len(text[start:end].lstrip(" ,—–-\n\t"))
    end -= len(text[start:end]) - len(text[start:end].rstrip(" ,"))
    phrase = text[start:end]
    if cut := _CLAUSE_OPENS.match(phrase):
        return _phrase(text, start + cut.end(), end)
    if not phrase or len(phrase.split()) > _LONGEST_PHRASE:
        return None
    if phrase.lower() in PRONOUNS:
        return Voice(start, end, phrase, "pronoun")
    if _CLAUSE.search(phrase) or _OTHER_CLAUSE.search(phrase):
        return None
    return _named(start, phrase) or _unnamed(start, phrase)


_ENDS_IN_NAME = re.compile(rf"(?P<before>(?:[\w'’.&-]+\s+){{0,9}}?)(?P<name>{NAME})")
_NAME_OF = re.compile(rf"(?P<name>{NAME})\s+(?P<rest>(?:of|from|at|with|in)\s.+)")
_PREPOSITION = re.compile(
    r"\b(?:of|for|at|from|in|with|on|by|about|into|than|over|under|and|or)\b", re.I
)
_COMMON = re.compile(
    rf"(?:{_DETERMINER}\s+.*[a-z]\w*|(?:[\w-]+\s+){{0,3}}{_GROUP}(?:\s+.*)?)", re.I
)


def _named(start: int, phrase: str) -> Voice | None:
    found = _ENDS_IN_NAME.fullmatch(phrase)
    rest = None
    if found is None or _PREPOSITION.search(found["before"]):
        found = rest = _NAME_OF.fullmatch(phrase)
        if found is None:
            return None
    begin, name = without_titles(found.start("name"), found["name"])
    if not name or name in TITLES or re.search(r"['’]s?$", name):
        return None
    described = rest.span("rest") if rest else (0, len(phrase[:begin].rstrip()))
    inside: tuple[int, int] | None = (start + described[0], start + described[1])
    if not (words := phrase[slice(*described)]) or _EMPTY_DESCRIPTION.fullmatch(words):
        inside = None
    return Voice(start + begin, start + begin + len(name), name, "name", inside)


# "Secretary of State Ana Ruiz": the office belongs to the title.
_OF_OFFICE = re.compile(
    r"(?:of|for)\s+(?:State|Staff|Defen[sc]e|Education|Commerce|Labou?r|Energy|Justice|Health"
    r"|Agriculture|Transportation|Trade|Finance|Interior)\s"
)
_PLACED = re.compile(r"-(?:based|born|led|backed|style|era|owned|run)$")


def without_titles(start: int, name: str) -> tuple[int, str]:
    """A name and its offset without opening words and titles; a bare title stays as it is."""
    words = [(match.start(), match[0]) for match in re.finditer(r"\S+", name)]
    skipped = 0
    while skipped < len(words) and words[skipped][1] in _NOT_A_NAME:
        skipped += 1
    titled = max((i + 1 for i, (_, word) in enumerate(words) if word in TITLES), default=0)
    if skipped < titled < len(words):
        skipped = titled
        office = _OF_OFFICE.match(name, words[skipped][0])
        skipped += 2 if office else 0
    if skipped >= len(words) or _PLACED.search(name):
        return start, ""
    begin = words[skipped][0]
    return start + begin, name[begin:]


def _unnamed(start: int, phrase: str) -> Voice | None:
    if not _COMMON.fullmatch(phrase):
        return None
    return Voice(start, start + len(phrase), phrase, "phrase")
