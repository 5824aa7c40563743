"""A secret in every setting that takes one, each like no other text; and where they show."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from typing import Any, get_args
from urllib.parse import quote

from pydantic import BaseModel, SecretStr

from engine.settings import PREFIX, Settings

BEGINS = {"bot_token": "xoxb-", "app_token": "xapp-"}


def new_canary() -> str:
    """Of characters that no encoding changes."""
    return f"canary{secrets.token_hex(16)}"


def settings_with_secrets() -> dict[str, Any]:
    """Part and field of every setting that takes a secret, and the field's type."""
    found = {}
    for part, field in Settings.model_fields.items():
        kind: Any = field.annotation
        assert issubclass(kind, BaseModel)
        for name, inner in kind.model_fields.items():
            if _is_secret(inner.annotation):
                found[f"{part}.{name}"] = inner.annotation
    return found


def as_environment() -> tuple[dict[str, str], list[str]]:
    """Variables that set every one of them, and the secrets that stand in them."""
    variables, canaries = {}, []
    for setting, kind in settings_with_secrets().items():
        part, _, name = setting.partition(".")
        secret = BEGINS.get(name, "") + new_canary()
        if name == "keys":
            secret = urlsafe_b64encode(secrets.token_bytes(32)).decode()
        shown: object = secret
        if dict in _kinds(kind):
            shown = json.dumps({"skeptic": secret})
        elif tuple in _kinds(kind):
            shown = json.dumps([secret])
        variables[f"{PREFIX}{part}__{name}".upper()] = str(shown)
        canaries.append(secret)
    return variables, canaries


def environment_of(settings: Settings) -> dict[str, str]:
    """Variables that say all that these settings say otherwise than by default."""
    variables = {}
    for part in Settings.model_fields:
        for name, value in getattr(settings, part).model_dump(exclude_defaults=True).items():
            plain = _revealed(value)
            text = plain if isinstance(plain, str) else json.dumps(plain)
            variables[f"{PREFIX}{part}__{name}".upper()] = text
    return variables


def secrets_in(settings: Settings) -> list[str]:
    """All that these settings keep secret."""
    found: list[str] = []
    for name in settings_with_secrets():
        part, _, field = name.partition(".")
        value = getattr(getattr(settings, part), field)
        several = value.values() if isinstance(value, Mapping) else _several(value)
        found += [secret.get_secret_value() for secret in several]
    return found


def shown_in(where: str, text: str | bytes, canaries: Iterable[str]) -> list[str]:
    """The places where a secret shows, as it is or as it is often written; for an assertion."""
    content = text.encode() if isinstance(text, str) else text
    return [
        f"{canary} in {where}"
        for canary in canaries
        for written in {canary, quote(canary, safe=""), b64encode(canary.encode()).decode()}
        if written.encode() in content
    ]


def _is_secret(kind: Any) -> bool:
    return kind is SecretStr or any(map(_is_secret, get_args(kind)))


def _kinds(kind: Any) -> set[Any]:
    return {getattr(kind, "__origin__", kind), *map(_origin, get_args(kind))}


def _origin(kind: Any) -> Any:
    return getattr(kind, "__origin__", kind)


def _several(value: Any) -> Iterable[SecretStr]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _revealed(value: Any) -> Any:
    match value:
        case SecretStr():
            return value.get_secret_value()
        case Mapping():
            return {name: _revealed(inner) for name, inner in value.items()}
        case tuple() | list():
            return [_revealed(inner) for inner in value]
    return value
