"""Twenty short articles, each with one fact of its own, and the question that asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence of an article, what somebody asks to hear it, and the words only it holds."""

    title: str
    sentence: str
    question: str
    words: str


FACTS = (
    Fact(
        "Lighthouse at Norrby lit again",
        "The lighthouse at Norrby was built in 1847 by Danish masons.",
        "When was the lighthouse at Norrby built?",
        "1847",
    ),
    Fact(
        "Bakers on strike in Velmar",
        "The bakers of Velmar demand a wage of 23.40 crowns an hour.",
        "What wage do the bakers of Velmar demand?",
        "23.40 crowns",
    ),
    Fact(
        "Heron colony counted",
        "Ornithologists counted 612 herons on Lake Tisza this spring.",
        "How many herons did ornithologists count on Lake Tisza?",
        "612 herons",
    ),
    Fact(
        "Opera house names director",
        "The opera house appointed Marta Quill as its musical director.",
        "Who was appointed musical director of the opera house?",
        "Marta Quill",
    ),
    Fact(
        "New tram line approved",
        "The tram line to Ostrow will be 14.2 kilometers long.",
        "How long will the tram line to Ostrow be?",
        "14.2 kilometers",
    ),
    Fact(
        "Glacier shrinks further",
        "The Kaldur glacier lost 38 meters of its tongue within a year.",
        "How much of its tongue did the Kaldur glacier lose?",
        "38 meters",
    ),
    Fact(
        "Chess prodigy wins title",
        "Ilya Brandt won the junior chess championship in Sarnia.",
        "Who won the junior chess championship in Sarnia?",
        "Ilya Brandt",
    ),
    Fact(
        "Copper mine to close",
        "The copper mine of Rauda closes after 91 years of digging.",
        "After how many years does the copper mine of Rauda close?",
        "91 years",
    ),
    Fact(
        "Vaccine reaches villages",
        "Nurses vaccinated 5,300 children against measles in Dolno.",
        "How many children were vaccinated against measles in Dolno?",
        "5,300 children",
    ),
    Fact(
        "Satellite heads for orbit",
        "The weather satellite Pelican weighs 740 kilograms.",
        "How much does the weather satellite Pelican weigh?",
        "740 kilograms",
    ),
    Fact(
        "Cider harvest begins",
        "Orchards around Melby pressed 88,000 liters of cider in autumn.",
        "How many liters of cider did the orchards around Melby press?",
        "88,000 liters",
    ),
    Fact(
        "Library reopens",
        "The library of Tarnow keeps its oldest manuscript in a copper casket.",
        "Where does the library of Tarnow keep its oldest manuscript?",
        "copper casket",
    ),
    Fact(
        "Swimmer crosses strait",
        "Lena Osei swam across the Corvo strait in nine hours.",
        "Who swam across the Corvo strait?",
        "Lena Osei",
    ),
    Fact(
        "Dam inspected after quake",
        "Engineers found seventeen cracks in the Brenna dam.",
        "How many cracks did engineers find in the Brenna dam?",
        "seventeen cracks",
    ),
    Fact(
        "Beekeepers alarmed",
        "Beekeepers of Hollin blame a fungus for the death of their hives.",
        "What do the beekeepers of Hollin blame for the death of their hives?",
        "fungus",
    ),
    Fact(
        "Painting sold at auction",
        "The painting Blue Orchard was sold for 2.6 million francs.",
        "For how much was the painting Blue Orchard sold?",
        "2.6 million francs",
    ),
    Fact(
        "Volcano watched closely",
        "The volcano Mount Ishka last erupted in 1792.",
        "When did the volcano Mount Ishka last erupt?",
        "1792",
    ),
    Fact(
        "School for sailmakers",
        "The sailmakers' school in Porto Lume admits 45 apprentices.",
        "How many apprentices does the sailmakers' school in Porto Lume admit?",
        "45 apprentices",
    ),
    Fact(
        "Wolf seen near Grenna",
        "A forester photographed a wolf near Grenna on a Sunday.",
        "Who photographed a wolf near Grenna?",
        "A forester",
    ),
    Fact(
        "Wind farm delivers power",
        "The wind farm at Cape Sorrow supplies 61,000 households.",
        "How many households does the wind farm at Cape Sorrow supply?",
        "61,000 households",
    ),
)


def write(folder: Path) -> Path:
    """The folder with an article for each fact in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, fact in enumerate(FACTS, start=1):
        (folder / f"{number}.md").write_text(
            f"---\ntitle: {fact.title}\npublisher: The Ledger\ndate: 2024-02-{number:02}\n---\n"
            f"{fact.sentence}\n",
            encoding="utf-8",
        )
    return folder
