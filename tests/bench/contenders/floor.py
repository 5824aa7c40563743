"""The floor: a bare loop on aiohttp and orjson, nothing kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import orjson

from tests.bench.contender import TURNS, Debate, Plan, cast, contend, speaker, topic


@asynccontextmanager
async def floor(plan: Plan) -> AsyncIterator[Debate]:
    """One client for all debates."""
    seats = cast()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def debate(number: int) -> None:
            said = [{"role": "user", "content": topic(number)}]
            for turn in range(TURNS):
                _name, card = seats[speaker(turn, len(seats))]
                messages = [{"role": "system", "content": card}, *said]
                text = await _reply(session, f"{plan.url}/chat/completions", messages)
                said.append({"role": "assistant", "content": text})

        yield debate


async def _reply(session: aiohttp.ClientSession, url: str, messages: list[dict[str, str]]) -> str:
    body = orjson.dumps({"model": "stub", "stream": True, "messages": messages})
    read = b""
    async with session.post(url, data=body) as response:
        async for data in response.content.iter_any():
            read += data
    events = (line[6:] for line in read.split(b"\n") if line.startswith(b"data: {"))
    deltas = (orjson.loads(event)["choices"][0]["delta"] for event in events)
    return "".join(delta.get("content", "") for delta in deltas)


if __name__ == "__main__":
    contend(floor)
