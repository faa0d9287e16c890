"""Records back from their JSON: the inverse of `Answer.to_dict`, exact.

What JSON holds beside the fields of a record (`text`, `citations`) is computed from them and is
passed over; a field that an older record lacks has its default.
"""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, TypeVar

from rag.errors import ReadError
from rag.records import Answer, Filters, Options, Turn

_Record = TypeVar("_Record")


def answer(plain: Mapping[str, Any]) -> Answer:
    """The answer that `to_dict` gave as JSON values.

    Raises:
        ReadError: it lacks something that an answer must have, or holds a value of another kind.
    """
    return _read(Answer, plain)


def turn(plain: Mapping[str, Any]) -> Turn:
    """The exchange of a conversation that these JSON values hold.

    Raises:
        ReadError: as for `answer`.
    """
    return _read(Turn, plain)


def filters(plain: Mapping[str, Any]) -> Filters:
    """The filters that these JSON values hold.

    Raises:
        ReadError: as for `answer`.
    """
    return _read(Filters, plain)


def options(plain: Mapping[str, Any]) -> Options:
    """The options that these JSON values hold; what they lack is as the settings say.

    Raises:
        ReadError: as for `answer`.
    """
    return _read(Options, plain)


def plain_filters(given: Filters) -> dict[str, Any]:
    """The JSON values that `filters` reads back."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in dataclasses.asdict(given).items()
    }


def _read(record: type[_Record], plain: Mapping[str, Any]) -> _Record:
    try:
        return typing.cast(_Record, _value(record, plain))
    except (AttributeError, TypeError, ValueError) as error:
        raise ReadError(
            f"this is no recorded {record.__name__.lower()} ({error}): it must be as"
            " `rag ask --json` prints it"
        ) from error


def _value(kind: Any, plain: Any) -> Any:
    """The value of a field of this kind."""
    if plain is None and types.NoneType in typing.get_args(kind):
        return None
    if isinstance(kind, types.UnionType):
        kind = next(one for one in typing.get_args(kind) if one is not types.NoneType)
    origin = typing.get_origin(kind)
    if origin is tuple:
        return _items(typing.get_args(kind), plain)
    if origin is not None:
        values = typing.get_args(kind)[1]
        return {key: _value(values, item) for key, item in plain.items()}
    if kind is Any:
        return plain
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        kinds = _kinds(kind)
        return kind(**{name: _value(kinds[name], plain[name]) for name in kinds if name in plain})
    return _plain_value(kind, plain)


def _items(kinds: tuple[Any, ...], plain: Any) -> tuple[Any, ...]:
    if not isinstance(plain, list | tuple):
        raise TypeError(f"{plain!r} is no list")
    if kinds[-1] is Ellipsis:
        return tuple(_value(kinds[0], item) for item in plain)
    return tuple(_value(kind, item) for kind, item in zip(kinds, plain, strict=True))


def _plain_value(kind: Any, plain: Any) -> Any:
    if issubclass(kind, date):
        return kind.fromisoformat(plain)
    if issubclass(kind, enum.Enum):
        return kind(plain)
    # JSON does not tell 1.0 from 1, and some writers give the shorter one.
    if kind is float and type(plain) is int:
        return float(plain)
    if type(plain) is not kind:
        raise TypeError(f"{plain!r} is no {kind.__name__}")
    return plain


@cache
def _kinds(record: type) -> Mapping[str, Any]:
    """The kinds of a record's fields, by name."""
    hints = typing.get_type_hints(record)
    return {field.name: hints[field.name] for field in dataclasses.fields(record)}
