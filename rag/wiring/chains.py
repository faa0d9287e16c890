"""The chain for each way in which a question may be answered."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial

from langchain_core.runnables import Runnable

from rag.asking.understanding import Understanding
from rag.chain import Request, Surroundings, Verbatim, build
from rag.quoting.answerer import QuotingAnswerer
from rag.quoting.strictness import threshold
from rag.records import Answer, Options
from rag.retriever import HybridRetriever
from rag.settings import Settings
from rag.wiring.in_force import in_force
from rag.wiring.standing import Standing
from rag.wiring.voice import Voice, chat_model, written


class Chains:
    """The chain for each way in which a question may be answered, made when first asked for."""

    def __init__(
        self,
        settings: Settings,
        standing: Standing,
        rules: Understanding,
        retriever: HybridRetriever,
    ) -> None:
        self._settings = settings
        self._standing = standing
        self._rules = rules
        self._retriever = retriever
        self._chat = lru_cache(partial(chat_model, settings))
        self._chain = lru_cache(self._built)

    def __call__(self, options: Options) -> Runnable[Request, Answer]:
        """The chain that answers so.

        Raises:
            SettingsError: the options ask for a voice or a number that there is not.
        """
        in_force(self._settings, options)
        return self._chain(replace(options, passages=None))  # the request tells their number

    def _built(self, options: Options) -> Runnable[Request, Answer]:
        voice = self._voice(options)
        return build(
            understanding=voice.understanding,
            retriever=self._retriever,
            answerer=voice.answerer,
            checker=voice.checker,
            surroundings=Surroundings(
                coverage=self._standing.coverage,
                receipt=partial(self._standing.receipt, voice.prompts),
                behind=self._standing.behind,
            ),
        )

    def _voice(self, options: Options) -> Voice:
        settings = in_force(self._settings, options)
        quoting = QuotingAnswerer(
            self._standing.rarity,
            max_quotes=settings.max_quotes,
            threshold=threshold(options.strictness),
        )
        if settings.chat_model is None:
            return Voice(self._rules, quoting, Verbatim(), {})
        return written(settings, self._chat(settings.chat_model), self._rules, quoting)
