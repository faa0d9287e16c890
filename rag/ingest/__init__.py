"""Ingest: files in, articles in the store, the index brought up to date."""

from rag.ingest.cluster import Cluster
from rag.ingest.files import Root
from rag.ingest.ingest import Ingest, Splitting
from rag.ingest.report import Failure, IngestReport, Progress, write_failures
from rag.ingest.watching import Watch

__all__ = [
    "Cluster",
    "Failure",
    "Ingest",
    "IngestReport",
    "Progress",
    "Root",
    "Splitting",
    "Watch",
    "write_failures",
]
