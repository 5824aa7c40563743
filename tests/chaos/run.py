"""One run: debates in a storm of faults, then calm, then the checker."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from bots.chat.surface import Key
from engine.adapters.system_clock import SystemClock
from tests.chaos.asking import People, number_in
from tests.chaos.checker import (
    UNENDED,
    Debate,
    Post,
    Verdict,
    check,
    check_keys,
    check_questions,
)
from tests.chaos.plan import Fault, Kind
from tests.chaos.scene import NAMES, Scene, scene
from tests.chaos.storm import Storm
from tests.security.canaries import shown_in

STILL_S = 240.0
"""After the storm, all has to come to its end; nothing has to be still for so long before that."""
STOPPING_S = 60.0
TELL_S = 5.0


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be run."""

    seed: int
    debates: int
    """At least so many, and as many more as there are until so much has gone wrong."""
    kills: int
    faults: int
    minutes: float
    """The storm ends then in any case."""
    at_once: int
    replicated: bool
    plan: Sequence[Fault]


@dataclass
class Outcome:
    """What came of it."""

    order: Order
    verdict: Verdict = field(default_factory=Verdict)
    faults: Counter[Kind] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    """By process."""
    lives: dict[str, tuple[float, float]] = field(default_factory=dict)
    """When each debate began and ended: seconds since the storm began."""
    storm_s: float = 0.0
    calm_s: float = 0.0

    @property
    def is_good(self) -> bool:
        """Every promise was kept."""
        return not self.verdict.violations


@dataclass
class Progress:
    """How a run stands, for who waits for it."""

    seconds: float
    debates: int
    closed: int
    waiting: int
    """Questions of which nothing has come yet."""
    kills: int
    faults: int

    @property
    def had(self) -> tuple[int, int, int]:
        """Debates, kills, faults."""
        return self.debates, self.kills, self.faults


Tell = Callable[[Progress], None]


async def run(order: Order, tell: Tell, keep: Path | None = None) -> Outcome:
    """Runs it; `keep`: a folder for what the processes say, which stays.

    SIGTERM ends it as Ctrl-C does, and with it all that it started.
    """
    running = asyncio.current_task()
    assert running is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    with contextlib.ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        async with scene(folder, replicated=order.replicated) as set_up:
            return await _Run(order, set_up, tell).run()


