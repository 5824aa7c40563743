"""What people see who have come back from Slack's page: whether the app is installed. Pure."""

from __future__ import annotations

import html
from enum import Enum
from string import Template

from bots.chat.i18n import translator
from engine.debate.explained import marked as _
from engine.debate.panel import Language

_LANGUAGES: tuple[Language, ...] = ("en", "es")


class Outcome(Enum):
    """What came of it: a title, and what to do now."""

    DONE = (
        _("Tertulia is in your workspace"),
        _("Invite it to a channel and write /debate there, with what you want debated."),
    )
    DECLINED = (
        _("Nothing was installed"),
        _("You did not allow it. If you change your mind, start from the install page again."),
    )
    AGAIN = (
        _("That did not work"),
        _("Start from the install page again, in one browser and within ten minutes."),
    )


def language_of(accepted: str) -> Language:
    """Of ours, the one that comes first in an `Accept-Language` header."""
    wishes: list[tuple[float, int, Language]] = []
    for place, wish in enumerate(accepted.split(",")):
        name, _sep, weight = wish.strip().lower().partition(";q=")
        language = next((one for one in _LANGUAGES if name.partition("-")[0] == one), None)
        if language is not None:
            wishes.append((-_weight(weight), place, language))
    return min(wishes)[2] if wishes else "en"


def page(outcome: Outcome, language: Language) -> str:
    """The whole page."""
    translate = translator(language)
    title, words = map(html.escape, map(translate, outcome.value))
    link = "" if outcome is Outcome.DONE else _LINK.substitute(words=html.escape(translate(_GO)))
    return _PAGE.substitute(language=language, title=title, words=words, link=link)


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


_GO = _("To the install page")
_LINK = Template('<p><a href="install">$words</a></p>')
_PAGE = Template(
    """<!doctype html>
<html lang="$language">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
  :root { color-scheme: light dark; --ink: #1d2730; --paper: #f6f4ef; --accent: #2b5a8a; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e8e6e1; --paper: #171b20; --accent: #8fbbe8; }
  }
  body {
    margin: 0; min-height: 100vh; display: grid; place-items: center;
    background: var(--paper); color: var(--ink);
    font: 1.125rem/1.6 system-ui, sans-serif;
  }
  main { max-width: 32rem; padding: 2rem; border-inline-start: .25rem solid var(--accent); }
  h1 { margin: 0 0 .5rem; font-size: 1.75rem; line-height: 1.2; }
  p { margin: 0; }
  a { display: inline-block; margin-top: 1rem; color: var(--accent); }
</style>
<main>
  <h1>$title</h1>
  <p>$words</p>
  $link
</main>
</html>
"""
)
