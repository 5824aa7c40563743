"""Who a browser's visitor is: a secret in a cookie, a name they gave, and a language.

What others see is the secret's hash, so nobody can take another's part by what the log shows.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

from bots.webroom.refusals import Refused
from engine.debate.events import Person
from engine.debate.panel import Language
from engine.debate.text import clean

NAME_CHARS = 40

_SECRET, _NAME, _LANGUAGE = "tertulia_person", "tertulia_name", "tertulia_language"
_YEAR_S = 365 * 86_400
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{32}")
_LANGUAGES: dict[str, Language] = {"en": "en", "es": "es"}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever sits at the browser."""

    language: Language
    person: Person | None = None
    """`None`: they have not said what they are called."""


def visitor(request: Request) -> Visitor:
    """Who sends this request."""
    secret = request.cookies.get(_SECRET, "")
    name = _one_line(unquote(request.cookies.get(_NAME, "")))[:NAME_CHARS]
    known = bool(name) and _WELL_FORMED.fullmatch(secret)
    return Visitor(language(request), Person(_public(secret), name) if known else None)


def language(request: Request) -> Language:
    """What the visitor chose, else what their browser prefers."""
    chosen = _LANGUAGES.get(request.cookies.get(_LANGUAGE, ""))
    return chosen or _preferred(request.headers.get("accept-language", ""))


@dataclass(frozen=True, slots=True)
class Introduction:
    """A visitor who said what they are called."""

    person: Person
    secret: str

    def keep(self, response: Response) -> None:
        """Has the browser remember them."""
        for name, value in ((_SECRET, self.secret), (_NAME, quote(self.person.name))):
            response.set_cookie(name, value, max_age=_YEAR_S, httponly=True, samesite="strict")


def introduce(request: Request, given: str) -> Introduction:
    """Whoever gives this name: the person that the browser remembers, else a new one.

    Raises:
        Refused: that is no name.
    """
    name = _one_line(given)
    if not name or len(name) > NAME_CHARS:
        raise Refused("A name has 1 to {most} letters.", most=NAME_CHARS)
    secret = request.cookies.get(_SECRET, "")
    if not _WELL_FORMED.fullmatch(secret):
        secret = secrets.token_urlsafe(24)
    return Introduction(Person(_public(secret), name), secret)


def choose_language(response: Response, chosen: str) -> None:
    """Keeps the language that a visitor chooses.

    Raises:
        Refused: the room does not speak it.
    """
    if chosen not in _LANGUAGES:
        raise Refused("This room speaks English and Spanish.")
    # Lax, so that a link from elsewhere opens in the visitor's language too.
    response.set_cookie(_LANGUAGE, chosen, max_age=_YEAR_S, httponly=True, samesite="lax")


def _public(secret: str) -> str:
    return f"web:{hashlib.sha256(secret.encode()).hexdigest()[:20]}"


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _preferred(accepted: str) -> Language:
    """The first of the browser's languages, by weight, that this room speaks."""
    weighed: list[tuple[float, Language]] = []
    for part in accepted[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        spoken = _LANGUAGES.get(tag.strip().lower().partition("-")[0])
        if spoken:
            weighed.append((_weight(weight), spoken))
    # `max` keeps the first of those that weigh the same, which is the browser's order.
    best = max(weighed, key=lambda pair: pair[0], default=(0.0, "en"))
    return _LANGUAGES[best[1]]


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
