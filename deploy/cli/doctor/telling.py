"""`tertulia doctor`: examines, mends what it may, and tells."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

import typer

from bots.chat.i18n import explained, users_language
from deploy.cli.doctor import folder
from deploy.cli.doctor.examining import AskFirst, Result, examined, mended, probes
from deploy.cli.doctor.findings import Asked, Finding, Level, Probe
from deploy.cli.failure import BAD_NEWS
from deploy.cli.output import Answer, Part, give, translation
from engine import logs
from engine.bootstrap import system_clock
from engine.debate.explained import Explained, one_line
from engine.settings import read_settings

SIGNS = {Level.OK: "✓", Level.WARN: "!", Level.FAIL: "✗"}


def doctor(
    channels: tuple[str | None, str | None], panels: Sequence[str], may: AskFirst, *, as_json: bool
) -> int:
    """Answers the process's status: 1 if something is to be seen to.

    `channels`: Slack's and Discord's to post to.
    """
    logs.configure("text", "error")
    if wrong := list(folder.wrong_settings()):
        return give(_answer([Result(finding) for finding in wrong]), as_json=as_json)
    slack, discord = channels
    asked = Asked(read_settings(), system_clock(), users_language(), tuple(panels), slack, discord)
    return give(_answer(asyncio.run(_done(asked, probes(), may))), as_json=as_json)


def looked(chosen: Sequence[tuple[str, Probe]], *, as_json: bool) -> int:
    """The same by these probes alone; mends nothing.

    Raises:
        SettingsError
    """
    logs.configure("text", "error")
    asked = Asked(read_settings(), system_clock(), users_language())
    may = allowed(fix=False, yes=False)
    return give(_answer(asyncio.run(_done(asked, chosen, may))), as_json=as_json)


async def _done(asked: Asked, chosen: Sequence[tuple[str, Probe]], may: AskFirst) -> list[Result]:
    return await mended(await examined(asked, chosen), may)


def allowed(*, fix: bool, yes: bool) -> AskFirst:
    """What may be mended: nothing without `--fix`, else what somebody agrees to."""

    def may(finding: Finding) -> bool:
        if not fix or yes:
            return fix
        if not sys.stdin.isatty():
            return False
        sys.stderr.write(f"{_said(finding.what)}\n")
        translate = translation()
        return typer.confirm(translate("Mend it?"), default=True, err=True)

    return may


def _answer(results: list[Result]) -> Answer:
    parts: list[Part] = []
    for result in results:
        parts += _lines(result)
    bad = sum(result.is_bad for result in results)
    translate = translation()
    warnings = sum(r.finding.level is Level.WARN and not r.mended for r in results)
    if bad or warnings:
        text = translate("{bad} to be seen to, {warnings} that might be better.")
        parts.append(text.format(bad=bad, warnings=warnings))
    else:
        parts.append(translate("All is well."))
    return Answer([_data(result) for result in results], parts, BAD_NEWS if bad else 0)


def _lines(result: Result) -> list[str]:
    finding, translate = result.finding, translation()
    lines = [f"{SIGNS[finding.level]} {finding.about}: {_said(finding.what)}"]
    if finding.level is Level.OK:
        return lines
    if result.mended:
        return [*lines, f"    {translate('Mended.')}"]
    lines += [f"    {_said(part)}" for part in (finding.why, finding.mend) if part]
    if result.not_mended:
        text = translate("It could not be mended: {why}")
        lines.append(f"    {text.format(why=_said(result.not_mended))}")
    return lines


def _data(result: Result) -> dict[str, object]:
    finding = result.finding
    return {
        "about": finding.about,
        "level": finding.level.value,
        "what": _said(finding.what),
        "why": _said(finding.why) if finding.why else None,
        "mend": _said(finding.mend) if finding.mend else None,
        "mended": result.mended,
    }


def _said(text: Explained) -> str:
    return one_line(explained(text, users_language()))
