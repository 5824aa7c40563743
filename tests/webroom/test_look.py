"""What can be read: colours against their ground, and a text for all that the scripts say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bots.chat.i18n import translator
from bots.chat.transcript.colour import contrast
from bots.webroom import app
from bots.webroom.texts import room_texts, start_texts

STATIC = Path(app.__file__).parent / "static"
BASE = (STATIC / "base.css").read_text()
LEGIBLE = 4.5
"""What WCAG 2 AA asks of text."""


def colours(css: str) -> dict[str, str]:
    """The variables that are a colour."""
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))


LIGHT, _, _REST = BASE.partition("@media (prefers-color-scheme: dark)")
DARK = _REST.partition("}\n}")[0]


@pytest.mark.parametrize("palette", [colours(LIGHT), colours(DARK)], ids=["light", "dark"])
def test_every_text_stands_out_from_every_ground(palette: dict[str, str]) -> None:
    for ink in ("ink", "soft", "accent", "bad"):
        for ground in ("ground", "sheet"):
            assert contrast(palette[ink], palette[ground]) >= LEGIBLE, (ink, ground)
    for ground in ("wash", "tint"):
        assert contrast(palette["ink"], palette[ground]) >= LEGIBLE
    assert contrast(palette["soft"], palette["wash"]) >= LEGIBLE
    assert contrast(palette["on-accent"], palette["accent"]) >= LEGIBLE


def test_there_is_a_text_for_all_that_the_scripts_say() -> None:
    english = translator("en")
    texts = {**start_texts(english), **room_texts(english)}
    scripts = [file.read_text() for file in STATIC.glob("*.js")]
    said = {name for script in scripts for name in re.findall(r'\btext\(\s*"(\w+)"', script)}
    assert said <= texts.keys()
    assert len(said) > 50


def test_no_script_writes_markup_or_styles_that_the_policy_would_keep_out() -> None:
    for script in STATIC.glob("*.js"):
        words = script.read_text()
        for forbidden in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "eval(",
            "document.write",
        ):
            assert forbidden not in words, script.name
        assert 'setAttribute("style"' not in words, script.name