class _Run:
    def __init__(self, order: Order, set_up: Scene, tell: Tell) -> None:
        self._scene, self._tell, self._order = set_up, tell, order
        self._outcome = Outcome(order)
        self._storm = Storm(set_up)
        self._began, self._began_ms = monotonic(), SystemClock().now_ms()
        chance = random.Random(order.seed)  # noqa: S311 - it is to be drawn again
        self._people = People(set_up.lines, set_up.debates, order.at_once, chance)

    async def run(self) -> Outcome:
        outcome, order = self._outcome, self._order
        async with asyncio.TaskGroup() as tasks:
            telling = tasks.create_task(self._keep_telling())
            living = tasks.create_task(self._people.live(tasks))
            raging = tasks.create_task(self._storm.rage(order.plan))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(order.minutes * 60):
                    await self._enough()
            outcome.storm_s = monotonic() - self._began
            raging.cancel()
            await asyncio.wait([raging])
            self._people.are_asking = False
            await self._storm.mend()
            await self._all_shown(living)
            living.cancel()
            telling.cancel()
        outcome.calm_s = monotonic() - self._began - outcome.storm_s
        await self._check()
        await self._scene.programs.stop(NAMES, STOPPING_S)
        self._check_processes()
        outcome.faults, outcome.kills = self._storm.done, self._scene.programs.killed
        return outcome

    async def _enough(self) -> None:
        """Waits until there were as many debates, kills and faults as ordered."""
        order, now = self._order, self._progress()
        least = (order.debates, order.kills, order.faults)
        while any(had < wanted for had, wanted in zip(now.had, least, strict=True)):
            await asyncio.sleep(TELL_S)
            now = self._progress()

    async def _keep_telling(self) -> None:
        while True:
            await asyncio.sleep(TELL_S)
            self._tell(self._progress())

    def _progress(self) -> Progress:
        people = self._people
        return Progress(
            monotonic() - self._began,
            len(people.found),
            people.closed,
            len(people.waiting),
            self._scene.programs.killed.total(),
            self._storm.done.total(),
        )

    async def _all_shown(self, living: asyncio.Task[None]) -> None:
        """Waits until every question has its debate, every debate its close, every close its files.

        As long as anything still comes of it: platforms take only so much a minute.
        """
        had, at = (0, 0, 0), monotonic()
        while monotonic() - at < STILL_S:
            await asyncio.sleep(1.0)
            await self._people.look()
            finished = await self._finished()
            if living.done() and not await self._owed() and self._threads() <= finished:
                return
            has = (len(self._people.found), self._people.closed, len(finished))
            if has != had:
                had, at = has, monotonic()

    async def _owed(self) -> set[int]:
        """The questions that were heard, and have no debate yet."""
        lines = self._scene.lines.values()
        unheard = {number_in(words) for line in lines for words in await line.ask("unheard")}
        started = {number_in(one.started.topic) for one in self._people.found.values()}
        return {
            number
            for number, asked in self._people.asked.items()
            if asked.taken or (asked.taken is None and number not in unheard)
        } - started

    def _threads(self) -> set[str]:
        homes = [listed.started.home for listed in self._people.found.values()]
        return {f"{home.channel}/{home.thread}" for home in homes if home}

    async def _finished(self) -> set[str]:
        lines = self._scene.lines.values()
        return {thread for line in lines for thread in await line.ask("finished")}

    async def _check(self) -> None:
        verdict, people = self._outcome.verdict, self._people
        seen: dict[str, list[Any]] = {}
        for line in self._scene.lines.values():
            seen |= await line.ask("see")
        for debate, listed in people.found.items():
            home = listed.started.home
            shown = seen.pop(f"{home.channel}/{home.thread}", []) if home else []
            remarks = [(r.words, r.at_ms) for r in people.remarks if r.debate == debate]
            records = await self._scene.debates.records(debate)
            begun, ended = ((r.at_ms - self._began_ms) / 1000 for r in (records[0], records[-1]))
            self._outcome.lives[debate] = (begun, ended)
            thread = [_post(one) for one in shown]
            before = len(verdict.violations)
            check(Debate(debate, records, thread, remarks), self._scene.wire.late, verdict)
            if len(verdict.violations) > before:
                (self._scene.folder / f"{debate}.json").write_text(json.dumps(shown, indent=1))
        await self._check_questions()
        for posts in seen.values():
            check_keys([_post(one) for one in posts], {}, verdict)
        verdict.figures["threads without a debate"] = sum(
            bool(posts) and not thread.endswith("/") for thread, posts in seen.items()
        )

    async def _check_questions(self) -> None:
        verdict, people = self._outcome.verdict, self._people
        numbers = [number_in(one.started.topic) for one in people.found.values()]
        owed = await self._owed()
        for number, asked in people.asked.items():
            if number in numbers or number in owed:
                continue
            how = "mentions nobody heard" if asked.taken is None else "commands refused"
            verdict.figures[f"{how} in {asked.town}"] += 1
        taken = {number: number in owed for number in people.asked}
        check_questions(taken, [n for n in numbers if n is not None], verdict)

    def _check_processes(self) -> None:
        verdict = self._outcome.verdict
        for ended in self._scene.programs.ended:
            verdict.find(UNENDED, "a process", ended)
        for name in NAMES:
            if not self._scene.wire.answered[name]:
                verdict.find(UNENDED, "a process", f"{name} never got an answer from anybody")
        for log in self._scene.logs:
            for shown in shown_in(log.name, log.read_bytes(), self._scene.secrets):
                verdict.find("secret", "a log", shown)


def _post(seen: dict[str, Any]) -> Post:
    key = Key.parse(seen["key"]) if seen["key"] else None
    return Post(seen["id"], seen["author"], seen["text"], seen["is_app"], tuple(seen["files"]), key)
