"""Whom the local Slack's messages ping; in doubt, it says that somebody was."""

from __future__ import annotations

import pytest

from tests.fakes.slack.protocol import Json
from tests.slackbot.office import Office


def mrkdwn(text: str, **more: bool) -> Json:
    return {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text, **more}}]}


def plain(text: str) -> Json:
    return {"blocks": [{"type": "section", "text": {"type": "plain_text", "text": text}}]}


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"text": "<@ANA> look"}, ["user"]),
        ({"text": "<@ANA|ana> look"}, ["user"]),
        ({"text": "`<@ANA>`"}, ["user"]),
        ({"text": "<@ana>"}, ["user"]),
        ({"text": "<https://example.com|<@ANA>>"}, ["user"]),
        ({"text": "<!here>"}, ["here"]),
        ({"text": "<!channel|x>"}, ["channel"]),
        ({"text": "<!everyone>"}, ["everyone"]),
        ({"text": "<!subteam^DESIGN>"}, ["group"]),
        ({"text": "@design", "link_names": True}, ["group"]),
        ({"text": "@channel", "parse": "full"}, ["channel"]),
        (mrkdwn("<@ANA>"), ["user"]),
        (mrkdwn("ask @here"), ["here"]),
        ({"markdown_text": "**<!channel>**", "text": None}, ["channel"]),
        ({"blocks": [{"type": "markdown", "text": "<@ANA>"}]}, ["user"]),
        ({"attachments": [{"text": "<!here>", "fallback": "x"}]}, ["here"]),
        ({"text": "&lt;@ANA&gt; &lt;!channel&gt;"}, []),
        ({"text": "@ana @here @channel @design"}, []),
        ({"text": "ana@here.example"}, []),
        (mrkdwn("ask @here", verbatim=True), []),
        (mrkdwn("&lt;!here&gt;"), []),
        (plain("<!channel> <@ANA> @here"), []),
        ({"markdown_text": "&lt;!channel&gt;", "text": None}, []),
    ],
)
async def test_a_ping_is_what_slack_makes_of_the_markup(
    place: Office, message: Json, why: list[str]
) -> None:
    group = place.slack.group(place.team, "design", place.ana)

    def named(value: object) -> object:
        if isinstance(value, dict):
            return {key: named(part) for key, part in value.items()}
        if isinstance(value, list):
            return [named(part) for part in value]
        if not isinstance(value, str):
            return value
        return value.replace("ANA", place.ana.user.id).replace("DESIGN", group.id)

    args: Json = {"channel": place.general.id, "text": "hello"} | message
    given = {key: named(value) for key, value in args.items() if value is not None}
    await place.client.api_call("chat.postMessage", json=given)
    assert [ping.why for ping in place.ana.pings] == why


async def test_an_edit_pings_whom_it_names_newly_and_only_them(place: Office) -> None:
    posted = await place.client.chat_postMessage(
        channel=place.general.id, text=f"<@{place.ana.user.id}>"
    )
    both = f"<@{place.ana.user.id}> <@{place.luis.user.id}>"
    await place.client.chat_update(channel=place.general.id, ts=posted["ts"], text=both)
    assert [p.why for p in place.ana.pings] == ["user"]
    assert [p.author for p in place.luis.pings] == [place.installed.bot.id]


async def test_here_reaches_the_active_and_channel_all_but_the_author(place: Office) -> None:
    place.luis.user.is_active = False
    place.ana.says(place.general, "@here")
    assert place.luis.pings == []
    place.ana.says(place.general, "@channel")
    assert [p.why for p in place.luis.pings] == ["channel"]
    assert place.ana.pings == []


async def test_nobody_is_pinged_in_a_channel_that_they_cannot_see(place: Office) -> None:
    place.ana.says(place.board, f"@luis and @{place.installed.bot.name}")
    assert place.luis.pings == []


async def test_what_people_type_is_text_and_only_the_picker_mentions(place: Office) -> None:
    message = place.luis.says(place.general, f"<!channel> <@{place.ana.user.id}> & @nobody @ana")
    assert message.text == (
        f"&lt;!channel&gt; &lt;@{place.ana.user.id}&gt; &amp; @nobody <@{place.ana.user.id}>"
    )
    assert [ping.why for ping in place.ana.pings] == ["user"]
    (seen,) = place.ana.sees(place.general)
    assert seen.text == f"<!channel> <@{place.ana.user.id}> & @nobody @ana"
