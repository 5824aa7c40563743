"""The local Slack's streams, files, people, reactions and channels."""

from __future__ import annotations

import aiohttp

from tests.fakes.slack.messages import Message
from tests.fakes.slack.protocol import Json
from tests.slackbot.office import Office, refusal


def stream(place: Office, root: Message) -> Json:
    return {
        "channel": place.general.id,
        "thread_ts": root.ts,
        "recipient_team_id": place.team.id,
        "recipient_user_id": place.ana.user.id,
    }


async def test_a_stream_grows_under_its_name_and_then_is_a_message(place: Office) -> None:
    root = place.ana.says(place.general, "What now?")
    started = await place.client.chat_startStream(
        **stream(place, root), markdown_text="**To", username="Skeptic", icon_emoji=":owl:"
    )
    args = {"channel": place.general.id, "ts": started["ts"]}
    await place.client.chat_appendStream(**args, markdown_text="day**")
    seen = place.ana.sees_thread(place.general, root.ts)[-1]
    assert (seen.author, seen.text, seen.is_streaming) == ("Skeptic", "**Today**", True)
    assert await place.refusal("chat.update", **args, text="x") == "streaming_state_conflict"
    kept = {"event_type": "turn", "event_payload": {"key": "d1/3"}}
    await place.client.chat_stopStream(**args, metadata=kept)
    assert not place.ana.sees_thread(place.general, root.ts)[-1].is_streaming
    late = await place.refusal("chat.appendStream", **args, markdown_text="!")
    assert late == "message_not_in_streaming_state"


async def test_a_stream_lives_five_minutes_however_much_it_grows(place: Office) -> None:
    root = place.ana.says(place.general, "What now?")
    started = await place.client.chat_startStream(**stream(place, root), markdown_text="a")
    args = {"channel": place.general.id, "ts": started["ts"]}
    place.slack.clock.advance(240)
    await place.client.chat_appendStream(**args, markdown_text="b")
    place.slack.clock.advance(61)
    for method in ("chat.appendStream", "chat.stopStream"):
        refused = await place.refusal(method, **args, markdown_text="c")
        assert refused == "message_not_in_streaming_state"
    assert place.ana.sees_thread(place.general, root.ts)[-1].is_streaming
    await place.client.chat_update(**args, text="ab")
    assert not place.ana.sees_thread(place.general, root.ts)[-1].is_streaming


async def test_a_stream_needs_a_person_and_can_be_stopped_by_one(place: Office) -> None:
    root = place.ana.says(place.general, "What now?")
    asked = stream(place, root)
    for missing in ("recipient_user_id", "recipient_team_id"):
        args = {name: value for name, value in asked.items() if name != missing}
        assert await place.refusal("chat.startStream", **args) == f"missing_{missing}"
    to_bot = asked | {"recipient_user_id": place.installed.bot.id}
    assert await place.refusal("chat.startStream", **to_bot) == "user_not_found"
    started = await place.client.chat_startStream(**asked, markdown_text="a")
    place.ana.stops(place.general.messages[started["ts"]])
    args = {"channel": place.general.id, "ts": started["ts"], "markdown_text": "b"}
    assert await place.refusal("chat.appendStream", **args) == "stopped_by_user"
    other = place.client_of(place.second_app().bot_token)
    assert await refusal(other, "chat.stopStream", **args) == "message_not_owned_by_app"


async def test_a_thinking_status_goes_with_the_post_or_after_two_minutes(place: Office) -> None:
    root = place.ana.says(place.general, "What now?")

    async def think() -> None:
        await place.client.assistant_threads_setStatus(
            channel_id=place.general.id, thread_ts=root.ts, status="is thinking…"
        )

    await think()
    assert place.luis.sees_status(place.general, root.ts) == "is thinking…"
    await place.client.chat_postMessage(channel=place.general.id, thread_ts=root.ts, text="So:")
    assert place.luis.sees_status(place.general, root.ts) == ""
    await think()
    place.slack.clock.advance(121)
    assert place.luis.sees_status(place.general, root.ts) == ""


async def test_files_go_up_in_three_steps_into_the_thread(place: Office) -> None:
    root = place.ana.says(place.general, "What now?")
    await place.client.files_upload_v2(
        channel=place.general.id,
        thread_ts=root.ts,
        initial_comment="The transcript.",
        file_uploads=[
            {"content": b"# Debate", "filename": "debate.md", "title": "Debate"},
            {"content": b"{}", "filename": "debate.json", "title": "Data"},
        ],
    )
    seen = place.luis.sees_thread(place.general, root.ts)[-1]
    assert (seen.text, seen.files) == ("The transcript.", ("debate.md", "debate.json"))
    events = [d.event["type"] for d in place.slack.deliveries.all]
    assert events.count("file_shared") == 2


