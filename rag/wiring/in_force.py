"""The settings in force for one question: what its options change of them."""

from __future__ import annotations

from rag.errors import SettingsError
from rag.quoting.strictness import unsupported
from rag.records import QUOTES, Options
from rag.settings import MOST_PASSAGES, Settings


def voices(settings: Settings) -> tuple[str, ...]:
    """Who may be asked to answer: the configured one, then the others, each once."""
    configured = settings.chat_model or QUOTES
    return tuple(dict.fromkeys((configured, QUOTES, *settings.chat_models)))


def in_force(settings: Settings, options: Options) -> Settings:
    """The settings with what the options of a question change of them.

    Raises:
        SettingsError: the options ask for a voice or a number that there is not.
    """
    known = voices(settings)
    voice = options.voice or known[0]
    if voice not in known:
        raise SettingsError(
            f"{voice!r} does not answer here, only {', '.join(known)}: name it in `chat_models`"
        )
    passages = settings.passages if options.passages is None else options.passages
    if not 1 <= passages <= MOST_PASSAGES:
        raise SettingsError(f"{passages} passages cannot be read: ask for 1 to {MOST_PASSAGES}")
    chosen = {
        "chat_model": None if voice == QUOTES else voice,
        "passages": passages,
        "unsupported": unsupported(options.strictness, settings.unsupported),
    }
    return settings.model_copy(update=chosen)
