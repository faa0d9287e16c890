"""Dates: when an article was published, which days words mean, which a question asks for."""

from rag.language.dates.asked import QuestionDates, period_of
from rag.language.dates.mention import DateMention
from rag.language.dates.mentions import mentions
from rag.language.dates.notes import notes
from rag.language.dates.published import published

__all__ = ["DateMention", "QuestionDates", "mentions", "notes", "period_of", "published"]
