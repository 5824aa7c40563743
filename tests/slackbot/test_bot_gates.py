"""Who may use the app, who may start debates, and who sets how a channel's begin."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.fakes.slack.faults import fails, refuses, waits_for
from tests.fakes.slack.timing import Timing as SlackTiming
from tests.redis_server import RedisServer
from tests.slackbot.rig import House, house
from tests.slackbot.test_bot_journeys import QUESTION

NOT_HERE = "The app may not be used here."
NO_START = "You may not start debates here; ask somebody who may."


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    waits = SlackTiming(retries_s=(0.5, 2.0, 4.0))
    async with house(server, shard, speaks=False, waits=waits) as opened:
        yield opened


async def told(home: House, words: str = QUESTION) -> str:
    """What Luis alone is told when he runs the command; empty: it was done."""
    before = len([seen for seen in home.luis.sees(home.general) if seen.is_ephemeral])
    await home.luis.runs("/debate", words, home.general)
    answers = [seen for seen in home.luis.sees(home.general) if seen.is_ephemeral]
    return answers[-1].text if len(answers) > before else ""


async def test_only_the_members_of_an_allowed_user_group_are_let_in(home: House) -> None:
    group = home.slack.group(home.team, "panelists", home.luis)
    async with home.bot(allow_groups=(group.id,)):
        assert await told(home) == ""
        await home.ana.runs("/debate", QUESTION, home.general)
        assert "no se puede usar" in home.ana.sees(home.general)[-1].text
        await home.until_async(lambda: count(home), 1)


async def test_the_members_of_a_blocked_user_group_stay_out(home: House) -> None:
    group = home.slack.group(home.team, "guests", home.luis)
    async with home.bot(block_groups=(group.id,), allow_users=(home.luis.user.id,)):
        assert await told(home) == NOT_HERE
        home.luis.says(home.general, f"@tertulia debate {QUESTION}")
        await home.slack.deliveries.settle()
        assert await home.debates.recent(9) == []


async def test_groups_that_cannot_be_read_let_nobody_in_and_say_so(home: House) -> None:
    group = home.slack.group(home.team, "panelists", home.luis)
    async with home.bot(allow_groups=(group.id,)):
        home.slack.faults.plan("usergroups.users.list", *[refuses("missing_scope")] * 9)
        assert "could not be told just now" in await told(home)
        said = home.luis.says(home.general, f"@tertulia debate {QUESTION}")
        await home.until(
            lambda: [s for s in home.luis.sees(home.general) if s.is_ephemeral and s.ts > said.ts]
        )
        assert await home.debates.recent(9) == []


async def test_a_group_that_is_gone_has_nobody_in_it(home: House) -> None:
    async with home.bot(allow_groups=("S0GONE",)):
        assert await told(home) == NOT_HERE
    async with home.bot(block_groups=("S0GONE",)):
        assert await told(home) == ""


async def test_who_is_in_a_group_is_not_asked_for_each_time(home: House) -> None:
    group = home.slack.group(home.team, "panelists", home.luis)
    async with home.bot(allow_groups=(group.id,)):
        for _ in range(5):
            assert "Options:" in await told(home, "help")
    assert len(home.slack.trace.calls("usergroups.users.list")) == 1


async def test_who_may_start_can_be_fewer_than_may_take_part(home: House) -> None:
    async with home.bot(starters=(home.ana.user.id,)):
        assert await told(home) == NO_START
        assert "Options:" in await told(home, "help")
        await home.luis.runs("/debate", "", home.general)
        await home.luis.submits({"topic": "Night buses?"})
        assert home.luis.modal is not None
        assert home.luis.modal.errors == {"topic": NO_START}
        home.luis.says(home.general, f"@tertulia debate {QUESTION}")
        await home.slack.deliveries.settle()
        assert await home.debates.recent(9) == []
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until_async(lambda: count(home), 1)
        await home.until(lambda: home.ana.sees(home.general))


async def test_who_made_a_channel_sets_how_its_debates_begin_and_others_do_not(
    home: House,
) -> None:
    buses = home.slack.channel(home.team, "buses", home.luis, home.installed.bot)
    async with home.bot():
        assert "Only those who manage" in await told(home, "settings pace=step")
        await home.luis.runs("/debate", "settings pace=step panel=decision-en", buses)
        assert "pace=step" in home.luis.sees(buses)[-1].text
        await home.luis.runs("/debate", "Night buses?", buses)
        await home.until_async(lambda: count(home), 1)
        (listed,) = await home.debates.recent(9)
        assert (listed.started.panel, listed.started.pace.value) == ("decision-en", "step")


async def test_the_form_has_no_debate_held_where_whoever_asks_is_not_themselves(
    home: House,
) -> None:
    """The app comes by itself only into a public channel of theirs."""
    slack = home.slack
    others = slack.channel(home.team, "others", home.ana)
    own = slack.channel(home.team, "own", home.luis)
    async with home.bot():
        home.luis.opens_home(home.installed.app)
        await home.until(lambda: home.luis.sees_home(home.installed.app))
        await home.luis.presses_home(home.installed.app, "new")
        await home.luis.submits({"channel": others.id, "topic": "Night buses?"})
        assert home.luis.modal is not None
        assert home.luis.modal.errors == {"channel": "You are not in that channel; join it first."}
        assert home.installed.bot.id not in others.members
        await home.luis.submits({"channel": own.id})
        assert home.luis.modal is None
        await home.until(lambda: home.luis.sees(own))
    assert home.installed.bot.id in own.members


async def count(home: House) -> int:
    return len(await home.debates.recent(9))


async def test_what_is_said_while_groups_cannot_be_read_is_not_lost(home: House) -> None:
    """Slack is told nothing, so that it sends it again."""
    group = home.slack.group(home.team, "panelists", home.luis)
    async with home.bot(allow_groups=(group.id,)):
        home.slack.faults.plan("usergroups.users.list", *[fails(503)] * 2)
        home.luis.says(home.general, f"@tertulia debate {QUESTION}")
        mention = home.slack.deliveries.all[-1]
        await home.until(lambda: mention.outcomes)
        assert not mention.is_heard
        home.luis.says(home.general, "Of no concern to the panel.")
        other = home.slack.deliveries.all[-1]
        await home.until(lambda: other.is_heard)
        await home.until(lambda: mention.is_heard)
        await home.until_async(lambda: count(home), 1)


async def test_a_list_that_slack_is_slow_to_tell_is_read_all_the_same(home: House) -> None:
    """It takes longer than anybody waits for it."""
    group = home.slack.group(home.team, "panelists", home.luis)
    told_now = asyncio.Event()
    async with home.bot(allow_groups=(group.id,)):
        home.slack.faults.plan("usergroups.users.list", waits_for(told_now))
        assert "could not be told just now" in await told(home, "help")
        told_now.set()
        await home.until(lambda: home.slack.trace.calls("usergroups.users.list"))
        async with asyncio.timeout(30):
            while "Options:" not in await told(home, "help"):
                pass
    assert len(home.slack.trace.calls("usergroups.users.list")) == 1
