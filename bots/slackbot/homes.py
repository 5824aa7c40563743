"""Shows people the Home tab, and does what they press in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog

from bots.chat.desk import NOTHING, Answer
from bots.chat.desk.preferences import READS, Preferences, preferences
from bots.chat.gate import REFUSALS, Verdict
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.form import LANGUAGES, Origin
from bots.slackbot.home import MOST_SHOWN, NONE, home, is_here, shut
from bots.slackbot.ids import person_of
from bots.slackbot.parts import Parts
from bots.slackbot.people import People
from bots.slackbot.wishes import Wishes
from engine.ports.debates import Listed

RECENT, FARTHEST = 100, 2_500
"""Debates that are looked at, at first and at most: other workspaces' may lie between."""

Json = dict[str, Any]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at their Home tab."""

    person: str
    team: str


class Homes:
    """The Home tabs of one workspace."""

    def __init__(self, parts: Parts, people: People, wishes: Wishes) -> None:
        self._parts, self._people, self._wishes = parts, people, wishes

    async def show(self, user: str, team: str) -> None:
        """Shows it to them as it is now; `team`: the workspace in which they look.

        What they choose meanwhile is shown after it: whoever shows that may be done before.

        Raises:
            StoreAway
        """
        shown: Preferences | None = None
        while (likes := await self._likes(user)) != shown:
            admitted = await self._people.gates.admits_home(user)
            language = (await self._people.asker(user, "", "")).language
            if admitted is Verdict.ADMITTED:
                listed = await self._listed(Reader(self._person(user), team))
                view = home(self._parts.team, listed, self._parts.panels, likes, language)
            else:
                view = shut(REFUSALS[admitted], language)
            try:
                await self._parts.web.call("views.publish", user_id=user, view=view)
            except (Refused, RetryAfter, Unknown) as error:
                log.warning("home.lost", error=str(error))
            shown = likes

    async def _listed(self, reader: Reader) -> list[Listed]:
        """As many running and closed ones as there is room for."""
        found: list[Listed] = []
        for one in await self._held_here():
            alike = [other for other in found if other.closed == one.closed]
            if len(alike) < MOST_SHOWN and await self._is_shown(one, reader):
                found.append(one)
        return found

    async def _held_here(self) -> list[Listed]:
        """The latest of this workspace."""
        most = RECENT
        while True:
            recent = await self._parts.debates.recent(most)
            here = [one for one in recent if is_here(one, self._parts.team)]
            if len(here) >= RECENT or len(recent) < most or most >= FARTHEST:
                return here[:RECENT]
            most *= 5

    async def like(self, user: str, team: str, name: str, value: str) -> Answer:
        """They chose what they like; `team`: see `show`.

        Raises:
            StoreAway
        """
        liked = None if value == NONE else value
        await self._parts.debates.places.set_preference(self._person(user), name, liked)
        if name == READS:
            self._people.chose(user, LANGUAGES.get(liked or ""))
        self._parts.background.start(self.show(user, team))
        return NOTHING

    async def open_form(self, user: str, trigger: str) -> Answer:
        """The form that starts a debate, in a channel that it asks for."""
        asker = await self._people.asker(user, "", "")
        return await self._wishes.open_form(trigger, Origin(""), asker)

    async def _likes(self, user: str) -> Preferences:
        places, panels = self._parts.debates.places, tuple(self._parts.panels)
        return await preferences(places, self._person(user), panels)

    def _person(self, user: str) -> str:
        return person_of(self._parts.team.id, user, user).id

    async def _is_shown(self, listed: Listed, reader: Reader) -> bool:
        """What they started themselves, and what everybody in their workspace may read."""
        place, by = listed.started.home, listed.started.started_by
        if place is None:
            return False
        if by is not None and by.id == reader.person:
            return True
        # Of a Grid, people may read the public channels of their own workspace only.
        team = reader.team if self._parts.team.is_org_wide else ""
        return await self._people.is_public(place.channel, team)
