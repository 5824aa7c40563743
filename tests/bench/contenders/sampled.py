"""The worker, with its stack noted again and again as it uses CPU time.

The second argument names a file; at the end, what was seen is written there as JSON: how often each
function was on top, and how often each of the engine's own was the nearest to it.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

from tests.bench.contender import ROOT
from tests.bench.contenders import tertulia

EVERY_S = 0.001
"""As asked for; the kernel's ticks are longer."""
_ENGINE = str(ROOT / "engine")


class Samples:
    """What was seen so far."""

    def __init__(self) -> None:
        self.on_top: Counter[str] = Counter()
        self.nearest: Counter[str] = Counter()

    def take(self, _signal: int, frame: FrameType | None) -> None:
        """One more; it is called as a signal's handler."""
        self.on_top[_named(frame)] += 1
        while frame is not None and not frame.f_code.co_filename.startswith(_ENGINE):
            frame = frame.f_back
        self.nearest[_named(frame)] += 1


def _named(frame: FrameType | None) -> str:
    """`engine/debate/prompt.py render`; what is outside of the engine: the event loop."""
    if frame is None:
        return "the event loop"
    file, function = Path(frame.f_code.co_filename), frame.f_code.co_qualname
    if file.is_relative_to(ROOT) and ".venv" not in file.parts:
        return f"{file.relative_to(ROOT)} {function}"
    return f"{'/'.join(file.parts[-2:])} {function}"


async def main() -> None:
    """Until the worker ends."""
    samples = Samples()
    signal.signal(signal.SIGPROF, samples.take)
    signal.setitimer(signal.ITIMER_PROF, EVERY_S, EVERY_S)
    try:
        await tertulia.main()
    finally:  # before the loop closes what signals are told through
        signal.setitimer(signal.ITIMER_PROF, 0)
    seen = {"on_top": samples.on_top, "nearest": samples.nearest}
    await asyncio.to_thread(Path(sys.argv[2]).write_text, json.dumps(seen))


if __name__ == "__main__":
    asyncio.run(main())
