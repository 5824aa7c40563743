"""Workers listed, and asked to finish and end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from typing import Any

from deploy.cli.output import Answer, Table, translation
from engine.bootstrap import Premises, system_clock
from engine.debate.explained import Explained
from engine.debate.explained import marked as _
from engine.ports.inspection import WorkerSeen

LOOK_S = 0.5


class WhichWorkers(Explained):
    """No worker is called so, or nobody was named."""


async def listed(at: Premises) -> Answer:
    """The workers."""
    workers = await at.inspection.workers()
    return Answer([worker_data(worker) for worker in workers], [table(workers)])


def drained(
    names: Sequence[str], *, all_: bool, wait_s: float
) -> Callable[[Premises], Awaitable[Answer]]:
    """Asks them to end; the status is 1 if one has not ended within `wait_s`.

    Raises, when it is done:
        WhichWorkers
    """

    async def drain(at: Premises) -> Answer:
        meant = [worker.name for worker in _meant(await at.inspection.workers(), names, all_=all_)]
        for name in meant:
            await at.upkeep.drain(name)
        left = await _ended(at, meant, wait_s) if wait_s else []
        translate = translation()
        told = [
            (translate("{worker} has not ended yet.") if name in left else said).format(worker=name)
            for said in [
                translate("{worker} has ended.")
                if wait_s
                else translate("{worker} finishes its turns and ends.")
            ]
            for name in meant
        ]
        return Answer({"asked": meant, "left": left}, told, int(bool(left)))

    return drain


async def _ended(at: Premises, names: Sequence[str], wait_s: float) -> list[str]:
    """Those that have not, when the time is over."""
    clock = system_clock()
    until = clock.monotonic() + wait_s
    while True:
        there = {worker.name for worker in await at.inspection.workers()}
        left = [name for name in names if name in there]
        if not left or clock.monotonic() >= until:
            return left
        await clock.sleep(LOOK_S)


def _meant(
    workers: Sequence[WorkerSeen], names: Sequence[str], *, all_: bool
) -> Sequence[WorkerSeen]:
    alive = [worker for worker in workers if worker.report]
    if all_:
        return alive
    if not names:
        raise WhichWorkers("say which workers, as `tertulia workers list` names them, or --all")
    meant = []
    for name in names:
        found = [worker for worker in alive if worker.name.startswith(name)]
        if len(found) != 1:
            raise WhichWorkers(
                "{name} begins the names of {count} workers that answer; "
                "`tertulia workers list` has them",
                name=name,
                count=len(found),
            )
        meant += found
    return meant


def table(workers: Sequence[WorkerSeen]) -> Table:
    """The workers, for people."""
    translate = translation()
    columns = (
        _("worker"),
        _("state"),
        _("version"),
        _("holds"),
        _("tokens/s"),
        _("cached"),
        _("model"),
    )
    rows = [
        (
            worker.name,
            translate(state(worker)),
            report.version if report else None,
            f"{len(worker.holds)} / {report.most}" if report else str(len(worker.holds)),
            report.tokens_per_s if report else None,
            percent(report.cached_tokens, report.prompt_tokens) if report else None,
            report.model if report else None,
        )
        for worker in workers
        for report in [worker.report]
    ]
    return Table(tuple(map(translate, columns)), rows, nothing=translate("No worker has called."))


def state(worker: WorkerSeen) -> str:
    """In a word, to be translate."""
    if worker.report is None:
        return _("does not answer")
    return _("drains") if worker.draining else _("works")


def percent(part: int, whole: int) -> str | None:
    """A share; `None`: there is nothing to have a share of."""
    return f"{100 * part / whole:.0f} %" if whole else None


def worker_data(worker: WorkerSeen) -> dict[str, Any]:
    """A worker, for scripts."""
    return {
        "worker": worker.name,
        "state": state(worker).replace(" ", "_"),
        "idle_s": worker.idle_ms / 1000,
        "holds": list(worker.holds),
        "report": asdict(worker.report) if worker.report else None,
    }
