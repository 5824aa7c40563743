"""Filling in and submitting a modal, with what Slack's client checks by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.slack.outcome import Outcome
from tests.fakes.slack.protocol import Json, Refused
from tests.fakes.slack.views import View, Views, initial_value

TROUBLE = "We had some trouble connecting. Try again?"
REQUIRED = "Please complete this required field."

_SELECTED = {
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
}


def fill(view: View, values: Mapping[str, Any]) -> None:
    """Puts values into the inputs of these action ids or block ids.

    A text for a text input, an option's value for a menu, a list of those for a multiple one.

    Raises:
        LookupError: there is no such input or option.
        ValueError: the text is longer than the input takes.
    """
    for name, value in values.items():
        block, element = _find(view, name)
        view.values.setdefault(block, {})[element["action_id"]] = stated(element, value)


def stated(element: Json, value: Any) -> Json:
    """A value as `state.values` and actions give it.

    Raises:
        LookupError
        ValueError
    """
    kind = element["type"]
    state = initial_value(element)
    if kind in _SELECTED:
        return state | {_SELECTED[kind]: value}
    if kind.endswith("_input"):
        if len(str(value or "")) > element.get("max_length", 3_000):
            raise ValueError(f"{element['action_id']} takes {element.get('max_length')} characters")
        return state | {"value": value}
    if kind in ("static_select", "radio_buttons", "overflow"):
        return state | {"selected_option": None if value is None else _option(element, value)}
    return state | {"selected_options": [_option(element, part) for part in value]}


def lacks(view: View) -> dict[str, str]:
    """What Slack's client says under inputs that must be filled in and are not, by block id."""
    missing = {}
    for block in view.inputs():
        state = view.values.get(block["block_id"], {}).get(block["element"]["action_id"], {})
        given = [value for name, value in state.items() if name != "type"]
        if not block.get("optional", False) and not any(given):
            missing[block["block_id"]] = REQUIRED
    return missing


def after_submission(views: Views, view: View, outcome: Outcome) -> str:
    """Does what the app answered; gives what the person is told if that went wrong."""
    if not outcome.is_acknowledged:
        return TROUBLE
    try:
        return _follow(views, view, outcome.body)
    except Refused:
        return TROUBLE


def _follow(views: Views, view: View, answer: Json) -> str:
    match answer.get("response_action"):
        case None:
            views.close(view)
        case "clear":
            views.stacks[view.user] = []
        case "update":
            views.update(view, answer.get("view"))
        case "push":
            views.push(view.installation, view.user, answer.get("view"))
        case "errors":
            blocks = {block["block_id"] for block in view.inputs()}
            errors = answer.get("errors") or {}
            if not errors or not blocks.issuperset(errors):
                return TROUBLE
            view.errors = dict(errors)
        case _:
            return TROUBLE
    return ""


def _find(view: View, name: str) -> tuple[str, Json]:
    for block in view.given["blocks"]:
        inside = list(block["elements"]) if block["type"] == "actions" else []
        inside += [block[key] for key in ("element", "accessory") if key in block]
        for element in inside:
            if name in (element.get("action_id"), block["block_id"]):
                return block["block_id"], element
    raise LookupError(f"the modal «{view.title}» has no input {name}")


def _option(element: Json, value: str) -> Json:
    groups = element.get("option_groups", ())
    options = element.get("options") or [o for group in groups for o in group["options"]]
    for option in options:
        if option["value"] == value:
            return dict(option)
    raise LookupError(f"{element['action_id']} has no option {value}")
