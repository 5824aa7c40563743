"""HTML and SVG elements in which text cannot become markup."""

from __future__ import annotations

from html import escape


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


VOID = frozenset({"br", "img", "input", "link", "meta"})


def element(name: str, /, *children: str, **attributes: str | float | None) -> Markup:
    """One element. Children that are not `Markup` are text, and are escaped.

    In an attribute's name `_` stands for `-`, and one at the end for nothing (`class_`). An
    attribute that is `None` is left out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_value(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join(*children)}</{name}>")


def join(*parts: str) -> Markup:
    """Parts one after the other; those that are not `Markup` are escaped."""
    return Markup("".join(part if isinstance(part, Markup) else escape(part) for part in parts))


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")
