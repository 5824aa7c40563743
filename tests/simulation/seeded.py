"""All chance and all time of a run, put under its seed."""

from __future__ import annotations

import gc
import random
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EPOCH_S = 1_790_000_000.0
"""When every simulation begins: Unix time."""


@contextmanager
def seeded(chance: random.Random, now: Callable[[], float]) -> Iterator[None]:
    """What asks this process for randomness or the time of day is told what the seed says.

    Ids, jitter, and the clock of the Redis emulation. Garbage is not collected meanwhile: it would
    run finalizers at moments that the seed does not know.
    """
    token_hex, choice, state = secrets.token_hex, secrets.choice, random.getstate()
    clock = time.time  # noqa: TID251 - it is what is replaced
    collecting = gc.isenabled()
    gc.disable()
    random.seed(chance.getrandbits(64))
    secrets.token_hex = lambda nbytes=None: chance.randbytes(nbytes or 32).hex()
    secrets.choice = chance.choice
    time.time = lambda: EPOCH_S + now()  # noqa: TID251
    try:
        yield
    finally:
        secrets.token_hex, secrets.choice = token_hex, choice
        time.time = clock  # noqa: TID251
        random.setstate(state)
        if collecting:
            gc.enable()
