"""Ingest: files in, articles in the store, the index brought up to date."""

from rag.ingest.ingest import Ingest, Splitting
from rag.ingest.report import Failure, IngestReport, Progress

__all__ = ["Failure", "Ingest", "IngestReport", "Progress", "Splitting"]
