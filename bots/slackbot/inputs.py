"""Inputs of forms, and what was filled in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from engine.debate.explained import one_line

Json = dict[str, Any]
Choice = tuple[str, str]
"""A value, and what it is called."""

_LABEL_CHARS = 75
_HINT_CHARS = 150


def plain(text: str, most: int = _LABEL_CHARS) -> Json:
    """A text that Slack shows as it stands."""
    line = one_line(text)
    cut = line if len(line) <= most else f"{line[: most - 1]}…"
    return {"type": "plain_text", "text": cut, "emoji": True}


def block(name: str, label: str, element: Json, *, needed: bool = True) -> Json:
    """An input under its label; its block and its element go by the same name."""
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2_000),
        "element": element | {"action_id": name.partition(":")[0]},
        "optional": not needed,
    }


def words(most: int, initial: str = "") -> Json:
    """Several lines of text."""
    element: Json = {"type": "plain_text_input", "multiline": True, "max_length": most}
    return element | {"initial_value": initial[:most]} if initial else element


def menu(choices: Iterable[Choice], initial: object = None, hint: str = "") -> Json:
    """One of several; `initial` is a value, passed over where it is none of theirs."""
    options = [_option(*choice) for choice in choices]
    element: Json = {"type": "static_select", "options": options}
    chosen = next((o for o in options if o["value"] == str(initial)), None)
    return element | _hint(hint) | ({"initial_option": chosen} if chosen else {})


def several(choices: Iterable[Choice], hint: str = "") -> Json:
    """Any of several."""
    options = [_option(*choice) for choice in choices]
    return {"type": "multi_static_select", "options": options, **_hint(hint)}


def conversation(hint: str) -> Json:
    """A channel that people may choose."""
    only = {"include": ["public", "private"], "exclude_bot_users": True}
    return {"type": "conversations_select", "filter": only, **_hint(hint)}


def filled(view: Json, name: str) -> str | None:
    """What was written or chosen; `None`: nothing."""
    for value in _values(view, name):
        option = value.get("selected_option")
        found = option["value"] if option else value.get("value")
        found = found or value.get("selected_conversation")
        if found and str(found).strip():
            return str(found).strip()
    return None


def chosen(view: Json, name: str) -> tuple[str, ...]:
    """All that were chosen, in the order of choosing."""
    options = [o for value in _values(view, name) for o in value.get("selected_options") or ()]
    return tuple(str(option["value"]) for option in options)


def block_of(view: Json, name: str) -> str:
    """The id of the block with this input: errors are shown there."""
    ids = (str(found.get("block_id")) for found in view["blocks"])
    return next((id_ for id_ in ids if id_.partition(":")[0] == name), name)


def _values(view: Json, name: str) -> Sequence[Json]:
    """A block's name may have more behind a colon, so that it begins empty when that changes."""
    state: Json = view["state"]["values"]
    return [b[name] for id_, b in state.items() if id_.partition(":")[0] == name and name in b]


def _option(value: str, label: str) -> Json:
    return {"text": plain(label), "value": value}


def _hint(hint: str) -> Json:
    return {"placeholder": plain(hint, _HINT_CHARS)} if hint else {}
