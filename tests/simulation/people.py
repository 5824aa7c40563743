"""People, and the platform that tells the bots what they do: again and again, until it is heard.

What was acknowledged must be in the log: each deed keeps what became of it.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from engine.adapters.redis_keys import new_debate_id
from engine.debate.commands import (
    Actor,
    AddRound,
    CallNext,
    CastVote,
    Correct,
    EndMirror,
    Erase,
    LeaveSeat,
    OpenMirror,
    PauseDebate,
    Rejected,
    ResumeDebate,
    Say,
    SetPace,
    SkipTurn,
    SpeakSeat,
    StartDebate,
    Steer,
    StopDebate,
    SumUp,
    TakeSeat,
    Talk,
)
from engine.debate.events import Budget, Pace
from engine.ports.store import AlreadyTaken, StoreAway, UnknownDebate
from tests.simulation.cast import DEBATERS, PANELS, PERSONAS, SHARD, actor, home, mirror
from tests.simulation.loop import SimulatedLoop, host_now
from tests.simulation.plan import SEATS, Deed, Plan, Start, What
from tests.simulation.processes import BotProcess
from tests.simulation.trace import Trace

AGAIN_S = 3.0
"""A platform that hears nothing for so long tells it again."""
SEAT_WAIT_S = 16.0

T = TypeVar("T")


@dataclass(slots=True)
class People:
    """Everybody, in all debates of a plan."""

    plan: Plan
    bots: Sequence[BotProcess]
    loop: SimulatedLoop
    chance: random.Random
    trace: Trace
    heard: dict[str, str] = field(default_factory=dict)
    """What became of each deed, by its payload's id, once it was acknowledged."""
    told: int = 0
    """How often the platform told the bots something."""

    def begin(self) -> None:
        """Everything in its time."""
        for start in self.plan.starts:
            self._at(start.at_s, f"start{start.debate}", start)
        for number, deed in enumerate(self.plan.deeds):
            self._at(deed.at_s, f"m{deed.debate}.{number}", deed)

    @property
    def all_heard(self) -> bool:
        return len(self.heard) == len(self.plan.starts) + len(self.plan.deeds)

    def _at(self, at_s: float, payload: str, deed: Start | Deed) -> None:
        self.loop.later(at_s, self._tell, payload, deed, deed.twice)

    def _tell(self, payload: str, deed: Start | Deed, twice: bool) -> None:
        if payload in self.heard:
            return
        listening = [bot for bot in self.bots if bot.listens]
        for bot in self.chance.choices(listening, k=2 if twice else 1) if listening else ():
            self.told += 1
            bot.do(self._hear(bot, payload, deed))
        self.loop.later(AGAIN_S, self._tell, payload, deed, False)

    async def _hear(self, bot: BotProcess, payload: str, deed: Start | Deed) -> None:
        """In the bot's process."""
        try:
            if isinstance(deed, Start):
                await bot.door.start(new_debate_id(SHARD), _started(deed), [payload])
            else:
                await self._do(bot, payload, deed)
            outcome = "done"
        except Rejected:
            outcome = "rejected"
        except AlreadyTaken:
            outcome = "taken"
        except UnknownDebate:
            outcome = "unknown"
        except StoreAway:
            return  # it is told again
        await asyncio.sleep(0.002)
        self.trace(host_now().name, f"acknowledges {payload}: {outcome}")
        self.heard.setdefault(payload, outcome)

    async def _do(self, bot: BotProcess, payload: str, deed: Deed) -> None:
        debate = await bot.door.places.debate_at(home(deed.debate))
        if debate is None:
            raise UnknownDebate("none yet")
        if deed.what is What.MIRROR and not await bot.door.places.bind(mirror(deed.debate), debate):
            raise Rejected("There is a debate in this thread already.")
        await bot.door.submit(debate, self.command(deed, payload), [payload])

    def command(self, deed: Deed, payload: str) -> Talk | Steer:
        """What the bots make of a deed."""
        by = actor(deed.debate, deed.who)
        if deed.what in _STEERS:
            return _STEERS[deed.what](by)
        match deed.what:
            case What.SAY:
                return Say(by, f"Hear {payload}!", None, payload)
            case What.TAG:
                return Say(by, f"What of {payload}?", _one(PERSONAS, deed), payload)
            case What.CORRECT:
                return Correct(by, self._some_message(deed), "Better so.")
            case What.ERASE:
                return Erase(by, self._some_message(deed))
            case What.SPEAK:
                return SpeakSeat(by, "My own words.", "And yours?", message=payload)
        return _plain(deed, by)

    def _some_message(self, deed: Deed) -> str:
        """One that was written in this debate, or will be."""
        ours = [n for n, other in enumerate(self.plan.deeds) if other.debate == deed.debate]
        return f"m{deed.debate}.{ours[deed.pick % len(ours)]}"


_STEERS: dict[What, Callable[[Actor], Talk | Steer]] = {
    What.PAUSE: PauseDebate,
    What.RESUME: ResumeDebate,
    What.NEXT: CallNext,
    What.SKIP: SkipTurn,
    What.SUM_UP: SumUp,
    What.ROUND: AddRound,
    What.STOP: StopDebate,
    What.LEAVE: LeaveSeat,
}


def _plain(deed: Deed, by: Actor) -> Talk | Steer:
    """What is about no message."""
    there = mirror(deed.debate)
    match deed.what:
        case What.VOTE:
            return CastVote(by, 1 + deed.pick % SEATS, 1 if deed.pick % 2 else -1)
        case What.SIT:
            return TakeSeat(by, _one(DEBATERS, deed))
        case What.PACE:
            return SetPace(_one(list(Pace), deed), by)
        case What.MIRROR:
            return OpenMirror(replace(by, place=there, manages=True), there)
    return EndMirror(replace(by, place=there, manages=True), there)


def _one(among: Sequence[T], deed: Deed) -> T:
    return among[deed.pick % len(among)]


def _started(start: Start) -> StartDebate:
    return StartDebate(
        f"Topic {start.debate}?",
        PANELS[start.handoff],
        budget=Budget(turns=start.turns),
        by=actor(start.debate, 0),
        pace=start.pace,
        seat_wait_s=SEAT_WAIT_S,
    )
