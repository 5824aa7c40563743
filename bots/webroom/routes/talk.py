"""What people do in the room: start a debate, say something, press a button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bots.chat.desk import Answer, Asker
from bots.chat.grammar import Known, Start, parse
from bots.webroom.actions import action, key, message_id, opening
from bots.webroom.answers import answer, fields, text
from bots.webroom.site import Site, asker, site
from engine.debate.events import Place

COMMAND = "/debate"
"""What a message begins with that is a command."""

Fields = Mapping[str, Any]


async def start(request: Request) -> Response:
    """`POST /debates` {topic, panel, rounds, handoff, pace, key}: answers {debate}."""
    here, given = site(request), await fields(request)
    debate = here.new_id()
    return answer(
        _told(await _start(here, debate, opening(given), asker(request, debate), given)),
        HTTPStatus.CREATED,
    )


async def say(request: Request) -> Response:
    """`POST /d/{debate}/say` {text, to, key}: a message, or a `/debate` command.

    `to` is the persona that was picked for the message, by id. Answers {text, choices, files,
    debate}: what the one who wrote it is told, all of it empty where the thread shows what came
    of it.
    """
    here, given, debate = site(request), await fields(request), request.path_params["debate"]
    who, written = asker(request, debate), text(given, "text")
    if (words := _command(written)) is not None:
        return answer(_told(await _command_done(here, debate, words, who, given)))
    said = await here.desk.say(
        written, who, text(given, "to") or None, message_id(given, who), _payloads(given, who)
    )
    return answer(_told(said))


async def act(request: Request) -> Response:
    """`POST /d/{debate}/do` {do, key, …}: what a button stands for; answers as `say` does."""
    here, given = site(request), await fields(request)
    who = asker(request, request.path_params["debate"])
    done = await here.desk.submit(action(given, who), who, _payloads(given, who))
    return answer(_told(done))


async def _command_done(here: Site, debate: str, words: str, who: Asker, given: Fields) -> Answer:
    seats = (await here.debates.load(debate)).started.seats
    ask = parse(words, Known(tuple(here.offer.panels), seats))
    if isinstance(ask, Start):
        # Every debate has a page of its own here, so a new one is not held in this thread.
        new = here.new_id()
        there = Asker(who.person, Place("web", "room", new), who.language)
        return await _start(here, new, ask, there, given)
    return await here.desk.do(ask, who, _payloads(given, who))


async def _start(here: Site, debate: str, ask: Start, who: Asker, given: Fields) -> Answer:
    command = await here.desk.prepare(ask, who)
    await here.debates.start(debate, command, _payloads(given, who))
    return Answer(debate=debate)


def _command(written: str) -> str | None:
    """What stands after `/debate`; `None`: it is a message."""
    word, _, rest = written.lstrip().partition(" ")
    return rest.strip() if word.strip().lower() == COMMAND else None


def _payloads(given: Fields, who: Asker) -> list[str]:
    """Names the request, so that one that the browser sends again does nothing twice."""
    named = key(given)
    return [f"{who.person.id}:{named}"] if named else []


def _told(said: Answer) -> dict[str, Any]:
    return {
        "text": said.text,
        "choices": [asdict(seat) for seat in said.choices],
        "files": [file.name for file in said.files],
        "debate": said.debate,
    }
