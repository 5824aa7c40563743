"""How the benchmarks are to be run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """As the command line has them."""

    quick: bool
    """Less of everything: to see that it works, not how fast."""
    peers: Path | None
    """The Python under which peers are installed; `None`: nowhere."""
    out: Path
    """Where results are written."""
