"""The local Slack's interactivity: commands, buttons, modals, shortcuts, Home tabs, answers."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack.modal import TROUBLE
from tests.fakes.slack.people_and_apps import NOT_RESPONDING
from tests.fakes.slack.protocol import Json
from tests.slackbot.office import Office, bolt_app, connected

TEXT_INPUT = {"type": "plain_text_input", "action_id": "topic", "max_length": 20}


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(action_id: str, value: str = "v") -> Json:
    return {"type": "button", "action_id": action_id, "text": words("Go"), "value": value}


def modal(*blocks: Json, title: str = "New") -> Json:
    asked = {
        "type": "input",
        "block_id": "about",
        "label": words("About"),
        "element": TEXT_INPUT,
    }
    return {
        "type": "modal",
        "callback_id": "start",
        "title": words(title),
        "submit": words("Start"),
        "blocks": [asked, *blocks],
    }


async def test_a_command_comes_with_escaped_names_and_its_answer_is_ephemeral(
    place: Office,
) -> None:
    bolt, heard = bolt_app(place), list[Json]()

    @bolt.command("/panel")
    async def answer(ack: Any, command: Json) -> None:
        heard.append(command)
        await ack("Coming.")

    async with connected(place, bolt):
        await place.ana.runs("/panel", "ask @luis in #general", place.board)
    assert heard[0]["text"] == (
        f"ask <@{place.luis.user.id}|luis> in <#{place.general.id}|general>"
    )
    assert heard[0]["channel_name"] == "privategroup"
    (seen,) = place.ana.sees(place.board)
    assert (seen.author, seen.text, seen.is_ephemeral) == ("Panel", "Coming.", True)


async def test_a_command_does_not_work_in_a_thread(place: Office) -> None:
    root = place.ana.says(place.general, "What now?")
    await place.ana.runs("/panel", "stop", place.general, thread=root.ts)
    assert place.ana.notices == ["/panel is not supported in threads. Sorry!"]


async def test_a_trigger_opens_one_modal_and_only_for_three_seconds(place: Office) -> None:
    bolt, triggers = bolt_app(place), list[str]()

    @bolt.command("/panel")
    async def keep(ack: Any, command: Json) -> None:
        triggers.append(command["trigger_id"])
        await ack()

    async with connected(place, bolt):
        await place.ana.runs("/panel", "", place.general)
        await place.ana.runs("/panel", "", place.general)
    await place.client.views_open(trigger_id=triggers[0], view=modal())
    assert place.ana.modal is not None
    assert place.ana.modal.title == "New"

    async def refused(trigger: str) -> str:
        return await place.refusal("views.open", trigger_id=trigger, view=modal())

    assert await refused(triggers[0]) == "exchanged_trigger_id"
    assert await refused("1.2.three") == "invalid_trigger_id"
    place.slack.clock.advance(3.1)
    assert await refused(triggers[1]) == "expired_trigger_id"


async def test_a_modal_is_filled_in_checked_and_submitted(place: Office) -> None:
    bolt, submitted = bolt_app(place), list[Json]()

    @bolt.shortcut("new")
    async def open_modal(ack: Any, shortcut: Json, client: Any) -> None:
        await ack()
        menu = {
            "type": "static_select",
            "action_id": "pace",
            "options": [{"text": words("Slow"), "value": "slow"}],
        }
        pace = {"type": "input", "label": words("Pace"), "element": menu, "optional": True}
        await client.views_open(trigger_id=shortcut["trigger_id"], view=modal(pace))

    @bolt.view("start")
    async def check(ack: Any, view: Json) -> None:
        submitted.append(view["state"]["values"])
        if len(submitted) == 1:
            await ack(response_action="errors", errors={"about": "Too vague."})
        else:
            await ack()

    async with connected(place, bolt):
        await place.ana.takes_shortcut("new")
        await place.slack.until(lambda: place.ana.modal)
        view = place.ana.modal
        assert view is not None
        assert await place.ana.submits() is None
        assert list(view.errors) == ["about"]
        with pytest.raises(ValueError, match="20"):
            place.ana.fills({"topic": "x" * 21})
        await place.ana.submits({"topic": "Things", "pace": "slow"})
        assert view.errors == {"about": "Too vague."}
        await place.ana.submits({"topic": "Tabs or spaces"})
    assert place.ana.modal is None
    assert submitted[1]["about"]["topic"]["value"] == "Tabs or spaces"
    (chosen,) = [v["pace"] for v in submitted[1].values() if "pace" in v]
    assert chosen["selected_option"]["value"] == "slow"


async def test_a_modal_that_breaks_the_limits_is_refused(place: Office) -> None:
    trigger = place.slack.triggers.give(place.app, place.ana.user.id)
    wrong = modal(title="A title of more than 24 characters")
    args = {"trigger_id": trigger, "view": wrong}
    assert await place.refusal("views.push", **args) == "not_found"
    trigger = place.slack.triggers.give(place.app, place.ana.user.id)
    args["trigger_id"] = trigger
    assert await place.refusal("views.open", **args) == "invalid_arguments"


async def test_an_update_keeps_what_was_typed_and_a_stale_hash_conflicts(place: Office) -> None:
    trigger = place.slack.triggers.give(place.app, place.ana.user.id)
    opened = (await place.client.views_open(trigger_id=trigger, view=modal()))["view"]
    place.ana.fills({"topic": "half a thou"})
    section = {"type": "section", "text": words("more")}
    await place.client.views_update(view_id=opened["id"], view=modal(section))
    view = place.ana.modal
    assert view is not None
    assert view.values["about"]["topic"]["value"] == "half a thou"
    args = {"view_id": opened["id"], "hash": opened["hash"], "view": modal()}
    assert await place.refusal("views.update", **args) == "hash_conflict"


async def test_a_submission_can_show_push_or_clear_modals(place: Office) -> None:
    bolt = bolt_app(place)
    answers: list[dict[str, Any]] = [
        {"response_action": "push", "view": modal(title="Second")},
        {"response_action": "update", "view": modal(title="Third")},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "clear"},
    ]

    @bolt.view("start")
    async def answer(ack: Any) -> None:
        await ack(**answers.pop(0))

    trigger = place.slack.triggers.give(place.app, place.ana.user.id)
    await place.client.views_open(trigger_id=trigger, view=modal())
    titles = []
    async with connected(place, bolt):
        for _ in range(4):
            await place.ana.submits({"topic": "Things"})
            titles.append(place.ana.modal and place.ana.modal.title)
    assert titles == ["Second", "Third", "Third", None]
    assert place.ana.notices == [TROUBLE]


async def test_a_press_tells_what_was_pressed_and_may_replace_the_message(place: Office) -> None:
    bolt, pressed = bolt_app(place), list[Json]()

    @bolt.action("pause")
    async def answer(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        pressed.append(body)
        await respond("Paused.", replace_original=True)
        place.slack.changes.tell()

    posted = await place.client.chat_postMessage(
        channel=place.general.id,
        text="Running",
        blocks=[{"type": "actions", "elements": [button("pause", "d1")]}],
    )
    (seen,) = place.luis.sees(place.general)
    async with connected(place, bolt):
        await place.luis.presses(seen, "pause")
        await place.slack.until(lambda: place.luis.sees(place.general)[0].text == "Paused.")
    assert pressed[0]["actions"][0]["value"] == "d1"
    assert pressed[0]["container"]["message_ts"] == posted["ts"]
    assert pressed[0]["user"]["id"] == place.luis.user.id


async def test_a_press_that_no_app_hears_shows(place: Office) -> None:
    await place.client.chat_postMessage(
        channel=place.general.id,
        text="Running",
        blocks=[{"type": "actions", "elements": [button("pause")]}],
    )
    await place.luis.presses(place.luis.sees(place.general)[0], "pause")
    assert place.luis.notices == [NOT_RESPONDING]
    with pytest.raises(LookupError, match="pause"):
        await place.luis.presses(place.luis.sees(place.general)[0], "stop")


async def test_a_response_url_takes_five_posts_in_half_an_hour(place: Office) -> None:
    def url() -> str:
        return place.slack.response_urls.give(place.installed, place.board, place.ana.user.id, None)

    webhook = AsyncWebhookClient(url(), retry_handlers=[])
    statuses = [(await webhook.send(text=f"{n}")).status_code for n in range(6)]
    assert statuses == [200] * 5 + [404]
    late = AsyncWebhookClient(url(), retry_handlers=[])
    await late.send(text="to all", response_type="in_channel")
    place.slack.clock.advance(1_801)
    assert (await late.send(text="too late")).status_code == 404
    seen = place.ana.sees(place.board)
    assert [(s.text, s.is_ephemeral) for s in seen[-2:]] == [("4", True), ("to all", False)]


async def test_a_message_shortcut_carries_the_message(place: Office) -> None:
    bolt, heard = bolt_app(place), list[Json]()

    @bolt.shortcut("discuss")
    async def keep(ack: Any, shortcut: Json) -> None:
        heard.append(shortcut)
        await ack()

    said = place.ana.says(place.general, "Tabs or spaces?")
    async with connected(place, bolt):
        await place.luis.takes_shortcut("discuss", said)
    assert heard[0]["type"] == "message_action"
    assert heard[0]["message"]["text"] == "Tabs or spaces?"
    assert heard[0]["message_ts"] == said.ts


async def test_a_home_tab_is_published_on_opening_and_pressed(place: Office) -> None:
    bolt = bolt_app(place)

    @bolt.event("app_home_opened")
    async def publish(event: Json, client: Any) -> None:
        blocks = [{"type": "actions", "elements": [button("settings")]}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @bolt.action("settings")
    async def settings(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(title="Settings"))

    async with connected(place, bolt):
        place.ana.opens_home(place.app)
        await place.slack.until(lambda: place.ana.home(place.app))
        await place.ana.presses_home(place.app, "settings")
        await place.slack.until(lambda: place.ana.modal)
    assert place.luis.home(place.app) is None


async def test_a_home_tab_is_published_over_what_its_app_knows_of_or_not_at_all(
    place: Office,
) -> None:
    args: Json = {"user_id": place.ana.user.id, "view": {"type": "home", "blocks": []}}
    first = await place.client.views_publish(**args)
    args["hash"] = first["view"]["hash"]
    await place.client.views_publish(**args)
    assert await place.refusal("views.publish", **args) == "hash_conflict"
    place.app.manifest["features"]["app_home"]["home_tab_enabled"] = False
    assert await place.refusal("views.publish", **args) == "not_enabled"
