"""What a question asks for: its question word, the sort of thing wanted, the words that count."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from functools import lru_cache

from rag.language.terms import STOPWORDS, fold, stem, words


class Asks(enum.StrEnum):
    """The question word, or what stands for one."""

    WHO = "who"
    WHO_SAID = "who said"
    QUOTE_ABOUT = "said about"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how many"
    HOW_MUCH = "how much"
    WHICH = "which"
    WHAT = "what"
    WHY = "why"
    HOW = "how"
    YES_NO = "yes or no"
    TOPIC = "topic"  # no question word at all: a few key words


class Wants(enum.StrEnum):
    """The sort of thing an answer must hold."""

    PERSON = "person"
    PLACE = "place"
    DATE = "date"
    NUMBER = "number"
    NAME = "name"
    REASON = "reason"
    ANYTHING = "anything"


class Measure(enum.StrEnum):
    """What a number asked for counts in."""

    COUNT = "count"
    LENGTH = "length"
    AREA = "area"
    SIZE = "size"  # an area, or a length said to be an extent
    WEIGHT = "weight"
    SPEED = "speed"
    DURATION = "duration"
    AGE = "age"
    MONEY = "money"
    SHARE = "share"
    TEMPERATURE = "temperature"

    @property
    def telling(self) -> bool:
        """Whether an answer must state it as a figure with a unit. A count has none, and how long
        something took is as often told by its first and last day."""
        return self not in (Measure.COUNT, Measure.DURATION)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a question asks for.

    `head` is the noun named as wanted ("professor" of "Which professor said …"), folded; None
    where none is named. `measure` is set where a number is wanted and the question says of what.
    `content` are the stems that an answer may be expected to share, in order, each once: neither
    stopwords nor the words that only ask ("how large", "what year").
    """

    asks: Asks
    wants: Wants
    head: str | None = None
    measure: Measure | None = None
    content: tuple[str, ...] = ()


_WORD = re.compile(r"\w+(?:['.,-]\w+)*|,")
_QUESTION_WORDS = frozenset("who whom whose when where why which what how".split())
_PREPOSITIONS = frozenset(
    "in on at to from for by of with about during under into after before since until through"
    " around near approximately roughly exactly and so then but".split()
)
_AUXILIARIES = frozenset(
    "is are was were am be been do does did has have had can could will would shall should may"
    " might must isn't aren't wasn't weren't don't doesn't didn't hasn't haven't won't".split()
)
_ARTICLES = frozenset("a an the this that these those its their his her our your my".split())
_IMPERATIVES = frozenset("name list describe give tell explain identify state".split())

_SAYING = frozenset(
    "say says said saying tell tells told claim claims claimed state states stated argue argues"
    " argued warn warns warned announce announces announced suggest suggests suggested add adds"
    " added note notes noted remark remarks remarked comment comments commented predict predicts"
    " predicted declare declares declared insist insists insisted explain explains explained"
    " admit admits admitted deny denies denied call calls called believe believes believed think"
    " thinks thought write writes wrote describe describes described".split()
)
# After "what did X …" these ask for words; "call", "write" or "explain" may ask for a thing.
_UTTERING = frozenset(
    "say says said tell told claim claimed state stated argue argued warn warned announce announced"
    " suggest suggested remark comment commented react respond reply replied describe think"
    " thinks promise promised".split()
)
# "What was X's comment on …?" asks for words too.
_UTTERANCES = frozenset(
    """comment comments reaction response reply remark remarks view views opinion verdict
    words""".split()
)

