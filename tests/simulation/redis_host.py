"""The store's server as simulated processes meet it: connections, delays, blocking reads, faults.

Commands run on the Redis emulation, one after the other. A command that was sent runs whatever
becomes of who sent it; its answer may be lost. A blocking read that finds nothing waits here, as on
the real server, first come, first served: the emulation's own blocking reads lose entries.
"""

from __future__ import annotations

import random
from typing import Any

from fakeredis import FakeServer
from redis.exceptions import ResponseError

from tests.simulation.faults import Faults
from tests.simulation.loop import Host, SimulatedLoop
from tests.simulation.lua import ScriptSocket, Wrote
from tests.simulation.plan import Kind
from tests.simulation.trace import Trace
from tests.simulation.wire import Command, Wire

_READS = (b"XREADGROUP", b"XREAD")


class RedisHost:
    """The server."""

    def __init__(
        self,
        loop: SimulatedLoop,
        chance: random.Random,
        faults: Faults,
        trace: Trace,
        wrote: Wrote,
    ) -> None:
        self.emulation = FakeServer(version=(7,), server_type="redis")
        self.commands = 0
        self.up = True
        self._loop = loop
        self._chance = chance
        self._faults = faults
        self._trace = trace
        self._wrote = wrote
        self._wires: list[Wire] = []
        self._sockets = 0
        self._said: list[Any] = []
        self._running: ScriptSocket | None = None
        self._published: list[tuple[int, Any]] = []
        self._touched: set[bytes] = set()
        """Keys that got an entry, or are gone."""
        self._blocked: list[tuple[Wire, Command, list[bytes]]] = []

    def accept(self, host: Host) -> Wire:
        """A new connection.

        Raises:
            ConnectionRefusedError: the server is down.
        """
        if not self.up:
            raise ConnectionRefusedError(111, "Connection refused")
        wire = Wire(self.receive, host, self._socket())
        self._wires.append(wire)
        return wire

    def hang_up(self, host: Host) -> None:
        """A process is gone, and its connections with it."""
        for wire in self._wires:
            if wire.host is host:
                wire.close()
        self._forget_closed()

    def restart(self, after_s: float) -> None:
        """All connections break; what was written is kept, scripts are not."""
        self._trace("redis", f"is down for {after_s:.1f} s")
        self.up = False
        for wire in self._wires:
            wire.broken = True
            wire.close()
        self._forget_closed()
        self.emulation.script_cache.clear()
        self._loop.later(after_s, self.come_up)

    def come_up(self) -> None:
        """It answers again."""
        self.up = True

    def ask(self, *command: str | bytes | int) -> Any:
        """What the server says at once, to whoever stands beside it."""
        socket = self._socket()
        answers = self._run(socket, [_field(part) for part in command])
        socket.leave()
        if isinstance(answers[0], Exception):
            raise answers[0]
        return answers[0]

    def receive(self, wire: Wire, commands: list[Command]) -> None:
        """Commands leave for here; what befalls them is decided now."""
        self.commands += 1
        wire.host.sent += 1
        delay = self._chance.uniform(0.000_2, 0.002)
        if (down := self._faults.take(Kind.DOWN, self.commands)) is not None:
            self._loop.later(0, self.restart, down.for_s)
        if (slow := self._faults.take(Kind.SLOW, self.commands)) is not None:
            delay += slow.for_s
        if self._faults.take(Kind.CUT, self.commands) is not None:
            self._trace(wire.host.name, f"is cut off before {_name(commands)}")
            self._loop.later(delay, self._break, wire)
            return
        lost = self._faults.take(Kind.LOSE, self.commands) is not None
        self._loop.later(delay, self._serve, wire, commands, lost)

    def _serve(self, wire: Wire, commands: list[Command], lost: bool) -> None:
        if wire.broken or not self.up:
            self._break(wire)
            return
        answers: list[Any] = []
        for command in commands:
            taken = _unblocked(command)
            answer = self._run(wire.socket, taken or command)
            if taken and answer[-1] is None and wire.open:
                self._block(wire, command, taken)
                return
            answers += answer
        self._trace(
            wire.host.name,
            f"{_name(commands)}{' (answer lost)' if lost else ''} -> {_brief(answers)}",
        )
        delay = self._chance.uniform(0.000_1, 0.001)
        if lost:
            self._loop.later(delay, self._break, wire)
        else:
            self._loop.later(delay, wire.deliver, answers)

    def _block(self, wire: Wire, command: Command, taken: Command) -> None:
        at = [field.upper() for field in command].index(b"BLOCK")
        keys = taken[[field.upper() for field in taken].index(b"STREAMS") + 1 :]
        waiting = (wire, taken, keys[: len(keys) // 2])
        self._blocked.append(waiting)
        self._loop.later(int(command[at + 1]) / 1000, self._unblock, waiting)

    def _unblock(self, waiting: tuple[Wire, Command, list[bytes]]) -> None:
        if waiting in self._blocked:
            self._blocked.remove(waiting)
            self._loop.later(0.000_2, waiting[0].deliver, [None])

    def _run(self, socket: ScriptSocket, command: Command) -> list[Any]:
        self._said, self._running = [], socket
        socket.process(command)
        said, self._running = self._said, None
        self._publish()
        self._serve_blocked()
        return said

    def _serve_blocked(self) -> None:
        while self._touched and self._blocked:
            touched, self._touched = self._touched, set()
            for waiting in list(self._blocked):
                if not touched.isdisjoint(waiting[2]):
                    self._try_again(waiting)
        self._touched.clear()

    def _try_again(self, waiting: tuple[Wire, Command, list[bytes]]) -> None:
        wire, command, keys = waiting
        if any(key not in self.emulation.dbs[0] for key in keys):
            # As Redis 7.0 has it; 7.2 says NOGROUP.
            said: list[Any] = [ResponseError("UNBLOCKED the stream key no longer exists")]
        else:
            self._said, self._running = [], wire.socket
            wire.socket.process(command)
            said, self._running = self._said, None
        if said[-1] is not None:
            self._blocked.remove(waiting)
            self._trace(wire.host.name, f"{_name([command])} -> {_brief(said)}")
            self._loop.later(self._chance.uniform(0.000_1, 0.001), wire.deliver, said)

    def _publish(self) -> None:
        published, self._published = sorted(self._published, key=lambda said: said[0]), []
        for number, message in published:
            for wire in self._wires:
                if wire.number == number:
                    self._loop.later(self._chance.uniform(0.000_1, 0.001), wire.deliver, [message])

    def _socket(self) -> ScriptSocket:
        self._sockets += 1
        return ScriptSocket(self.emulation, self._sockets, self._say, self._note)

    def _say(self, socket: ScriptSocket, message: Any) -> None:
        if socket is self._running:
            self._said.append(message)
        else:
            self._published.append((socket.number, message))

    def _note(self, command: str, args: list[bytes]) -> None:
        if command == "xadd":
            self._touched.add(args[0])
        elif command == "del_":
            self._touched.update(args)
        self._wrote(command, args)

    def _break(self, wire: Wire) -> None:
        wire.broken = True
        wire.close()
        self._forget_closed()

    def _forget_closed(self) -> None:
        self._wires = [wire for wire in self._wires if wire.open]
        self._blocked = [waiting for waiting in self._blocked if waiting[0].open]


def _unblocked(command: Command) -> Command | None:
    """A blocking read, without its blocking; `None`: it is no such thing."""
    if command[0].upper() not in _READS:
        return None
    upper = [field.upper() for field in command]
    if b"BLOCK" not in upper:
        return None
    at = upper.index(b"BLOCK")
    return command[:at] + command[at + 2 :]


def _field(part: str | bytes | int) -> bytes:
    return part if isinstance(part, bytes) else str(part).encode()


def _name(commands: list[Command]) -> str:
    return " + ".join(_one(command) for command in commands)


def _one(command: Command) -> str:
    known = NAMES.get(command[1]) if command[0] == b"EVALSHA" else None
    if known is None:
        return " ".join(field[:40].decode("utf-8", "replace") for field in command[:3])
    key = command[3].rpartition(b"}:")[2].decode()
    return f"{known}({key}; {_brief(command[3 + int(command[2]) :][:6])})"


def _brief(answers: list[Any]) -> str:
    return " ".join(
        str(answer) if isinstance(answer, ResponseError) else repr(answer)[:90]
        for answer in answers
    )


NAMES: dict[bytes, str] = {}
"""What the engine's scripts are called, by their hash."""
