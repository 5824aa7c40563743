"""`tertulia init` as a whole: what is wanted, the two files, the links, and what to do next."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bots.chat.i18n import explained, translator, users_language
from deploy.cli import dotenv
from deploy.cli.output import Answer, Part, give, translation
from deploy.cli.setup.asking import Asking
from deploy.cli.setup.env_text import with_variables
from deploy.cli.setup.files import Change, agree, changes_of, text_of, write
from deploy.cli.setup.links import Links, links_of
from deploy.cli.setup.next_steps import steps
from deploy.cli.setup.toml_text import Name, read, with_settings
from deploy.cli.setup.wanted import Wanted, parted, secrets_to_fill_in, settings_of, variable
from engine.settings import FILE, Settings, read_settings

STDIN = "-"
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class How:
    """How it is to be done, beside what is wanted."""

    told: Collection[str] = field(default_factory=frozenset)
    """Fields of `Wanted` that were given."""
    secrets_from: str | None = None
    """A file of `NAME=value` lines, or `-`."""
    yes: bool = False
    as_json: bool = False

    @property
    def asks(self) -> bool:
        """Whether somebody sits there to be asked."""
        reads = self.secrets_from == STDIN
        return sys.stdin.isatty() and not (self.yes or self.as_json or reads)


def begin(given: Wanted, how: How) -> int:
    """Writes what lacks, tells what is next; answers the process's status.

    Raises:
        Explained, NotAgreed
    """
    now = read_settings()
    asking = Asking(given, how.told, translation())
    wanted = asking.wanted(now) if how.asks else given
    open_, secret = parted(settings_of(wanted) | _key(wanted, now))
    secret |= _given_secrets(how.secrets_from)
    model = wanted.model or now.model.url
    needed = list(secrets_to_fill_in(wanted, _mode(open_, now), model))
    if how.asks:
        _tell_links_before(wanted)
        known = {*secret, *os.environ}
        secret |= asking.secrets([name for name in needed if name not in known])
    toml = with_settings(text_of(FILE), open_)
    env = with_variables(text_of(dotenv.FILE), secret, needed)
    settings = _checked(toml, env)
    wanted_changes = changes_of(toml, env)
    agree(wanted_changes, yes=how.yes, as_json=how.as_json)
    for change in wanted_changes:
        write(change)
    links = asyncio.run(links_of(wanted, settings))
    lacking = [name for name in needed if not os.environ.get(name)]
    return give(_answer(wanted_changes, wanted, links, lacking), as_json=how.as_json)


def _key(wanted: Wanted, now: Settings) -> dict[Name, Any]:
    """What seals the tokens of installed workspaces, if there will be any and it is not there."""
    if ("slack", "client_id") not in wanted.others or now.secrets.keys:
        return {}
    key = urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    return {("secrets", "keys"): [key]}


def _mode(settings: Mapping[Name, Any], now: Settings) -> str:
    return str(settings.get(("slack", "mode"), now.slack.mode))


def _given_secrets(source: str | None) -> dict[str, str]:
    if source is None:
        return {}
    text = sys.stdin.read() if source == STDIN else dotenv.read(Path(source))
    return {name: value for name, value in dotenv.parse(text).items() if value}


def _checked(toml: str, env: str) -> Settings:
    """The settings as they would stand.

    Raises:
        SettingsError
    """
    for name, value in dotenv.parse(env).items():
        if name.startswith(dotenv.PREFIX):
            os.environ[name] = value
    return read_settings(**read(toml))


def _tell_links_before(wanted: Wanted) -> None:
    """An app has to be made before it has tokens."""
    translate = translation()
    for part in steps(links_of_apps(wanted), [], translate, only_apps=True):
        sys.stderr.write(f"{part if isinstance(part, str) else _plain(part)}\n")
