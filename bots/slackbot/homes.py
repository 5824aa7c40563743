"""Shows people the Home tab, and does what they press in it."""

from __future__ import annotations

from typing import Any

import structlog

from bots.chat.desk import NOTHING, Answer
from bots.chat.desk.preferences import READS, Preferences, preferences
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.form import LANGUAGES, Origin
from bots.slackbot.home import NONE, home, is_open_to_all
from bots.slackbot.ids import person_of
from bots.slackbot.parts import Parts
from bots.slackbot.people import People
from bots.slackbot.wishes import Wishes
from engine.ports.debates import Listed

_RECENT = 100

Json = dict[str, Any]

log = structlog.get_logger()


class Homes:
    """The Home tabs of one workspace."""

    def __init__(self, parts: Parts, people: People, wishes: Wishes) -> None:
        self._parts, self._people, self._wishes = parts, people, wishes

    async def show(self, user: str) -> None:
        """Shows it to them as it is now.

        Raises:
            StoreAway
        """
        parts = self._parts
        asker = await self._people.asker(user, "", "")
        likes = await self._likes(user)
        listed = [one for one in await parts.debates.recent(_RECENT) if await self._is_shown(one)]
        view = home(parts.team, listed, parts.panels, likes, asker.language)
        try:
            await parts.web.call("views.publish", user_id=user, view=view)
        except (Refused, RetryAfter, Unknown) as error:
            log.warning("home.lost", error=str(error))

    async def like(self, user: str, name: str, value: str) -> Answer:
        """They chose what they like.

        Raises:
            StoreAway
        """
        liked = None if value == NONE else value
        await self._parts.debates.places.set_preference(self._person(user), name, liked)
        if name == READS:
            self._people.chose(user, LANGUAGES.get(liked or ""))
        self._parts.background.start(self.show(user))
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

    async def _is_shown(self, listed: Listed) -> bool:
        """Only what everybody in the workspace may read."""
        place = listed.started.home
        is_here = place is not None and is_open_to_all(listed, self._parts.team)
        return bool(is_here and place and await self._people.is_public(place.channel))
