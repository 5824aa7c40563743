"""Brings events and interactions to apps, over the transport each has, and again if not heard."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from tests.fakes.changes import Changes
from tests.fakes.slack.apps import App, Installation
from tests.fakes.slack.clock import Ids, SlackClock
from tests.fakes.slack.http_mode import HttpMode
from tests.fakes.slack.outcome import Outcome, Sending
from tests.fakes.slack.protocol import Json
from tests.fakes.slack.socket_mode import Sockets
from tests.fakes.slack.workspace import Team


@dataclass(slots=True, eq=False)
class Delivery:
    """An event on its way to an app."""

    app: App
    payload: Json
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def event(self) -> Json:
        """The event itself."""
        return dict(self.payload["event"])

    @property
    def is_heard(self) -> bool:
        """Whether an attempt was acknowledged."""
        return any(outcome.is_acknowledged for outcome in self.outcomes)


class Deliveries:
    """Every event that an app was owed stands in `all`."""

    def __init__(
        self, sockets: Sockets, http: HttpMode, clock: SlackClock, ids: Ids, changes: Changes
    ) -> None:
        self.all: list[Delivery] = []
        self._sockets, self._http = sockets, http
        self._clock, self._ids, self._changes = clock, ids, changes
        self._to_double = 0
        self._held: list[Delivery] = []
        self._to_hold = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def double(self, events: int) -> None:
        """Sends each of the next events twice, with one event id."""
        self._to_double = events

    def turn_round(self, events: int) -> None:
        """Holds the next events until there are so many, and sends the last of them first."""
        self._to_hold = events

    def event(self, installation: Installation, team: Team, event: Json) -> None:
        """Sends what happened in this workspace, in the background."""
        delivery = Delivery(installation.app, self._wrapped(installation, team, event))
        self.all.append(delivery)
        if self._to_hold:
            self._held.append(delivery)
            if len(self._held) == self._to_hold:
                self._to_hold, held, self._held = 0, self._held, []
                for each in reversed(held):
                    self._start(each)
            return
        self._start(delivery)
        if self._to_double:
            self._to_double -= 1
            self._start(delivery)

    async def request(self, app: App, url: str, sending: Sending) -> Outcome:
        """Sends an interaction, once; it is not repeated."""
        if app.uses_sockets:
            return await self._sockets.send(app, sending)
        return await self._http.send(app, url, sending)

    async def settle(self) -> None:
        """Waits until nothing is on its way."""
        await self._changes.until(lambda: not self._tasks)

    async def close(self) -> None:
        """Drops what is still on its way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, delivery: Delivery) -> None:
        task = asyncio.create_task(self._deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._changes.tell()

    async def _deliver(self, delivery: Delivery) -> None:
        app = delivery.app
        outcome = Outcome(False)
        for attempt, wait_s in enumerate((0.0, *self._sockets.timing.retries_s)):
            await asyncio.sleep(wait_s)
            sending = Sending(
                "events_api", delivery.payload, attempt=attempt, reason=outcome.reason
            )
            outcome = await self.request(app, app.events_url, sending)
            delivery.outcomes.append(outcome)
            self._changes.tell()
            if outcome.is_acknowledged or not outcome.may_retry:
                return

    def _wrapped(self, installation: Installation, team: Team, event: Json) -> Json:
        return {
            "token": installation.app.verification_token,
            "team_id": team.id,
            "enterprise_id": team.enterprise_id,
            "context_team_id": team.id,
            "context_enterprise_id": team.enterprise_id,
            "api_app_id": installation.app.id,
            "event": event,
            "type": "event_callback",
            "event_id": self._ids.mint("Ev"),
            "event_time": self._clock.now(),
            "authorizations": [
                {
                    "enterprise_id": team.enterprise_id,
                    "team_id": None if installation.is_org_wide else team.id,
                    "user_id": installation.bot.id,
                    "is_bot": True,
                    "is_enterprise_install": installation.is_org_wide,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{self._ids.secret(40)}",
        }
