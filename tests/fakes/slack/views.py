"""Modals and Home tabs: what is open before whom, and what they have filled in."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.apps import Installation
from tests.fakes.slack.block_kit import Surface, problems, with_ids
from tests.fakes.slack.block_texts import Problems, check_text
from tests.fakes.slack.clock import Ids, SlackClock
from tests.fakes.slack.protocol import Json, Refused

MOST_BYTES = 250_000
MOST_ON_STACK = 3
_INITIAL = {
    "initial_value": "value",
    "initial_option": "selected_option",
    "initial_options": "selected_options",
    "initial_user": "selected_user",
    "initial_users": "selected_users",
    "initial_channel": "selected_channel",
    "initial_channels": "selected_channels",
    "initial_conversation": "selected_conversation",
    "initial_conversations": "selected_conversations",
    "initial_date": "selected_date",
}


@dataclass(slots=True, eq=False)
class View:
    """A modal or a Home tab as it stands before one person."""

    id: str
    installation: Installation
    user: str
    given: Json
    """As the app sent it, ids filled in."""
    hash: str
    root_id: str
    previous_id: str | None = None
    values: Json = field(default_factory=dict)
    """What stands in its inputs, by block id and action id."""
    errors: dict[str, str] = field(default_factory=dict)
    """By block id, shown under the inputs after a submission was refused."""

    @property
    def title(self) -> str:
        return str(self.given.get("title", {}).get("text", ""))

    def inputs(self) -> list[Json]:
        """Its input blocks."""
        return [block for block in self.given["blocks"] if block["type"] == "input"]

    def as_json(self) -> Json:
        """As payloads and the Web API give it."""
        return {
            "close": None,
            "submit": None,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            **copy.deepcopy(self.given),
            "id": self.id,
            "team_id": self.installation.team.id,
            "state": {"values": copy.deepcopy(self.values)},
            "hash": self.hash,
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id,
            "app_id": self.installation.app.id,
            "app_installed_team_id": self.installation.team.id,
            "bot_id": self.installation.bot_id,
        }


class Views:
    """The stack of modals before each person, and each app's Home tab for each."""

    def __init__(self, ids: Ids, clock: SlackClock) -> None:
        self._ids, self._clock = ids, clock
        self.stacks: dict[str, list[View]] = {}
        """By user; the last is on top."""
        self.homes: dict[tuple[str, str], View] = {}
        """By app and user."""

    def open(self, installation: Installation, user: str, given: Any) -> View:
        """Opens a first modal, in place of whatever was open.

        Raises:
            Refused
        """
        view = self._made(installation, user, _checked(given, "modal"))
        self.stacks[user] = [view]
        return view

    def push(self, installation: Installation, user: str, given: Any) -> View:
        """Opens a modal over the one that is open.

        Raises:
            Refused: `push_limit_reached`, `not_found`, …
        """
        stack = self.stacks.get(user, [])
        if not stack:
            raise Refused("not_found")
        if len(stack) >= MOST_ON_STACK:
            raise Refused("push_limit_reached")
        view = self._made(installation, user, _checked(given, "modal"))
        view.root_id, view.previous_id = stack[0].id, stack[-1].id
        stack.append(view)
        return view

    def update(self, view: View, given: Any) -> View:
        """Shows something else in its place; inputs that stay keep what stands in them.

        Raises:
            Refused
        """
        surface: Surface = "home" if view.given["type"] == "home" else "modal"
        kept = view.values
        view.given = self._with_ids(_checked(given, surface))
        view.values = {
            block: {name: kept.get(block, {}).get(name, value) for name, value in values.items()}
            for block, values in _initial(view.given).items()
        }
        view.hash, view.errors = self._hash(), {}
        return view

    def publish(self, installation: Installation, user: str, given: Any, told_hash: str) -> View:
        """Shows an app's Home tab to somebody.

        Raises:
            Refused: `hash_conflict`, …
        """
        key = (installation.app.id, user)
        found = self.homes.get(key)
        if found is not None:
            if told_hash and told_hash != found.hash:
                raise Refused("hash_conflict")
            return self.update(found, given)
        self.homes[key] = self._made(installation, user, _checked(given, "home"))
        return self.homes[key]

    def find(self, view_id: str, external_id: str) -> View:
        """An open modal or a Home tab.

        Raises:
            Refused: `not_found`
        """
        for view in [*self.homes.values(), *(v for stack in self.stacks.values() for v in stack)]:
            if view.id == view_id or (external_id and view.given.get("external_id") == external_id):
                return view
        raise Refused("not_found")

    def close(self, view: View) -> None:
        """Takes it off the stack."""
        self.stacks[view.user].remove(view)

    def _made(self, installation: Installation, user: str, given: Json) -> View:
        external_id = given.get("external_id")
        if external_id and any(
            v.given.get("external_id") == external_id
            for stack in self.stacks.values()
            for v in stack
        ):
            raise Refused("duplicate_external_id")
        filled = self._with_ids(given)
        view_id = self._ids.mint("V")
        view = View(view_id, installation, user, filled, self._hash(), view_id)
        view.values = _initial(filled)
        return view

    def _with_ids(self, given: Json) -> Json:
        return {**given, "blocks": with_ids(given["blocks"], self._ids)}

    def _hash(self) -> str:
        return f"{self._clock.now()}.{self._ids.secret(8)}"


def _checked(given: Any, surface: Surface) -> Json:
    if not isinstance(given, dict):
        raise Refused.arguments("[ERROR] missing required field: view")
    if len(json.dumps(given).encode()) > MOST_BYTES:
        raise Refused("view_too_large")
    found = Problems()
    if given.get("type") != surface:
        found.add("/view/type", f"must be {surface}")
    if surface == "modal":
        _check_head(found, given)
    for name, most in (("private_metadata", 3_000), ("callback_id", 255), ("external_id", 255)):
        if len(given.get(name) or "") > most:
            found.add(f"/view/{name}", f"must be less than {most + 1} characters")
    found.lines.extend(problems(given.get("blocks"), surface))
    if found.lines:
        raise Refused.arguments(*found.lines)
    return given


def _check_head(found: Problems, given: Json) -> None:
    check_text(found, given.get("title"), "/view/title", 24, plain=True)
    for name in ("submit", "close"):
        if given.get(name) is not None:
            check_text(found, given[name], f"/view/{name}", 24, plain=True)
    has_input = any("element" in block for block in given.get("blocks") or ())
    if has_input and not given.get("submit"):
        found.add("/view/submit", "submit is required when an input block is within blocks")


def _initial(given: Json) -> Json:
    values: Json = {}
    for block in given["blocks"]:
        for element in [block.get("element"), block.get("accessory"), *_actions(block)]:
            if isinstance(element, dict) and _holds_value(element["type"]):
                kept = values.setdefault(block["block_id"], {})
                kept[element["action_id"]] = initial_value(element)
    return values


def _actions(block: Json) -> list[Json]:
    return list(block["elements"]) if block["type"] == "actions" else []


def _holds_value(kind: str) -> bool:
    return kind not in ("button", "overflow", "image", "workflow_button")


def initial_value(element: Json) -> Json:
    """What stands in an element before anybody touched it, as in `state.values`."""
    kind = element["type"]
    value: Json = {"type": kind}
    if kind.endswith("_input"):
        value["value"] = None
    elif kind == "checkboxes" or kind.startswith("multi_"):
        value["selected_options"] = []
    elif kind in ("static_select", "radio_buttons"):
        value["selected_option"] = None
    for initial, name in _INITIAL.items():
        if initial in element:
            value[name] = element[initial]
    return value
