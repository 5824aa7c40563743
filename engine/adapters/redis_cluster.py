"""A cluster of Redis servers, of which a client needs one: the node that holds its shard.

All keys of a shard have one hash tag, so they lie in one slot, and no command of this client has
business elsewhere. Its connections therefore ask a node that is known which one holds the slot, and
are plain connections to that one: scripts, pipelines and blocking reads are those of one server.
Where the slot has gone elsewhere, since a replica took over or an operator moved it, a connection
counts as lost: what was sent is sent again over one to the slot's new node.

The redirections are those of https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/
"""

from __future__ import annotations

from typing import Any

from redis.asyncio.connection import Connection, SSLConnection, parse_url
from redis.crc import key_slot
from redis.exceptions import AskError, AuthenticationError, MovedError, TryAgainError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

SCHEME = "+cluster://"
"""`redis+cluster://` and `rediss+cluster://`; a few of the nodes, with commas between."""

Address = tuple[str, int]


class Cluster:
    """A cluster as far as a client knows it: nodes to ask, and who holds the slot."""

    def __init__(self, nodes: list[Address], shard: str) -> None:
        self.slot = key_slot(shard.encode())
        self.home: Address | None = None
        """The slot's node, unless it is to be asked for."""
        self._nodes = nodes

    async def find(self, plain: type[Connection], options: dict[str, Any]) -> Address:
        """Asks one node after the other.

        Raises:
            AuthenticationError: they do not let this user in.
            RedisConnectionError: none of them knows.
        """
        error: Exception = RedisConnectionError("the cluster has no nodes")
        for host, port in self._nodes:
            connection = plain(host=host, port=port, **options)
            try:
                await connection.connect_check_health(check_health=False)
                await connection.send_command("CLUSTER", "SLOTS")
                return self._read(host, await connection.read_response())
            except (RedisConnectionError, RedisTimeoutError) as failed:
                error = failed
            finally:
                await connection.disconnect()
        if isinstance(error, AuthenticationError):
            raise error
        raise RedisConnectionError(f"no node of the cluster holds the shard: {error}")

    def _read(self, asked: str, ranges: list[Any]) -> Address:
        """The slot's node, as `CLUSTER SLOTS` has it; every node may be asked from now on."""
        found, nodes = None, list[Address]()
        for first, last, *holders in ranges:
            addresses = [(_text(node[0]) or asked, int(node[1])) for node in holders]
            nodes += addresses
            if first <= self.slot <= last:
                found = addresses[0]
        if found is None:
            raise RedisConnectionError(f"nobody serves slot {self.slot}")
        self._nodes = list(dict.fromkeys([*nodes, *self._nodes]))
        return found


class ClusterConnection(Connection):
    """A connection to the node that holds the slot."""

    _plain: type[Connection] = Connection

    def __init__(self, *, cluster: Cluster, **options: Any) -> None:
        self._cluster, self._options = cluster, options
        super().__init__(**options)

    async def connect_check_health(
        self, check_health: bool = True, retry_socket_connect: bool = True
    ) -> None:
        """Connects to the slot's node, unless it is connected."""
        if self.is_connected:
            return
        cluster = self._cluster
        if cluster.home is None:
            cluster.home = await cluster.find(self._plain, self._options)
        self.host, self.port = cluster.home
        try:
            await super().connect_check_health(check_health, retry_socket_connect)
        except (RedisConnectionError, RedisTimeoutError):
            cluster.home = None
            raise

    async def read_response(self, *args: Any, **options: Any) -> Any:
        """An answer; a node's word that the slot is elsewhere counts as no answer."""
        try:
            return await super().read_response(*args, **options)
        except (MovedError, AskError, TryAgainError) as error:
            self._cluster.home = None
            await self.disconnect(nowait=True)
            raise RedisConnectionError(f"the shard is elsewhere: {error}") from error


class ClusterSSLConnection(ClusterConnection, SSLConnection):
    """The same, with TLS."""

    _plain = SSLConnection


def in_cluster(url: str, shard: str) -> dict[str, Any]:
    """What a connection pool needs to know, for the cluster that this URL names.

    Raises:
        ValueError: it names none.
    """
    scheme, _sep, rest = url.partition(SCHEME)
    credentials, at, hosts = rest.rpartition("@")
    nodes, slash, path = hosts.partition("/")
    first, *others = nodes.split(",")
    options: dict[str, Any] = dict(parse_url(f"{scheme}://{credentials}{at}{first}{slash}{path}"))
    if options.get("db"):
        raise ValueError("a cluster has one database")
    addresses = [parse_url(f"{scheme}://{node}") for node in [first, *others]]
    cluster = Cluster([(one["host"], one.get("port", 6379)) for one in addresses], shard)
    kind = ClusterSSLConnection if scheme == "rediss" else ClusterConnection
    for name in ("host", "port", "db"):
        options.pop(name, None)
    return {**options, "connection_class": kind, "cluster": cluster}


def _text(value: bytes | str | None) -> str:
    return value.decode() if isinstance(value, bytes) else value or ""