async def test_a_private_file_without_a_token_is_a_sign_in_page(place: Office) -> None:
    said = place.ana.shares(place.general, "notes.txt", b"facts", words="see @Panel")
    info = await place.client.files_info(file=said.files[0]["id"])
    assert info["file"]["shares"]["public"] == {place.general.id: [{"ts": said.ts}]}
    url = info["file"]["url_private"]
    bearer = {"Authorization": f"Bearer {place.installed.bot_token}"}
    async with aiohttp.ClientSession() as session:
        without = await session.get(url)
        assert (without.status, without.content_type) == (200, "text/html")
        with_token = await session.get(url, headers=bearer)
        assert await with_token.read() == b"facts"
    hidden = place.ana.shares(place.board, "secret.txt", b"x")
    assert await place.refusal("files.info", file=hidden.files[0]["id"]) == "file_not_found"


async def test_a_locale_is_told_only_when_asked_for(place: Office) -> None:
    user = place.ana.user.id
    assert "locale" not in (await place.client.users_info(user=user))["user"]
    told = await place.client.users_info(user=user, include_locale=True)
    assert told["user"]["locale"] == "es-ES"
    assert "email" not in told["user"]["profile"]
    place.ana.chooses_locale("en-GB")
    (changed,) = [d.event for d in place.slack.deliveries.all]
    assert (changed["type"], changed["user"]["locale"]) == ("user_change", "en-GB")


async def test_user_groups_are_listed_on_paid_plans(place: Office) -> None:
    group = place.slack.group(place.team, "skeptics", place.luis)
    listed = await place.client.usergroups_list(include_users=True)
    assert [(g["handle"], g["users"]) for g in listed["usergroups"]] == [
        ("skeptics", [place.luis.user.id])
    ]
    users = await place.client.usergroups_users_list(usergroup=group.id)
    assert users["users"] == [place.luis.user.id]
    place.team.is_paid = False
    assert await place.refusal("usergroups.list") == "plan_upgrade_required"


async def test_reactions_are_counted_told_and_not_given_twice(place: Office) -> None:
    posted = await place.client.chat_postMessage(channel=place.general.id, text="Lunch?")
    item = {"channel": place.general.id, "timestamp": posted["ts"], "name": "+1"}
    await place.client.reactions_add(**item)
    assert await place.refusal("reactions.add", **item) == "already_reacted"
    place.ana.reacts(place.general.messages[posted["ts"]], "+1")
    assert place.luis.sees(place.general)[0].reactions == {"+1": 2}
    added = place.slack.deliveries.all[-1].event
    assert (added["type"], added["user"]) == ("reaction_added", place.ana.user.id)
    assert added["item_user"] == place.installed.bot.id


async def test_a_bot_joins_what_is_public_and_learns_who_is_there(place: Office) -> None:
    open_one = place.slack.channel(place.team, "open", place.luis)
    assert await place.refusal("conversations.history", channel=open_one.id) == "not_in_channel"
    await place.client.conversations_join(channel=open_one.id)
    again = await place.client.conversations_join(channel=open_one.id)
    assert again["response_metadata"]["warnings"] == ["already_in_channel"]
    members = await place.client.conversations_members(channel=open_one.id)
    assert members["members"] == [place.luis.user.id, place.installed.bot.id]
    info = await place.client.conversations_info(channel=open_one.id)
    assert info["channel"]["is_member"] is True
    direct = await place.client.conversations_open(users=place.ana.user.id)
    await place.client.chat_postMessage(channel=place.ana.user.id, text="psst")
    assert place.ana.direct(place.installed).id == direct["channel"]["id"]
    assert [s.text for s in place.ana.sees(place.ana.direct(place.installed))] == ["psst"]


async def test_an_app_learns_that_a_channel_is_closed_or_closed_to_it(place: Office) -> None:
    posted = await place.client.chat_postMessage(channel=place.general.id, text="card")
    place.ana.archives(place.general)
    args = {"channel": place.general.id, "ts": posted["ts"], "text": "x"}
    assert await place.refusal("conversations.join", **args) == "is_archived"
    assert await place.refusal("chat.update", **args) == "is_inactive"
    place.ana.unarchives(place.general)
    assert await place.refusal("chat.postMessage", **args) == "not_in_channel"
    await place.client.conversations_join(channel=place.general.id)
    place.ana.removes(place.installed, place.general)
    assert await place.refusal("chat.postMessage", **args) == "not_in_channel"
    types = [d.event["type"] for d in place.slack.deliveries.all][-4:]
    assert types == [
        "channel_archive",
        "channel_unarchive",
        "member_joined_channel",
        "channel_left",
    ]


async def test_a_channel_or_thread_can_refuse_posts(place: Office) -> None:
    root = place.ana.says(place.general, "What now?")
    args = {"channel": place.general.id, "thread_ts": root.ts, "text": "x"}
    place.general.locked_threads.add(root.ts)
    locked = await place.refusal("chat.postMessage", **args)
    assert locked == "restricted_action_thread_locked"
    place.general.refuses = "restricted_action_read_only_channel"
    assert await place.refusal("chat.postMessage", **args) == place.general.refuses
