"""The service: the page at `/`, the routes for programs under `/v1`, and the doors before both."""

from rag.service.app import build_app
from rag.service.serving import serve

__all__ = ["build_app", "serve"]
