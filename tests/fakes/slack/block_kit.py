"""Block Kit's limits, as documented: what is wrong with the blocks of a message or a view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from tests.fakes.slack.block_texts import Problems, check_text
from tests.fakes.slack.clock import Ids
from tests.fakes.slack.elements import check_element
from tests.fakes.slack.protocol import Json

Surface = Literal["message", "modal", "home"]

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_MARKDOWN = 12_000
"""Characters in all markdown blocks of a message together."""
MOST_IN_MESSAGE = 13_200
"""Characters in all blocks of a message, past which Slack says `msg_blocks_too_long`."""

_ONLY_IN_MESSAGES = frozenset({"markdown", "table", "file", "context_actions", "task_card", "plan"})

_RICH = frozenset(
    {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
)


def problems(blocks: object, surface: Surface) -> list[str]:
    """One line for each thing that Slack refuses, with a JSON pointer to where it is."""
    found = Problems()
    if not isinstance(blocks, list):
        found.add("", "must be an array")
        return found.lines
    if len(blocks) > MOST_BLOCKS[surface]:
        found.add("/blocks", f"no more than {MOST_BLOCKS[surface]} items allowed")
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        at = f"/blocks/{number}"
        if not isinstance(block, dict):
            found.add(at, "must be an object")
            continue
        _check_id(found, block, at, seen)
        try:
            _check_block(found, block, at, surface)
        except (AttributeError, KeyError, TypeError):
            found.add(at, "failed to match all allowed schemas")
    if sum(len(text) for text in _markdown(blocks)) > MOST_MARKDOWN:
        found.add("/blocks", f"markdown blocks must be less than {MOST_MARKDOWN + 1} characters")
    return found.lines


def characters(blocks: list[Json]) -> int:
    """In all texts of these blocks."""
    return sum(_count(block) for block in blocks)


def with_ids(blocks: list[Json], ids: Ids) -> list[Json]:
    """The same blocks as Slack keeps them: with an id each, and one for each element."""
    kept = []
    for block in blocks:
        filled = dict(block)
        filled.setdefault("block_id", ids.secret(5))
        for name in ("accessory", "element"):
            if isinstance(filled.get(name), dict):
                filled[name] = _with_action_id(filled[name], ids)
        if filled.get("type") == "actions":
            filled["elements"] = [_with_action_id(part, ids) for part in filled["elements"]]
        kept.append(filled)
    return kept


def _with_action_id(element: Json, ids: Ids) -> Json:
    if element.get("type") == "image":
        return element
    return {"action_id": ids.secret(5), **element}


def _check_id(found: Problems, block: Json, at: str, seen: set[str]) -> None:
    block_id = block.get("block_id")
    if block_id is None:
        return
    if not isinstance(block_id, str) or len(block_id) > 255:
        found.add(f"{at}/block_id", "must be less than 256 characters")
    elif block_id in seen:
        found.add(f"{at}/block_id", f"`block_id` already exists: {block_id}")
    else:
        seen.add(block_id)


def _check_block(found: Problems, block: Json, at: str, surface: Surface) -> None:
    kind = block.get("type")
    check = _BLOCKS.get(str(kind))
    if check is None or (surface != "message" and kind in _ONLY_IN_MESSAGES):
        found.add(f"{at}/type", f"unsupported type: {kind}")
    else:
        check(found, block, at)


def _section(found: Problems, block: Json, at: str) -> None:
    if "text" not in block and "fields" not in block:
        found.add(at, "missing required field: text")
    if "text" in block:
        check_text(found, block["text"], f"{at}/text", 3_000)
    fields = block.get("fields", [])
    if len(fields) > 10:
        found.add(f"{at}/fields", "no more than 10 items allowed")
    for number, field in enumerate(fields):
        check_text(found, field, f"{at}/fields/{number}", 2_000)
    if "accessory" in block:
        check_element(found, block["accessory"], f"{at}/accessory")


def _actions(found: Problems, block: Json, at: str) -> None:
    elements = _items(found, block, at, 25)
    seen: set[str] = set()
    for number, element in enumerate(elements):
        check_element(found, element, f"{at}/elements/{number}")
        action = element.get("action_id") if isinstance(element, dict) else None
        if action is not None and action in seen:
            found.add(f"{at}/elements/{number}/action_id", f"already exists: {action}")
        if action is not None:
            seen.add(action)


def _context(found: Problems, block: Json, at: str) -> None:
    for number, element in enumerate(_items(found, block, at, 10)):
        where = f"{at}/elements/{number}"
        if isinstance(element, dict) and element.get("type") == "image":
            check_element(found, element, where)
        else:
            check_text(found, element, where, 3_000)


def _items(found: Problems, block: Json, at: str, most: int) -> list[Any]:
    elements = block.get("elements")
    if not isinstance(elements, list) or not elements:
        found.add(f"{at}/elements", "must have at least 1 item")
        return []
    if len(elements) > most:
        found.add(f"{at}/elements", f"no more than {most} items allowed")
    return elements


def _header(found: Problems, block: Json, at: str) -> None:
    check_text(found, block.get("text"), f"{at}/text", 150, plain=True)


def _image(found: Problems, block: Json, at: str) -> None:
    if "image_url" not in block and "slack_file" not in block:
        found.add(at, "missing required field: image_url")
    if not isinstance(block.get("alt_text"), str) or len(block["alt_text"]) > 2_000:
        found.add(f"{at}/alt_text", "must be less than 2001 characters")
    if "title" in block:
        check_text(found, block["title"], f"{at}/title", 2_000, plain=True)


def _input(found: Problems, block: Json, at: str) -> None:
    check_text(found, block.get("label"), f"{at}/label", 2_000, plain=True)
    if "hint" in block:
        check_text(found, block["hint"], f"{at}/hint", 2_000, plain=True)
    check_element(found, block.get("element"), f"{at}/element", in_input=True)


def _text_only(found: Problems, block: Json, at: str) -> None:
    text = block.get("text")
    if not isinstance(text, str) or not text:
        found.add(f"{at}/text", "must be more than 0 characters")


def _with_elements(found: Problems, block: Json, at: str) -> None:
    if not isinstance(block.get("elements"), list):
        found.add(f"{at}/elements", "missing required field: elements")


def _rich_text(found: Problems, block: Json, at: str) -> None:
    for number, element in enumerate(_items(found, block, at, 10_000)):
        where = f"{at}/elements/{number}"
        kind = element.get("type")
        if kind not in _RICH:
            found.add(f"{where}/type", f"unsupported type: {kind}")
        elif not isinstance(element.get("elements"), list):
            found.add(f"{where}/elements", "missing required field: elements")
        elif kind == "rich_text_list":
            _rich_list(found, element, where)


def _rich_list(found: Problems, element: Json, at: str) -> None:
    if element.get("style") not in ("bullet", "ordered"):
        found.add(f"{at}/style", "must be one of: bullet, ordered")
    if any(item.get("type") != "rich_text_section" for item in element["elements"]):
        found.add(f"{at}/elements", "must be rich_text_section")


def _anything(_found: Problems, _block: Json, _at: str) -> None:
    """Slack has more to say about these; nothing here depends on it."""


_BLOCKS: dict[str, Callable[[Problems, Json, str], None]] = {
    "actions": _actions,
    "context": _context,
    "context_actions": _with_elements,
    "divider": _anything,
    "file": _anything,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _text_only,
    "plan": _anything,
    "rich_text": _rich_text,
    "section": _section,
    "table": _anything,
    "task_card": _anything,
    "video": _anything,
}


def _markdown(blocks: list[Any]) -> list[str]:
    return [
        str(block.get("text", ""))
        for block in blocks
        if isinstance(block, dict) and block.get("type") == "markdown"
    ]


def _count(value: object) -> int:
    if isinstance(value, list):
        return sum(_count(part) for part in value)
    if not isinstance(value, dict):
        return 0
    own = len(value["text"]) if isinstance(value.get("text"), str) else 0
    return own + sum(_count(part) for part in value.values())
