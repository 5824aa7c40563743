"""A debate as a stream of server-sent events.

    post    a record of the log, `id` its number: {n, at_ms, name, event, note}
    view    what stands beside the thread, after the posts so far; see `bots.webroom.view`
    live    a piece of the turn that is being spoken; not in the log, so without an `id`
    refused why there is no stream, as {error}; nothing comes after it

A browser that comes back says by `Last-Event-ID` what it has, and gets what came after it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bots.chat.i18n import Translate, explained, translator
from bots.webroom.identity import language
from bots.webroom.notes import note
from bots.webroom.refusals import Full, Refused
from bots.webroom.site import Site, site
from bots.webroom.sse import AGAIN, EventStream, event
from bots.webroom.view import Seen, see, see_all, view
from engine.debate.codec import NAMES, encode
from engine.debate.events import Event, MaterialAdded, Record
from engine.debate.panel import Language
from engine.debate.state import Debate
from engine.ports.store import StoreAway


async def stream(request: Request) -> _Watching | Response:
    """`GET /d/{debate}/events`: streams until the browser leaves."""
    debate, after = request.path_params["debate"], _after(request)
    here = site(request)
    records = await here.records(debate)
    try:
        here.take_place()
    except Full as full:
        return _refused(full, language(request))
    told = _told(here, debate, records, after, translator(language(request)))
    return _Watching(here, EventStream(told, here.closing))


def _refused(full: Full, spoken: Language) -> Response:
    """As an event: of an answer that is an error, a browser shows the page nothing."""
    content = event("refused", {"error": explained(full, spoken)})
    return Response(content, headers={"cache-control": "no-store"}, media_type="text/event-stream")


class _Watching:
    """A stream that holds a place in the room while it lasts."""

    def __init__(self, here: Site, stream: EventStream) -> None:
        self._here = here
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._stream(scope, receive, send)
        except StoreAway:
            return  # the browser comes back, and is told then what it missed
        finally:
            self._here.give_place_back()


async def _told(
    here: Site, debate: str, records: Sequence[Record], after: int, translate: Translate
) -> AsyncGenerator[bytes]:
    yield AGAIN
    seen: Seen | None = None
    for record in records:
        seen = see(seen, record)
        if record.n > after:
            yield _post(record, seen, translate)
    seen = seen or see_all(records)
    yield event("view", view(seen, translate))
    async for item in here.debates.follow(debate, seen.n):
        if isinstance(item, Record):
            seen = see(seen, item)
            yield _post(item, seen, translate)
            yield event("view", view(seen, translate))
        else:
            yield event("live", asdict(item))


def _post(record: Record, seen: Seen, translate: Translate) -> bytes:
    content = {
        "n": record.n,
        "at_ms": record.at_ms,
        "name": NAMES[type(record.event)],
        "event": _shown(record.event, seen.debate),
        "note": note(record.event, seen.debate, translate),
    }
    return event("post", content, record.n)


def _shown(event: Event, debate: Debate) -> dict[str, Any]:
    """The event's fields; of a file only how long it is: its words have a page of their own.

    What a debate began with was brought by whoever started it.
    """
    fields = encode(event)
    if isinstance(event, MaterialAdded):
        by = event.by or debate.started.started_by
        fields |= {"text": "", "characters": len(event.text), "by": by and asdict(by)}
    return fields


def _after(request: Request) -> int:
    """What the browser has already. Its own word goes before the address, which it keeps."""
    text = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
    if not (text.isascii() and text.isdecimal() and len(text) < 12):
        raise Refused("That is no number of an event.")
    return int(text)
