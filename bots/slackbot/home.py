"""The App Home tab: debates here, panels, help. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bots.chat.desk.telling import panels_text
from bots.chat.help import help_text
from bots.chat.i18n import translator
from bots.chat.mentions import inert
from bots.slackbot.ids import workspace_of
from bots.slackbot.rich import Element, link, rich_text, section, text
from bots.slackbot.team import Team
from engine.debate.explained import one_line
from engine.debate.panel import Language, Panel
from engine.ports.debates import Listed

MOST_SHOWN = 10

Json = dict[str, Any]


def home(
    team: Team, listed: Iterable[Listed], panels: Mapping[str, Panel], language: Language
) -> Json:
    """The view, of the debates that may be shown to whoever looks."""
    translate = translator(language)
    shown = list(listed)
    running = [one for one in shown if not one.closed][:MOST_SHOWN]
    closed = [one for one in shown if one.closed][:MOST_SHOWN]
    return {
        "type": "home",
        "blocks": [
            _header(translate("Running debates")),
            _debates(team, running, translate("None.")),
            _header(translate("Recent debates")),
            _debates(team, closed, translate("None.")),
            _header(translate("Panels")),
            _text(panels_text(panels.values(), translate)),
            _header(translate("Help")),
            _text(help_text(language)),
        ],
    }


def is_open_to_all(listed: Listed, team: Team) -> bool:
    """Whether it is held in this workspace, in no direct message."""
    place = listed.started.home
    here = place is not None and place.workspace == workspace_of(team.id)
    return here and place is not None and not place.channel.startswith("D")


def _debates(team: Team, listed: list[Listed], none: str) -> Json:
    parts: list[Element] = []
    for one in listed:
        place = one.started.home
        assert place is not None  # noqa: S101 - see `is_open_to_all`
        words = inert(one_line(one.started.topic))
        parts += [text("• "), link(team.permalink(place, place.thread), words), text("\n")]
    return rich_text(section(*(parts or [text(none)])))


def _header(words: str) -> Json:
    return {"type": "header", "text": {"type": "plain_text", "text": words, "emoji": False}}


def _text(words: str) -> Json:
    return rich_text(section(text(inert(words))))
