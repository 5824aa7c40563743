"""The faults of a plan, taken as their moments come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.simulation.plan import BY_COMMAND, BY_STEP, OF_A_PROCESS, Fault, Kind


class Faults:
    """What is still to go wrong."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.done: Counter[str] = Counter()
        """What went wrong, by kind."""
        self._by_kind: dict[Kind, dict[int, Fault]] = {}
        self._of: dict[str, list[list[Fault]]] = {}
        for fault in sorted(faults, key=lambda fault: -fault.at):
            if fault.kind in OF_A_PROCESS:
                counted = self._of.setdefault(fault.host, [[], [], []])
                counted[_counted_by(fault.kind)].append(fault)
            else:
                self._by_kind.setdefault(fault.kind, {})[fault.at] = fault

    def hit(self, host: str, *counts: int) -> Fault | None:
        """What befalls a process that has taken so many steps, sent so many commands and posts."""
        for due, count in zip(self._of.get(host, ()), counts, strict=False):
            if due and due[-1].at <= count:
                self.done[due[-1].kind] += 1
                return due.pop()
        return None

    def take(self, kind: Kind, at: int) -> Fault | None:
        """The fault that belongs here, if there is one."""
        due = self._by_kind.get(kind)
        if due is None or at not in due:
            return None
        self.done[kind] += 1
        return due.pop(at)

    def end(self) -> None:
        """Nothing more goes wrong."""
        self._by_kind.clear()
        self._of.clear()


def _counted_by(kind: Kind) -> int:
    return 0 if kind in BY_STEP else 1 if kind in BY_COMMAND else 2
