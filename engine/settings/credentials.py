"""Settings from files, one each and named as their variable: how systemd and containers hand over
secrets. `$CREDENTIALS_DIRECTORY` says where they are.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic_settings import EnvSettingsSource

from engine.debate.explained import Explained, reason

VARIABLE = "CREDENTIALS_DIRECTORY"


class UnreadableCredential(Explained):
    """A file that is to hold a setting cannot be read; the text says which, and why."""


def credentials(prefix: str) -> dict[str, str]:
    """What the files say whose name begins so; a line's end after the value is no part of it.

    Raises:
        UnreadableCredential
    """
    folder = os.environ.get(VARIABLE)
    if not folder:
        return {}
    found = {}
    for file in sorted(Path(folder).glob(f"{prefix}*")):
        try:
            found[file.name] = file.read_text(encoding="utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise UnreadableCredential("{file} is no text", file=file) from error
        except OSError as error:
            raise UnreadableCredential(
                "{file} cannot be read: {why}", file=file, why=reason(error)
            ) from error
    return found


class CredentialFiles(EnvSettingsSource):
    """Reads them as if they were variables."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in credentials(self.env_prefix).items()}
