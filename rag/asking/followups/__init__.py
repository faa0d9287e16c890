"""Follow-up questions, put so that they stand on their own; rules alone, no model."""

from rag.asking.followups.resolution import Resolution, resolve, standalone
from rag.asking.followups.salience import Exchange

__all__ = ["Exchange", "Resolution", "resolve", "standalone"]
