"""Who a Slack user is at the desk: name, language, and whether they manage the channel.

Profiles are asked for once in a while; where Slack does not answer in time, a person goes by what
the payload tells of them, and manages nothing.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from bots.chat.desk import Asker
from bots.chat.desk.preferences import preferences
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.gates import Gates
from bots.slackbot.ids import person_of, place_of
from bots.slackbot.team import Team
from bots.slackbot.web import Json, Web
from engine.debate.explained import one_line
from engine.debate.panel import Language
from engine.ports.clock import Clock
from engine.ports.places import PlaceBook
from engine.ports.store import StoreAway

KEPT_S = 600.0
READS_KEPT_S = 60.0
"""Another process may have been told."""
KEPT_MOST = 10_000
LOOKUP_S = 0.7

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack tells of a user."""

    name: str
    language: Language
    is_admin: bool
    is_bot: bool


class People:
    """The people of one workspace."""

    def __init__(self, web: Web, team: Team, clock: Clock, places: PlaceBook, gates: Gates) -> None:
        self._web, self._team, self._clock = web, team, clock
        self._places, self.gates = places, gates
        self._profiles = _Kept[Profile](clock)
        self._channels = _Kept[Json](clock)
        self._reads = _Kept[Language | Literal[""]](clock, READS_KEPT_S)

    async def asker(self, user: str, channel: str, thread: str, name: str = "") -> Asker:
        """The person at a thread; `name`: what the payload calls them."""
        told, chosen, may_start = await asyncio.gather(
            self.profile(user), self._chosen(user), self.gates.may_start(channel, user)
        )
        profile = told or Profile(name or user, "en", False, False)
        return Asker(
            person_of(self._team.id, user, profile.name),
            place_of(self._team.id, channel, thread),
            chosen or profile.language,
            manages=profile.is_admin or await self._made(channel, user),
            may_start=may_start,
        )

    async def profile(self, user: str) -> Profile | None:
        """Their profile; `None`: Slack does not tell it now."""
        found = self._profiles.get(user)
        if found is None:
            told = await self._ask("users.info", user=user, include_locale=True)
            if told is None:
                return None
            found = _profile(told["user"])
            self._profiles.keep(user, found)
        return found

    def language(self, user: str) -> Language:
        """What they read, as far as it is known without asking anybody."""
        found, chosen = self._profiles.get(user), self._reads.get(user)
        return chosen or (found.language if found else "en")

    def changed(self, user: Json) -> None:
        """Their profile says something else now."""
        self._profiles.forget(str(user.get("id", "")))

    def chose(self, user: str, language: Language | None) -> None:
        """They chose the language that the app speaks to them; `None`: that of their profile."""
        self._reads.keep(user, language or "")

    async def _chosen(self, user: str) -> Language | None:
        """The language that they chose; it is passed over where the store does not answer."""
        found = self._reads.get(user)
        if found is None:
            person = person_of(self._team.id, user, user)
            try:
                async with asyncio.timeout(LOOKUP_S):
                    kept = (await preferences(self._places, person.id, ())).reads or ""
            except (StoreAway, TimeoutError):
                return None
            found = self._reads.get(user)
            if found is None:  # else they chose while it was read
                found = kept
                self._reads.keep(user, found)
        return found or None

    async def _made(self, channel: str, user: str) -> bool:
        """Whether they created the channel, or it is theirs and the app's alone."""
        if not channel or channel.startswith("D"):
            return bool(channel)
        found = await self._channel(channel)
        return found is not None and found.get("creator") == user

    async def is_public(self, channel: str, team: str = "") -> bool:
        """Whether all of the workspace may read the channel; `team`: of a Grid, that one."""
        found = await self._channel(channel)
        if found is None or found.get("is_private") is not False or "creator" not in found:
            return False
        teams = {found.get("context_team_id"), *(found.get("shared_team_ids") or ())}
        return not team or team in teams

    async def _channel(self, channel: str) -> Json | None:
        found = self._channels.get(channel)
        if found is None:
            told = await self._ask("conversations.info", channel=channel)
            if told is None:
                return None
            found = told["channel"]
            self._channels.keep(channel, found)
        return found

    async def _ask(self, method: str, **args: object) -> Json | None:
        try:
            async with asyncio.timeout(LOOKUP_S):
                return await self._web.call(method, **args)
        except (Refused, RetryAfter, Unknown, TimeoutError):
            return None


class _Kept(Generic[T]):
    def __init__(self, clock: Clock, kept_s: float = KEPT_S) -> None:
        self._clock, self._kept_s = clock, kept_s
        self._found: OrderedDict[str, tuple[float, T]] = OrderedDict()

    def get(self, name: str) -> T | None:
        at, value = self._found.get(name, (0.0, None))
        return value if self._clock.monotonic() - at < self._kept_s else None

    def keep(self, name: str, value: T) -> None:
        self._found[name] = (self._clock.monotonic(), value)
        if len(self._found) > KEPT_MOST:
            self._found.popitem(last=False)

    def forget(self, name: str) -> None:
        self._found.pop(name, None)


def name_of(user: Json) -> str:
    """What a user, as `users.info` gives them, is called."""
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), user.get("real_name"), user.get("name"), user.get("id"))
    return one_line(next(str(name) for name in names if name))


def _profile(user: Json) -> Profile:
    spanish = str(user.get("locale") or "").lower().startswith("es")
    return Profile(
        name_of(user),
        "es" if spanish else "en",
        bool(user.get("is_admin") or user.get("is_owner")),
        bool(user.get("is_bot")),
    )
