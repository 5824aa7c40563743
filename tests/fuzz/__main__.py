"""Fuzzes everything for so many minutes: `python -m tests.fuzz --minutes 10`.

Each target has its turns until the time is over, however much the others find. What breaks one is
shown at its smallest, kept, and tried first the next time. The exit status is 1 if anything broke.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time
import traceback

from tests import fuzz
from tests.fuzz.fuzzing import ROUND, TARGETS, Target, remembered


def main() -> int:
    """Fuzzes until the time is over."""
    given = _arguments()
    for module in pkgutil.iter_modules(fuzz.__path__):
        if module.name.startswith("test_"):
            importlib.import_module(f"tests.fuzz.{module.name}")
    targets = [target for target in TARGETS if given.only in target.name]
    if not targets:
        _say(f"no target has {given.only!r} in its name")
        return 2
    broken = _fuzz(targets, time.monotonic() + given.minutes * 60)
    _say(f"{len(targets)} targets, {len(broken)} broken: {', '.join(sorted(broken)) or 'none'}")
    return 1 if broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--only", default="", help="targets with this in their names")
    return parser.parse_args()


def _fuzz(targets: list[Target], until: float) -> set[str]:
    """The names of those that broke."""
    database, broken = remembered(), set[str]()
    rounds = 0
    while time.monotonic() < until:
        for target in targets:
            if target.name in broken or time.monotonic() >= until:
                continue
            try:
                target(ROUND, database)
            except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
                broken.add(target.name)
                _say(f"\n--- {target.name}\n{traceback.format_exc()}")
        rounds += 1
        _say(f"round {rounds}: up to {rounds * ROUND} examples a target")
        if len(broken) == len(targets):
            break
    return broken


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
