"""Personas that have an app each: theirs only speak, and hear nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bots.chat.surface import Refused, Speaker
from bots.slackbot.access import OneToken
from bots.slackbot.setup import NotSetUp
from bots.slackbot.team import Team
from bots.slackbot.web import Web
from bots.slackbot.wires import Wires
from engine.debate.panel import Panel


@dataclass(frozen=True, slots=True)
class Voice:
    """A persona's own app."""

    web: Web
    user: str
    """Its bot user, whom people mention."""
    bot_id: str


def voice_of(voices: Mapping[str, Voice], speaker: Speaker) -> Voice | None:
    """The app that is to post this; `None`: the one that listens, under the speaker's name.

    A person in a seat speaks under a name that a persona's app does not have.
    """
    seat = speaker.seat
    return voices.get(seat.id) if seat is not None and speaker.person is None else None


async def voices_of(
    wires: Wires, tokens: Mapping[str, str], panels: Mapping[str, Panel], team: Team
) -> dict[str, Voice]:
    """The apps of the personas whose tokens these are, by the personas' ids.

    Raises:
        NotSetUp: a token or a persona is none.
        RetryAfter, Unknown: Slack does not answer.
    """
    known = sorted({member.id for panel in panels.values() for member in panel.personas})
    voices = {}
    for persona, token in tokens.items():
        if persona not in known:
            raise NotSetUp(
                "slack.personas: no panel has a persona {persona}; there are: {known}.",
                persona=persona,
                known=", ".join(known),
            )
        voices[persona] = await _voice(Web(wires, OneToken(token)), persona, team)
    return voices


async def _voice(web: Web, persona: str, team: Team) -> Voice:
    try:
        told = Team.told(await web.introduction())
    except Refused as refusal:
        raise NotSetUp(
            "slack.personas: Slack does not take the token of {persona}: {why}",
            persona=persona,
            why=refusal,
        ) from refusal
    if told.id != team.id:
        raise NotSetUp(
            "slack.personas: the app of {persona} is in another workspace; install it in this one.",
            persona=persona,
        )
    return Voice(web, told.bot_user, told.bot_id)