_PERSONS = frozenset(
    "person people man men woman women president minister premier chancellor king queen prince"
    " princess emperor leader head chief chairman chairwoman chair director manager secretary"
    " senator governor mayor judge lawyer attorney general commander officer official spokesman"
    " spokeswoman spokesperson ambassador diplomat politician lawmaker candidate activist"
    " professor scientist researcher scholar historian economist analyst expert engineer doctor"
    " physician author writer poet novelist journalist reporter editor critic philosopher"
    " theologian actor actress singer musician composer artist painter architect designer"
    " inventor founder owner executive ceo player quarterback coach athlete driver pilot astronaut"
    " explorer soldier teacher student nephew son daughter father mother brother sister wife"
    " husband monk priest bishop pope member".split()
)
_PLACES = frozenset(
    "country nation city town village state region area province county district continent island"
    " place location capital neighborhood neighbourhood street site territory venue".split()
)
_DATES = frozenset("year years date day month century decade time season era".split())
_NAMED = frozenset(
    "name company firm team party group organization organisation agency institution university"
    " college school band newspaper magazine network channel book film movie song album river"
    " mountain lake sea ocean language religion church museum hospital airport bridge stadium club"
    " league award prize law act treaty war battle event ship aircraft satellite rocket brand"
    " dynasty empire union department ministry court commission committee bank".split()
)
_BODIES = frozenset(
    "board office agency association front accord authority police guard parliament government"
    " centre center post".split()
)
_MEASURES = {
    word: measure
    for measure, words in {
        Measure.COUNT: "many number population",
        Measure.LENGTH: "far tall high wide deep height length width depth distance"
        " altitude elevation",
        Measure.AREA: "acreage",
        Measure.SIZE: "large big small",
        Measure.WEIGHT: "heavy weight mass",
        Measure.SPEED: "fast quick speed",
        Measure.DURATION: "long duration soon",
        Measure.AGE: "old young age",
        Measure.MONEY: "expensive cheap cost price salary budget revenue profit fee worth value",
        Measure.SHARE: "percentage percent proportion share fraction",
        Measure.TEMPERATURE: "hot cold warm temperature",
    }.items()
    for word in words.split()
}
_PAYING = frozenset(
    "money cost costs costing pay pays paid spend spends spent worth earn earns earned charge"
    " charged invest invested raise raised fine fined donate donated".split()
)
_NUMBERS = frozenset(
    "amount rate average quantity level often frequently total score capacity size".split()
)
# Which of two is so is told by the figures of both.
_MORE = frozenset(
    "higher lower larger bigger smaller more fewer less longer shorter older younger taller cheaper"
    " dearer heavier lighter faster slower greater".split()
)
# Words that name the sort of answer and seldom stand in one.
_ONLY_ASK = frozenset(
    "many large big small far tall high wide deep long heavy fast quick old young soon expensive"
    " cheap number amount percentage percent year date type kind sort often name list describe"
    " identify tell give exactly approximately please".split()
)
# Words of a question that no answer need share.
_IDLE = frozenset("not no may also ever please".split())
_SORTS = frozenset("type types kind kinds sort sorts form forms name names number part".split())


@lru_cache(maxsize=512)
def kind_of(question: str) -> Kind:
    """What a question asks for. Key words without a question word are a topic."""
    tokens = [word.removesuffix("'s") for word in _WORD.findall(fold(question))]
    asks, head, asking = _asks(tokens, _question_word(tokens))
    wants, measure = _wants(asks, head)
    if measure is None and _asks_for_money(asks, head, tokens):
        wants, measure = Wants.NUMBER, Measure.MONEY
    if asks in (Asks.YES_NO, Asks.WHICH):
        wants = Wants.NUMBER if set(tokens) & _MORE else wants
    return Kind(asks, wants, head, measure, _content(question, asking))


def is_institution(word: str) -> bool:
    """Whether a folded word names a place or a body, and no person."""
    bodies = _PLACES | _NAMED | _BODIES
    return word in bodies or _singular(word) in bodies


def _question_word(tokens: list[str]) -> int | None:
    """Where the question word stands: at the front, else after the last comma, else the first.

    A "when" or "where" that no auxiliary follows joins a clause, if there is another that asks.
    """
    every = [i for i, word in enumerate(tokens) if word in _QUESTION_WORDS]
    asking = [i for i in every if not _joins(tokens, i)]
    found = asking or every
    if not found:
        return None
    if found[0] == 0 or (found[0] <= 2 and set(tokens[: found[0]]) <= _PREPOSITIONS):
        return found[0]
    if tokens[0] in _AUXILIARIES or tokens[0] in _IMPERATIVES:
        return None  # "Did he say when …?" asks for yes or no
    commas = [i for i, word in enumerate(tokens) if word == ","]
    behind = [i for i in found if commas and i > commas[-1]]
    return (behind or found)[0]


def _joins(tokens: list[str], place: int) -> bool:
    following = tokens[place + 1 : place + 2]
    return tokens[place] in ("when", "where") and not set(following) & _AUXILIARIES


def _asks(tokens: list[str], place: int | None) -> tuple[Asks, str | None, frozenset[str]]:
    """The question word's kind, the head noun, and the tokens around it that only ask."""
    if place is None:
        if tokens and tokens[0] in _AUXILIARIES:
            return Asks.YES_NO, None, frozenset()
        if tokens and tokens[0] in _IMPERATIVES:
            return Asks.WHAT, None, frozenset(tokens[:1])
        if "according to whom" in " ".join(tokens):
            return Asks.WHO_SAID, None, frozenset()
        return Asks.TOPIC, None, frozenset()
    word, rest = tokens[place], tokens[place + 1 :]
    if word == "how":
        return _how(rest)
    if word in ("who", "whom", "whose"):
        if word == "whom" and tokens[max(place - 2, 0) : place] == ["according", "to"]:
            return Asks.WHO_SAID, None, frozenset()
        said = bool(set(rest[:3]) & _SAYING) and not _passive(rest)
        head = _noun(rest[1:]) if rest[:1] and rest[0] in ("is", "was", "are", "were") else None
        return (Asks.WHO_SAID if said else Asks.WHO), head, frozenset()
    if word in ("when", "where", "why"):
        return {"when": Asks.WHEN, "where": Asks.WHERE, "why": Asks.WHY}[word], None, frozenset()
    return _what(word, rest)


