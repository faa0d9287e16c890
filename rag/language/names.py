"""Proper names in a text, found by rules: capitals, particles, acronyms and hyphens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rag.language.terms import STOPWORDS, fold

# Words that may join two capitalised words inside one name.
_PARTICLES = frozenset(
    "al bin da das de del della den der di dos du el ibn la las le los ten ter van von y e".split()
)
_LINKS = frozenset(["of", "for", "the", "and", "&"])
_JOINING = _PARTICLES | {"of", "for", "the", "&"}
_TITLES = frozenset(
    """president vice prime minister chancellor king queen prince princess pope sir dame dr mr mrs
    ms miss mx prof professor sen senator rep representative gov governor mayor gen col colonel
    capt captain lt lieutenant sgt sergeant adm admiral judge secretary chairman chairwoman deputy
    former ceo cfo coo cto coach rev reverend ambassador commissioner congressman congresswoman
    councillor detective inspector officer sheriff""".split()
)
_CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december mon tue tues wed thu thurs fri sat sun jan
    feb mar apr jun jul aug sep sept oct nov dec""".split()
)
# Words that often open a sentence and are no name there.
# Of the words that open sentences, those that as often begin a longer name ("New York").
_BEGIN_NAMES = frozenset(
    """first general global good government great international little long money national new old
    public second state united white women world young""".split()
)
_OPENERS = STOPWORDS | frozenset(
    """according across actually additionally afterwards ahead almost along already alongside
    alternatively always amid among analysts another anybody anyone anything apart apparently
    around aside asked authorities away based basically beyond businesses certainly children cities
    citing clearly companies compared consider considering consumers countries critics currently
    customers data day days demand despite early earlier earnings either elsewhere employees
    engineers equally especially essentially even eventually every everybody everyone everything
    evidence exactly experts families fans fewer figures finally find firms following fortunately
    fresh frankly generally get given global go good government governments granted half hello hence
    homes hopefully households hundreds ideally imagine immediately importantly inflation initially
    inside instead interestingly investigators investors keep last lastly lately later lawmakers
    lawyers leaders leading less let like likewise little local long look looking make making many
    markets maybe mean meaning meanwhile members men millions ministers money moreover mostly much
    named nearly neither never nevertheless new news next nobody none nonetheless nothing notably
    now obviously officers officials often oh ok okay once one ones opponents ordinary originally
    otherwise outside overall owners parents part parts past people perhaps players please plus
    police politicians presumably previously prices probably prosecutors protesters put quite rates
    rather readers real really recently regardless regulators remember reports researchers
    residents right roughly sadly sales say scientists second secondly see seemingly senior several
    shares shortly similarly simply since small sometimes soon sources spending start starting
    still stocks strangely students supporters sure surely surprisingly take talks teachers teams
    thanks third thousands throughout thus today together tomorrow tonight traders truly two
    three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
    first firstly fourth fifth trying
    ultimately unable undoubtedly unfortunately unless unlike users using usually victims
    villagers voters want water ways weeks well whatever whenever wherever whether whoever women
    wonder workers world worldwide would years yes yesterday yet young""".split()
)
# The handful of states that news writes in several ways.
_ALIASES: tuple[frozenset[str], ...] = (
    frozenset(["us", "usa", "united states", "united states of america", "america"]),
    frozenset(["uk", "united kingdom", "britain", "great britain"]),
    frozenset(["eu", "european union"]),
    frozenset(["un", "united nations"]),
    frozenset(["uae", "united arab emirates", "emirates"]),
    frozenset(["north korea", "dprk", "democratic peoples republic of korea"]),
    frozenset(["south korea", "rok", "republic of korea"]),
    frozenset(["soviet union", "ussr"]),
    frozenset(["china", "prc", "peoples republic of china"]),
    frozenset(["drc", "dr congo", "democratic republic of the congo", "congo kinshasa"]),
    frozenset(["fed", "federal reserve"]),
)
_STATE = {name: aliases for aliases in _ALIASES for name in aliases}

