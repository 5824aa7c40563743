"""What channels and workspaces have used and may use, shown and set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from deploy.cli.output import Answer, Cell, Table, give, translation
from deploy.cli.running import done
from engine.bootstrap import Premises, system_clock
from engine.debate.explained import Explained
from engine.debate.explained import marked as _
from engine.ports.inspection import AccountSeen
from engine.settings import Settings, read_settings

SPENT = ("turns", "tokens", "seconds")
LIMITS = (*SPENT, "debates_a_day", "debates_at_once")
NO_LIMIT = "none"
AS_USUAL = "usual"


class WrongLimit(Explained):
    """What was written is no limit, or nobody's."""


def shown(day: str | None, *, as_json: bool) -> int:
    """The accounts of a day; answers the process's status.

    Raises:
        WrongLimit: that is no day.
    """
    settings = read_settings()
    when = _today() if day is None else _day(day)

    async def look(at: Premises) -> Answer:
        accounts = await at.inspection.accounts(when.isoformat())
        data = [_data(account, settings) for account in accounts]
        return Answer({"day": when.isoformat(), "accounts": data}, [_table(accounts, settings)])

    return give(done(look, settings), as_json=as_json)


async def limited(at: Premises, whose: str, wanted: Sequence[str]) -> Answer:
    """Gives a workspace or a channel limits of its own.

    Raises:
        WrongLimit
    """
    workspace, _slash, channel = whose.partition("/")
    if not workspace or "/" in channel:
        raise WrongLimit(
            "{whose} is no workspace and no channel; write it as slack:T0123 or slack:T0123/C0456",
            whose=whose,
        )
    changes = dict(_limit(text) for text in wanted)
    own = await _own(at, workspace, channel or None) | changes
    limits = {name: limit for name, limit in own.items() if not isinstance(limit, str)}
    await at.upkeep.set_limits(workspace, channel or None, limits)
    told = ", ".join(f"{name}={_written(limit)}" for name, limit in limits.items())
    line = f"{whose}: {told or translation()(_('as the settings say'))}"
    return Answer({"whose": whose, "own": limits}, [line])


def _written(limit: float | None) -> str:
    if limit is None:
        return NO_LIMIT
    return str(int(limit)) if limit == int(limit) else str(limit)


async def _own(at: Premises, workspace: str, channel: str | None) -> dict[str, float | str | None]:
    for account in await at.inspection.accounts(_today().isoformat()):
        if (account.workspace, account.channel) == (workspace, channel):
            return dict(account.own)
    return {}


def _limit(text: str) -> tuple[str, float | str | None]:
    name, _equals, value = text.partition("=")
    if name not in LIMITS:
        raise WrongLimit(
            "{limit} is no limit; write one of {known} and its value, as in turns=200",
            limit=text,
            known=", ".join(LIMITS),
        )
    if value == NO_LIMIT:
        return name, None
    if value == AS_USUAL:
        return name, AS_USUAL
    try:
        number = float(value) if name == "seconds" else int(value)
    except ValueError:
        number = 0
    if not 0 < number < 2**53:
        raise WrongLimit(
            "{limit}: the value must be a number over 0, `none` for no limit, or `usual`",
            limit=text,
        )
    return name, number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongLimit("{day} is no day; write it as 2026-11-23", day=text) from None


def _today() -> date:
    return datetime.fromtimestamp(system_clock().now_ms() / 1000, UTC).date()


def _allowed(account: AccountSeen, settings: Settings) -> dict[str, float | None]:
    """What it may use: its own limits before those of the settings."""
    usual = settings.workspace if account.channel is None else settings.channel
    return usual.model_dump() | dict(account.own)


def _name(account: AccountSeen) -> str:
    return "/".join(filter(None, (account.workspace, account.channel)))


def _data(account: AccountSeen, settings: Settings) -> dict[str, Any]:
    return {
        "whose": _name(account),
        "used": asdict(account.used) | {"debates": account.started, "debates_open": account.open},
        "allowed": _allowed(account, settings),
        "own": dict(account.own),
    }


def _table(accounts: Sequence[AccountSeen], settings: Settings) -> Table:
    translate = translation()
    columns = (
        _("whose"),
        _("turns"),
        _("tokens"),
        _("seconds"),
        _("debates today"),
        _("open now"),
        _("limits of its own"),
    )
    return Table(
        tuple(map(translate, columns)),
        [_row(account, settings) for account in accounts],
        nothing=translate("Nothing was used, and nobody has limits of their own."),
    )


def _row(account: AccountSeen, settings: Settings) -> tuple[Cell, ...]:
    allowed = _allowed(account, settings)
    used: dict[str, float] = asdict(account.used)
    spent = [_of(round(used[name]), allowed[name]) for name in SPENT]
    return (
        _name(account),
        *spent,
        _of(account.started, allowed["debates_a_day"]),
        _of(account.open, allowed["debates_at_once"]),
        " ".join(account.own),
    )


def _of(used: int, limit: float | None) -> str:
    return f"{used}" if limit is None else f"{used} / {_written(limit)}"
