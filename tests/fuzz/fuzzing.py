"""One target of the fuzzer: a property of something that reads from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

FOUND = ".hypothesis/fuzz"
"""What broke a target once is kept here, and tried first the next time."""
SHORT = 60
"""So many examples in the tests."""
ROUND = 300
"""So many at a time by `python -m tests.fuzz`, each target in turn."""


@dataclass(frozen=True)
class Target:
    """A property, and what it is tried with."""

    name: str
    check: Callable[[Any], None]
    strategy: st.SearchStrategy[Any]
    share: float
    """Of the usual number of examples; less where one takes long."""

    def __call__(self, usual: int, database: ExampleDatabase | None = None) -> None:
        """Tries its share of so many examples.

        Raises:
            Whatever the property does, for the smallest example that was found.
        """
        tried = settings(
            max_examples=max(5, int(usual * self.share)),
            deadline=None,
            database=database,
            derandomize=database is None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.reuse, Phase.generate, Phase.shrink],
        )
        tried(given(self.strategy)(self.check))()


TARGETS: list[Target] = []
"""All there are, once the modules of this folder are imported."""


def fuzzed(
    strategy: st.SearchStrategy[Any], share: float = 1.0
) -> Callable[[Callable[[Any], None]], Callable[[], None]]:
    """Makes a property a target, and a test that tries a few examples, always the same."""

    def make(check: Callable[[Any], None]) -> Callable[[], None]:
        target = Target(check.__name__.removeprefix("test_"), check, strategy, share)
        TARGETS.append(target)

        def test() -> None:
            target(SHORT)

        test.__name__ = check.__name__
        test.__doc__ = check.__doc__
        return test

    return make


def remembered() -> ExampleDatabase:
    """Where examples that broke something are kept."""
    return DirectoryBasedExampleDatabase(FOUND)
