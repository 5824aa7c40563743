"""What somebody wants to run, and the settings and secrets that it comes to. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from deploy.cli.setup.toml_text import Name, value_of
from engine.debate.explained import Explained
from engine.debate.panel import Language
from engine.settings import PREFIX, Settings

_PASSWORD = re.compile(r"//[^/@]*:[^/@]*@|[?&]password=")


class Misunderstood(Explained):
    """A setting was not written as `part.name=value`."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The answers to what `init` asks; `None`: as it stands."""

    slack: bool
    discord: bool
    slack_identity: Literal["customize", "apps"] | None = None
    discord_identity: Literal["webhook", "bots"] | None = None
    redis: str | None = None
    model: str | None = None
    model_name: str | None = None
    language: Language = "en"
    panel: str | None = None
    others: Mapping[Name, Any] = field(default_factory=dict)


def settings_of(wanted: Wanted) -> dict[Name, Any]:
    """What is to stand in the settings, secrets included."""
    found: dict[Name, Any] = {
        ("redis", "url"): wanted.redis,
        ("model", "url"): wanted.model,
        ("model", "name"): wanted.model_name,
        ("slack", "identity"): wanted.slack_identity if wanted.slack else None,
        ("discord", "identity"): wanted.discord_identity if wanted.discord else None,
    }
    return {name: value for name, value in found.items() if value is not None} | {**wanted.others}


def parted(
    settings: Mapping[Name, Any], in_env: Collection[str]
) -> tuple[dict[Name, Any], dict[str, str]]:
    """What belongs into `tertulia.toml`, and what into `.env`, as variables.

    `in_env`: those that stand there already, and would go before the other file.
    """
    open_: dict[Name, Any] = {}
    secret: dict[str, str] = {}
    for name, value in settings.items():
        has_password = isinstance(value, str) and _PASSWORD.search(value)
        if name in SECRETS or has_password or variable(name) in in_env:
            secret[variable(name)] = value if isinstance(value, str) else json.dumps(value)
        else:
            open_[name] = value
    return open_, secret


def secrets_to_fill_in(wanted: Wanted, now: Settings) -> Iterator[str]:
    """The variables that are needed for it, whether they are known or not."""
    mode = wanted.others.get(("slack", "mode"), now.slack.mode)
    if wanted.slack:
        yield variable(("slack", "bot_token"))
        yield variable(("slack", "app_token" if mode == "socket" else "signing_secret"))
        if (wanted.slack_identity or now.slack.identity) == "apps":
            yield variable(("slack", "personas"))
    if wanted.discord:
        yield variable(("discord", "token"))
        if (wanted.discord_identity or now.discord.identity) == "bots":
            yield variable(("discord", "persona_tokens"))
    if (wanted.model or now.model.url).startswith("https:"):
        yield variable(("model", "api_key"))


def setting(written: str) -> tuple[Name, Any]:
    """`worker.port=0` as a name and a value.

    Raises:
        Misunderstood
    """
    found = re.fullmatch(r"([a-z_]+)\.([a-z_]+)=(.*)", written.strip(), re.DOTALL)
    if found is None:
        # Not shown: it may be a secret.
        raise Misunderstood("--set: write a setting as part.name=value, such as worker.port=9464")
    return (found[1], found[2]), value_of(found[3])


def variable(name: Name) -> str:
    """The setting's, in the environment."""
    return f"{PREFIX}{name[0]}__{name[1]}".upper()


def _secrets() -> Iterator[Name]:
    for part, outer in Settings.model_fields.items():
        kind = outer.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for inner, about in kind.model_fields.items():
                if "SecretStr" in str(about.annotation):
                    yield part, inner


SECRETS = frozenset(_secrets())
"""The settings that have no place in `tertulia.toml`."""
