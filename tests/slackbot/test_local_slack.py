"""The local Slack's Web API: posting, editing and reading, through the real client."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.fakes.slack.protocol import Json
from tests.slackbot.office import Office, refusal


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


async def test_a_post_stands_in_its_thread_and_is_read_back(place: Office) -> None:
    root = place.ana.says(place.general, "What now?")
    posted = await place.client.chat_postMessage(
        channel=place.general.id, text="This & that &lt;3", thread_ts=root.ts
    )
    assert posted["channel"] == place.general.id
    seen = place.luis.sees_thread(place.general, root.ts)
    assert [(s.author, s.text, s.is_app) for s in seen] == [
        ("Ana", "What now?", False),
        ("Panel", "This & that <3", True),
    ]
    read = await place.client.conversations_replies(channel=place.general.id, ts=root.ts)
    assert [m["ts"] for m in read["messages"]] == [root.ts, posted["ts"]]
    assert read["messages"][0]["reply_count"] == 1
    assert read["messages"][1]["parent_user_id"] == place.ana.user.id


async def test_form_json_and_get_say_the_same(place: Office) -> None:
    url = f"{place.slack.api_url}chat.postMessage"
    args = {"channel": place.general.id, "blocks": json.dumps([section("hello")])}
    bearer = {"Authorization": f"Bearer {place.installed.bot_token}"}
    async with aiohttp.ClientSession() as session:
        for request in (
            session.post(url, data=args | {"token": place.installed.bot_token}),
            session.post(url, json=args, headers=bearer),
            session.get(url, params=args, headers=bearer),
        ):
            async with request as response:
                assert (await response.json())["ok"] is True
                assert "chat:write" in response.headers["x-oauth-scopes"]
    assert [s.text for s in place.ana.sees(place.general)] == ["hello"] * 3


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": "C0NOWHERE00"}, "channel_not_found"),
        ({"channel": "board"}, "channel_not_found"),
        ({"channel": "empty"}, "not_in_channel"),
        ({"channel": "old"}, "is_archived"),
        ({"text": "   "}, "no_text"),
        ({"thread_ts": "1790000000.999900"}, "thread_not_found"),
        ({"markdown_text": "**x**"}, "markdown_text_conflict"),
        ({"blocks": "[{"}, "invalid_blocks_format"),
        ({"blocks": [section("x")] * 51}, "invalid_blocks"),
        ({"blocks": [section("x" * 3_001)]}, "invalid_blocks"),
        ({"blocks": [{"type": "sectoin"}]}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "fields": 3}]}, "invalid_blocks"),
        ({"blocks": [section("x") | {"block_id": "one"}] * 2}, "invalid_blocks"),
        ({"blocks": [section("x" * 2_900)] * 5}, "msg_blocks_too_long"),
        ({"metadata": {"event_type": "turn"}}, "invalid_metadata_schema"),
        ({"metadata": "turn"}, "invalid_metadata_format"),
        (
            {"metadata": {"event_type": "turn", "event_payload": {"a": {"b": {"c": 1}}}}},
            "invalid_metadata_schema",
        ),
        (
            {"metadata": {"event_type": "turn", "event_payload": {"a": "x" * 9_000}}},
            "metadata_too_large",
        ),
    ],
)
async def test_what_slack_refuses_is_refused(place: Office, args: Json, error: str) -> None:
    place.slack.channel(place.team, "empty", place.ana)
    place.slack.channel(place.team, "old", place.ana, place.installed.bot).is_archived = True
    given = {"channel": place.general.id, "text": "hello"} | args
    assert await place.refusal("chat.postMessage", **given) == error
    assert place.ana.sees(place.general) == []


async def test_a_reply_to_a_reply_is_refused(place: Office) -> None:
    root = place.ana.says(place.general, "What now?")
    reply = place.luis.says(place.general, "Lunch.", thread=root.ts)
    args = {"channel": place.general.id, "text": "No.", "thread_ts": reply.ts}
    assert await place.refusal("chat.postMessage", **args) == "cannot_reply_to_message"


async def test_a_refusal_tells_what_is_wrong(place: Office) -> None:
    with pytest.raises(SlackApiError) as caught:
        await place.client.chat_postMessage(
            channel=place.general.id, text="x", blocks=[section("")]
        )
    assert caught.value.response.status_code == 200
    assert "/blocks/0/text/text" in caught.value.response["response_metadata"]["messages"][0]


async def test_a_missing_scope_is_named(place: Office) -> None:
    place.slack.install(place.app, place.team, scopes=frozenset({"users:read"}))
    with pytest.raises(SlackApiError) as caught:
        await place.client.chat_postMessage(channel=place.general.id, text="hello")
    answer = caught.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "chat:write",
        "users:read",
    )


async def test_a_token_is_not_read_from_json_or_an_address(place: Office) -> None:
    url, token = f"{place.slack.api_url}auth.test", {"token": place.installed.bot_token}
    async with aiohttp.ClientSession() as session:
        for response in (await session.post(url, json=token), await session.get(url, params=token)):
            assert (await response.json())["error"] == "not_authed"


async def test_each_token_is_good_for_its_kind_only_and_until_it_is_revoked(place: Office) -> None:
    post = {"channel": place.general.id, "text": "hello"}
    refused = "chat.postMessage"
    assert await refusal(place.client_of("xoxb-made-up"), refused, **post) == "invalid_auth"
    app_level = place.client_of(place.app_token)
    assert await refusal(app_level, refused, **post) == "not_allowed_token_type"
    assert await place.refusal("apps.connections.open") == "not_allowed_token_type"
    place.slack.revoke(place.installed)
    assert await place.refusal(refused, **post) == "token_revoked"


async def test_a_name_and_icon_show_and_an_edit_loses_them(place: Office) -> None:
    posted = await place.client.chat_postMessage(
        channel=place.general.id, text="I doubt it.", username="Skeptic", icon_emoji=":owl:"
    )
    assert posted["message"]["subtype"] == "bot_message"
    assert "user" not in posted["message"]
    (seen,) = place.ana.sees(place.general)
    assert (seen.author, seen.icon, seen.is_app) == ("Skeptic", ":owl:", True)
    args = {"channel": place.general.id, "ts": posted["ts"]}
    assert await place.refusal("chat.delete", **args) == "cant_delete_message"
    await place.client.chat_update(text="I do not.", username="Skeptic", **args)
    assert [s.author for s in place.ana.sees(place.general)] == ["Panel"]


async def test_without_the_scope_a_name_is_silently_left_out(place: Office) -> None:
    scopes = frozenset(place.installed.scopes) - {"chat:write.customize"}
    place.slack.install(place.app, place.team, scopes=scopes)
    await place.client.chat_postMessage(channel=place.general.id, text="Hm.", username="Skeptic")
    assert [s.author for s in place.ana.sees(place.general)] == ["Panel"]


async def test_an_edit_keeps_metadata_drops_blocks_and_holds_to_its_limit(place: Office) -> None:
    kept = {"event_type": "turn", "event_payload": {"key": "d1/3"}}
    posted = await place.client.chat_postMessage(
        channel=place.general.id, text="one", blocks=[section("one")], metadata=kept
    )
    args = {"channel": place.general.id, "ts": posted["ts"]}
    edited = await place.client.chat_update(text="two", **args)
    assert "blocks" not in edited["message"]
    assert edited["message"]["metadata"] == kept
    assert (await place.client.chat_update(text="3", metadata={}, **args))["message"].get(
        "metadata"
    ) is None
    assert await place.refusal("chat.update", text="ñ" * 2_001, **args) == "msg_too_long"
    other = place.ana.says(place.general, "mine")
    args["ts"] = other.ts
    assert await place.refusal("chat.update", text="yours", **args) == "cant_update_message"


async def test_an_edit_can_come_too_late_for_the_workspace(place: Office) -> None:
    place.team.edit_window_s = 60.0
    posted = await place.client.chat_postMessage(channel=place.general.id, text="one")
    args = {"channel": place.general.id, "ts": posted["ts"], "text": "two"}
    place.slack.clock.advance(61)
    assert await place.refusal("chat.update", **args) == "edit_window_closed"


async def test_metadata_is_read_only_by_who_asks_for_it(place: Office) -> None:
    kept = {"event_type": "turn", "event_payload": {"key": "d1/3"}}
    await place.client.chat_postMessage(channel=place.general.id, text="one", metadata=kept)

    async def read(**asked: Any) -> object:
        found = await place.client.conversations_history(channel=place.general.id, **asked)
        return found["messages"][0].get("metadata")

    assert await read() is None
    assert await read(include_all_metadata=True) == kept


async def test_history_comes_newest_first_in_pages_and_within_its_window(place: Office) -> None:
    said = [place.ana.says(place.general, f"{n}") for n in range(5)]
    place.luis.says(place.general, "not in the channel", thread=said[0].ts)
    texts: list[str] = []
    cursor = ""
    while True:
        page = await place.client.conversations_history(
            channel=place.general.id, limit=2, cursor=cursor
        )
        texts += [m["text"] for m in page["messages"]]
        cursor = page["response_metadata"]["next_cursor"]
        assert page["has_more"] == bool(cursor)
        if not cursor:
            break
    assert texts == ["4", "3", "2", "1", "0"]
    after = await place.client.conversations_history(
        channel=place.general.id, oldest=said[2].ts, latest=said[4].ts
    )
    assert [m["text"] for m in after["messages"]] == ["3"]
    args = {"channel": place.general.id, "cursor": "made up"}
    assert await place.refusal("conversations.history", **args) == "invalid_cursor"


async def test_the_root_leads_every_page_of_a_thread(place: Office) -> None:
    root = place.ana.says(place.general, "root")
    replies = [place.luis.says(place.general, f"{n}", thread=root.ts) for n in range(3)]
    page = await place.client.conversations_replies(
        channel=place.general.id, ts=root.ts, oldest=replies[0].ts, limit=2
    )
    assert [m["text"] for m in page["messages"]] == ["root", "1"]
    page = await place.client.conversations_replies(
        channel=place.general.id,
        ts=root.ts,
        oldest=replies[0].ts,
        limit=2,
        cursor=page["response_metadata"]["next_cursor"],
    )
    assert [m["text"] for m in page["messages"]] == ["root", "2"]


async def test_an_ephemeral_message_is_seen_by_one_and_kept_nowhere(place: Office) -> None:
    await place.client.chat_postEphemeral(
        channel=place.general.id, user=place.ana.user.id, text="Only for you."
    )
    assert [s.is_ephemeral for s in place.ana.sees(place.general)] == [True]
    assert place.luis.sees(place.general) == []
    history = await place.client.conversations_history(channel=place.general.id)
    assert history["messages"] == []
    args = {"channel": place.general.id, "user": "U0NOBODY000", "text": "?"}
    assert await place.refusal("chat.postEphemeral", **args) == "user_not_in_channel"


async def test_a_text_that_is_too_long_is_cut_off_with_a_warning(place: Office) -> None:
    posted = await place.client.chat_postMessage(channel=place.general.id, text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    assert posted["response_metadata"]["warnings"] == ["message_truncated"]


async def test_a_deleted_root_leaves_a_headstone_over_its_thread(place: Office) -> None:
    posted = await place.client.chat_postMessage(channel=place.general.id, text="root")
    place.ana.says(place.general, "reply", thread=posted["ts"])
    await place.client.chat_delete(channel=place.general.id, ts=posted["ts"])
    texts = [s.text for s in place.ana.sees_thread(place.general, posted["ts"])]
    assert texts == ["This message was deleted.", "reply"]
