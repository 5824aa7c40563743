"""The questions that `init` puts to whoever sits there; Enter takes what stands in brackets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import typer

from bots.chat.i18n import Translate
from deploy.cli.setup.wanted import Wanted
from engine.settings import Settings


class Asking:
    """Asks only what was not given on the command line."""

    def __init__(self, given: Wanted, told: Collection[str], translate: Translate) -> None:
        """`told`: the fields of `given` that need no question."""
        self._given, self._told, self._translate = given, told, translate

    def wanted(self, now: Settings) -> Wanted:
        """What was given, and the answers to the rest; what stands `now` is what Enter takes."""
        translate, given = self._translate, self._given
        text = translate("In which language are the app and its personas? (en, es)")
        found = replace(given, language=self._choose("language", text, given.language, "en es"))
        is_on = now.discord.token is not None
        found = replace(
            found,
            slack=self._confirm("slack", translate("In Slack?"), usual=True),
            discord=self._confirm("discord", translate("In Discord?"), usual=is_on),
        )
        found = self._identities(found, now)
        text = translate("Where is Redis? (embedded: it comes along, for this machine alone)")
        redis = self._choose("redis", text, now.redis.url)
        text = translate(
            "Where is the model? (embedded: a tiny one comes along, to see how it works)"
        )
        return replace(found, redis=redis, model=self._choose("model", text, now.model.url))

    def secrets(self, names: Sequence[str]) -> dict[str, str]:
        """Those that somebody has at hand; they are not shown while they are typed."""
        found, translate = {}, self._translate
        for name in names:
            text = translate("{name} (Enter: later)").format(name=name)
            value = typer.prompt(text, default="", hide_input=True, show_default=False, err=True)
            if value.strip():
                found[name] = value.strip()
        return found

    def _identities(self, found: Wanted, now: Settings) -> Wanted:
        translate = self._translate
        if found.slack:
            text = translate(
                "In Slack, do personas speak by one app, or by one each? (customize, apps)"
            )
            usual = now.slack.identity
            kind = self._choose("slack_identity", text, usual, "customize apps")
            found = replace(found, slack_identity=kind)
        if found.discord:
            text = translate(
                "In Discord, do personas speak by webhook, or as bots? (webhook, bots)"
            )
            usual_kind = now.discord.identity
            kind = self._choose("discord_identity", text, usual_kind, "webhook bots")
            found = replace(found, discord_identity=kind)
        if found.slack_identity == "apps" or found.discord_identity == "bots":
            text = translate("Which panel's personas? (a name or a file)")
            usual_panel = found.panel or f"ai-{found.language}"
            found = replace(found, panel=self._choose("panel", text, usual_panel))
        return found

    def _choose(self, field: str, question: str, usual: str, among: str = "") -> Any:
        if field in self._told:
            return getattr(self._given, field)
        while True:
            answer = str(typer.prompt(question, default=usual, err=True)).strip()
            if not among or answer in among.split():
                return answer

    def _confirm(self, field: str, question: str, *, usual: bool) -> bool:
        if field in self._told:
            return bool(getattr(self._given, field))
        return typer.confirm(question, default=usual, err=True)
