"""An append as its script is asked for it: which keys it touches, and what it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from typing import Any

import orjson

from engine.adapters.redis_keys import (
    ACCOUNT_MS,
    GROUP,
    RECENT_KEPT,
    TAKEN_MS,
    DebateKeys,
    ShardKeys,
    place_name,
)
from engine.debate.allowance import Allowance, Used
from engine.debate.codec import NAMES, parted
from engine.debate.events import Event, Record, Scope
from engine.debate.folded import as_fields, shape
from engine.ports.readers import platform_of
from engine.ports.store import Account, Append, Spending

SCOPES = (Scope.WORKSPACE, Scope.CHANNEL)
"""Whose accounts are kept, in the order of the script's answer."""

NO_LIMIT = "none"

_LIMITS = {
    "turns": ("turns", 1),
    "tokens": ("tokens", 1),
    "seconds": ("ms", 1000),
    "debates_a_day": ("a_day", 1),
    "debates_at_once": ("at_once", 1),
}
"""What `Allowance` has, as the script calls it and in its unit."""


def asked(append: Append, *, lease_ms: int, keep_ms: int) -> tuple[list[str], list[Any]]:
    """Keys and arguments of `append.lua`."""
    told = _told(append, lease_ms, keep_ms)
    stands = _json(as_fields(append.stands)) if append.stands else ""
    fields = chain.from_iterable(_fields(record) for record in append.records)
    return _keys(append), [orjson.dumps(told), append.panel or "", stands, *fields]


def spent_today(answer: Sequence[int]) -> dict[Scope, Spending]:
    """What the script says of the accounts: turns, tokens and milliseconds, used and allowed."""
    accounts = (answer[i : i + 6] for i in range(0, len(answer), 6))
    return {
        scope: Spending(Used(turns, tokens, ms / 1000), _allowed(*limits))
        for scope, (turns, tokens, ms, *limits) in zip(SCOPES, accounts, strict=False)
    }


def _allowed(turns: int, tokens: int, ms: int) -> Allowance:
    return Allowance(
        turns=turns if turns >= 0 else None,
        tokens=tokens if tokens >= 0 else None,
        seconds=ms / 1000 if ms >= 0 else None,
    )


def limits_of(allowance: Allowance) -> dict[str, int]:
    """An allowance as the script has it: its limits by the script's names, where there are any."""
    given = {name: getattr(allowance, name) for name in _LIMITS}
    return dict(told_limit(name, limit) for name, limit in given.items() if limit is not None)


def told_limit(name: str, limit: float) -> tuple[str, int]:
    """A limit by its name in `Allowance`, as the script has it."""
    told, scale = _LIMITS[name]
    return told, round(limit * scale)


def limit_named(told: str, value: str) -> tuple[str, float | None]:
    """A limit as the script has it, by its name in `Allowance`; `none` is no limit."""
    name, scale = next((name, scale) for name, (it, scale) in _LIMITS.items() if it == told)
    return name, None if value == NO_LIMIT else int(value) / scale


def _keys(append: Append) -> list[str]:
    keys = DebateKeys(append.debate)
    shard = keys.shard
    return [
        keys.log,
        keys.state,
        shard.work,
        shard.timers,
        shard.panel(append.panel_hash),
        shard.panel_open(append.panel_hash),
        keys.watched,
        keys.words,
        keys.readers,
        keys.posts,
        shard.recent,
        keys.stands,
        *(shard.taken(payload) for payload in append.payloads),
        *chain.from_iterable(
            (shard.mail(platform_of(place)), shard.thread(place)) for place in append.places
        ),
        *(_account_keys(shard, append.account) if append.account else ()),
    ]


def _account_keys(shard: ShardKeys, account: Account) -> Iterator[str]:
    home = account.home
    for whose in ((home.workspace,), (home.workspace, home.channel)):
        yield shard.day(account.day, *whose)
        yield shard.open(*whose)
        yield shard.allowance(*whose)


def _told(append: Append, lease_ms: int, keep_ms: int) -> Mapping[str, Any]:
    claim, account = append.claim, append.account
    used = account.used if account else Used()
    return {
        "debate": append.debate,
        "after": append.after,
        "op": append.op,
        "work": append.work,
        "delay_ms": append.delay_ms,
        "lease_ms": lease_ms,
        "group": GROUP,
        "lost": DebateKeys(append.debate).shard.lost,
        "recent_kept": RECENT_KEPT,
        "shape": shape(),
        "at_ms": append.records[0].at_ms,
        "claim": {"epoch": claim.epoch, "owner": claim.owner} if claim else None,
        "keep_ms": keep_ms if append.closed else None,
        "payloads": len(append.payloads),
        "payload_ms": TAKEN_MS,
        "places": [place_name(place) for place in append.places],
        "leaves": {place_name(place): True for place in append.leaves},
        "erase": append.erase,
        "home": account is not None,
        "accounts": [_limits(account, scope) for scope in SCOPES] if account else [],
        "used": {"turns": used.turns, "tokens": used.tokens, "ms": round(used.seconds * 1000)},
        "opens": account is not None and account.opens,
        "asks": account is not None and account.asks,
        "closes": account is not None and account.closes,
        "account_ms": ACCOUNT_MS,
    }


def _limits(account: Account, scope: Scope) -> dict[str, int]:
    allowance = account.allowances.get(scope)
    return {} if allowance is None else limits_of(allowance)


def _fields(record: Record) -> tuple[str, int, bytes, bytes | str]:
    """Name, time, body, and the words that are kept apart."""
    event = record.event
    content, words = parted(event)
    kept = _json(words) if words is not None else ""
    return NAMES[type(event)], record.at_ms, _json(content), kept


def _json(content: Event | Mapping[str, Any]) -> bytes:
    """As JSON; half a surrogate pair, which a platform may send and UTF-8 has not, is replaced."""
    try:
        return orjson.dumps(content)
    except TypeError:
        fields = content if isinstance(content, Mapping) else asdict(content)
        return orjson.dumps(_storable(fields))


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, Mapping):
        return {name: _storable(inner) for name, inner in value.items()}
    return [_storable(inner) for inner in value] if isinstance(value, list | tuple) else value
