"""What files are handed in by: the paperclip, and the list of those that are about to be."""

from __future__ import annotations

from typing import Any

from bots.chat.i18n import Translate
from bots.chat.material import MOST_BYTES
from bots.chat.transcript.markup import Markup, element, join
from bots.webroom.files import KINDS

_CLIP = "M16.5 8v8.2a4.7 4.7 0 0 1-9.4 0V7.1a3.2 3.2 0 0 1 6.4 0v8.8a1.6 1.6 0 0 1-3.2 0V8.6"


def paperclip(label: Markup) -> Markup:
    """A button, and the browser's own way to choose files, which it opens."""
    picture = element(
        "svg",
        element("path", d=_CLIP),
        class_="paperclip",
        viewBox="0 0 24 24",
        aria_hidden="true",
    )
    return join(
        element(
            "button",
            picture,
            label,
            type="button",
            class_="quiet clip",
            id="attach",
            title=", ".join(KINDS),
        ),
        element(
            "input",
            type="file",
            id="files",
            multiple="multiple",
            accept=",".join(KINDS),
            hidden="hidden",
        ),
    )


def chosen_files(translate: Translate) -> Markup:
    """The list; its script fills it."""
    return element(
        "ul",
        id="chosen",
        class_="chosen",
        aria_label=translate("Files to hand in"),
        aria_live="polite",
    )


def file_limits() -> dict[str, Any]:
    """What scripts need to know of files before they send one."""
    return {"kinds": KINDS, "most_bytes": MOST_BYTES}