_APOSTROPHES = "'’‘ʼ"
# A capital letter starts the word; dots of an initialism, apostrophes and hyphens stay inside it.
_WORD = re.compile(
    rf"(?:[^\W\d_]\.){{2,}}|[^\W\d_](?=\.\s+[A-Z])\.?"
    rf"|[^\W_]+(?:[{_APOSTROPHES}‐‑-][^\W_]+)*|&"
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;…\n]['\"“”’)\]]*\s*|[\"“‘(\[•*—–]\s*|\s['-]\s?|^\W+)$")
_DOTTED = re.compile(
    r"(?<!\w)(?:Dr|Mr|Mrs|Ms|Prof|Sen|Rep|Gov|Gen|Col|Capt|Lt|Sgt|Adm|Rev|St|Jr|[^\W\d_])\.\s+$"
)
_JOINT = re.compile(rf"[-{_APOSTROPHES}]")
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}]s$|(?<=s)[{_APOSTROPHES}]$")


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name: `text[start:end]`, without title or possessive ending.

    `certain` is False for a lone capitalised word that opens a sentence, where the capital says
    nothing.
    """

    start: int
    end: int
    text: str
    certain: bool = True


class _Word(NamedTuple):
    """A word at its place in a text, and in small letters."""

    start: int
    text: str
    small: str
    within: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def capital(self) -> bool:
        return _is_capital(self.text)

    @property
    def opens(self) -> bool:
        """Whether it stands where a sentence begins."""
        return _opens(self.within, self.start)


class _Words:
    """The words of a text. Few are part of a name: only those are looked at one by one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.written: list[str] = _WORD.findall(text)
        self._starts: list[int] = []

    def __len__(self) -> int:
        return len(self.written)

    def __getitem__(self, index: int) -> _Word:
        word = self.written[index]
        return _Word(self._start(index), word, word.lower(), self.text)

    def _start(self, index: int) -> int:
        """Where a word starts: between two words there is nothing that could be one."""
        starts = self._starts
        at = starts[-1] + len(self.written[len(starts) - 1]) if starts else 0
        for word in self.written[len(starts) : index + 1]:
            at = self.text.index(word, at)
            starts.append(at)
            at += len(word)
        return starts[index]


def names(text: str) -> list[Name]:
    """The proper names of a text, in order."""
    words = _Words(text)
    parts = (part for run in _runs(words) for part in _split_at_titles(run))
    found = (_trim(part, words.written) for part in parts)
    return [name for name in found if name is not None]


@lru_cache(maxsize=50_000)
def _is_capital(word: str) -> bool:
    """Whether a word or its part behind a hyphen begins with a capital, or nearly ("iPhone")."""
    # Of most words one look at the whole tells.
    if word.islower():
        return False
    return (
        word[0].isupper()
        or any(part[:1].isupper() for part in _JOINT.split(word)[:2])
        or (word[0].islower() and any(char.isupper() for char in word[1:3]))
    )


@lru_cache(maxsize=50_000)
def key(name: str) -> tuple[str, ...]:
    """The folded words of a name: no titles, possessives, dots or hyphens ("Kim Jong-un's")."""
    bare = _POSSESSIVE.sub("", name.strip())
    bare = re.sub(r"(?<=\w)\.(?=\w\.|\w\b|\s|$)", "", bare)
    tokens = re.findall(r"[^\W_]+|&", fold(bare.replace("'", "").replace("’", "")))
    while len(tokens) > 1 and tokens[0] in _TITLES | {"the"}:
        tokens = tokens[1:]
    return tuple(tokens)


def matches(short: str, full: str) -> bool:
    """Whether `short` can stand for `full`: the same, a part of it in order, its acronym, an alias.

    Symmetrical only for equal names, acronyms and aliases: "Kim" stands for "Kim Jong-un", not
    the other way.
    """
    part, whole = key(short), key(full)
    if not part or not whole:
        return False
    if part == whole or "".join(part) == "".join(whole):
        return True
    aliases = _STATE.get(" ".join(part))
    if aliases and " ".join(whole) in aliases:
        return True
    if _acronym_of(part, whole) or _acronym_of(whole, part):
        return True
    rest = iter(whole)
    return len(part) < len(whole) and all(token in rest for token in part)


