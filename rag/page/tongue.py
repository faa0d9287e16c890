"""The reader's language: texts are written in English and looked up when they are shown."""

from __future__ import annotations

import builtins
import functools
import inspect
import typing
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from rag.page.korean import KOREAN

if TYPE_CHECKING:
    from gradio import I18n
    from gradio.i18n import I18nData


class Language(StrEnum):
    """What the page can be read in."""

    ENGLISH = "en"
    KOREAN = "ko"


_language: ContextVar[Language] = ContextVar("language", default=Language.ENGLISH)
_CATALOGUES: Mapping[Language, Mapping[str, str]] = {
    Language.ENGLISH: {},
    Language.KOREAN: KOREAN,
}


def tr(english: str, /, **values: object) -> str:
    """The text in the reader's language, its `{names}` filled in; English where it is missing.

    The text must be a literal, or one that went through `later`, so that a test can list what has
    no translation.
    """
    words = _CATALOGUES[spoken_now()].get(english, english)
    return words.format(**values) if values else words


def later(english: str) -> str:
    """The text as it is: a constant to be put through `tr` when it is shown."""
    return english


def counted(number: int, noun: str) -> str:
    """`1 article`, `1,204 articles`; the catalogue has it as `{number} articles`."""
    key = f"{{number}} {noun}s"
    words = _CATALOGUES[spoken_now()].get(key)
    if words is None:
        return f"{number:,} {noun}{'' if number == 1 else 's'}"
    return words.format(number=f"{number:,}")


def label(english: str) -> I18nData:
    """A text of a component that is fixed when the page is built; the browser looks it up."""
    from gradio.i18n import I18nData

    return I18nData(english)


def translations() -> I18n:
    """The catalogues as the browser takes them: what has no `{names}`, which it would fill in."""
    from gradio import I18n

    plain = {english: korean for english, korean in KOREAN.items() if "{" not in english}
    return I18n(en={english: english for english in plain}, ko=plain)


def spoken_now() -> Language:
    """The language of whoever is being answered."""
    return _language.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Everything inside is said in this language."""
    before = _language.set(language)
    try:
        yield
    finally:
        _language.reset(before)


def understood(accept: str | None) -> Language:
    """The language for an `Accept-Language` header.

    Only the first choice counts, as it does in the browser's own half of the page.
    """
    return (
        Language.KOREAN
        if _first_choice(accept or "").lower().split("-")[0] == "ko"
        else Language.ENGLISH
    )


def spoken(function: Callable[..., Any]) -> Callable[..., Any]:
    """The event function, speaking the language of the request that Gradio gives it.

    Takes plain functions and generators, with Gradio's other special parameters or without, and
    partials of them. A generator's language is set around each step, because Gradio runs each in
    a fresh context.
    """
    inner = function.func if isinstance(function, functools.partial) else function
    if inspect.isgeneratorfunction(inner):

        def wrapper(spoken_to: Any, *given: Any) -> Any:
            yield from _steps(function(*given), _language_of(spoken_to))

    else:

        def wrapper(spoken_to: Any, *given: Any) -> Any:
            with speaking(_language_of(spoken_to)):
                return function(*given)

    return _presented(wrapper, function, inner)


def _steps(steps: Generator[Any, None, None], language: Language) -> Iterator[Any]:
    try:
        while True:
            with speaking(language):
                try:
                    step = next(steps)
                except StopIteration:
                    return
            yield step
    finally:
        with speaking(language):
            steps.close()


def _language_of(request: Any) -> Language:
    """The language of a request; English for a call that comes without one."""
    if request is None or not hasattr(request, "headers"):
        return Language.ENGLISH
    return understood(request.headers.get("accept-language"))


def _presented(
    wrapper: Callable[..., Any], function: Callable[..., Any], inner: Callable[..., Any]
) -> Callable[..., Any]:
    """The wrapper with the parameters of the function behind the one for Gradio's request.

    Gradio finds its special parameters by their annotations, which it reads as types.
    """
    import gradio as gr

    functools.update_wrapper(wrapper, inner)
    signature = inspect.signature(function)
    request = inspect.Parameter("spoken_to", inspect.Parameter.POSITIONAL_ONLY)
    parameters = [
        parameter.replace(kind=inspect.Parameter.POSITIONAL_ONLY)
        if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        else parameter
        for parameter in signature.parameters.values()
    ]
    hints = typing.get_type_hints(inner, localns=_Names(inner))
    wrapper.__annotations__ = {"spoken_to": gr.Request} | {
        name: hint for name, hint in hints.items() if name in signature.parameters
    }
    wrapper.__signature__ = signature.replace(parameters=[request, *parameters])  # type: ignore[attr-defined]
    return wrapper


class _Names(dict[str, Any]):
    """The names that a function's annotations mean; `Any` for those only a type checker knows."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__({**vars(builtins), **getattr(function, "__globals__", {})})

    def __missing__(self, name: str) -> Any:
        return Any


def _first_choice(accept: str) -> str:
    """The language with the greatest weight, the first of equals; empty where none is named."""
    weighed: list[tuple[float, str]] = []
    for choice in accept.split(","):
        name, _, weight = choice.strip().partition(";")
        try:
            weighed.append((float(weight.strip().removeprefix("q=") or 1), name.strip()))
        except ValueError:
            continue  # a weight that is none: the header comes from outside
    return max(weighed, key=lambda pair: pair[0])[1] if weighed else ""
