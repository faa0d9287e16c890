"""Chat models and prompts, under the settings in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.evaluation.checks.judge import Judge
    from rag.writing.chat import Chat


def judge_named(model: str | None) -> Judge | None:
    """The judge that a chat model makes with the prompt in force; None without a name."""
    if model is None:
        return None
    from rag.evaluation.checks.judge import Judge
    from rag.settings import load
    from rag.writing.prompts import prompts

    return Judge(chat(model), prompts(load().prompts).judge)


def chat(model: str) -> Chat:
    """A chat model by name, asked under the settings in force."""
    from rag.settings import load
    from rag.writing.chat import Limits
    from rag.writing.models import chat_named

    settings = load()
    limits = Limits(
        timeout=settings.chat_timeout,
        retries=settings.chat_retries,
        per_minute=settings.chat_per_minute,
    )
    return chat_named(model, base_url=settings.chat_base_url, limits=limits)


def prompt_versions() -> Mapping[str, str]:
    """The versions of the prompts in force."""
    from rag.settings import load
    from rag.writing.prompts import prompts

    return prompts(load().prompts).versions
