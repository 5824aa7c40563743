"""A debate that begins beside all threads: its card is posted, and the debate hangs from it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import structlog

from bots.chat.beginning import Beginning
from bots.chat.cards import Cards
from bots.chat.desk import Answer, Asker
from bots.chat.i18n import explained
from bots.chat.surface import RetryAfter, Unknown
from engine.debate.commands import Actor, Material, StartDebate
from engine.debate.decide import decide
from engine.debate.events import Place
from engine.debate.evolve import fold
from engine.debate.explained import Explained
from engine.debate.explained import marked as _
from engine.debate.state import Debate
from engine.ports.clock import Clock
from engine.ports.debates import Debates
from engine.ports.store import AlreadyTaken, StoreAway

LATER_S = 1.0
PATIENCE_S = 60.0
"""How long one process may try to start a debate before another does; half of it is for trying."""
OLD_MS = 3_600_000
"""Whoever asked for it has gone by then."""

_LATER = _("This takes longer than usual; the debate begins as soon as it can.")

T = TypeVar("T")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Root:
    """A thread that was made for a debate."""

    place: Place
    card: str
    """The message that is its card."""


class Roots(Protocol):
    """Where a platform's debates begin that nobody gave a thread."""

    async def grow(self, debate: str, beside: Place, state: Debate, *, again: bool) -> Root:
        """Posts the card of the debate to be, and makes a thread of it: once, however often tried.

        `beside` is the channel. `again`: somebody else may have posted it, and is to be looked for.
        Tries until it is cancelled.

        Raises:
            Refused
        """
        ...

    async def begun(self, debate: str, place: Place) -> None:
        """The debate began in this thread: what is said there from now on is said to it.

        Done again, it changes nothing.

        Raises:
            StoreAway
        """
        ...

    async def remove(self, root: Root) -> None:
        """Takes it away, if it can be; the debate did not begin."""
        ...


@dataclass(frozen=True, slots=True)
class Gathered:
    """What stands in a thread, to be debated."""

    material: tuple[Material, ...]
    notes: tuple[Explained, ...] = ()
    """What is left out, for whoever starts the debate."""


Gather = Callable[[Place], Awaitable[Gathered]]
"""Raises `Refused`, `RetryAfter` or `Unknown`."""
OpenThread = Callable[[Place, str], Awaitable[object]]
"""Has the thread be there in which a debate on this topic is to begin; asked again, nothing more.

Raises `Refused`, `RetryAfter` or `Unknown`.
"""


