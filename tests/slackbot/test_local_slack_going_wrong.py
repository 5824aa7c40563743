"""The local Slack's rate limits and planned faults, as the real client meets them."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack import faults
from tests.slackbot.office import Office


async def post(place: Office, text: str) -> None:
    await place.client.chat_postMessage(channel=place.general.id, text=text)


async def texts(place: Office) -> list[str]:
    return [seen.text for seen in place.ana.sees(place.general)]


async def test_a_lost_answer_is_of_a_post_that_stands(place: Office) -> None:
    place.slack.faults.plan("chat.postMessage", faults.loses_answer())
    with pytest.raises(aiohttp.ClientError):
        await post(place, "one")
    await post(place, "two")
    assert await texts(place) == ["one", "two"]


async def test_the_sdks_own_retry_would_post_twice(place: Office) -> None:
    place.slack.faults.plan("chat.postMessage", faults.loses_answer())
    careless = AsyncWebClient(place.installed.bot_token, base_url=place.slack.api_url)
    await careless.chat_postMessage(channel=place.general.id, text="one")
    assert await texts(place) == ["one", "one"]


async def test_a_failure_before_anything_came_of_it_leaves_nothing(place: Office) -> None:
    place.slack.faults.plan(
        "chat.postMessage", faults.fails(503), faults.breaks_off(), faults.rate_limits(7)
    )
    with pytest.raises(SlackApiError) as failed:
        await post(place, "one")
    assert failed.value.response.status_code == 503
    with pytest.raises(aiohttp.ClientError):
        await post(place, "two")
    with pytest.raises(SlackApiError) as limited:
        await post(place, "three")
    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "7"
    assert await texts(place) == []
    assert place.slack.faults.pending == 0


async def test_a_fault_can_be_for_one_call_among_many(place: Office) -> None:
    place.slack.faults.plan(
        "chat.postMessage", faults.refuses("fatal_error"), where=lambda a: a["text"] == "two"
    )
    await post(place, "one")
    with pytest.raises(SlackApiError, match="fatal_error"):
        await post(place, "two")
    await post(place, "two")
    assert await texts(place) == ["one", "two"]


async def test_a_post_can_land_after_its_connection_broke_or_be_answered_late(
    place: Office,
) -> None:
    landing, answering = asyncio.Event(), asyncio.Event()
    place.slack.faults.plan(
        "chat.postMessage",
        place.slack.faults.lands_later(landing),
        faults.answers_after(answering),
        faults.fails_after(500),
    )
    with pytest.raises(aiohttp.ClientError):
        await post(place, "one")
    assert await texts(place) == []
    landing.set()
    await place.slack.until(lambda: place.ana.sees(place.general))
    late = asyncio.create_task(post(place, "two"))
    await place.slack.until(lambda: len(place.ana.sees(place.general)) == 2)
    assert not late.done()
    answering.set()
    await late
    with pytest.raises(SlackApiError):
        await post(place, "three")
    assert await texts(place) == ["one", "two", "three"]


async def test_a_post_can_take_its_time(place: Office) -> None:
    when = asyncio.Event()
    place.slack.faults.plan("chat.postMessage", faults.waits_for(when))
    posting = asyncio.create_task(post(place, "slow"))
    await place.slack.until(lambda: place.slack.trace.calls("chat.postMessage"))
    await post(place, "quick")
    when.set()
    await posting
    assert await texts(place) == ["quick", "slow"]


async def test_uploads_and_response_urls_can_go_wrong_too(place: Office) -> None:
    place.slack.faults.plan("upload", faults.loses_answer())
    with pytest.raises(aiohttp.ClientError):
        await place.client.files_upload_v2(
            channel=place.general.id, content=b"x", filename="x.txt", title="x"
        )
    assert await texts(place) == []
    url = place.slack.response_urls.give(place.installed, place.general, place.ana.user.id, None)
    place.slack.faults.plan("response_url", faults.fails(503))
    webhook = AsyncWebhookClient(url, retry_handlers=[])
    assert (await webhook.send(text="lost")).status_code == 503
    assert (await webhook.send(text="said")).status_code == 200
    assert await texts(place) == ["said"]


async def test_one_gesture_can_make_two_messages_of_one_client_id(place: Office) -> None:
    first = place.ana.says(place.general, "hello")
    second = place.ana.says(place.general, "hello", again=first)
    heard = [d.event for d in place.slack.deliveries.all]
    assert len({event["client_msg_id"] for event in heard}) == 1
    assert [event["ts"] for event in heard] == [first.ts, second.ts]


async def test_a_channel_takes_a_burst_and_then_a_post_a_second(place: Office) -> None:
    place.slack.limits.is_on = True
    for number in range(5):
        await post(place, f"{number}")
    with pytest.raises(SlackApiError) as limited:
        await post(place, "too much")
    assert limited.value.response["error"] == "ratelimited"
    wait_s = int(limited.value.response.headers["Retry-After"])
    other = place.slack.channel(place.team, "other", place.ana, place.installed.bot)
    await place.client.chat_postMessage(channel=other.id, text="elsewhere is fine")
    place.slack.clock.advance(wait_s)
    await post(place, "5")
    assert len(place.slack.limits.refused) == 1


async def test_each_method_has_its_own_tier_in_each_workspace(place: Office) -> None:
    place.slack.limits.is_on = True
    for _ in range(20):
        await place.client.users_list()
    with pytest.raises(SlackApiError) as limited:
        await place.client.users_list()
    assert 0 < int(limited.value.response.headers["Retry-After"]) <= 60
    await place.client.users_info(user=place.ana.user.id)
    elsewhere = place.slack.install(place.app, place.slack.team("other"))
    await place.client_of(elsewhere.bot_token).users_list()
    place.slack.clock.advance(60)
    await place.client.users_list()


async def test_an_app_that_is_sold_reads_once_a_minute_and_fifteen_at_most(place: Office) -> None:
    place.slack.limits.is_on, place.app.is_distributed = True, True
    for number in range(16):
        place.ana.says(place.general, f"{number}")
    read = await place.client.conversations_history(channel=place.general.id, limit=100)
    assert len(read["messages"]) == 15
    with pytest.raises(SlackApiError, match="ratelimited"):
        await place.client.conversations_history(channel=place.general.id)
    root = place.ana.says(place.general, "root")
    await place.client.conversations_replies(channel=place.general.id, ts=root.ts)


async def test_the_trace_is_the_same_whatever_the_ids_and_ports(place: Office) -> None:
    await post(place, f"<@{place.ana.user.id}>")
    (posted, echo) = place.slack.trace.normalised()[:1], place.slack.trace.calls("chat.postMessage")
    assert '"text": "<@user#' in posted[0]
    assert '"ts": "ts#1"' in posted[0]
    assert echo[0]["text"] == f"<@{place.ana.user.id}>"
