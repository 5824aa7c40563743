"""The App Home tab: debates here, panels, what somebody likes, help. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bots.chat.choices import PACES
from bots.chat.desk.preferences import Preferences
from bots.chat.help import help_text
from bots.chat.i18n import Translate, translator
from bots.chat.mentions import inert
from bots.slackbot import inputs
from bots.slackbot.form import NAMES_OF_LANGUAGES, told
from bots.slackbot.ids import workspace_of
from bots.slackbot.rich import Element, bullets, link, rich_text, section, text
from bots.slackbot.team import Team
from engine.debate.explained import one_line
from engine.debate.panel import Language, Panel
from engine.ports.debates import Listed

MOST_SHOWN = 10
NEW = "new"
"""The button that opens the form."""
LIKE = "like"
"""A menu's action id is `like:` and what it sets: `reads`, `panel` or `pace`."""
NONE = "-"
"""The choice that sets nothing."""

Json = dict[str, Any]


def home(
    team: Team,
    listed: Iterable[Listed],
    panels: Mapping[str, Panel],
    likes: Preferences,
    language: Language,
) -> Json:
    """The view, of the debates that may be shown to whoever looks."""
    translate = translator(language)
    shown = list(listed)
    running = [one for one in shown if not one.closed][:MOST_SHOWN]
    closed = [one for one in shown if one.closed][:MOST_SHOWN]
    return {
        "type": "home",
        "blocks": [
            {"type": "actions", "elements": [_button(NEW, translate("New debate"))]},
            _header(translate("Running debates")),
            _debates(team, running, translate),
            _header(translate("Recent debates")),
            _debates(team, closed, translate),
            _header(translate("Panels")),
            _panels(panels.values()),
            _header(translate("Your settings")),
            *_likes(likes, panels.values(), translate),
            _header(translate("Help")),
            _help(language),
        ],
    }


def shut(why: str, language: Language) -> Json:
    """The view for whoever may not use the app."""
    told = rich_text(section(text(inert(translator(language)(why)))))
    return {"type": "home", "blocks": [told]}


def is_here(listed: Listed, team: Team) -> bool:
    """Whether it is held in this workspace."""
    place = listed.started.home
    return place is not None and place.workspace == workspace_of(team.id)


def _debates(team: Team, listed: Sequence[Listed], translate: Translate) -> Json:
    items: list[list[Element]] = []
    for one in listed:
        place = one.started.home
        assert place is not None  # noqa: S101 - see `is_here`
        items.append([link(team.permalink(place, place.thread), inert(_topic(one)))])
    return rich_text(bullets(items) if items else section(text(translate("None."), "italic")))


def _topic(listed: Listed) -> str:
    return one_line(listed.started.topic)


def _panels(panels: Iterable[Panel]) -> Json:
    items = []
    for panel in panels:
        members = ", ".join(f"{member.emoji} {member.name}" for member in panel.personas)
        title = text(inert(one_line(panel.title)), "bold")
        items.append([title, text(f" ({panel.id}): {inert(members)}")])
    return rich_text(bullets(items))


def _likes(likes: Preferences, panels: Iterable[Panel], translate: Translate) -> list[Json]:
    own, none = likes.options, translate("Nothing in particular")
    titles = [(panel.id, panel.title) for panel in panels]
    paces = told(PACES, translate)
    of_profile = (NONE, translate("As in my Slack profile"))
    choices: list[tuple[str, str, list[inputs.Choice], str | None]] = [
        ("reads", _reads(translate), [of_profile, *NAMES_OF_LANGUAGES], likes.reads),
        ("panel", translate("My debates' panel"), [(NONE, none), *titles], own.panel),
        ("pace", translate("My debates' pace"), [(NONE, none), *paces], own.pace),
    ]
    note = translate("What is set for a channel goes before what you like.")
    context = {"type": "context", "elements": [inputs.plain(note, 300)]}
    return [*(_menu(*choice) for choice in choices), context]


def _reads(translate: Translate) -> str:
    return translate("The app speaks to me in")


def _menu(name: str, label: str, choices: list[inputs.Choice], value: str | None) -> Json:
    menu = inputs.menu(choices, value or NONE) | {"action_id": f"{LIKE}:{name}"}
    shown = inputs.plain(label)
    return {"type": "section", "block_id": f"{LIKE}:{name}", "text": shown, "accessory": menu}


def _help(language: Language) -> Json:
    return rich_text(section(text(inert(help_text(language)))))


def _header(words: str) -> Json:
    return {"type": "header", "text": inputs.plain(words, 150)}


def _button(action: str, label: str) -> Json:
    shown = inputs.plain(label)
    return {"type": "button", "action_id": action, "text": shown, "style": "primary"}
