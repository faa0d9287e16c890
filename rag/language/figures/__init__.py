"""Figures: the numbers of a text as values with units, comparable however they are written.

Years, days of a month and times of day are not figures (they are dates), nor are digits that
belong to a name ("GPT-4", "Pac-12").
"""

from rag.language.figures.figure import Figure, agrees, same
from rag.language.figures.reading import figures
from rag.language.figures.units import ORDINAL

__all__ = ["ORDINAL", "Figure", "agrees", "figures", "same"]
