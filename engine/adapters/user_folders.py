"""Where a person's files lie on this system: data to keep, and a cache that may be deleted."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def data_folder() -> Path:
    """What must not be lost. Need not exist yet."""
    return _folder("XDG_DATA_HOME", ".local/share", "Library/Application Support")


def cache_folder() -> Path:
    """What can be fetched again. Need not exist yet."""
    return _folder("XDG_CACHE_HOME", ".cache", "Library/Caches")


def _folder(variable: str, usual: str, mac: str) -> Path:
    base = os.environ.get(variable, "")
    # The XDG rule: a relative path is to be ignored.
    if not Path(base).is_absolute():
        base = mac if sys.platform == "darwin" else usual
    return Path.home() / base / "tertulia"
