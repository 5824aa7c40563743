"""Every key in Redis: its name, its type, its lifetime.

A debate lives in one shard. The shard's name is the hash tag of all its keys, so that one script
may touch them and Redis Cluster keeps them in one slot. A debate's id begins with its shard's name.

key                             type    lifetime
tertulia:{S}:work               stream  permanent: wake-ups, taken by the group `workers`
tertulia:{S}:timers             zset    permanent: debate ids by the time their wake-up is due
tertulia:{S}:dead               stream  permanent, capped: wake-ups that kept failing
tertulia:{S}:mail:P             stream  permanent: what threads of platform P are to be shown
tertulia:{S}:resting:P          set     permanent: threads of P that nothing is posted to
tertulia:{S}:failed:P           set     permanent: those that rest until a process starts
tertulia:{S}:recent             zset    permanent, capped: debate ids by when they started
tertulia:{S}:defaults:W/C       hash    permanent: what a channel's debates start with
tertulia:{S}:begun:W            zset    permanent: debates whose thread is being made, by how long
tertulia:{S}:begun:W:notes      hash    permanent: what is noted of them
tertulia:{S}:likes:U            hash    permanent: a person's preferences
tertulia:{S}:thread:W/C/T       string  the debate that a thread shows; as long as that is kept
tertulia:{S}:heard:W/C/T        string  `keep_days`: the message up to which a thread was heard
tertulia:{S}:code:X             hash    ten minutes: the debate of a mirror's code, and its place
tertulia:{S}:taken:X            string  an hour: a payload that was taken in
tertulia:{S}:day:D:W[/C]        hash    two days: what a workspace or channel used on that day
tertulia:{S}:open:W[/C]         set     permanent: its open debates
tertulia:{S}:allowance:W[/C]    hash    permanent: its own limits, before those of the settings
tertulia:{S}:worker:N           hash    half a minute from a worker's last answer: how it is
tertulia:{S}:vault              zset    permanent: the names of sealed documents, by their life
tertulia:{S}:vault:N            string  as long as it is meant to be kept: a sealed document
tertulia:{S}:held:N             string  as long as a platform takes no calls of this name
tertulia:{S}:rate:N             zset    as long as its last call counts: calls, places, by time
tertulia:{S}:replicated         string  a minute: written so that a replica can be waited for
tertulia:{S}:panel:H            string  as long as a debate by it is kept
tertulia:{S}:panel:H:open       set     while a debate by it is open
tertulia:{S}:d:D:log            stream  open: no expiry; closed: `keep_days`
tertulia:{S}:d:D                hash    like the log: n, epoch, owner, lease, entry, work, due, …
tertulia:{S}:d:D:words          hash    like the log: what people said, by its number in the log
tertulia:{S}:d:D:stands         hash    like the log: the debate as it stood at event n
tertulia:{S}:d:D:live           stream  ten minutes from the last piece of live text
tertulia:{S}:d:D:readers        hash    like the log: each thread's cursor, owner, …; the card
tertulia:{S}:d:D:posts          hash    like the log: each thread's messages, the events they show
tertulia:{S}:d:D:watched        string  half a minute from a follower's last look
tertulia:{model}:slots          zset    an hour: claims that speak, by when their slot runs out
tertulia:{model}:queue          zset    an hour: debates that wait for a slot, in their order
tertulia:{model}:asked          zset    an hour: when each of them last asked
tertulia:{model}:ticks          hash    an hour: how far each workspace is in that order
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from urllib.parse import quote, unquote

from engine.debate.events import Place

PREFIX = "tertulia"
GROUP = "workers"
READERS = "readers"
"""The group that takes a platform's mail."""

PERMANENT = (
    "work",
    "timers",
    "dead",
    "recent",
    "mail",
    "resting",
    "failed",
    "defaults",
    "likes",
    "begun",
    "open",
    "allowance",
    "vault",
)
"""What the keys that never expire are called, after their shard."""

MODEL = "model"
"""What stands for a shard in the keys of the model's slots."""

SLOT_KEYS = tuple(f"{PREFIX}:{{{MODEL}}}:{what}" for what in ("slots", "queue", "asked", "ticks"))
"""Shared by all shards; not in the slot of any."""

LIVE_MS = 600_000
WATCHED_MS = 30_000
DEAD_KEPT = 10_000
RECENT_KEPT = 1_000
TAKEN_MS = 3_600_000
"""Slack sends an event again for up to an hour (docs.slack.dev/apis/events-api, retries)."""
ACCOUNT_MS = 172_800_000
ROLL_MS = 30_000

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


def place_name(place: Place) -> str:
    """A place in one word: `slack:T1/C9/1690.1`."""
    return _joined(place.workspace, place.channel, place.thread)


def place_named(name: str) -> Place:
    """The place that `place_name` made this word of."""
    workspace, channel, thread = map(unquote, name.split("/"))
    return Place(workspace, channel, thread)


def _one(name: str) -> str:
    return quote(name, safe=":/")


def _joined(*names: str) -> str:
    return "/".join(quote(name, safe=":") for name in names)


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

    @property
    def recent(self) -> str:
        return f"{self.root}:recent"

    @property
    def replicated(self) -> str:
        """Written so that a replica can be waited for."""
        return f"{self.root}:replicated"

    @property
    def lost(self) -> str:
        """A channel, no key: owners whose claim was taken away."""
        return f"{self.root}:lost"

    def thread(self, place: Place) -> str:
        return f"{self.root}:thread:{place_name(place)}"

    def heard(self, place: Place) -> str:
        return f"{self.root}:heard:{place_name(place)}"

    def defaults(self, workspace: str, channel: str) -> str:
        return f"{self.root}:defaults:{_joined(workspace, channel)}"

    def begun(self, workspace: str) -> tuple[str, str]:
        key = f"{self.root}:begun:{_joined(workspace)}"
        return key, f"{key}:notes"

    def likes(self, person: str) -> str:
        return f"{self.root}:likes:{_joined(person)}"

    def code(self, code: str) -> str:
        return f"{self.root}:code:{code}"

    def taken(self, payload: str) -> str:
        return f"{self.root}:taken:{payload}"

    def day(self, day: str, *whose: str) -> str:
        return f"{self.root}:day:{day}:{_joined(*whose)}"

    def open(self, *whose: str) -> str:
        return f"{self.root}:open:{_joined(*whose)}"

    def allowance(self, *whose: str) -> str:
        return f"{self.root}:allowance:{_joined(*whose)}"

    def worker(self, name: str) -> str:
        return f"{self.root}:worker:{name}"

    def mail(self, platform: str) -> str:
        return f"{self.root}:mail:{platform}"

    def resting(self, platform: str) -> str:
        return f"{self.root}:resting:{platform}"

    def failed(self, platform: str) -> str:
        return f"{self.root}:failed:{platform}"

    @property
    def vault(self) -> str:
        return f"{self.root}:vault"

    def document(self, name: str) -> str:
        return f"{self.vault}:{_one(name)}"

    def held(self, call: str) -> str:
        return f"{self.root}:held:{_one(call)}"

    def rate(self, name: str) -> str:
        return f"{self.root}:rate:{_one(name)}"

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
    def words(self) -> str:
        return f"{self.state}:words"

    @property
    def stands(self) -> str:
        return f"{self.state}:stands"

    @property
    def live(self) -> str:
        return f"{self.state}:live"

    @property
    def readers(self) -> str:
        return f"{self.state}:readers"

    @property
    def posts(self) -> str:
        return f"{self.state}:posts"

    @property
    def watched(self) -> str:
        return f"{self.state}:watched"
