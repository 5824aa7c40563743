"""What people do in the room: start a debate, say something, press a button."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bots.chat.desk import NOTHING, Answer, Asker
from bots.chat.grammar import Known, Start, parse
from bots.chat.i18n import translator
from bots.webroom.actions import action, message_id, opening, payloads
from bots.webroom.answers import answer, told
from bots.webroom.bodies import fields, is_large, text
from bots.webroom.files import MOST_FORM_BYTES, uploads
from bots.webroom.site import Site, asker, place_of, site
from engine.debate.explained import marked as _
from engine.debate.state import Phase
from engine.ports.store import AlreadyTaken

COMMAND = "/debate"
"""What a message begins with that is a command."""
_LATE = _("The debate is closed: tag a persona to ask it something, or add a round.")

Fields = Mapping[str, Any]


async def start(request: Request) -> Response:
    """`POST /debates` {topic, panel, rounds, handoff, pace, files, key}: answers {debate}.

    `files` are [{name, content}], the content in base64: what is debated from the first turn on.
    """
    here, who = site(request), asker(request, "")
    async with here.large if is_large(request) else nullcontext():
        given = await fields(request, MOST_FORM_BYTES)
        started = await _start(here, opening(given), who, given)
    return answer(told(started), HTTPStatus.CREATED)


async def say(request: Request) -> Response:
    """`POST /d/{debate}/say` {text, to, key}: a message, or a `/debate` command.

    `to` is the persona that was picked for the message, by id. Answers {text, choices, files,
    debate}: what the one who wrote it is told, all of it empty where the thread shows what came
    of it.
    """
    here, given, debate = site(request), await fields(request), request.path_params["debate"]
    who, written = asker(request, debate), text(given, "text")
    if (words := _command(written)) is not None:
        return answer(told(await _command_done(here, debate, words, who, given)))
    message = message_id(given, who)
    said = await here.desk.say(
        written, who, text(given, "to") or None, message, payloads(given, who)
    )
    if said == NOTHING and message and await _is_late(here, debate, message):
        said = Answer(translator(who.language)(_LATE))
    return answer(told(said))


async def act(request: Request) -> Response:
    """`POST /d/{debate}/do` {do, key, …}: what a button stands for; answers as `say` does."""
    here, given = site(request), await fields(request)
    who = asker(request, request.path_params["debate"])
    done = await here.desk.submit(action(given, who), who, payloads(given, who))
    return answer(told(done))


async def _command_done(here: Site, debate: str, words: str, who: Asker, given: Fields) -> Answer:
    seats = (await here.load(debate)).started.seats
    ask = parse(words, Known(tuple(here.offer.panels), seats))
    if isinstance(ask, Start):
        return await _start(here, ask, who, given)
    return await here.desk.do(ask, who, payloads(given, who))


async def _start(here: Site, ask: Start, who: Asker, given: Fields) -> Answer:
    """On a page of its own, wherever it is asked for; the same key again names the same one."""
    named = payloads(given, who)
    debate = here.id_for(named)
    there = Asker(who.person, place_of(debate), who.language)
    command = await here.desk.prepare(ask, there, uploads(given))
    try:
        await here.debates.start(debate, command, named)
    except AlreadyTaken:
        await here.load(debate)  # else the key was another request's
    return Answer(debate=debate)


async def _is_late(here: Site, debate: str, message: str) -> bool:
    """Whether it was said to nobody after the close: it is in no log then."""
    stands = await here.load(debate)
    known = message in stands.messages or message in stands.taken_back
    return stands.phase is Phase.CLOSED and not known


def _command(written: str) -> str | None:
    """What stands after `/debate`; `None`: it is a message."""
    word, *rest = written.split(None, 1) or [""]
    return "".join(rest).strip() if word.lower() == COMMAND else None
