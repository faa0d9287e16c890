"""Dates: when an article was published, which days words mean, which a question asks for."""

from rag.dates.asked import QuestionDates, period_of
from rag.dates.mentions import DateMention, mentions
from rag.dates.notes import notes
from rag.dates.published import published

__all__ = ["DateMention", "QuestionDates", "mentions", "notes", "period_of", "published"]
