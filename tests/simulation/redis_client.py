"""redis-py as the engine uses it, its pool, its retries and its scripts, over a simulated wire."""

from __future__ import annotations

import asyncio
import hashlib
import math
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from engine.adapters.redis_server import ANSWER_TIMEOUT_S, TRIES
from tests.simulation.loop import host_now
from tests.simulation.redis_host import NAMES, RedisHost
from tests.simulation.wire import Command, Wire

CONNECT_S = 0.001


def simulated_client(server: RedisHost) -> Redis:
    """As `engine.adapters.redis_server.connect` makes it."""
    pool = _Pool(
        connection_class=SimulatedConnection,
        max_connections=64,
        socket_timeout=ANSWER_TIMEOUT_S,
        retry=Retry(ExponentialWithJitterBackoff(base=0.05, cap=1.0), TRIES),
        protocol=2,
        driver_info=None,  # it is read from the package's files, for each connection anew
        server=server,
    )
    return Redis.from_pool(pool)


@cache
def name_scripts() -> None:
    """Has traces show the engine's scripts by their names."""
    for file in files("engine.adapters").joinpath("lua").iterdir():
        if file.name.endswith(".lua"):
            digest = hashlib.sha1(file.read_bytes(), usedforsecurity=False).hexdigest()
            NAMES[digest.encode()] = file.name.removesuffix(".lua")


class _Pool(ConnectionPool):
    """redis-py's pool, without what it does for telemetry."""

    async def get_connection(self, *_: Any, **__: Any) -> Any:
        connection: Any = self.get_available_connection()  # type: ignore[no-untyped-call]  # redis-py's
        try:
            await self.ensure_connection(connection)
        except BaseException:
            await self.release(connection)
            raise
        return connection

    async def release(self, connection: Any) -> None:
        self._in_use_connections.remove(connection)
        self._available_connections.append(connection)


class SimulatedConnection(AbstractConnection):
    """A connection that sends fields, not bytes, and has no handshake."""

    def __init__(self, *, server: RedisHost, **named: Any) -> None:
        self._server = server
        self._wire: Wire | None = None
        super().__init__(**named)

    def repr_pieces(self) -> list[tuple[str, Any]]:
        return []

    @property
    def is_connected(self) -> bool:
        return self._wire is not None

    async def _connect(self) -> None:
        await asyncio.sleep(CONNECT_S)
        self._wire = self._server.accept(host_now())

    def _host_error(self) -> str:
        return "redis:6379"

    async def on_connect_check_health(self, check_health: bool = True) -> None:
        """There is no handshake."""

    async def check_health(self) -> None:
        """A broken connection is found by using it."""

    async def disconnect(self, *given: Any, **named: Any) -> None:
        if self._wire is not None:
            wire, self._wire = self._wire, None
            wire.close()

    def _close(self) -> None:
        """Nothing is left open when it is collected."""

    def __del__(self, _warnings: Any = None) -> None:
        """Nothing to close."""

    async def can_read(self) -> bool:
        return self._wire is not None and self._wire.unread

    def pack_command(self, *args: Any) -> list[Command]:  # type: ignore[override]  # fields go over this wire
        return [_fields(args)]

    def pack_commands(self, commands: Iterable[Any]) -> list[Command]:  # type: ignore[override]
        return [_fields(command) for command in commands]

    async def send_packed_command(self, command: Any, check_health: bool = True) -> None:
        if self._wire is None:
            await self.connect_check_health(check_health=False)
        assert self._wire is not None
        try:
            self._wire.send(command)
        except ConnectionResetError as error:
            await self.disconnect()
            raise RedisConnectionError(f"while writing to socket: {error}") from error

    async def read_response(
        self,
        disable_decoding: bool = False,
        timeout: float | None = None,  # noqa: ASYNC109 - redis-py's own
        *,
        disconnect_on_error: bool = True,
        push_request: bool | None = False,
    ) -> Any:
        if self._wire is None:
            raise RedisConnectionError("not connected")
        patience = self.socket_timeout if timeout is None else timeout
        try:
            answer = await self._wire.read(None if patience == math.inf else patience)
        except TimeoutError as error:
            if timeout is not None:
                return None
            await self.disconnect()
            raise RedisTimeoutError("Timeout reading from redis:6379") from error
        except ConnectionResetError as error:
            await self.disconnect()
            raise RedisConnectionError(f"while reading from redis:6379: {error}") from error
        except BaseException:
            await self.disconnect()
            raise
        if isinstance(answer, ResponseError):
            raise answer
        return answer


def _fields(args: Iterable[Any]) -> Command:
    first, *rest = args
    return [*_field(first).split(), *map(_field, rest)]


def _field(arg: Any) -> bytes:
    if isinstance(arg, bytes):
        return arg
    return arg.encode() if isinstance(arg, str) else repr(arg).encode()