class Starting:
    """Starts debates in the channels of one platform, though whoever began may die over it.

    Where somebody asks for one in a thread, it begins there, without a root.
    """

    def __init__(  # noqa: PLR0913 - what it stands on, and how long it waits
        self,
        roots: Roots,
        debates: Debates,
        cards: Cards,
        new_id: Callable[[], str],
        clock: Clock,
        patience_s: float = PATIENCE_S,
        gather: Gather | None = None,
        open_thread: OpenThread | None = None,
    ) -> None:
        """`patience_s`: how long one process may try before another does.

        `gather`: what stands in a thread where a debate is to begin, to be debated. `open_thread`:
        where people ask for debates in threads that are not there yet.
        """
        self._roots, self._debates, self._cards = roots, debates, cards
        self._gather, self._open_thread = gather, open_thread
        self._new_id, self._clock = new_id, clock
        self._patience_s = patience_s

    async def begin(self, command: StartDebate, asker: Asker, payloads: Sequence[str]) -> Beginning:
        """Notes that this debate is to start: from now on it does, whatever dies.

        Raises:
            StoreAway: it is not noted, or nobody knows.
        """
        now = self._clock.now_ms()
        begun = Beginning(self._new_id(), command, asker, tuple(payloads), now)
        within_ms = round(self._patience_s * 1000)
        await self._debates.places.begin(_workspace(begun), begun.debate, begun.note(), within_ms)
        return begun

    async def start(self, begun: Beginning) -> Answer:
        """Posts the card and starts the debate; the answer says why not, where it did not.

        A payload that was delivered before starts nothing, and its second card goes away.

        Raises:
            StoreAway: it starts once the store answers.
        """
        return await self._start(begun, again=False)

    async def finish(self, workspaces: Callable[[], Awaitable[Collection[str]]]) -> None:
        """Starts what others began in these workspaces and left, until it is cancelled."""
        within_ms = round(self._patience_s * 1000)
        while True:
            try:
                for workspace in await workspaces():
                    notes = await self._debates.places.left_over(workspace, within_ms)
                    # At once: of those that had to wait, another process would think them left.
                    async with asyncio.TaskGroup() as tasks:
                        for debate, note in notes.items():
                            tasks.create_task(self._finish(workspace, debate, note))
            except* StoreAway as errors:
                log.warning("store.away", error=str(errors.exceptions[0]))
            await self._clock.sleep(self._patience_s / 2)

    async def _finish(self, workspace: str, debate: str, note: str) -> None:
        begun = Beginning.noted(note)
        if begun is None or self._clock.now_ms() - begun.at_ms > OLD_MS:
            log.warning("start.dropped", debate=debate)
            await self._debates.places.end(workspace, debate)
            return
        answer = await self._start(begun, again=True)
        log.info("start.finished", debate=debate, answer=answer.text)

    async def _start(self, begun: Beginning, *, again: bool) -> Answer:
        """Within this process's time; what it does not get done is left over.

        Another process looks for the card before it posts one.
        """
        try:
            async with asyncio.timeout(self._patience_s / 2):
                answer = await self._started(begun, again=again)
        except TimeoutError:
            return Answer(begun.asker.translate(_LATER))
        await self._debates.places.end(_workspace(begun), begun.debate)
        return answer

    async def _started(self, begun: Beginning, *, again: bool) -> Answer:
        asker, command = begun.asker, begun.command
        if asker.place.thread:
            return await self._there(begun)
        try:
            to_be = fold(None, decide(None, command))
            root = await self._roots.grow(begun.debate, asker.place, to_be, again=again)
        except Explained as refusal:
            return Answer(explained(refusal, asker.language))
        command = replace(command, by=Actor(asker.person, root.place, asker.manages))
        try:
            state = await self._begin(begun.debate, command, begun.payloads)
        except AlreadyTaken:
            return await self._taken(begun, root)
        except Explained as refusal:
            await self._roots.remove(root)
            return Answer(explained(refusal, asker.language))
        self._cards.posted(begun.debate, root.place, state, root.card)
        await self._roots.begun(begun.debate, root.place)
        return Answer(debate=begun.debate)

    async def _there(self, begun: Beginning) -> Answer:
        """In the thread where it was asked for, with what stands there as material."""
        language = begun.asker.language
        try:
            command, notes = await self._ready(begun)
            decide(None, command)
            await self._begin(begun.debate, command, begun.payloads)
        except AlreadyTaken:
            there = await self._debates.places.debate_at(begun.asker.place)
            if there is not None:
                await self._roots.begun(there, begun.asker.place)
            return Answer()
        except Explained as refusal:
            return Answer(explained(refusal, language))
        await self._roots.begun(begun.debate, begun.asker.place)
        text = "\n".join(explained(note, language) for note in notes)
        return Answer(text, debate=begun.debate)

    async def _ready(self, begun: Beginning) -> tuple[StartDebate, Sequence[Explained]]:
        """With its thread and its material; and what of that is left out."""
        place, command = begun.asker.place, begun.command
        opened, gather = self._open_thread, self._gather
        if opened is not None:
            await self._patiently(lambda: opened(place, command.topic))
        if gather is None:
            return command, ()
        gathered = await self._patiently(lambda: gather(place))
        return replace(command, material=gathered.material), gathered.notes

    async def _patiently(self, call: Callable[[], Awaitable[T]]) -> T:
        while True:
            try:
                return await call()
            except RetryAfter as error:
                await self._clock.sleep(error.seconds or LATER_S)
            except (Unknown, StoreAway):
                await self._clock.sleep(LATER_S)

    async def _taken(self, begun: Beginning, root: Root) -> Answer:
        """The payload began a debate before: this one, or another under a card of its own."""
        if await self._debates.places.debate_at(root.place) != begun.debate:
            await self._roots.remove(root)
        else:
            await self._roots.begun(begun.debate, root.place)
        return Answer()

    async def _begin(self, debate: str, command: StartDebate, payloads: Sequence[str]) -> Debate:
        while True:
            try:
                return await self._debates.start(debate, command, payloads)
            except StoreAway:
                await self._clock.sleep(LATER_S)


def _workspace(begun: Beginning) -> str:
    return begun.asker.place.workspace
