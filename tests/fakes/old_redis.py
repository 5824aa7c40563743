"""A Redis of the year 2021: it greets a client, and says its version."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

VERSION = "6.2.1"


@asynccontextmanager
async def old_redis() -> AsyncIterator[str]:
    """Listens on loopback; yields its URL."""
    server = await asyncio.start_server(_serve, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield f"redis://{host}:{port}"


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while words := await _command(reader):
            writer.write(_answer(words))
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def _command(reader: asyncio.StreamReader) -> list[str]:
    """One command: an array of bulk strings; none at the connection's end."""
    head = await reader.readline()
    words = []
    for _ in range(int(head[1:]) if head else 0):
        size = int((await reader.readline())[1:])
        words.append((await reader.readexactly(size + 2))[:size].decode())
    return words


def _answer(words: list[str]) -> bytes:
    match [word.upper() for word in words]:
        case ["HELLO", *_]:
            return b"%2\r\n+version\r\n" + _bulk(VERSION) + b"+proto\r\n:3\r\n"
        case ["INFO", *_]:
            return _bulk(f"# Server\r\nredis_version:{VERSION}\r\nredis_mode:standalone\r\n")
        case ["CLIENT", "SETINFO", *_]:
            return b"-ERR Unknown subcommand or wrong number of arguments for 'SETINFO'.\r\n"
        case ["CLIENT", *_]:
            return b"+OK\r\n"
        case ["PING"]:
            return b"+PONG\r\n"
    return b"-ERR unknown command\r\n"


def _bulk(text: str) -> bytes:
    return f"${len(text)}\r\n{text}\r\n".encode()
