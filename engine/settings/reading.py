"""Settings: the environment (`TERTULIA_…`) over `tertulia.toml` over defaults.

A nested setting is written with two underscores: `TERTULIA_MODEL__URL`. An unknown one, in either
place, is an error that suggests the right name: a setting misspelt must not be a setting ignored.
"""

from __future__ import annotations

import difflib
import json
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from engine.debate.explained import Explained, reason
from engine.debate.explained import marked as _
from engine.settings.parts import (
    AllowanceSettings,
    BudgetSettings,
    LogSettings,
    ModelSettings,
    RedisSettings,
    WorkerSettings,
)
from engine.settings.platforms import DiscordSettings, SlackSettings

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

PREFIX = "TERTULIA_"
FILE = Path("tertulia.toml")


class SettingsError(Explained):
    """A setting is unknown or has no usable value; the text says which, and what would do."""


class Settings(BaseSettings):
    """All settings; frozen once read."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
        extra="forbid",
        frozen=True,
        toml_file=FILE,
    )

    redis: RedisSettings = RedisSettings()
    model: ModelSettings = ModelSettings()
    worker: WorkerSettings = WorkerSettings()
    budget: BudgetSettings = BudgetSettings()
    channel: AllowanceSettings = AllowanceSettings()
    workspace: AllowanceSettings = AllowanceSettings()
    slack: SlackSettings = SlackSettings()
    discord: DiscordSettings = DiscordSettings()
    log: LogSettings = LogSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings calls it so
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line over environment over file."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))


def read_settings(**given: Any) -> Settings:
    """The settings as they stand; `given`, by part, goes before environment and file.

    Raises:
        SettingsError
    """
    _check_variables()
    try:
        return Settings(**given)
    except ValidationError as error:
        raise _explained(error) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError("{file}: {why}", file=FILE, why=error) from error
    except OSError as error:
        raise SettingsError("{file} cannot be read: {why}", file=FILE, why=reason(error)) from error


def _check_variables() -> None:
    known = dict(_variables())
    for variable, value in os.environ.items():
        if not variable.startswith(PREFIX):
            continue
        if variable.upper() not in known:
            if nearest := difflib.get_close_matches(variable.upper(), known, n=1):
                raise SettingsError(
                    "there is no setting {variable}; did you mean {nearest}?",
                    variable=variable,
                    nearest=nearest[0],
                )
            raise SettingsError("there is no setting {variable}", variable=variable)
        if known[variable.upper()] and not _is_json(value):
            raise SettingsError("{variable}: write a table as JSON", variable=variable)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _variables() -> Iterator[tuple[str, bool]]:
    """Every variable, and whether its value is a table."""
    for part, field in Settings.model_fields.items():
        yield f"{PREFIX}{part}".upper(), True
        annotation = field.annotation
        assert isinstance(annotation, type) and issubclass(annotation, BaseModel)  # noqa: S101
        for name, inner in annotation.model_fields.items():
            yield f"{PREFIX}{part}__{name}".upper(), get_origin(inner.annotation) is dict


def _explained(error: ValidationError) -> SettingsError:
    """The first thing that is wrong, under both its names; never its value, which may be secret."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = [str(step) for step in first["loc"]]
    variable = f"{PREFIX}{'__'.join(place[:2])}".upper()
    setting = ".".join(place)
    if first["type"] == "extra_forbidden":
        known = [".".join(v.removeprefix(PREFIX).lower().split("__")) for v, _table in _variables()]
        if nearest := difflib.get_close_matches(setting, known, n=1):
            return SettingsError(
                "{file}: there is no setting {setting}; did you mean {nearest}?",
                file=FILE,
                setting=setting,
                nearest=nearest[0],
            )
        return SettingsError("{file}: there is no setting {setting}", file=FILE, setting=setting)
    return SettingsError(
        "{setting} ({variable}): {why}", setting=setting, variable=variable, why=_why(first)
    )


def _why(error: ErrorDetails) -> object:
    """One of pydantic's findings in words that can be translated."""
    text = _WHY.get(error["type"])
    if text is None:
        return error["msg"]
    values = error.get("ctx", {})
    if "expected" in values:
        values["expected"] = values["expected"].replace(" or ", ", ")
    return Explained(text, **values)


_WHY = {
    "dict_type": _("must be a table"),
    "float_parsing": _("must be a number"),
    "float_type": _("must be a number"),
    "greater_than": _("must be more than {gt:g}"),
    "greater_than_equal": _("must be {ge:g} or more"),
    "int_from_float": _("must be a whole number"),
    "int_parsing": _("must be a whole number"),
    "int_type": _("must be a whole number"),
    "less_than_equal": _("must be {le:g} or less"),
    "literal_error": _("must be one of {expected}"),
    "model_type": _("must be a table"),
    "string_pattern_mismatch": _("must match {pattern}"),
    "string_type": _("must be a text"),
}
