"""The Redis emulation's connection: its scripts compiled once, its commands with less ado.

What commands do is fakeredis's own. Other than there:
1. A script is compiled when it is first run, not each time, and its globals are not looked through
   at every call; how a command's arguments are read is worked out once; nothing is told to
   watchers of the key space, of whom there are none.
2. No command blocks, and what is published is handed to `redis_host`, which sees to both.
3. A set's members come in order, not in that of their hashes.
4. XREADGROUP is as Redis 7.0 has it: without its stream there is no group, and who found nothing to
   read is not in the group yet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fakeredis import FakeServer
from fakeredis import _msgs as msgs
from fakeredis._commands import Key, Signature
from fakeredis._core import CommandItem
from fakeredis._helpers import SimpleError
from fakeredis._socket._fakesocket import FakeSocket
from fakeredis._socket._resp import convert_to_resp2
from fakeredis.commands_mixins.scripting_mixin import LUA_MODULE, _convert_redis_arg
from redis.asyncio import Redis

Said = Callable[["ScriptSocket", Any], None]
Wrote = Callable[[str, list[bytes]], None]

_PLAIN = (bytes, int, type(None))
_WITH_SUBCOMMANDS = frozenset({"xgroup", "xinfo", "script"})


class ScriptSocket(FakeSocket):
    """One connection, as the server has it."""

    def __init__(self, server: FakeServer, number: int, said: Said, wrote: Wrote) -> None:
        """`said` gets each reply and message; `wrote`, what `xadd`, `hset`, `del_` got."""
        self.number = number
        self._said = said
        self._wrote = wrote
        super().__init__(server, 0, client_class=Redis, client_info={"resp": 2})

    def put_response(self, msg: Any) -> None:
        self._said(self, msg)

    def process(self, fields: list[bytes]) -> None:
        """Runs one command."""
        self._process_command(fields)

    def leave(self) -> None:
        """The connection is closed."""
        self.kill()

    def eval(self, script: bytes, numkeys: int, *given: bytes) -> Any:
        server: Any = self._server
        runtime = self._get_server_runtime(server)
        if not hasattr(server, "compiled"):
            server.compiled = {}
        if script not in server.compiled:
            server.compiled[script] = runtime.compile(script)
        server._lua_current_socket[0] = self
        self._script_resp = 2
        table = runtime.table_from
        server._lua_set_keys_argv(table(given[:numkeys]), table(given[numkeys:]))
        try:
            result = server.compiled[script]()
        except LUA_MODULE.LuaError as error:
            raise SimpleError(f"ERR Error running script: {error}") from error
        finally:
            self._script_resp = None
        return self._convert_lua_result(result, nested=False)

    def xreadgroup(self, const: bytes, group: bytes, consumer: bytes, *args: bytes) -> Any:
        key = args[[arg.upper() for arg in args].index(b"STREAMS") + 1]
        stream = self._db.get(key)
        if stream is None:
            raise SimpleError(
                f"NOGROUP No such key '{key.decode()}' or consumer group '{group.decode()}' "
                "in XREADGROUP with GROUP option"
            )
        known = stream.value.group_get(group)
        is_new = known is not None and consumer not in known.consumers
        found = super().xreadgroup(const, group, consumer, *args)
        if is_new and not found:
            known.consumers.pop(consumer, None)
        return found

    def _lua_redis_call(
        self, lua_runtime: Any, expected_globals: Any, op: bytes, *args: Any
    ) -> Any:
        name = op.decode().lower()
        given = [arg if type(arg) is bytes else _convert_redis_arg(arg) for arg in args]
        if name in _WITH_SUBCOMMANDS:
            name = f"{name} {given.pop(0).decode().lower()}"
        func, signature = self._name_to_func(name)
        result = self._run_command(func, signature, given, True)
        if type(result) is bytes or type(result) is int:
            return result
        return self._convert_redis_result(lua_runtime, result)

    def _run_command(self, func: Any, sig: Signature, args: list[Any], from_script: bool) -> Any:
        self._subkey_events = []
        items: list[CommandItem] = []
        result: Any
        try:
            prepared, items = _prepared(sig, args, self)
            result = func(*prepared) if prepared is not None else _missing(sig)
            if type(result) not in _PLAIN and msgs.FLAG_SKIP_CONVERT_TO_RESP2 not in sig.flags:
                result = convert_to_resp2(result, "redis")
        except SimpleError as error:
            result = error
        for item in items:
            item.writeback(remove_empty_val=msgs.FLAG_LEAVE_EMPTY_VAL not in sig.flags)
        name = sig.func_name
        if name in ("hset", "del_") or (name == "xadd" and type(result) is bytes):
            self._wrote(name, args)
        return sorted(result) if name == "smembers" else result

    def _blocking(self, timeout: Any, func: Any, shape: Any = None) -> Any:
        raise AssertionError("a command that blocks is taken apart before it comes here")


def _prepared(
    sig: Signature, args: list[Any], socket: ScriptSocket
) -> tuple[list[Any] | None, list[CommandItem]]:
    """The arguments as the command wants them, and the keys among them; `None`: a key is missing.

    As `Signature.apply` does it.
    """
    sig.check_arity(args, socket.version)
    known = _READ.get((sig.name, len(args)))
    if known is None:
        types: list[Any] = [*sig.fixed]
        types += [sig.repeat[i % len(sig.repeat)] for i in range(len(args) - len(types))]
        keys = [(i, type_) for i, type_ in enumerate(types) if isinstance(type_, Key)]
        others = [
            (i, type_)
            for i, type_ in enumerate(types)
            if not isinstance(type_, Key) and type_ is not bytes
        ]
        known = _READ[sig.name, len(args)] = (keys, others)
    keys, others = known
    db, prepared = socket._db, list(args)
    for i, key in keys:
        if key.missing_return is not Key.UNSPECIFIED and args[i] not in db:
            return None, []
    for i, type_ in others:
        prepared[i] = type_.decode(args[i])
    items = []
    for i, key in keys:
        item, kind, default = db.get(args[i]), key.type_, None
        if kind is not None and item is not None and type(item.value) is not kind:
            raise SimpleError(msgs.WRONGTYPE_MSG)
        created = msgs.FLAG_DO_NOT_CREATE not in sig.flags
        if created and kind is not None and item is None and kind is not bytes:
            default = kind()
        prepared[i] = CommandItem(args[i], db, item, default=default)
        items.append(prepared[i])
    return prepared, items


def _missing(sig: Signature) -> Any:
    """What a command answers whose key is not there."""
    types: list[Any] = [*sig.fixed, *sig.repeat]
    return next(
        t.missing_return
        for t in types
        if isinstance(t, Key) and t.missing_return is not Key.UNSPECIFIED
    )


_READ: dict[tuple[str, int], tuple[list[tuple[int, Any]], list[tuple[int, Any]]]] = {}
