"""The local Slack's Socket Mode, with bolt's own handler at the other end."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from tests.fakes.slack.protocol import Json
from tests.fakes.slack.timing import Timing
from tests.slackbot.office import Office, bolt_app, connected, office


def hearing(place: Office, *types: str) -> tuple[AsyncApp, list[Json]]:
    """A bolt app that keeps what it hears of these events."""
    bolt, heard = bolt_app(place), list[Json]()

    async def keep(body: Json) -> None:
        heard.append(body)
        place.slack.changes.tell()

    for name in types:
        bolt.event(name)(keep)
    return bolt, heard


async def test_a_mention_comes_as_a_message_and_as_a_mention_of_one_ts(place: Office) -> None:
    bolt, heard = hearing(place, "message", "app_mention")
    async with connected(place, bolt):
        said = place.ana.says(place.general, "@Panel good morning")
        await place.slack.until(lambda: len(heard) == 2)
    events = {body["event"]["type"]: body["event"] for body in heard}
    assert events["message"]["ts"] == events["app_mention"]["ts"] == said.ts
    assert events["message"]["channel_type"] == "channel"
    assert events["message"]["client_msg_id"] == said.client_msg_id
    assert events["app_mention"]["text"] == f"<@{place.installed.bot.id}> good morning"
    assert heard[0]["event_id"] != heard[1]["event_id"]


async def test_an_app_hears_its_own_posts_but_never_its_own_mention(place: Office) -> None:
    other = place.second_app()
    mention = f"<@{place.installed.bot.id}>"
    await place.client.chat_postMessage(channel=place.general.id, text=mention)
    await place.client_of(other.bot_token).chat_postMessage(
        channel=place.general.id, text=mention, username="Someone"
    )
    mine = [d.event for d in place.slack.deliveries.all if d.app is place.app]
    assert [e["type"] for e in mine] == [
        "member_joined_channel",
        "message",
        "message",
        "app_mention",
    ]
    assert mine[1]["bot_id"] == place.installed.bot_id
    assert mine[2]["subtype"] == "bot_message"
    assert mine[3]["app_id"] == other.app.id


async def test_an_edit_tells_the_message_before_and_mentions_again(place: Office) -> None:
    said = place.ana.says(place.general, "@Panel good mroning")
    place.ana.edits(said, "@Panel good morning")
    place.ana.deletes(said)
    *_, changed, mentioned, deleted = [d.event for d in place.slack.deliveries.all]
    assert changed["subtype"] == "message_changed"
    assert changed["previous_message"]["text"].endswith("mroning")
    assert changed["message"]["ts"] == said.ts != changed["ts"]
    assert mentioned["type"] == "app_mention"
    assert mentioned["edited"]["user"] == place.ana.user.id
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", said.ts)


async def test_events_go_only_where_the_app_is_and_may_hear_them(place: Office) -> None:
    place.ana.says(place.board, "@Panel psst")
    assert place.slack.deliveries.all == []
    place.ana.invites(place.installed, place.board)
    place.ana.says(place.board, "hello")
    place.slack.install(place.app, place.team, scopes=frozenset({"chat:write"}))
    place.ana.says(place.board, "@Panel still there?")
    types = [d.event["type"] for d in place.slack.deliveries.all]
    assert types == ["member_joined_channel", "message"]


async def test_each_envelope_goes_to_one_connection_in_turn(place: Office) -> None:
    bolt, heard = hearing(place, "message")
    async with connected(place, bolt, connections=2):
        for number in range(6):
            place.ana.says(place.general, f"{number}")
        await place.slack.until(lambda: len(heard) == 6)
        sent = [c.sent for c in place.slack.sockets.connections(place.app)]
    assert sent == [3, 3]
    assert sorted(body["event"]["text"] for body in heard) == list("012345")


async def test_an_event_without_an_answer_is_sent_again_with_its_id(hasty: Office) -> None:
    place = hasty
    bolt, heard = bolt_app(place), list[Json]()

    @bolt.middleware
    async def stay_silent_twice(body: Json, req: Any, next: Any) -> Any:  # noqa: A002 - bolt's
        heard.append(body | {"retry": req.headers.get("x-slack-retry-num")})
        return await next() if len(heard) > 2 else await asyncio.sleep(3_600)

    @bolt.event("message")
    async def hear() -> None: ...

    async with connected(place, bolt):
        place.ana.says(place.general, "hello?")
        (delivery,) = place.slack.deliveries.all
        await place.slack.until(lambda: delivery.is_heard)
    assert len({body["event_id"] for body in heard}) == 1
    assert [body["retry"] for body in heard[:3]] == [["0"], ["1"], ["2"]]
    assert [outcome.reason for outcome in delivery.outcomes[:2]] == ["timeout"] * 2


async def test_events_wait_for_an_app_that_is_away(hasty: Office) -> None:
    hasty.ana.says(hasty.general, "anybody?")
    (delivery,) = hasty.slack.deliveries.all
    bolt, heard = hearing(hasty, "message")
    await hasty.slack.until(lambda: len(delivery.outcomes) == 3)
    async with connected(hasty, bolt):
        await hasty.slack.until(lambda: heard)
    assert [outcome.is_acknowledged for outcome in delivery.outcomes[:3]] == [False] * 3


async def test_an_event_that_nobody_hears_is_given_up_after_three_retries() -> None:
    async with office(Timing(retries_s=(0.0, 0.0, 0.0))) as place:
        place.ana.says(place.general, "anybody?")
        await place.slack.deliveries.settle()
        (delivery,) = place.slack.deliveries.all
    assert [o.reason for o in delivery.outcomes] == ["connection_failed"] * 4


async def test_a_refresh_warns_first_and_loses_nothing(hasty: Office) -> None:
    bolt, heard = hearing(hasty, "message")
    async with connected(hasty, bolt, connections=2):
        before = set(map(id, hasty.slack.sockets.connections(hasty.app)))
        refreshing = asyncio.create_task(hasty.slack.sockets.refresh(hasty.app))
        for number in range(20):
            hasty.ana.says(hasty.general, f"{number}")
            await asyncio.sleep(0)
        await refreshing
        await hasty.slack.until(lambda: len({b["event_id"] for b in heard}) == 20)
        connections = hasty.slack.sockets.connections
        await hasty.slack.until(lambda: before.isdisjoint(map(id, connections(hasty.app))))
        await hasty.slack.until(lambda: len(connections(hasty.app)) == 2)


async def test_a_cut_connection_has_its_envelopes_sent_again(hasty: Office) -> None:
    bolt, heard = bolt_app(hasty), list[Json]()

    @bolt.middleware
    async def cut_once(body: Json, next: Any) -> Any:  # noqa: A002 - bolt's
        heard.append(body)
        if len(heard) == 1:
            for connection in hasty.slack.sockets.connections(hasty.app):
                await hasty.slack.sockets.drop(connection)
        return await next()

    @bolt.event("message")
    async def hear() -> None: ...

    async with connected(hasty, bolt):
        hasty.ana.says(hasty.general, "hello")
        await hasty.slack.until(lambda: hasty.slack.deliveries.all[0].is_heard)
    assert len(heard) >= 2
    assert heard[0]["event_id"] == heard[1]["event_id"]


async def test_events_can_be_doubled_and_turned_round(place: Office) -> None:
    bolt, heard = hearing(place, "message")
    async with connected(place, bolt):
        place.slack.deliveries.double(1)
        place.ana.says(place.general, "twice")
        place.slack.deliveries.turn_round(2)
        place.ana.says(place.general, "first")
        place.ana.says(place.general, "second")
        await place.slack.until(lambda: len(heard) == 4)
    assert [b["event"]["text"] for b in heard] == ["twice", "twice", "second", "first"]
    assert heard[0]["event_id"] == heard[1]["event_id"]


async def test_a_ticket_is_good_once_and_needs_the_right_token_and_scope(place: Office) -> None:
    url = (await place.client.apps_connections_open(app_token=place.app_token))["url"]
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            hello = await socket.receive_json()
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    assert hello["debug_info"]["approximate_connection_time"] == 18_060
    weak = place.slack.registry.app_token(place.app, "authorizations:read")
    with pytest.raises(SlackApiError, match="missing_scope"):
        await place.client.apps_connections_open(app_token=weak)


async def test_an_eleventh_connection_is_one_too_many(place: Office) -> None:
    said, sockets = [], []
    async with aiohttp.ClientSession() as session:
        for _ in range(11):
            url = (await place.client.apps_connections_open(app_token=place.app_token))["url"]
            sockets.append(await session.ws_connect(url))
            said.append(await sockets[-1].receive_json())
    assert [m["type"] for m in said] == ["hello"] * 10 + ["disconnect"]
    assert said[-1]["reason"] == "too_many_websockets"


async def test_a_refused_handshake_is_tried_again_with_its_ticket(hasty: Office) -> None:
    bolt, heard = hearing(hasty, "message")
    async with connected(hasty, bolt):
        hasty.slack.sockets.refuse_handshakes = 1
        for connection in hasty.slack.sockets.connections(hasty.app):
            await hasty.slack.sockets.drop(connection)
        await hasty.slack.until(lambda: hasty.slack.sockets.connections(hasty.app))
        hasty.ana.says(hasty.general, "hello")
        await hasty.slack.until(lambda: heard)
    assert len(hasty.slack.trace.calls("apps.connections.open")) == 2


async def test_the_sdk_knocks_for_ever_with_a_ticket_that_is_worthless(hasty: Office) -> None:
    hasty.slack.sockets.void_tickets = 1
    client = SocketModeClient(hasty.app_token, web_client=hasty.client, ping_interval=0.05)
    connecting = asyncio.create_task(client.connect())  # type: ignore[no-untyped-call] # the SDK says no types
    refused = hasty.slack.sockets.refused
    await hasty.slack.until(lambda: len(refused) == 3)
    assert len(set(refused)) == 1
    client.wss_uri = None  # the way out: it asks for a new ticket
    await hasty.slack.until(lambda: hasty.slack.sockets.connections(hasty.app))
    await connecting
    await client.close()  # type: ignore[no-untyped-call] # the SDK says no types


async def test_socket_mode_that_is_switched_off_says_so(place: Office) -> None:
    async with aiohttp.ClientSession() as session:
        url = (await place.client.apps_connections_open(app_token=place.app_token))["url"]
        async with session.ws_connect(url) as socket:
            await socket.receive_json()
            await place.slack.sockets.disable(place.app)
            assert (await socket.receive_json())["reason"] == "link_disabled"
        url = (await place.client.apps_connections_open(app_token=place.app_token))["url"]
        async with session.ws_connect(url) as socket:
            assert (await socket.receive_json())["reason"] == "link_disabled"


async def test_a_connection_has_a_life_and_debug_reconnects_shortens_it() -> None:
    timing = Timing(debug_connection_s=0.1, warning_s=0.05)
    async with office(timing) as place, aiohttp.ClientSession() as session:
        url = (await place.client.apps_connections_open(app_token=place.app_token))["url"]
        async with session.ws_connect(f"{url}&debug_reconnects=true") as socket:
            said = [await socket.receive_json() for _ in range(3)]
    assert [m.get("reason", m["type"]) for m in said] == ["hello", "warning", "refresh_requested"]


async def test_people_see_when_the_app_does_not_answer(hasty: Office) -> None:
    await hasty.ana.runs("/panel", "hello", hasty.general)
    assert hasty.ana.notices.pop() == '/panel failed with the error "dispatch_failed"'
    bolt = bolt_app(hasty)

    @bolt.command("/panel")
    async def never_acknowledge() -> None:
        await asyncio.sleep(3_600)

    async with connected(hasty, bolt):
        await hasty.ana.runs("/panel", "hello", hasty.general)
    assert hasty.ana.notices == ['/panel failed with the error "operation_timeout"']
