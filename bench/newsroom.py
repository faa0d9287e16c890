"""An invented newsroom: articles of distinct text, the same for the same seed.

Sentences are put together from parts, with names, figures and dates of their own; none is true.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_FIRST_DAY = date(2015, 1, 1)
_DAYS = 4_000
_SENTENCES_OF_A_PARAGRAPH = (2, 5)

_GIVEN = (
    "Ada Anton Beatriz Carl Chen Dalia Edgar Esme Farid Greta Hamid Ingrid Jonas Kaito Leila Marta"
    " Nadia Oskar Paula Quentin Rosa Samuel Tamar Ulrich Vera Walter Ximena Yusuf Zora"
).split()
_FAMILY = (
    "Abara Bellweather Castellan Dunmore Eastlake Farrow Galvez Hartnell Iversen Jansson Kowal"
    " Lindqvist Marchetti Nakata Okafor Pemberton Quist Rademaker Sandoval Thorne Ueda Vance"
    " Whitlock Yarrow Zeller"
).split()
_FIRST_HALVES = "Ash Black Brook Cold East Elder Fair Glen Gold Hart High Kings Long Mill".split()
_SECOND_HALVES = (
    "borough bridge bury dale field ford gate ham haven mouth ness port ton well".split()
)
_OFFICES = (
    "mayor;harbour master;finance director;head of research;union secretary;chief engineer;"
    "school inspector;spokesperson for the ministry;chair of the planning committee;"
    "professor of public health;director of the water board;county prosecutor"
).split(";")
_BODIES = (
    "town council;regional court;transport authority;teachers' union;port company;"
    "energy regulator;national museum;football association;central hospital;farmers' cooperative;"
    "housing agency;coast guard;chamber of commerce;weather service"
).split(";")
_MATTERS = (
    "a new tram line;the repair of the sea wall;cuts to library opening hours;"
    "the price of drinking water;a plan for four hundred flats;the merger of two hospitals;"
    "night flights over the old quarter;the shortage of nurses;a tax on empty offices;"
    "the future of the coal pier;safety on the mountain road;a contract for electric buses;"
    "the return of wolves to the valley;broadband in remote villages;"
    "compensation for flooded homes;the sale of a disused airfield"
).split(";")
_ACTS = (
    "approved;rejected;postponed a decision on;asked for an inquiry into;opened talks about;"
    "published its long-awaited report on;withdrew its objection to;voted narrowly in favour of;"
    "was criticised over its handling of;set aside more money for"
).split(";")
_REASONS = (
    "because costs had risen faster than anybody expected;"
    "after residents collected thousands of signatures;"
    "although experts had warned of delays;"
    "while neighbouring districts follow a different course;"
    "since the old equipment can no longer be repaired;"
    "despite doubts about how the work will be paid for;"
    "as part of a wider programme of renewal;"
    "in spite of opposition from shopkeepers along the route"
).split(";")
_VIEWS = (
    "people here have waited long enough for an answer;"
    "nobody should expect results before the winter;"
    "the figures do not add up without help from the state;"
    "it is a fair compromise between growth and quiet streets;"
    "the mistakes of the last decade must not be repeated;"
    "young families are leaving and this may keep some of them;"
    "we measured twice and came to the same conclusion;"
    "the law leaves very little room for exceptions"
).split(";")
_DETAILS = (
    "The figure was {figure} a year earlier, according to the {body}.;"
    "Work is to begin on {day} and will take about {number} months.;"
    "Of {figure} households asked, {share} per cent said they were in favour.;"
    "The bill of {figure} crowns will be shared between {place} and the {body}.;"
    "A similar attempt in {place} failed in {year} after {number} months of dispute.;"
    "Some {figure} people took part in the meeting at the town hall of {place}.;"
    "Traffic on the road to {place} has grown by {share} per cent since {year}.;"
    "The next hearing is planned for {day}, when {person} will give evidence.;"
    "Only {number} of the {figure} objections were upheld, court records from {place} show.;"
    "{person}, who has lived in {place} since {year}, sees it with mixed feelings."
).split(";")


@dataclass(frozen=True, slots=True)
class Report:
    """An invented article; its text is at most a paragraph longer than was asked for."""

    id: str
    title: str
    publisher: str
    published: date
    text: str


def reports(number: int, *, characters: int, seed: int = 1) -> Iterator[Report]:
    """So many articles, one by one."""
    for count in range(number):
        desk = _Desk(random.Random(f"{seed}/{count}"))
        yield desk.report(f"report-{count:06}", characters)


class _Desk:
    """Writes one article; people, places and the matter come back in it, as they do in news."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._people = [f"{self._one(_GIVEN)} {self._one(_FAMILY)}" for _ in range(6)]
        self._places = [self._one(_FIRST_HALVES) + self._one(_SECOND_HALVES) for _ in range(5)]
        self._bodies = chance.sample(_BODIES, 4)
        self._matters = chance.sample(_MATTERS, 3)

    def report(self, key: str, characters: int) -> Report:
        paragraphs: list[str] = []
        length = 0
        while length < characters:
            few, many = _SENTENCES_OF_A_PARAGRAPH
            sentences = [self._sentence() for _ in range(self._chance.randint(few, many))]
            paragraphs.append(" ".join(sentences))
            length += len(paragraphs[-1]) + 2
        title = f"{self._one(self._bodies).capitalize()} and {self._one(self._matters)}"
        publisher = f"{self._places[0]} Gazette"
        return Report(key, title, publisher, self._day(), "\n\n".join(paragraphs))

    def _sentence(self) -> str:
        return self._chance.choice((self._news, self._speech, self._detail, self._detail))()

    def _news(self) -> str:
        day = self._day()
        return (
            f"On {day:%A}, {day.day} {day:%B} {day.year}, the {self._one(self._bodies)} of"
            f" {self._one(self._places)} {self._one(_ACTS)} {self._one(self._matters)},"
            f" {self._one(_REASONS)}."
        )

    def _speech(self) -> str:
        return (
            f'"{self._one(_VIEWS).capitalize()}," said {self._one(self._people)},'
            f" {self._one(_OFFICES)} in {self._one(self._places)},"
            f" {self._one(_REASONS)}."
        )

    def _detail(self) -> str:
        day = self._day()
        return self._one(_DETAILS).format(
            figure=f"{self._chance.randint(1_000, 9_999_999):,}",
            number=self._chance.randint(2, 48),
            share=self._chance.randint(3, 97),
            year=self._chance.randint(1950, 2024),
            day=f"{day.day} {day:%B} {day.year}",
            body=self._one(self._bodies),
            place=self._one(self._places),
            person=self._one(self._people),
        )

    def _day(self) -> date:
        return _FIRST_DAY + timedelta(days=self._chance.randrange(_DAYS))

    def _one(self, several: tuple[str, ...] | list[str]) -> str:
        return self._chance.choice(several)
