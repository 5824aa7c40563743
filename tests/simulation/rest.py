"""What must be so once everything has come to rest."""

from __future__ import annotations

from collections.abc import Iterator

from bots.chat.posts import post_of
from engine.adapters.redis_keys import GROUP, READERS, SLOT_KEYS, ShardKeys
from engine.debate.commands import Say
from engine.debate.events import (
    DebateClosed,
    LateMessage,
    MessageErased,
    MirrorOpened,
    Place,
)
from engine.debate.evolve import fold
from tests.simulation.cast import PLATFORM, SHARD, WORKSPACE
from tests.simulation.people import People
from tests.simulation.plan import Deed, What
from tests.simulation.redis_host import RedisHost
from tests.simulation.witness import Line, Seen, Witness

KEYS = ShardKeys(SHARD)


def left_over(redis: RedisHost) -> Iterator[str]:
    """What is still queued or held anywhere."""
    counted = {
        "wake-ups": ("XLEN", KEYS.work),
        "timers": ("ZCARD", KEYS.timers),
        "mail": ("XLEN", KEYS.mail(PLATFORM)),
        "slots of the model": ("ZCARD", SLOT_KEYS[0]),
        "turns that wait for a slot": ("ZCARD", SLOT_KEYS[1]),
        "dead letters": ("XLEN", KEYS.dead),
        "threads that failed": ("SCARD", KEYS.failed(PLATFORM)),
        "open debates": ("SCARD", KEYS.open(WORKSPACE)),
    }
    for what, command in counted.items():
        if number := redis.ask(*command):
            yield f"{number} {what} left"


def left_by_processes(redis: RedisHost) -> Iterator[str]:
    """What is left once all processes have ended in good order."""
    if redis.ask("EXISTS", KEYS.work):
        for consumer in redis.ask("XINFO", "CONSUMERS", KEYS.work, GROUP):
            if consumer[consumer.index(b"pending") + 1]:
                yield f"worker {consumer[1]!r} left wake-ups pending"
    for consumer in redis.ask("XINFO", "CONSUMERS", KEYS.mail(PLATFORM), READERS):
        if consumer[consumer.index(b"pending") + 1]:
            yield f"bot {consumer[1]!r} left mail pending"


def broken_promises(witness: Witness, people: People) -> Iterator[str]:
    """Of all debates, now that nothing more will happen."""
    for seen in witness.debates.values():
        events = [record.event for record in seen.records]
        if fold(None, events) != seen.debate:
            yield f"{seen.id}: its log does not fold to its state"
        if not any(isinstance(event, DebateClosed) for event in events):
            yield f"{seen.id} never closed"
        yield from _shown(witness, seen)
    yield from _heard(witness, people)


def _shown(witness: Witness, seen: Seen) -> Iterator[str]:
    opened = [r.event.place for r in seen.records if isinstance(r.event, MirrorOpened)]
    started = seen.debate.started.home if seen.debate else None
    for place in dict.fromkeys([started, *opened]):
        if place is not None:
            line = witness.lines.get((seen.id, place), Line())
            yield from _complete(seen, place, line)


def _complete(seen: Seen, place: Place, line: Line) -> Iterator[str]:
    gone = {
        n
        for record in seen.records
        if isinstance(record.event, MessageErased)
        for n in (record.event.of, *record.event.others)
    }
    for record, before in zip(seen.records, seen.befores, strict=True):
        parts = sorted(part for n, part in line.shown if n == record.n)
        has_form = post_of(record, before, place) is not None
        if record.n in gone or (not has_form and not parts):
            continue
        where = f"{seen.id} in {place.thread}: event {record.n}, {type(record.event).__name__},"
        if not parts:
            yield f"{where} is not shown"
        elif parts != list(range(len(parts))) or line.shown[record.n, parts[-1]].key.more:
            yield f"{where} is shown in parts {parts}, and not whole"


def _heard(witness: Witness, people: People) -> Iterator[str]:
    by_home = {seen.debate.started.home: seen for seen in witness.debates.values() if seen.debate}
    homes = [seen.debate.started.home for seen in witness.debates.values() if seen.debate]
    if len(homes) != len(set(homes)):
        yield "a start that was told twice started two debates"
    for number, deed in enumerate(people.plan.deeds):
        payload = f"m{deed.debate}.{number}"
        if deed.what not in (What.SAY, What.TAG) or people.heard[payload] != "done":
            continue
        command = people.command(deed, payload)
        assert isinstance(command, Say)
        seen = by_home.get(command.by.place)
        if seen is None or not _is_known(seen, deed, payload):
            yield f"{payload} was acknowledged, and is in no log"


def _is_known(seen: Seen, deed: Deed, message: str) -> bool:
    if message in seen.messages or message in seen.erased:
        return True
    late = any(isinstance(record.event, LateMessage) for record in seen.records)
    return deed.what is What.SAY and late  # said once, that nobody listens any more
