"""Hits for a query: words and vectors fused by rank, copies collapsed, no article crowding."""

from rag.retriever.fusion import Weights
from rag.retriever.order import PER_ARTICLE
from rag.retriever.retriever import HybridRetriever

__all__ = ["PER_ARTICLE", "HybridRetriever", "Weights"]
