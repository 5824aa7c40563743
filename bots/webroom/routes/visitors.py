"""Who a visitor is: their name and their language."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from bots.webroom.answers import answer
from bots.webroom.bodies import fields, text
from bots.webroom.identity import choose_language, introduce, visitor


async def who(request: Request) -> Response:
    """`GET /me`: the visitor as others see them; `person` is null until they say a name."""
    person = visitor(request).person
    return answer({"person": asdict(person) if person else None})


async def introduce_yourself(request: Request) -> Response:
    """`POST /me` {name}: keeps the name in a cookie."""
    introduction = introduce(request, text(await fields(request), "name"))
    response = answer({"person": asdict(introduction.person)})
    introduction.keep(response)
    return response


async def speak(request: Request) -> Response:
    """`POST /language` {language}: keeps it in a cookie."""
    chosen = text(await fields(request), "language")
    response = Response(status_code=HTTPStatus.NO_CONTENT)
    choose_language(response, chosen)
    return response
