"""Forms, shortcuts, seats, the Home tab, and who may use what, in the local Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

from engine.debate.events import MaterialAdded
from tests.chat.test_mentions import ATTACKS
from tests.fakes.slack.views import View
from tests.redis_server import RedisServer
from tests.slackbot.rig import House, house
from tests.slackbot.test_bot_journeys import QUESTION


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


async def test_the_command_alone_opens_a_form_that_says_what_is_wrong(home: House) -> None:
    async with home.bot():
        await home.ana.runs("/debate", "", home.general)
        assert home.ana.modal is not None
        assert home.ana.modal.title == "Nuevo debate"
        await home.ana.submits({"topic": "   ", "panel": "decision-en"})
        assert home.ana.modal is not None
        assert "topic" in home.ana.modal.errors
        await home.ana.submits({"topic": "Night buses?", "pace": "live", "rounds": "1"})
        assert home.ana.modal is None
        await home.closed()
    assert home.card().text.startswith("Night buses?")
    assert home.ana.notices == []


async def test_the_form_begins_with_what_is_usual_in_the_channel(home: House) -> None:
    async with home.bot():
        await home.ana.runs(
            "/debate", "settings panel=decision-en rounds=3 pace=step", home.general
        )
        await home.luis.runs("/debate", "", home.general)
        assert home.luis.modal is not None
        values = chosen(home.luis.modal)
    assert values["panel"] == "decision-en"
    assert (values["rounds"], values["pace"], values["steering"]) == ("3", "step", "starter")
    assert values["rule"] is None


async def test_the_seats_to_choose_from_are_those_of_the_chosen_panel(home: House) -> None:
    async with home.bot():
        await home.luis.runs("/debate", "", home.general)
        assert "ai-doomer" in seats(home)
        home.luis.fills({"topic": "Night buses?", "seats": ["ai-doomer", "ai-newcomer"]})
        await home.luis.presses_modal("panel", "decision-en")
        await home.until(lambda: "security" in seats(home))
        assert "ai-doomer" not in seats(home)
        assert home.luis.modal is not None
        values = home.luis.modal.values
        assert values["topic"]["topic"]["value"] == "Night buses?", "what was written stays"
        assert values["seats:decision-en"]["seats"]["selected_options"] == []
        await home.luis.presses_modal("language", "es")
        await home.until(lambda: "seguridad" in seats(home))


async def test_a_debate_is_held_by_the_seats_that_were_chosen(home: House) -> None:
    async with home.bot():
        await home.luis.runs("/debate", "", home.general)
        await home.luis.submits({"topic": "Night buses?", "panel": "ai-en", "seats": ["ai-doomer"]})
        assert home.luis.modal is not None
        assert home.luis.modal.errors == {"seats:ai-en": "Choose 2 personas or more."}
        given = {"seats": ["ai-newcomer", "ai-doomer"], "pace": "live"}
        await home.luis.submits(given)
        assert home.luis.modal is None
        thread = await home.closed()
    spoken = [seen.author for seen in thread if "→" in seen.text or seen is thread[2]]
    assert spoken == ["Coordinator", "AI Doomer", "AI Newcomer"]


async def test_a_panel_is_held_in_the_language_that_was_chosen_for_it(home: House) -> None:
    async with home.bot():
        await home.luis.runs("/debate", "", home.general)
        await home.luis.submits({"topic": "Night buses?", "panel": "ai-en", "language": "es"})
        assert home.luis.modal is None, "its Spanish translation sits"
        await home.until_async(lambda: _count(home), 1)
        (listed,) = await home.debates.recent(9)
    assert listed.started.panel == "ai-es"


async def test_a_message_is_debated_in_its_own_thread_with_what_stands_there(home: House) -> None:
    async with home.bot():
        said = home.ana.says(home.general, "Should we move the office?")
        home.luis.says(home.general, "Rents are up by a third.", thread=said.ts)
        await home.luis.takes_shortcut("debate_this", said)
        await home.luis.submits({"panel": "ai-en", "pace": "live"})
        await home.until(
            lambda: any(seen.files for seen in home.luis.sees_thread(home.general, said.ts))
        )
        (listed,) = await home.debates.recent(9)
        state = await home.debates.load(listed.debate)
    assert state.started.topic == "Should we move the office?"
    (material,) = state.material
    assert "luis: Rents are up by a third." in material.text
    assert len(home.luis.sees(home.general)) == 1


async def test_files_that_come_with_a_mention_are_material(home: House) -> None:
    async with home.bot():
        words = f"@tertulia debate {QUESTION}"
        home.luis.shares(home.general, "facts.md", b"# Facts\n\nWe meet 9 h a week.", words=words)
        await home.until_async(lambda: _count(home), 1)
        (listed,) = await home.debates.recent(9)
        state = await home.debates.load(listed.debate)
    assert [(m.name, m.text) for m in state.material] == [
        ("facts.md", "# Facts\n\nWe meet 9 h a week.")
    ]


async def test_a_file_in_the_thread_is_material_until_it_is_taken_back(home: House) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: home.ana.sees(home.general) and len(home.thread()) == 1)
        (listed,) = await home.debates.recent(9)

        async def material() -> list[str]:
            events = [record.event for record in await home.debates.records(listed.debate)]
            return [event.text for event in events if isinstance(event, MaterialAdded)]

        card, words = home.card().ts, "@tertulia see this"
        shared = home.luis.shares(home.general, "a.txt", b"Nine hours.", words=words, thread=card)
        await home.until_async(material, ["Nine hours."])
        home.luis.deletes(shared)
        await home.until_async(material, [""])
        home.speaker.go_on()


async def test_the_home_tab_shows_debates_of_public_channels_only(home: House) -> None:
    secret = home.slack.channel(home.team, "board", home.ana, home.installed.bot, kind="private")
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.ana.runs("/debate", "Whom do we lay off? panel=ai-en", secret)
        await home.until_async(lambda: _count(home), 2)
        home.luis.opens_home(home.installed.app)
        await home.until(lambda: home.luis.home(home.installed.app))
        view = home.luis.home(home.installed.app)
        assert view is not None
        shown = str(view.given)
    assert "Should the team meet less?" in shown
    assert "Whom do we lay off?" not in shown
    assert "/archives/" in shown


async def test_a_direct_message_is_taken_as_the_command_is(home: House) -> None:
    async with home.bot():
        direct = home.luis.direct(home.installed)
        said = home.luis.says(direct, QUESTION)
        await home.until(lambda: any(s.files for s in home.luis.sees_thread(direct, said.ts)))
        thread = home.luis.sees_thread(direct, said.ts)
    assert len({seen.author for seen in thread if seen.is_app}) == 9


async def test_a_group_message_holds_a_debate_and_is_heard_as_a_channel_is(home: House) -> None:
    people = (home.ana.user.id, home.luis.user.id, home.installed.bot.id)
    group = home.slack.workspaces.direct(home.team.id, people)
    assert group.kind == "mpim"
    async with home.bot():
        said = home.luis.says(group, f"@tertulia debate {QUESTION}")
        await home.until(lambda: any(s.files for s in home.luis.sees_thread(group, said.ts)))
        home.ana.says(group, "@doomer why?", thread=said.ts)
        await home.until(lambda: home.luis.sees_thread(group, said.ts)[-1].author == "AI Doomer")
        await home.luis.runs("/debate", "Night buses? panel=ai-en pace=live", group)
        await home.until_async(lambda: _count(home), 2)
        for person in (home.luis, home.ana):
            person.opens_home(home.installed.app)
            await home.until(partial(person.sees_home, home.installed.app))
    assert "Night buses?" in home.luis.sees_home(home.installed.app)
    assert "Night buses?" not in home.ana.sees_home(home.installed.app), "it is nobody else's"


async def test_who_is_not_let_in_is_told_so_and_starts_nothing(home: House) -> None:
    async with home.bot(block_users=(home.luis.user.id,), block_channels=()):
        await home.luis.runs("/debate", QUESTION, home.general)
        (told,) = home.luis.sees(home.general)
        assert told.is_ephemeral
        assert told.text == "The app may not be used here."
        home.luis.says(home.general, f"@tertulia debate {QUESTION}")
        await home.slack.deliveries.settle()
        assert await home.debates.recent(9) == []


async def test_answers_come_in_the_language_of_who_asks(home: House) -> None:
    async with home.bot():
        await home.ana.runs("/debate", "help", home.general)
        await home.luis.runs("/debate", "help", home.general)
    assert "Escriba un tema" in home.ana.sees(home.general)[0].text
    assert "Write a topic" in home.luis.sees(home.general)[0].text


async def test_what_people_write_pings_nobody_wherever_it_is_shown(home: House) -> None:
    async with home.bot():
        for number, start in enumerate(range(0, len(ATTACKS), 40)):
            topic = " ".join(ATTACKS[start : start + 40 : 5])[:900]
            body = f'start "{number} {topic.replace(chr(34), " ")}?" panel=ai-en pace=step'
            given = (home.installed, home.luis.user, home.general, "/debate", body)
            await home.slack.interactivity.command(*given)
        await home.until(lambda: len(home.ana.sees(home.general)) >= len(ATTACKS) // 40)
    calls = home.slack.trace.calls("chat.postMessage")
    assert len(calls) >= len(ATTACKS) // 40
    assert home.slack.posting.pings == []


async def test_over_http_a_debate_runs_as_well_and_forged_requests_are_refused(
    server: RedisServer, shard: str, redis: object, unused_tcp_port: int
) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/slack/events"
    events = {"bot_events": ["app_mention", "message.channels"], "request_url": url}
    given: dict[str, Any] = {
        "socket_mode_enabled": False,
        "event_subscriptions": events,
        "interactivity": {"is_enabled": True, "request_url": url},
    }
    async with house(server, shard, **given) as home:
        app = home.installed.app
        command = app.command("/debate")
        assert command is not None
        app.manifest["features"]["slash_commands"][0]["url"] = url
        async with home.bot(mode="http", port=unused_tcp_port):
            await home.ana.runs("/debate", QUESTION, home.general)
            await home.closed()
            home.luis.says(home.general, "@doomer why?", thread=home.card().ts)
            await home.until(lambda: home.texts()[-1].startswith("To luis:"))
            real, app.signing_secret = app.signing_secret, "forged"
            outcome = await home.ana.runs("/debate", QUESTION, home.general)
            assert not outcome.is_acknowledged
            app.signing_secret = real
    assert home.ana.notices == ['/debate failed with the error "http_service_error"']


async def _count(home: House) -> int:
    return len(await home.debates.recent(9))


def seats(home: House) -> list[str]:
    """What the open form offers."""
    assert home.luis.modal is not None
    block = next(b for b in home.luis.modal.inputs() if b["block_id"].startswith("seats:"))
    return [option["value"] for option in block["element"]["options"]]


def chosen(view: View) -> dict[str, str | None]:
    """What is chosen in its menus, by name."""
    found = {}
    for block in view.values.values():
        for name, state in block.items():
            if "selected_option" in state:
                option = state["selected_option"]
                found[name] = option["value"] if option else None
    return found


async def test_a_button_of_another_debates_card_does_nothing_to_this_one(home: House) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await home.luis.runs("/debate", QUESTION, home.general)
        await home.until(lambda: home.luis.sees(home.general) and len(home.thread()) == 1)
        card = home.card()
        (actions,) = [block for block in card.message.blocks if block["type"] == "actions"]
        for button in actions["elements"]:
            button["value"] = "another"
        await home.luis.presses(card, "do:stop")
        await home.until(
            lambda: [s for s in home.luis.sees_thread(home.general, card.ts) if s.is_ephemeral]
        )
        (told,) = [s for s in home.luis.sees_thread(home.general, card.ts) if s.is_ephemeral]
        assert told.text == "That card is of another debate."
        home.speaker.go_on()
        await home.closed()
    assert len([seen for seen in home.thread() if "→" in seen.text]) == 7
