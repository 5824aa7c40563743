"""Settings: the environment (`TERTULIA_…`) over files named so over `tertulia.toml` over defaults.

A nested setting is written with two underscores: `TERTULIA_MODEL__URL`. An unknown one, in any
place, is an error that suggests the right name: a setting misspelt must not be a setting ignored.
"""

from __future__ import annotations

import difflib
import json
import os
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
from engine.settings.credentials import CredentialFiles, credentials
from engine.settings.parts import (
    AllowanceSettings,
    BudgetSettings,
    LogSettings,
    ModelSettings,
    RedisSettings,
    SecretsSettings,
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
    secrets: SecretsSettings = SecretsSettings()
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
        """Command line over environment over secrets' files over `tertulia.toml`."""
        return (
            init_settings,
            env_settings,
            CredentialFiles(settings_cls),
            TomlConfigSettingsSource(settings_cls),
        )


def read_settings(**given: Any) -> Settings:
    """The settings as they stand; `given`, by part, goes before environment and file.

    Raises:
        SettingsError
        UnreadableCredential
    """
    for wrong in _wrong_variables():
        raise wrong
    try:
        return _read(**given)
    except ValidationError as error:
        raise _told(_findings(error)[0]) from error


def mistakes() -> list[SettingsError]:
    """All that is wrong with the settings as they stand; a table that is no JSON hides the rest.

    Raises:
        UnreadableCredential
    """
    wrong = list(_wrong_variables())
    if any(mistake.text in _AS_JSON.values() for mistake in wrong):
        return wrong
    try:
        _read()
    except ValidationError as error:
        misspelt = {str(mistake.values["variable"]).upper() for mistake in wrong}
        wrong += [_told(f) for f in _findings(error) if _variable(f) not in misspelt]
    except SettingsError as error:
        wrong.append(error)
    return wrong


def _read(**given: Any) -> Settings:
    try:
        return Settings(**given)
    except ValidationError:
        raise
    except (ValueError, RecursionError) as error:  # no TOML, no text, or beyond Python's own limits
        raise SettingsError("{file}: {why}", file=FILE, why=error) from error
    except OSError as error:
        raise SettingsError("{file} cannot be read: {why}", file=FILE, why=reason(error)) from error


def _wrong_variables() -> Iterator[SettingsError]:
    known = dict(_variables())
    for variable, value in {**credentials(PREFIX), **os.environ}.items():
        if not variable.startswith(PREFIX):
            continue
        if variable.upper() not in known:
            if nearest := difflib.get_close_matches(variable.upper(), known, n=1):
                yield SettingsError(
                    "there is no setting {variable}; did you mean {nearest}?",
                    variable=variable,
                    nearest=nearest[0],
                )
            else:
                yield SettingsError("there is no setting {variable}", variable=variable)
        elif (wrong := known[variable.upper()]) and not _is_json(value):
            yield SettingsError(wrong, variable=variable)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _variables() -> Iterator[tuple[str, str | None]]:
    """Every variable, and what to say where its value has to be JSON and is not."""
    for part, field in Settings.model_fields.items():
        yield f"{PREFIX}{part}".upper(), _AS_JSON[dict]
        annotation = field.annotation
        assert isinstance(annotation, type) and issubclass(annotation, BaseModel)  # noqa: S101
        for name, inner in annotation.model_fields.items():
            kind = get_origin(inner.annotation)
            yield f"{PREFIX}{part}__{name}".upper(), _AS_JSON.get(kind)


def _findings(error: ValidationError) -> list[ErrorDetails]:
    """Without the values, which may be secret."""
    return error.errors(include_url=False, include_input=False)


def _variable(finding: ErrorDetails) -> str:
    return f"{PREFIX}{'__'.join(str(step) for step in finding['loc'][:2])}".upper()


def _told(finding: ErrorDetails) -> SettingsError:
    """What is wrong, under both its names."""
    setting = ".".join(str(step) for step in finding["loc"])
    if finding["type"] == "extra_forbidden":
        known = [".".join(v.removeprefix(PREFIX).lower().split("__")) for v, _table in _variables()]
        if nearest := difflib.get_close_matches(setting, known, n=1):
            return SettingsError(
                "{file}: there is no setting {setting}; did you mean {nearest}?",
                file=FILE,
                setting=setting,
                nearest=nearest[0],
            )
        return SettingsError("{file}: there is no setting {setting}", file=FILE, setting=setting)
    variable, why = _variable(finding), _why(finding)
    return SettingsError(
        "{setting} ({variable}): {why}", setting=setting, variable=variable, why=why
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


_AS_JSON: dict[object, str] = {
    dict: _("{variable}: write a table as JSON"),
    tuple: _("{variable}: write a list as JSON"),
}

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
    "tuple_type": _("must be a list"),
}
