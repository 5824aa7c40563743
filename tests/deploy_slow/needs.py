"""What these tests need of the machine; without it they are skipped, and say what was missing."""

from __future__ import annotations

import os
import shutil

import pytest


def needs(*programs: str) -> None:
    """Skips the test unless it runs as root and these programs are there."""
    if os.geteuid() != 0:
        pytest.skip("needs root: it makes namespaces and mounts")
    if missing := [program for program in programs if shutil.which(program) is None]:
        pytest.skip(f"needs {', '.join(missing)}; Debian has them")
