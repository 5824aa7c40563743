"""Accounts of channels and workspaces: what a write adds to them, what a full one says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from engine.debate.allowance import Allowance, Used
from engine.debate.commands import Rejected
from engine.debate.events import Scope, Usage
from engine.debate.explained import marked as _
from engine.debate.state import Debate, Phase
from engine.ports.store import Account, AllowanceFull


def account_of(
    before: Debate | None, after: Debate, now_ms: int, allowances: Mapping[Scope, Allowance]
) -> Account | None:
    """What an append adds to the accounts; `None`: the debate is at home nowhere."""
    home = after.started.home
    if home is None:
        return None
    was_open = before is not None and before.phase is not Phase.CLOSED
    is_open = after.phase is not Phase.CLOSED
    spent = after.usage.computed - (before.usage if before else Usage()).computed
    used = Used(
        turns=after.turn - (before.turn if before else 0),
        tokens=spent,
        seconds=after.seconds - (before.seconds if before else 0.0),
    )
    return Account(
        home=home,
        day=_utc(now_ms).date().isoformat(),
        used=used,
        opens=is_open and not was_open,
        asks=not was_open and not is_open and before is not None and _called(before, after),
        closes=was_open and not is_open,
        allowances=allowances,
    )


def _called(before: Debate, after: Debate) -> bool:
    return before.pending is None and after.pending is not None


def refused(error: AllowanceFull, now_ms: int) -> Rejected:
    """Why no further debate may start, and when it may."""
    if not error.today:
        return Rejected(_AT_ONCE[error.scope])
    now = _utc(now_ms)
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
    minutes = int((midnight - now).total_seconds() // 60) + 1
    return Rejected(_TODAY[error.scope], hours=minutes // 60, minutes=minutes % 60)


def _utc(now_ms: int) -> datetime:
    return datetime.fromtimestamp(now_ms / 1000, UTC)


_AT_ONCE = {
    Scope.CHANNEL: _(
        "As many debates as this channel may hold at once are open; start this one when one closes."
    ),
    Scope.WORKSPACE: _(
        "As many debates as this workspace may hold at once are open; start this one when one "
        "closes."
    ),
}
_TODAY = {
    Scope.CHANNEL: _(
        "This channel has used up what it may debate today; it can again in {hours} h {minutes} "
        "min, at midnight UTC."
    ),
    Scope.WORKSPACE: _(
        "This workspace has used up what it may debate today; it can again in {hours} h {minutes} "
        "min, at midnight UTC."
    ),
}
