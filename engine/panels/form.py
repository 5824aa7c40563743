"""What a panel file must look like: the fields, and the rule of each.

A field's `title` says what it is and its `description` how to write it, so that an error about any
field can be worded from the two: "'blue' is not a colour; write it as #rrggbb".
"""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from engine.debate.explained import Explained
from engine.debate.explained import marked as _
from engine.debate.panel import REPEATS_AT, Handoff, Language

RESERVED_NAMES = ("everyone", "here")
RESERVED_PARTS = ("clyde", "discord")
"""Discord refuses to post under a name with one of these in it."""


class Unfit(Explained, ValueError):
    """A value that its field's rule does not allow; pydantic takes it for one of its own."""


def _one_paragraph(text: Any) -> Any:
    # Where an author wraps the lines of a card must not change the prompt.
    return " ".join(text.split()) if isinstance(text, str) else text


def _one_line(text: str) -> str:
    for char in text:
        if unicodedata.category(char) in {"Cc", "Zl", "Zp"}:
            raise Unfit(
                "has the control character {char}; write one plain line", char=f"U+{ord(char):04X}"
            )
    return text


def _visible(text: str) -> str:
    for char in text:
        if not char.isprintable():
            raise Unfit(
                "has the unseen character {char}; type the name anew", char=f"U+{ord(char):04X}"
            )
    return text


def _not_reserved(name: str) -> str:
    low = name.casefold()
    kept = [word for word in RESERVED_NAMES if word == low]
    kept += [word for word in RESERVED_PARTS if word in low]
    if kept:
        raise Unfit(
            "'{name}' cannot post: chat platforms keep '{kept}'; choose another",
            name=name,
            kept=kept[0],
        )
    return name


def _no_braces(text: str) -> str:
    if "{" in text or "}" in text:
        raise Unfit("has a brace; write it without {{ and }}")
    return text


def _only_name_in_braces(text: str) -> str:
    rest = text.replace("{name}", "")
    if "{" in rest or "}" in rest:
        raise Unfit("has a brace outside {{name}}; only {{name}} is filled in")
    return text


_SLUG_HOW = _("write a lower-case letter, then up to 31 lower-case letters, digits or hyphens")

Slug = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$", title=_("an id"), description=_SLUG_HOW)
]
Name = Annotated[
    str,
    Field(
        min_length=1, max_length=60, title=_("a name"), description=_("write 1 to 60 characters")
    ),
    AfterValidator(_visible),
    AfterValidator(_not_reserved),
]
Emoji = Annotated[
    str,
    Field(min_length=1, max_length=8, title=_("an emoji"), description=_("write one emoji")),
    AfterValidator(_one_line),
]
Colour = Annotated[
    str,
    Field(pattern=r"^#[0-9A-Fa-f]{6}$", title=_("a colour"), description=_("write it as #rrggbb")),
]
Stance = Annotated[
    str,
    Field(
        min_length=10,
        max_length=160,
        title=_("a stance"),
        description=_("write the card's essence in one line of 10 to 160 characters"),
    ),
    AfterValidator(_one_line),
]
Card = Annotated[
    str,
    Field(
        min_length=40,
        max_length=2_000,
        title=_("a card"),
        description=_("describe the persona in 40 to 2,000 characters"),
    ),
    BeforeValidator(_one_paragraph),
    AfterValidator(_one_line),
]
Phrase = Annotated[
    str,
    Field(
        min_length=10,
        max_length=300,
        title=_("a phrase"),
        description=_("write one line of 10 to 300 characters, or leave it out for the usual one"),
    ),
    AfterValidator(_one_line),
]


class _Table(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, str_strip_whitespace=True, title="a table"
    )


class PersonaForm(_Table):
    """A `[moderator]` or one of the `[[debaters]]`."""

    id: Slug
    name: Name
    emoji: Emoji
    colour: Colour
    stance: Stance
    card: Card


class PhrasesForm(_Table):
    """`[phrases]`; an empty one stands for the language's usual phrase."""

    answer: Annotated[Phrase, AfterValidator(_no_braces)] = ""
    question: Annotated[Phrase, AfterValidator(_only_name_in_braces)] = ""


class PanelForm(_Table):
    """The whole file."""

    id: Slug
    title: Annotated[
        str,
        Field(
            min_length=1,
            max_length=80,
            title=_("a title"),
            description=_("write 1 to 80 characters"),
        ),
        AfterValidator(_one_line),
    ]
    language: Annotated[Language, Field(title=_("a language"), description=_('write "es" or "en"'))]
    handoff: Annotated[
        Handoff,
        Field(
            strict=False,
            title=_("a handoff rule"),
            description=_('write "ring", "addressed" or "moderated"'),
        ),
    ] = Handoff.RING
    rounds: Annotated[
        int,
        Field(
            ge=1, le=20, title=_("a number of rounds"), description=_("write a number from 1 to 20")
        ),
    ] = 1
    answer_words: Annotated[
        int,
        Field(
            ge=20, le=400, title=_("a word limit"), description=_("write a number from 20 to 400")
        ),
    ] = 150
    question_words: Annotated[
        int,
        Field(
            ge=10, le=120, title=_("a word limit"), description=_("write a number from 10 to 120")
        ),
    ] = 60
    repeats_at: Annotated[
        float,
        Field(
            strict=False,
            ge=0.1,
            le=1,
            title=_("a likeness"),
            description=_("write a number from 0.1 to 1"),
        ),
    ] = REPEATS_AT
    phrases: Annotated[
        PhrasesForm, Field(title=_("a table"), description=_("write a [phrases] table"))
    ] = PhrasesForm()
    moderator: Annotated[
        PersonaForm, Field(title=_("a persona"), description=_("write a [moderator] table"))
    ]
    debaters: Annotated[
        list[PersonaForm],
        Field(
            min_length=2,
            max_length=16,
            title=_("a list of personas"),
            description=_("write 2 to 16 [[debaters]] tables"),
        ),
    ]
