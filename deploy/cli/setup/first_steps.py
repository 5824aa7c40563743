"""`tertulia init` as a whole: what is wanted, the two files, the links, and what to do next."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from deploy.cli import dotenv
from deploy.cli.output import Answer, Part, give, tell, translation
from deploy.cli.setup import next_steps
from deploy.cli.setup.asking import Asking
from deploy.cli.setup.env_text import with_variables
from deploy.cli.setup.files import Change, agree, changes_of, text_of, write
from deploy.cli.setup.links import Links, to_make_apps, with_invitation
from deploy.cli.setup.toml_text import Name, read, with_settings
from deploy.cli.setup.wanted import Wanted, parted, secrets_to_fill_in, settings_of
from engine.settings import FILE, Settings, read_settings

STDIN = "-"
KEY_BYTES = 32
COMPOSE_PASSWORDS = ("REDIS_PASSWORD", "REDIS_ADMIN_PASSWORD")


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
    there = dotenv.parse(text_of(dotenv.FILE))
    open_, secret = parted(settings_of(wanted) | _key(wanted, now), there)
    secret |= {} if dotenv.FILE.exists() else _passwords()
    secret |= _given_secrets(how.secrets_from)
    needed = list(secrets_to_fill_in(wanted, now))
    if how.asks:
        # An app has to be made before it has tokens.
        tell(list(next_steps.to_make_apps(to_make_apps(wanted, now), translation())))
        unknown = [name for name in needed if name not in {*secret, *os.environ}]
        secret |= asking.secrets(unknown)
    return _written(wanted, open_, secret, needed, how)


def _written(
    wanted: Wanted,
    open_: Mapping[Name, Any],
    secret: Mapping[str, str],
    needed: Sequence[str],
    how: How,
) -> int:
    toml = with_settings(text_of(FILE), open_)
    env = with_variables(text_of(dotenv.FILE), secret, needed)
    # What is given now goes before what was there when this began.
    os.environ.update({n: v for n, v in secret.items() if n.startswith(dotenv.PREFIX)})
    settings = read_settings(**read(toml))
    links = to_make_apps(wanted, settings)
    changes = changes_of(toml, env)
    agree(changes, yes=how.yes, as_json=how.as_json)
    for change in changes:
        write(change)
    links = asyncio.run(with_invitation(links, settings))
    lacking = [name for name in needed if not os.environ.get(name)]
    return give(_answer(changes, links, lacking, was_told=how.asks), as_json=how.as_json)


def _key(wanted: Wanted, now: Settings) -> dict[Name, Any]:
    """What seals the tokens of installed workspaces, if there will be any and it is not there."""
    if ("slack", "client_id") not in wanted.others or now.secrets.keys:
        return {}
    key = urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    return {("secrets", "keys"): [key]}


def _passwords() -> dict[str, str]:
    """Of the Redis that `up --compose` starts; nobody has to know them."""
    return {name: secrets.token_hex(KEY_BYTES) for name in COMPOSE_PASSWORDS}


def _given_secrets(source: str | None) -> dict[str, str]:
    if source is None:
        return {}
    text = sys.stdin.read() if source == STDIN else dotenv.read(Path(source))
    return {name: value for name, value in dotenv.parse(text).items() if value}


def _answer(
    changes: Sequence[Change], links: Links, lacking: Sequence[str], *, was_told: bool
) -> Answer:
    translate = translation()
    written = [str(change.file) for change in changes if change.is_one]
    said = translate("Written: {files}").format(files=", ".join(written))
    parts: list[Part] = [said if written else translate("Nothing has to be changed.")]
    if not was_told:
        parts += next_steps.to_make_apps(links, translate)
    parts += next_steps.to_invite(links, translate)
    parts += next_steps.to_start(lacking, translate)
    data = {"written": written, "lacking": list(lacking), **asdict(links)}
    return Answer(data, parts)
