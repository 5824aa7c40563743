"""Everything that processes ask of services goes through here, and goes wrong here as planned.

A plain TCP relay with a port for each process and service: so it is known who asks what.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from time import monotonic
from typing import Protocol
from urllib.parse import unquote_plus

from tests.chaos.link import Link
from tests.chaos.moments import POSTS, moments
from tests.chaos.plan import Fault, Kind, Side

THAW_S = 1.0
"""A post that is begun so soon after its poster stood still was made ready before that."""
_KEY = re.compile(r"[a-z0-9-]{1,64}:[0-9]{1,9}:[0-9]{1,5}:[0-9]{1,9}\+?:[0-9a-f]{8}")


class Hands(Protocol):
    """Who can lay hands on processes."""

    def kill(self, name: str) -> bool:
        """kill -9; whether it lived."""
        ...

    def freeze(self, name: str, for_s: float, then: Callable[[], None]) -> bool:
        """SIGSTOP, and SIGCONT after so long, and `then`; whether it ran."""
        ...


class Wire:
    """The relay."""

    def __init__(self, hands: Hands) -> None:
        self.targets: dict[str, tuple[str, int]] = {}
        """Where each service is just now."""
        self.done: Counter[Kind] = Counter()
        """What has gone wrong here."""
        self.answered: Counter[str] = Counter()
        """How often each process got an answer: one that never did has taken no part."""
        self.late: set[str] = set()
        """Keys of posts whose poster stood still between its last look and the write."""
        self.note: Callable[[str], None] = lambda _: None
        """Told what goes wrong here, as it happens."""
        self._hands = hands
        self._aimed: list[list[Fault]] = []
        self._links: set[Link] = set()
        self._severed: Counter[str] = Counter()
        self._thawed_at: dict[str, float] = {}
        self._servers: list[asyncio.Server] = []

    async def listen(self, program: str, service: str, host: str = "127.0.0.1") -> int:
        """Relays what this process asks of this service; answers the port."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Link(self, program, service).near, host, 0)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Ends everything."""
        for server in self._servers:
            server.close()
        for link in list(self._links):
            link.cut()

    def aim(self, fault: Fault) -> None:
        """Has it happen at its moment."""
        self._aimed.append([fault] * fault.times)

    def lift(self) -> None:
        """Nothing more goes wrong, and nobody is kept apart."""
        self._aimed.clear()
        self._severed.clear()
        for link in self._links:
            link.let_through()

    def sever(self, program: str, for_s: float) -> None:
        """Lets nothing through to a process or from it, for a while; meanwhile bytes wait."""
        self.done[Kind.PARTITION] += 1
        self.note(f"{program} is severed for {for_s:.1f} s")
        self.keep_apart(program, for_s)

    def keep_apart(self, name: str, for_s: float) -> None:
        """Lets nothing through to this process or service: what nobody waits for never comes."""
        self._severed[name] += 1
        for link in self._of(name):
            link.hold()
        asyncio.get_running_loop().call_later(for_s, self._rejoin, name)

    def thawed(self, program: str) -> None:
        """It stood still, and goes on."""
        self._thawed_at[program] = monotonic()

    def cut_all(self, service: str) -> None:
        """Ends all connections to a service, as those of a server that has gone are ended."""
        for link in list(self._links):
            if link.service == service:
                link.cut()

    def opened(self, link: Link) -> None:
        """A process has connected."""
        self._links.add(link)
        for name in (link.program, link.service):
            if self._severed[name]:
                link.hold()

    def closed(self, link: Link) -> None:
        """Nothing more passes over it."""
        self._links.discard(link)

    def passes(self, link: Link, side: Side) -> None:
        """A request, or the beginning of its answer, is about to pass."""
        self.answered[link.program] += side is Side.AFTER
        if fault := self._due(link, side):
            self._strike(fault, link)

    def has_just_stood_still(self, program: str) -> bool:
        """Whether what it asks now may have been made ready before that."""
        return monotonic() - self._thawed_at.get(program, -THAW_S) < THAW_S

    def sent(self, link: Link) -> None:
        """A request is answered, or never will be: whether its poster still had a right to it."""
        if not any(_is(link, name) for name in POSTS):
            return
        keys = _KEY.findall(unquote_plus(link.request.decode("latin-1")))
        how = ", which stood still," if link.was_frozen else ""
        self.note(f"{link.program}{how} has posted {keys}")
        if link.was_frozen:
            self.late.update(keys)

    def _due(self, link: Link, side: Side) -> Fault | None:
        for times in self._aimed:
            fault = times[0]
            if fault.side is side and fault.on in ("*", link.program) and _is(link, fault.moment):
                times.pop()
                if not times:
                    self._aimed.remove(times)
                return fault
        return None

    def _strike(self, fault: Fault, link: Link) -> None:
        if fault.kind is Kind.KILL:
            link.hold()
            struck = self._hands.kill(link.program)
        elif fault.kind is Kind.FREEZE:
            struck = self._freeze(fault, link)
        else:
            link.suffer(fault)
            struck = True
        self.done[fault.kind] += struck
        self.note(f"{fault.kind} {fault.side} {fault.moment} of {link.program}")

    def _freeze(self, fault: Fault, link: Link) -> bool:
        link.hold()
        link.was_frozen |= fault.side is Side.BEFORE
        struck = self._hands.freeze(link.program, fault.for_s, link.let_through)
        if not struck:
            link.let_through()
        return struck

    def _rejoin(self, name: str) -> None:
        if self._severed[name]:
            self._severed[name] -= 1
            for link in self._of(name):
                link.let_through()

    def _of(self, name: str) -> list[Link]:
        return [link for link in self._links if name in (link.program, link.service)]


def _is(link: Link, moment: str) -> bool:
    asked = moments()[moment]
    return asked.service == link.service and asked.sign in link.request