def _how(rest: list[str]) -> tuple[Asks, str | None, frozenset[str]]:
    first = rest[0] if rest else ""
    if first == "many":
        return Asks.HOW_MANY, _noun(rest[1:]), frozenset({"many"})
    if first == "much" or first in _MEASURES or first in ("often", "frequently"):
        return Asks.HOW_MUCH, first, frozenset({first})
    if set(rest[:5]) & {"describe", "react", "respond", "reply"} and first in _AUXILIARIES:
        return Asks.QUOTE_ABOUT, None, frozenset()
    return Asks.HOW, None, frozenset()


def _what(word: str, rest: list[str]) -> tuple[Asks, str | None, frozenset[str]]:
    which = Asks.WHICH if word == "which" else Asks.WHAT
    first = rest[0] if rest else ""
    if first in _AUXILIARIES:
        if first in ("did", "does", "do", "has", "have") and set(rest[1:8]) & _UTTERING:
            return Asks.QUOTE_ABOUT, None, frozenset(rest) & _UTTERING
        being = first in ("is", "was", "are", "were")
        if being and set(rest[1:6]) & _UTTERANCES:
            return Asks.QUOTE_ABOUT, None, frozenset(rest) & _UTTERANCES
        head = _noun(rest[1:]) if being else None
        return which, head, frozenset({head} if head in _ONLY_ASK and head else ())
    head = _noun(rest)
    if head in _PERSONS and set(rest[1:5]) & _SAYING:
        return Asks.WHO_SAID, head, frozenset()
    return which, head, frozenset({head} if head and head in _ONLY_ASK | _DATES else ())


def _noun(tokens: list[str]) -> str | None:
    """The head of the noun phrase that the words begin with: its last word, before a verb."""
    phrase: list[str] = []
    for word in tokens[:6]:
        if word in _ARTICLES and not phrase:
            continue
        if word == "of" and phrase and phrase[-1] in _SORTS:
            phrase = []
            continue
        if word in _AUXILIARIES or word in STOPWORDS or word in _PREPOSITIONS | _SAYING | {","}:
            break
        phrase.append(word)
        if word in _PERSONS | _PLACES | _DATES | _NAMED:
            break
    return phrase[-1] if phrase else None


def _passive(rest: list[str]) -> bool:
    """Whether "who was told …" asks for the one spoken to."""
    return bool(rest) and rest[0] in ("was", "were", "is", "are", "did", "does")


def _wants(asks: Asks, head: str | None) -> tuple[Wants, Measure | None]:
    by_word = {
        Asks.WHO: Wants.PERSON,
        Asks.WHO_SAID: Wants.PERSON,
        Asks.WHEN: Wants.DATE,
        Asks.WHERE: Wants.PLACE,
        Asks.WHY: Wants.REASON,
    }
    if asks in by_word:
        return by_word[asks], None
    if asks is Asks.HOW_MANY:
        return Wants.NUMBER, Measure.COUNT
    if asks is Asks.HOW_MUCH:
        return Wants.NUMBER, _MEASURES.get(head or "")
    if head is None or asks not in (Asks.WHAT, Asks.WHICH):
        return Wants.ANYTHING, None
    singular = head if head in _MEASURES else _singular(head)
    for nouns, wants in ((_PERSONS, Wants.PERSON), (_PLACES, Wants.PLACE), (_DATES, Wants.DATE)):
        if head in nouns or singular in nouns:
            return wants, None
    if singular in _MEASURES or singular in _NUMBERS:
        return Wants.NUMBER, _MEASURES.get(singular)
    if head in _NAMED or singular in _NAMED or asks is Asks.WHICH:
        return Wants.NAME, None
    return Wants.ANYTHING, None


def _content(question: str, asking: frozenset[str]) -> tuple[str, ...]:
    kept = [word for word in words(question) if word not in STOPWORDS | _IDLE]
    stems = [stem(word) for word in kept if word not in asking]
    return tuple(dict.fromkeys(stems or [stem(word) for word in kept]))


def _asks_for_money(asks: Asks, head: str | None, tokens: list[str]) -> bool:
    """ "How much was paid …", "What did … cost?" """
    if asks is Asks.HOW_MUCH:
        return head == "much" and bool(set(tokens) & _PAYING)
    return asks is Asks.WHAT and tokens[-1:] in (["cost"], ["costs"])


def _singular(noun: str) -> str:
    return noun.removesuffix("ies") + "y" if noun.endswith("ies") else noun.removesuffix("s")
