"""Every setting as it stands, and where its value comes from."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, SecretStr

from engine.settings.credentials import credentials
from engine.settings.reading import FILE, PREFIX, Settings

HIDDEN = "…"
_PASSWORD = re.compile(r"(?<=//).*(?=@)|(?<=[?&]password=)[^&#]*", re.DOTALL)
"""In an address: what stands before its last @, or among its parameters."""


class Origin(StrEnum):
    """Where a value comes from; the first of these that has one is heard."""

    ENVIRONMENT = "environment"
    CREDENTIAL = "credential"
    """A file of its own."""
    FILE = "file"
    """`tertulia.toml`."""
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting."""

    name: str
    """`redis.url`."""
    variable: str
    value: Any
    """What JSON has; of a secret, only that there is one."""
    origin: Origin


def settings_as_they_stand(settings: Settings) -> list[Setting]:
    """All of them, as `read_settings` gave them; no value in it is secret.

    Raises:
        UnreadableCredential
    """
    places = {
        Origin.ENVIRONMENT: _named(os.environ),
        Origin.CREDENTIAL: _named(credentials(PREFIX)),
        Origin.FILE: _in_file(),
    }
    found = []
    for part in Settings.model_fields:
        values: BaseModel = getattr(settings, part)
        for field in type(values).model_fields:
            name = f"{part}.{field}"
            origin = next((at for at, names in places.items() if name in names), Origin.DEFAULT)
            variable = f"{PREFIX}{part}__{field}".upper()
            found.append(Setting(name, variable, _shown(getattr(values, field)), origin))
    return found


def _named(variables: Mapping[str, str]) -> set[str]:
    """The settings that these variables give; one may give a whole part, as JSON."""
    names = set()
    for variable, value in variables.items():
        if variable.upper().startswith(PREFIX):
            part, _, field = variable[len(PREFIX) :].lower().partition("__")
            fields = [field.partition("__")[0]] if field else json.loads(value)
            names |= {f"{part}.{field}" for field in fields}
    return names


def _in_file() -> set[str]:
    if not FILE.exists():
        return set()
    parts = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {f"{part}.{field}" for part, fields in parts.items() for field in fields}


def _shown(value: Any) -> Any:
    """A value that anybody may see; an address loses its password."""
    match value:
        case SecretStr():
            return HIDDEN
        case str():
            return _PASSWORD.sub(HIDDEN, value)
        case Mapping():
            return {name: _shown(inner) for name, inner in value.items()}
        case tuple() | list():
            return [_shown(inner) for inner in value]
    return value
