"""Seats' colours, made legible on light and on dark ground."""

from __future__ import annotations

LIGHT = "#fbfaf7"
DARK = "#1c1f24"
"""Of the page's grounds, the two that leave a colour the least contrast."""

LEAST_CONTRAST = 3.0
"""What WCAG 2 asks of graphics."""

_STEPS = 20


def legible(colour: str, ground: str) -> str:
    """The colour, or one as near to it as stands out from the ground; all `#rrggbb`."""
    away = "#000000" if luminance(ground) > 0.5 else "#ffffff"
    for step in range(_STEPS):
        shade = _mixed(colour, away, step / _STEPS)
        if contrast(shade, ground) >= LEAST_CONTRAST:
            return shade
    return away


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """WCAG's relative luminance, 0 to 1."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
