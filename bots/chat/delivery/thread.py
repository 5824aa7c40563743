"""One thread, while this process holds it: shown what is new in the log, event by event."""

from __future__ import annotations

from collections import OrderedDict

from bots.chat.delivery.landing import Landing, Lease
from bots.chat.delivery.ports import Ports, Stopping
from bots.chat.parts import part_of
from bots.chat.posts import Post, post_of
from engine.debate.commands import ReportClear
from engine.debate.events import Place, Record, TurnSpoken
from engine.debate.evolve import evolve
from engine.debate.state import Debate
from engine.ports.readers import Cursor, Hold, Shown

REMEMBERED = 512


class Remembered:
    """Debates as they stood when threads were last shown them: they need not be read again."""

    def __init__(self) -> None:
        self._debates: OrderedDict[tuple[str, Place], Debate] = OrderedDict()

    def take(self, hold: Hold) -> Debate | None:
        """The debate, if it is known and the thread was shown as much."""
        debate = self._debates.pop((hold.debate, hold.place), None)
        return debate if debate is not None and debate.n <= hold.cursor.n else None

    def keep(self, hold: Hold, debate: Debate) -> None:
        """To be taken by whoever holds the thread next; the oldest are forgotten."""
        self._debates[hold.debate, hold.place] = debate
        if len(self._debates) > REMEMBERED:
            self._debates.popitem(last=False)


class Thread:
    """Shows a debate in one thread."""

    def __init__(
        self,
        ports: Ports,
        lease: Lease,
        landing: Landing,
        stopping: Stopping,
        remembered: Remembered,
    ) -> None:
        self._ports = ports
        self._lease = lease
        self._landing = landing
        self._stopping = stopping
        self._cursor = lease.hold.cursor
        self._remembered = remembered
        self._debate = remembered.take(lease.hold)

    async def show(self) -> None:
        """Shows what there is, and gives the thread back.

        Raises:
            Refused: the thread takes nothing.
            LeaseLost: another process holds it.
            UnknownDebate: it is gone.
            UnknownEvent: a newer version wrote it.
            Stopped: this process is to end.
        """
        if not self._lease.hold.clean:
            self._ports.surface.takes_over(self._lease.hold.place)
        hold: Hold | None = self._lease.hold
        while hold is not None:
            self._lease.hold = hold
            while await self._catch_up(hold):
                continue
            hold = await self._give_back(hold)

    async def _catch_up(self, hold: Hold) -> bool:
        """Whether there is more by now."""
        seen = self._debate.n if self._debate else 0
        records = await self._stopping.until_stored(
            lambda: self._ports.log.records(hold.debate, seen)
        )
        for record in records:
            if record.n > self._cursor.n:
                await self._show(record)
            self._debate = evolve(self._debate, record.event)
        if self._debate is not None:
            await self._clear(hold, self._debate)
            self._remembered.keep(hold, self._debate)
            return await self._landing.stand(self._debate)
        return False

    async def _clear(self, hold: Hold, debate: Debate) -> None:
        """What stood in this thread's way is gone: all of it is shown."""
        if debate.obstacle and debate.started.home == hold.place:
            cleared = ReportClear(hold.place)
            await self._stopping.until_stored(lambda: self._ports.log.submit(hold.debate, cleared))

    async def _give_back(self, hold: Hold) -> Hold | None:
        shown_to = max(self._cursor.n, self._debate.n if self._debate else 0)
        return await self._stopping.until_stored(
            lambda: self._ports.readers.release(hold, shown_to)
        )

    async def _show(self, record: Record) -> None:
        post = post_of(record, self._debate, self._lease.hold.place)
        if post is None and self._cursor.part:
            # Taken back since its first parts were shown: they are none of the next event's.
            await self._record(Cursor(record.n, message=self._cursor.message))
        while post is not None and self._cursor.n < record.n:
            await self._show_part(post)
        if isinstance(record.event, TurnSpoken) and post is not None:
            self._tell_age(record)

    def _tell_age(self, record: Record) -> None:
        """Of turns in the home thread: a mirror is shown old ones when it begins."""
        home = self._debate.started.home if self._debate else None
        if home == self._lease.hold.place:
            self._ports.visible((self._ports.clock.now_ms() - record.at_ms) / 1000)

    async def _show_part(self, post: Post) -> None:
        cursor, hold = self._cursor, self._lease.hold
        part = part_of(post, hold.debate, cursor.part, cursor.offset, self._ports.surface)
        message, key, shown = cursor.message, part.key, None
        if part.segments:
            message, key = await self._landing.land(part, cursor.message)
            shown = Shown(post.n, key.part)
        if key.more:
            cursor = Cursor(post.n - 1, key.part + 1, key.end, message)
        else:
            cursor = Cursor(post.n, message=message)
        await self._record(cursor, shown)
        self._landing.recorded()

    async def _record(self, cursor: Cursor, shown: Shown | None = None) -> None:
        hold = self._lease.hold
        await self._stopping.until_stored(lambda: self._ports.readers.record(hold, cursor, shown))
        self._cursor = cursor
