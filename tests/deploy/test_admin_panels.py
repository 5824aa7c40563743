"""`tertulia panels …`: panels are shown, checked, begun and heard."""

from __future__ import annotations

import json

import pytest

from engine.panels.loader import bundled, load_panel
from tests.deploy.admin import Admin
from tests.panels.panel_text import SMALL, changed
from tests.system.program import script


async def test_the_panels_that_come_along_are_listed_and_shown(admin: Admin) -> None:
    assert [panel["panel"] for panel in await admin.json("panels", "list")] == bundled()
    shown = await admin.json("panels", "show", "ai-es")
    assert shown["moderator"]["name"] == load_panel("ai-es").moderator.name
    assert "decision-en" in await admin.does("panels", "list")


@pytest.mark.parametrize("language", ["en", "es"])
async def test_a_new_panel_is_right_as_it_is(admin: Admin, language: str) -> None:
    await admin.json("panels", "new", "ours.toml", LANG=language)
    found = await admin.json("panels", "check", "ours.toml")
    assert found == [{"file": "ours.toml", "ok": True, "mistake": None}]
    panel = load_panel(str(admin.home / "ours.toml"))
    assert (panel.language, len(panel.debaters)) == (language, 2)
    assert await admin.fails("panels", "new", "ours.toml") == (
        "ours.toml is there already; choose another name"
    )


async def test_a_wrong_panel_is_told_by_line_and_field_and_the_others_are_checked_too(
    admin: Admin,
) -> None:
    (admin.home / "wrong.toml").write_text(changed('"#d6403f"', '"red"'))
    (admin.home / "right.toml").write_text(SMALL)
    found = await admin.json("panels", "check", "wrong.toml", "right.toml", "no.toml", status=2)
    wrong, right, missing = found
    why = "wrong.toml:33: debaters[1].colour: 'red' is not a colour; write it as #rrggbb"
    assert (wrong["ok"], wrong["mistake"]) == (False, why)
    assert right["ok"]
    assert missing["mistake"].startswith("no.toml: there is no such file; check the path")


async def test_a_preview_is_one_turn_of_each_persona_and_keeps_nothing(admin: Admin) -> None:
    panel = load_panel("decision-en")
    reply = json.dumps({"answer": "It depends on the cost.", "question": "What is it, then?"})
    model = script(admin.home, [reply] * len(panel.personas))
    # No store is asked for anything.
    nowhere = {"TERTULIA_REDIS__URL": "redis://127.0.0.1:9", "TERTULIA_MODEL__URL": model}
    ended = await admin.run("panels", "preview", "decision-en", "--json", **nowhere)
    assert (ended.status, ended.err) == (0, "")
    spoken = ended.named("turn.spoken")
    assert [turn["persona"] for turn in spoken] == [p.id for p in panel.personas]
    assert ended.events[0]["event"] == "debate.started"
    text = await admin.does("panels", "preview", "decision-en", "--topic", "Tea?", **nowhere)
    assert text.count("It depends on the cost.") == len(panel.personas)
    assert "Tea?" in text


async def test_a_preview_without_a_model_says_so(admin: Admin) -> None:
    nowhere = "http://127.0.0.1:9/v1"
    why = await admin.fails("panels", "preview", "ai-en", status=3, TERTULIA_MODEL__URL=nowhere)
    assert why == f"no model server answers at {nowhere}"
