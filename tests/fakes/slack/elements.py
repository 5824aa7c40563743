"""The elements of Block Kit: buttons, inputs, menus, and their limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.fakes.slack.block_texts import Problems, check_text
from tests.fakes.slack.protocol import Json

_MENUS = {
    f"{prefix}{kind}_select"
    for prefix in ("", "multi_")
    for kind in ("users", "conversations", "channels", "external")
}
_ONLY_IN_INPUTS = frozenset(
    {
        "plain_text_input",
        "number_input",
        "url_text_input",
        "email_text_input",
        "file_input",
        "rich_text_input",
    }
)
_NEVER_IN_INPUTS = frozenset({"button", "overflow", "image", "workflow_button"})


def check_element(found: Problems, element: object, at: str, *, in_input: bool = False) -> None:
    """One element; `in_input`: it is that of an input block."""
    if not isinstance(element, dict):
        found.add(at, "missing required field: element")
        return
    kind = str(element.get("type"))
    wrong_place = kind in (_NEVER_IN_INPUTS if in_input else _ONLY_IN_INPUTS)
    if kind not in _ELEMENTS or wrong_place:
        found.add(f"{at}/type", f"unsupported type: {kind}")
        return
    action_id = element.get("action_id", "")
    if not isinstance(action_id, str) or len(action_id) > 255:
        found.add(f"{at}/action_id", "must be less than 256 characters")
    if "placeholder" in element:
        check_text(found, element["placeholder"], f"{at}/placeholder", 150, plain=True)
    if "confirm" in element:
        _confirm(found, element["confirm"], f"{at}/confirm")
    _ELEMENTS[kind](found, element, at)


def _confirm(found: Problems, confirm: Json, at: str) -> None:
    check_text(found, confirm.get("title"), f"{at}/title", 100, plain=True)
    check_text(found, confirm.get("text"), f"{at}/text", 300)
    for name in ("confirm", "deny"):
        check_text(found, confirm.get(name), f"{at}/{name}", 30, plain=True)


def _button(found: Problems, element: Json, at: str) -> None:
    check_text(found, element.get("text"), f"{at}/text", 75, plain=True)
    if len(element.get("value", "")) > 2_000:
        found.add(f"{at}/value", "must be less than 2001 characters")
    if len(element.get("url", "")) > 3_000:
        found.add(f"{at}/url", "must be less than 3001 characters")
    if element.get("style", "primary") not in ("primary", "danger"):
        found.add(f"{at}/style", "must be one of: primary, danger")


def _plain_input(found: Problems, element: Json, at: str) -> None:
    most = element.get("max_length", 3_000)
    if not 1 <= most <= 3_000:
        found.add(f"{at}/max_length", "must be between 1 and 3000")
    if len(element.get("initial_value", "")) > most:
        found.add(f"{at}/initial_value", f"must be less than {most + 1} characters")


def _number(found: Problems, element: Json, at: str) -> None:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        found.add(at, "missing required field: is_decimal_allowed")


def _image(found: Problems, element: Json, at: str) -> None:
    if "image_url" not in element and "slack_file" not in element:
        found.add(at, "missing required field: image_url")
    if not isinstance(element.get("alt_text"), str):
        found.add(at, "missing required field: alt_text")


def _few_options(found: Problems, element: Json, at: str) -> None:
    _options(found, element, at, 10)


def _overflow(found: Problems, element: Json, at: str) -> None:
    _options(found, element, at, 5)


def _static_menu(found: Problems, element: Json, at: str) -> None:
    if "option_groups" not in element:
        _options(found, element, at, 100)
        return
    groups = element["option_groups"]
    if len(groups) > 100:
        found.add(f"{at}/option_groups", "no more than 100 items allowed")
    for number, group in enumerate(groups):
        where = f"{at}/option_groups/{number}"
        check_text(found, group.get("label"), f"{where}/label", 75, plain=True)
        _options(found, group, where, 100)
    _initial(found, element, at, [option for group in groups for option in group["options"]])


def _options(found: Problems, element: Json, at: str, most: int) -> None:
    options = element.get("options")
    if not isinstance(options, list) or not options:
        found.add(f"{at}/options", "must have at least 1 item")
        return
    if len(options) > most:
        found.add(f"{at}/options", f"no more than {most} items allowed")
    for number, option in enumerate(options):
        where = f"{at}/options/{number}"
        check_text(found, option.get("text"), f"{where}/text", 75)
        value = option.get("value")
        if not isinstance(value, str) or not 0 < len(value) <= 150:
            found.add(f"{where}/value", "must be between 1 and 150 characters")
        if "description" in option:
            check_text(found, option["description"], f"{where}/description", 75)
    _initial(found, element, at, options)


def _initial(found: Problems, element: Json, at: str, options: list[Any]) -> None:
    chosen = list(element.get("initial_options", ()))
    if "initial_options" in element and not chosen:
        found.add(f"{at}/initial_options", "must have at least 1 item")
    if "initial_option" in element:
        chosen.append(element["initial_option"])
    if any(option not in options for option in chosen):
        found.add(f"{at}/initial_option", "must match one of the provided options")


def _anything(_found: Problems, _element: Json, _at: str) -> None:
    """Nothing more to say about these."""


_ELEMENTS: dict[str, Callable[[Problems, Json, str], None]] = {
    "button": _button,
    "checkboxes": _few_options,
    "datepicker": _anything,
    "email_text_input": _anything,
    "file_input": _anything,
    "image": _image,
    "multi_static_select": _static_menu,
    "number_input": _number,
    "overflow": _overflow,
    "plain_text_input": _plain_input,
    "radio_buttons": _few_options,
    "rich_text_input": _anything,
    "static_select": _static_menu,
    "timepicker": _anything,
    "url_text_input": _anything,
    "workflow_button": _anything,
} | dict.fromkeys(sorted(_MENUS), _anything)