def _acronym_of(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    if len(part) != 1 or len(whole) < 2 or len(part[0]) < 2:
        return False
    initials = "".join(token[0] for token in whole)
    heads = "".join(token[0] for token in whole if token not in _LINKS | _PARTICLES)
    return part[0] in (initials, heads)


def _opens(text: str, start: int) -> bool:
    before = text[max(0, start - 6) : start]
    if not before or not _SENTENCE_START.search(before):
        return not before
    return _DOTTED.search(before) is None


def _runs(words: _Words) -> Iterator[list[_Word]]:
    behind = 0
    for index, word in enumerate(words.written):
        if index < behind or word.islower() or not _may_begin(word):
            continue
        run = [words[index]]
        behind = index + 1
        while joined := _next(words, behind, run[-1]):
            run.extend(joined)
            behind += len(joined)
        yield run


def _may_begin(word: str) -> bool:
    return _is_capital(word) and word not in ("I", "A") and not word.startswith(("I'", "I’"))


def _next(words: _Words, index: int, last: _Word) -> list[_Word]:
    """The words that carry the name on: a capitalised one, perhaps after one or two joining words.

    A possessive ends a name ("Ghana's Accra" are two), and so does any mark but an initial's dot.
    """
    if index >= len(words) or not _carries_on(words.written[index]):
        return []
    word = words[index]
    if _POSSESSIVE.search(last.text) or not _touches(last, word):
        return []
    if _may_begin(word.text) and not (word.opens and word.small in _OPENERS):
        return [word]
    joining = [word]
    while len(joining) < 3 and joining[-1].small in _JOINING:
        after = index + len(joining)
        if after >= len(words) or joining[0].text == "the":
            return []
        joining.append(words[after])
        if not _touches(*joining[-2:]):
            return []
        if _may_begin(joining[-1].text):
            return joining
    return []


def _carries_on(word: str) -> bool:
    return word in _JOINING if word.islower() else _is_capital(word) or word in _JOINING


def _split_at_titles(run: list[_Word]) -> list[list[_Word]]:
    """Cut "New York Mayor Eric Adams" into "New York" and "Mayor Eric Adams"."""
    for index in range(1, len(run) - 1):
        if run[index].small in _TITLES and run[index - 1].small not in _TITLES:
            return [run[:index], *_split_at_titles(run[index:])]
    return [run]


def _touches(left: _Word, right: _Word) -> bool:
    between = left.within[left.end : right.start]
    if between == " " or (between.strip() == "" and "\n\n" not in between):
        return True
    dotted = left.small in _TITLES or len(left.text) == 1 or left.text in ("St", "Jr", "Mt")
    return dotted and between.strip() == "." and "\n" not in between


def _trim(run: list[_Word], words: Sequence[str]) -> Name | None:
    """The run, of these words, as a name; None if none is left.

    It is without opening words, titles and calendar words.
    """
    while run and (
        run[0].small in _CALENDAR
        or (run[0].small in _TITLES and (len(run) > 1 or run[0].opens))
        or (_only_opens(run) and not _initialism(run[0].text))
        or not _may_begin(run[0].text)
    ):
        run = run[1:]
    while run and (run[-1].small in _CALENDAR or not run[-1].capital):
        run = run[:-1]
    if not run or (len(run) == 1 and run[0].opens and run[0].small in _TITLES):
        return None
    first = run[0]
    opens = len(run) == 1 and first.opens
    if opens and first.small in words and not _is_capital(first.small):
        return None
    start = first.start
    bare = _POSSESSIVE.sub("", first.within[start : run[-1].end])
    certain = not opens or _initialism(first.text)
    return Name(start, start + len(bare), bare, certain)


def _only_opens(run: list[_Word]) -> bool:
    """Whether the first word is no part of a name: it stands there because a sentence begins."""
    word = run[0].small
    if word in STOPWORDS:
        return run[0].opens or len(run) > 1
    return run[0].opens and word in _OPENERS and not (len(run) > 1 and word in _BEGIN_NAMES)


def _initialism(word: str) -> bool:
    letters = [char for char in word if char.isalpha()]
    return len(letters) > 1 and sum(char.isupper() for char in letters) > 1
