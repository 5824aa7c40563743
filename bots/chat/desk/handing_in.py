"""What came along with a message is handed in to the debate that its thread shows."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bots.chat.desk.here import Here
from bots.chat.desk.values import Asker, Upload
from bots.chat.material import read_material
from engine.debate.commands import Attach
from engine.ports.debates import Debates
from engine.ports.store import AlreadyTaken


@dataclass(frozen=True, slots=True)
class Brought:
    """The message that files came with."""

    message: str | None
    payloads: Sequence[str]


async def hand_in(
    debates: Debates, here: Here, uploads: Sequence[Upload], asker: Asker, by: Brought
) -> None:
    """Hands all of them in, or none that cannot be read; each is taken in once.

    A file is taken back by its own id, else by that of its message and its number: `m7:1`.

    Raises:
        Explained: one cannot be read, or the debate takes no more.
        StoreAway
    """
    read = [await asyncio.to_thread(read_material, u.name, u.content) for u in uploads]
    for n, (upload, material) in enumerate(zip(uploads, read, strict=True), start=1):
        numbered = f"{by.message}:{n}" if by.message else None
        attach = Attach(asker.actor, material, upload.message or numbered)
        try:
            # Each has a payload of its own: the message's is for what the message says.
            await debates.submit(here.debate, attach, [f"{payload}:{n}" for payload in by.payloads])
        except AlreadyTaken:
            continue
