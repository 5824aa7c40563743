"""A debate as it stands, as plain fields, so that nobody need fold its log from the beginning.

It is a copy of what the log says, good only for those who fold alike: `shape` names the way.
Whoever finds another name folds the log.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from engine.debate.codec import NAMES, decode, encode
from engine.debate.state import Debate

FOLD_VERSION = 1
"""Raised with every change of what `evolve` makes of the same events."""
EVERY = 256
"""How many events may have to be folded by whoever takes a debate up, and a few more."""

Read = Callable[[Any], Any]


def is_due(before: Debate, after: Debate) -> bool:
    """Whether it is time to store how the debate stands."""
    return after.n // EVERY > before.n // EVERY


def as_fields(debate: Debate) -> dict[str, Any]:
    """The debate's fields, for JSON."""
    found = _written(debate)
    assert isinstance(found, dict)  # noqa: S101 - a dataclass is written as one
    return found


def from_fields(content: Mapping[str, Any]) -> Debate:
    """The debate that `as_fields` made these of, under the same `shape`."""
    debate = _reader(Debate)(content)
    assert isinstance(debate, Debate)  # noqa: S101 - what its reader makes
    return debate


@lru_cache(maxsize=1)
def shape() -> str:
    """Names the way in which this version folds, and what of."""
    seen: dict[type, str] = {}
    _describe(Debate, seen)
    described = "\n".join(f"{kind.__name__}: {seen[kind]}" for kind in seen)
    return sha256(f"{FOLD_VERSION}\n{described}".encode()).hexdigest()[:16]


def _written(value: Any) -> Any:
    if type(value) in NAMES:
        return [NAMES[type(value)], encode(value)]
    if is_dataclass(value):
        return {field.name: _written(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return [[_written(name), _written(inner)] for name, inner in value.items()]
    if isinstance(value, tuple):
        return [_written(inner) for inner in value]
    return sorted(value) if isinstance(value, frozenset) else value


@lru_cache(maxsize=256)
def _reader(kind: Any) -> Read:
    """What reads a value of this type."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in NAMES or (origin in _UNIONS and set(inner) <= NAMES.keys()):
        return _event
    if origin in _UNIONS:
        return _one_of(inner)
    if is_dataclass(kind):
        return _dataclass(kind)
    if origin is tuple:
        return _each(tuple, inner[0])
    if origin is frozenset:
        return _each(frozenset, inner[0])
    if origin is not None and issubclass(_class_of(origin), Mapping):
        return _mapping(*inner)
    return kind if isinstance(kind, type) and issubclass(kind, Enum) else _as_it_is


def _event(content: Any) -> Any:
    name, event = content
    return decode(name, event)


def _one_of(inner: tuple[Any, ...]) -> Read:
    kinds = [kind for kind in inner if kind is not types.NoneType]
    if len(kinds) > 1:  # of plain values
        return _as_it_is
    read = _reader(kinds[0])
    return lambda content: None if content is None else read(content)


def _dataclass(kind: Any) -> Read:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}

    def read(content: Any) -> Any:
        return kind(**{name: readers[name](value) for name, value in content.items()})

    return read


def _each(make: Callable[[Any], Any], kind: Any) -> Read:
    read = _reader(kind)
    return lambda content: make(read(inner) for inner in content)


def _mapping(key: Any, value: Any) -> Read:
    read_key, read_value = _reader(key), _reader(value)
    return lambda content: {read_key(name): read_value(inner) for name, inner in content}


def _as_it_is(content: Any) -> Any:
    return content


def _class_of(origin: Any) -> type:
    return origin if isinstance(origin, type) else object


def _describe(kind: Any, seen: dict[type, str]) -> None:
    for inner in get_args(kind) if get_origin(kind) is not Literal else ():
        _describe(inner, seen)
    if isinstance(kind, type) and is_dataclass(kind) and kind not in seen:
        hints = get_type_hints(kind)
        seen[kind] = ", ".join(f"{field.name} {hints[field.name]}" for field in fields(kind))
        for hint in hints.values():
            _describe(hint, seen)


_UNIONS = (Union, types.UnionType)
