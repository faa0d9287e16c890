"""A voice: who understands a question, answers it and checks the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from rag.asking.understanding import Understanding
from rag.chain import Answerer, Checker, Understands
from rag.errors import SettingsError
from rag.quoting.answerer import QuotingAnswerer
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.writing.chat import Chat
    from rag.writing.prompts import Prompt


@dataclass(frozen=True, slots=True)
class Voice:
    """Who understands, answers and checks; `prompts` are the versions of those in use."""

    understanding: Understands
    answerer: Answerer
    checker: Checker
    prompts: Mapping[str, str]


def written(
    settings: Settings, chat: Chat, rules: Understanding, quoting: QuotingAnswerer
) -> Voice:
    """The voice of a chat model, held to the text; it falls back to the rules and the quotes."""
    from rag.writing.generating import GeneratingAnswerer, Held
    from rag.writing.prompts import prompts
    from rag.writing.rewording import RewordingUnderstanding

    asked = prompts(settings.prompts)
    checker = Held(_checker(settings.checker, chat, asked.judge))
    answerer = GeneratingAnswerer(
        chat,
        asked.answer,
        checker=checker,
        quoting=quoting,
        context=settings.chat_context,
        unsupported=settings.unsupported,
    )
    understanding = RewordingUnderstanding(
        rules, chat, condense=asked.condense, decompose=asked.decompose
    )
    return Voice(understanding, answerer, checker, asked.versions)


def _checker(name: str, chat: Chat, judge: Prompt) -> Checker:
    """The checker that a setting names.

    Raises:
        SettingsError: the name is none of those known and no importable class.
    """
    from rag.checking.claims import LadderChecker
    from rag.writing.judging import JudgingChecker

    if name == "ladder":
        return LadderChecker()
    if name == "chat":
        return JudgingChecker(LadderChecker(), chat, judge)
    module, _, maker = name.partition(":")
    try:
        own: Checker = getattr(import_module(module), maker)()
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        raise SettingsError(
            f"checker {name!r} cannot be used ({error}): it is `ladder`, `chat` or `module:Name`,"
            " a class whose `check` takes a claim and gives it with its verdict"
        ) from error
    return own


def chat_model(settings: Settings, model: str) -> Chat:
    """The chat model of this name, within the limits of the settings."""
    from rag.writing.chat import Limits, Prices
    from rag.writing.models import chat_named

    priced = settings.chat_price_read is not None and settings.chat_price_written is not None
    return chat_named(
        model,
        base_url=settings.chat_base_url,
        limits=Limits(
            timeout=settings.chat_timeout,
            retries=settings.chat_retries,
            tokens=settings.chat_tokens,
            per_minute=settings.chat_per_minute,
        ),
        prices=Prices(settings.chat_price_read or 0, settings.chat_price_written or 0)
        if priced
        else None,
    )
