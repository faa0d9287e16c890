"""Chat models by name. The only room that knows the providers of them."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import MissingPackage, SettingsError
from rag.writing.chat import Chat, Limits, Prices

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

# Providers whose package is an extra of ours: `provider: package`. Others are installed by name.
EXTRAS: Mapping[str, str] = {
    "openai": "langchain_openai",
    "anthropic": "langchain_anthropic",
    "ollama": "langchain_ollama",
    "onnx": "onnxruntime_genai",
}
_SCRIPTED = "scripted"
_ONNX = "onnx"
_TEMPERATURE = 0.0  # the words of the passages, not the model's own
_NO_KEY = "none"  # what a server of one's own, which asks for no key, is sent


def chat_named(
    name: str,
    *,
    base_url: str | None = None,
    limits: Limits | None = None,
    prices: Prices | None = None,
) -> Chat:
    """The chat model `provider:model`; `base_url` is where an OpenAI-compatible server listens.

    `onnx:FOLDER` runs a model in a folder, `scripted:FILE` says what stands in a text file.
    Raises only what can be seen without loading the provider's package.

    Raises:
        SettingsError: the name has no provider, or no such one is known.
        MissingPackage: the provider's package is not installed.
    """
    limits = limits or Limits()
    provider, colon, model = name.partition(":")
    if not (provider and colon and model):
        raise SettingsError(
            f"chat model {name!r}: write `provider:model`, such as openai:gpt-4o-mini,"
            " anthropic:claude-haiku-4-5 or ollama:llama3.2"
        )
    if provider == _SCRIPTED:
        return Chat(name, lambda: _scripted(model), limits=limits, prices=prices)
    _require_package(provider)
    if provider == _ONNX:
        return Chat(name, lambda: _local(model, limits), limits=limits, prices=prices)
    options = _options(provider, base_url, limits)
    return Chat(name, lambda: _initialised(provider, model, options), limits=limits, prices=prices)


def _require_package(provider: str) -> None:
    package = EXTRAS.get(provider)
    if package and importlib.util.find_spec(package) is None:
        raise MissingPackage(
            f"chat models of {provider!r} need a package that is not installed: run"
            f" `pip install 'dateline[{provider}]' -c constraints.txt`"
        )


def _options(provider: str, base_url: str | None, limits: Limits) -> dict[str, Any]:
    """What the provider's model is made with; retries are ours, so that they are counted once."""
    options: dict[str, Any] = {"temperature": _TEMPERATURE}
    if provider in ("openai", "anthropic"):
        options |= {"timeout": limits.timeout, "max_retries": 0, "max_tokens": limits.tokens}
    elif provider == "ollama":
        options |= {"num_predict": limits.tokens, "client_kwargs": {"timeout": limits.timeout}}
    else:
        options |= {"max_tokens": limits.tokens}
    if base_url:
        options["base_url"] = base_url
        if provider == "openai" and not os.environ.get("OPENAI_API_KEY"):
            options["api_key"] = _NO_KEY
    return options


def _initialised(provider: str, model: str, options: Mapping[str, Any]) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    try:
        made: BaseChatModel = init_chat_model(model, model_provider=provider, **options)
    except ImportError as error:
        package = error.name or f"langchain-{provider}"
        raise MissingPackage(
            f"chat models of {provider!r} need a package that is not installed: run"
            f" `pip install {package.replace('_', '-')}`"
        ) from error
    except ValueError as error:
        if "provider" in str(error):
            raise SettingsError(f"there is no provider {provider!r} of chat models") from error
        raise
    return made


def _local(folder: str, limits: Limits) -> BaseChatModel:
    from rag.writing.local import LocalChat

    return LocalChat(folder=Path(folder), tokens=limits.tokens)


def _scripted(path: str) -> BaseChatModel:
    from rag.writing.scripted import scripted_from

    return scripted_from(Path(path))
