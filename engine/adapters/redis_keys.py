"""Every key in Redis: its name, its type, its lifetime.

A debate lives in one shard. The shard's name is the hash tag of all its keys, so that one script
may touch them and Redis Cluster keeps them in one slot. A debate's id begins with its shard's name.

key                             type    lifetime
tertulia:{S}:work               stream  permanent: wake-ups, taken by the group `workers`
tertulia:{S}:timers             zset    permanent: debate ids by the time their wake-up is due
tertulia:{S}:dead               stream  permanent, capped: wake-ups that kept failing
tertulia:{S}:panel:H            string  as long as a debate by it is kept
tertulia:{S}:panel:H:open       set     while a debate by it is open
tertulia:{S}:d:D:log            stream  open: no expiry; closed: `keep_days`
tertulia:{S}:d:D                hash    like the log: n, epoch, owner, lease, entry, work
tertulia:{S}:d:D:live           stream  ten minutes from the last piece of live text
tertulia:{S}:d:D:watched        string  half a minute from a follower's last look
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

PREFIX = "tertulia"
GROUP = "workers"

PERMANENT = ("work", "timers", "dead")
"""The last parts of the keys that never expire."""

LIVE_MS = 600_000
WATCHED_MS = 30_000
DEAD_KEPT = 10_000

_SHARD = re.compile(r"[a-z][a-z0-9]{0,31}")
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""No l, o, 0, 1: an id may be read out loud."""


def new_debate_id(shard: str) -> str:
    """An id that cannot be guessed (80 bits) and tells its shard."""
    if not _SHARD.fullmatch(shard):
        raise ValueError(f"{shard!r} cannot name a shard: a letter, then letters and digits")
    return f"{shard}-{''.join(secrets.choice(_ALPHABET) for _ in range(16))}"


def shard_of(debate: str) -> str:
    """The shard that a debate's id tells."""
    return debate.partition("-")[0]


@dataclass(frozen=True, slots=True)
class ShardKeys:
    """The keys that a shard's debates share."""

    shard: str

    @property
    def root(self) -> str:
        return f"{PREFIX}:{{{self.shard}}}"

    @property
    def work(self) -> str:
        return f"{self.root}:work"

    @property
    def timers(self) -> str:
        return f"{self.root}:timers"

    @property
    def dead(self) -> str:
        return f"{self.root}:dead"

    def panel(self, panel_hash: str) -> str:
        return f"{self.root}:panel:{panel_hash}"

    def panel_open(self, panel_hash: str) -> str:
        return f"{self.root}:panel:{panel_hash}:open"


@dataclass(frozen=True, slots=True)
class DebateKeys:
    """The keys of one debate."""

    debate: str

    @property
    def shard(self) -> ShardKeys:
        return ShardKeys(shard_of(self.debate))

    @property
    def state(self) -> str:
        return f"{self.shard.root}:d:{self.debate}"

    @property
    def log(self) -> str:
        return f"{self.state}:log"

    @property
    def live(self) -> str:
        return f"{self.state}:live"

    @property
    def watched(self) -> str:
        return f"{self.state}:watched"
