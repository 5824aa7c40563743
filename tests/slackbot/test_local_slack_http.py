"""The local Slack over HTTP: signed requests to a bolt app that serves them, and their retries."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp

from tests.fakes.slack.protocol import Json
from tests.fakes.slack.timing import Timing
from tests.slackbot.office import Office, bolt_app, office
from tests.slackbot.serving import served

ASK: Json = {
    "type": "modal",
    "callback_id": "ask",
    "title": {"type": "plain_text", "text": "Ask"},
    "submit": {"type": "plain_text", "text": "Go"},
    "blocks": [
        {
            "type": "input",
            "block_id": "about",
            "label": {"type": "plain_text", "text": "About"},
            "element": {"type": "plain_text_input", "action_id": "topic"},
        }
    ],
}


def over_http(url: str) -> Json:
    """The settings of a manifest with these URLs."""
    events = ["message.channels", "app_mention"]
    return {
        "socket_mode_enabled": False,
        "event_subscriptions": {"bot_events": events, "request_url": url},
        "interactivity": {"is_enabled": True, "request_url": url},
    }


@asynccontextmanager
async def bolt_office(listen: Callable[[AsyncApp, Office], None]) -> AsyncIterator[Office]:
    """An office whose app is a bolt app behind a URL."""
    bolts: list[AsyncApp] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        answer = await bolts[0].async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    async with served(handle) as url, office(**over_http(url)) as place:
        for command in place.app.manifest["features"]["slash_commands"]:
            command["url"] = url
        bolts.append(bolt_app(place))
        listen(bolts[0], place)
        yield place


async def test_bolt_accepts_what_is_signed_and_refuses_what_is_forged_or_stale() -> None:
    heard: list[Json] = []

    def listen(bolt: AsyncApp, place: Office) -> None:
        @bolt.event("message")
        async def keep(event: Json) -> None:
            heard.append(event)
            place.slack.changes.tell()

    async with bolt_office(listen) as place:
        assert await place.slack.http.verify(place.app)
        place.ana.says(place.general, "hello")
        await place.slack.until(lambda: heard)
        (delivery,) = place.slack.deliveries.all
        await place.slack.until(lambda: delivery.is_heard)
        url, secret = place.app.events_url, place.app.signing_secret
        forge = place.slack.http.forge
        assert await forge(url, delivery.payload, secret=secret) == 200
        assert await forge(url, delivery.payload, secret="another") == 401
        assert await forge(url, delivery.payload, secret=secret, age_s=301) == 401


async def test_commands_and_submissions_are_answered_over_http() -> None:
    def listen(bolt: AsyncApp, place: Office) -> None:
        @bolt.command("/panel")
        async def answer(ack: Any, command: Json) -> None:
            await ack(f"You said {command['text']}.")

        @bolt.view("ask")
        async def refuse(ack: Any) -> None:
            await ack(response_action="errors", errors={"about": "Too vague."})

    async with bolt_office(listen) as place:
        await place.ana.runs("/panel", "hello", place.general)
        assert [s.text for s in place.ana.sees(place.general)] == ["You said hello."]
        trigger = place.slack.triggers.give(place.app, place.ana.user.id)
        await place.client.views_open(trigger_id=trigger, view=ASK)
        await place.ana.submits({"about": "Things"})
        assert place.ana.modal is not None
        assert place.ana.modal.errors == {"about": "Too vague."}


async def test_a_failed_request_is_sent_again_three_times_with_its_reason() -> None:
    asked: list[tuple[str | None, str | None]] = []

    async def fail(request: web.Request) -> web.StreamResponse:
        headers = request.headers
        asked.append((headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason")))
        return web.Response(status=500)

    timing = Timing(retries_s=(0.0, 0.01, 0.02))
    async with served(fail) as url, office(timing, **over_http(url)) as place:
        place.ana.says(place.general, "hello")
        await place.slack.deliveries.settle()
    assert asked == [
        (None, None),
        ("1", "http_error"),
        ("2", "http_error"),
        ("3", "http_error"),
    ]


async def test_an_app_can_ask_not_to_be_asked_again() -> None:
    asked: list[str] = []

    async def fail(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    async with served(fail) as url, office(**over_http(url)) as place:
        place.ana.says(place.general, "hello")
        await place.slack.deliveries.settle()
    assert len(asked) == 1
